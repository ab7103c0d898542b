"""gateway sequences: outreach over days, started, stopped, listed, and its experiments."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from gateway.clients import ClientConfig
from gateway.clock import moment
from gateway.commands.store import client_in_force, on_store
from gateway.storage import Store, Transaction, encode

if TYPE_CHECKING:
    from dialogs.pack import Pack
    from gateway.sequences.report import Report
    from gateway.sequences.starting import Begun

app = typer.Typer(help="Outreach over days.", no_args_is_help=True)

ClientName = Annotated[str, typer.Argument(help="The client's id.")]
SequenceName = Annotated[str, typer.Argument(help="A sequence that the client uses.")]
Accounts = Annotated[list[str] | None, typer.Option("--account", help="A ref.")]
Everyone = Annotated[bool, typer.Option("--all", help="Every account of the client.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@app.command()
def start(
    client: ClientName,
    sequence: SequenceName,
    accounts: Accounts = None,
    everyone: Everyone = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Even where it ran before.")] = False,
) -> None:
    """Start a sequence for accounts that meet its condition. Prints what became of each, or with
    --all how many it became of. Exit 1 where a named account is unknown."""
    _one_of(accounts, everyone)

    async def work(store: Store) -> None:
        config, pack = await _client(store, client)
        if everyone:
            found = await _start_all(store, config, pack, sequence, dry_run, again)
            typer.echo(encode(dict(sorted(Counter(each.result for each in found).items()))))
            return
        results = await _start(store, config, pack, sequence, accounts or [], dry_run, again)
        typer.echo(encode(results))
        if "unknown" in results.values():
            raise typer.Exit(1)

    on_store(work)


@app.command()
def stop(
    client: ClientName,
    sequence: SequenceName,
    accounts: Accounts = None,
    everyone: Everyone = False,
) -> None:
    """Stop runs and cancel what they have queued. Exit 1 where a named account has none."""
    _one_of(accounts, everyone)

    async def work(store: Store) -> None:
        await _client(store, client)
        stopped, missing = await _stop(store, client, sequence, None if everyone else accounts)
        typer.echo(encode({"stopped": stopped} | ({"not_running": missing} if missing else {})))
        if missing:
            raise typer.Exit(1)

    on_store(work)


@app.command("list")
def list_runs(
    client: Annotated[str | None, typer.Argument(help="Left out: every client.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the sequences that clients use, and how many runs are in which state."""
    from gateway.sequences.shown import counts

    async def work(store: Store) -> None:
        configs = [(await _client(store, client))[0]] if client else await _clients(store)
        runs = await store.read(lambda tx: counts(tx, client))
        used = {config.client: [part.name for part in config.sequences] for config in configs}
        if as_json:
            typer.echo(encode({"uses": used, "runs": runs}))
        else:
            _show_runs(used, runs)

    on_store(work)


@app.command()
def report(
    client: ClientName,
    experiment: Annotated[str, typer.Argument(help="An experiment of the client's pack.")],
    as_json: AsJson = False,
) -> None:
    """Show what became of an experiment's customers, arm by arm. Exit 1 where the arms' sizes are
    so far from their shares that chance does not explain it."""
    from gateway.sequences.report import report as made_of

    async def work(store: Store) -> None:
        config, pack = await _client(store, client)
        known = {each.name: each for each in pack.experiments.values()}
        if experiment not in known:
            names = ", ".join(sorted(known)) or "none"
            raise typer.BadParameter(
                f"{pack.name} has no experiment {experiment!r}; it has: {names}"
            )
        today = moment(store.clock()).astimezone(ZoneInfo(config.timezone)).date()
        made = await store.read(lambda tx: made_of(tx, client, known[experiment], today))
        if as_json:
            typer.echo(encode(made))
        else:
            _show_report(made)
        if made.suspicious:
            raise typer.Exit(1)

    on_store(work)


def _one_of(accounts: list[str] | None, everyone: bool) -> None:
    if bool(accounts) == everyone:
        raise typer.BadParameter("give --account (as often as you like), or --all")


async def _start(
    store: Store,
    config: ClientConfig,
    pack: "Pack",
    sequence: str,
    refs: list[str],
    dry: bool,
    again: bool,
) -> dict[str, str]:
    """By ref; accounts that the client does not have are unknown."""
    from dialogs.sequences import Start
    from gateway.sequences.shown import account_ids
    from gateway.sequences.starting import begin

    used = _used(config, pack, sequence)

    async def work(tx: Transaction) -> list["Begun"]:
        ids = await account_ids(tx, config.client, refs)
        return await begin(tx, config, pack, [used], ids.values(), Start.API, again=again, dry=dry)

    found = await store.transact("sequences", work)
    return dict.fromkeys(refs, "unknown") | {each.ref: each.result for each in found}


async def _start_all(
    store: Store, config: ClientConfig, pack: "Pack", sequence: str, dry: bool, again: bool
) -> list["Begun"]:
    """A page a transaction: what is broken off is simply repeated."""
    from dialogs.sequences import Start
    from gateway.sequences.markers import PAGE
    from gateway.sequences.starting import begin

    used, after, results = _used(config, pack, sequence), "", []

    async def work(tx: Transaction) -> tuple[str | None, list["Begun"]]:
        rows = await tx.fetch(PAGE, client=config.client, after=after)
        ids = [row.id for row in rows]
        begun = await begin(tx, config, pack, [used], ids, Start.API, again=again, dry=dry)
        return (rows[-1].ref if rows else None), begun

    while True:
        last, begun = await store.transact("sequences", work)
        results += begun
        if last is None:
            return results
        after = last


def _used(config: ClientConfig, pack: "Pack", name: str) -> Any:
    """Raises BadParameter for a sequence that the client does not use or nobody may start so."""
    from dialogs.sequences import Start
    from gateway.sequences.book import used_by

    used = {each.sequence.name: each for each in used_by(config, pack)}
    if name not in used:
        known = ", ".join(sorted(used)) or "none"
        raise typer.BadParameter(
            f"{config.client} uses no sequence {name!r}; its file's sequences: {known}"
        )
    if Start.API not in used[name].sequence.start:
        raise typer.BadParameter(
            f"{name} is not started by name; add api to its start: in the pack's sequences.yml"
        )
    return used[name]


async def _stop(
    store: Store, client: str, sequence: str, refs: list[str] | None
) -> tuple[int, list[str]]:
    """How many were stopped, and the refs of those named that were not running."""
    from gateway.sequences.shown import MOST, account_ids
    from gateway.sequences.shown import stop as stop_some

    async def some(tx: Transaction) -> list[str]:
        ids = None
        if refs is not None:
            ids = sorted((await account_ids(tx, client, refs)).values())
        return await stop_some(tx, client, sequence, ids)

    done: set[str] = set()
    while True:
        stopped = await store.transact("sequences", some)
        done.update(stopped)
        if len(stopped) < MOST:
            break
    if refs is None:
        return len(done), []
    ids = await store.read(lambda tx: account_ids(tx, client, refs))
    return len(done), sorted(ref for ref in set(refs) if ids.get(ref) not in done)


def _show_runs(used: dict[str, list[str]], runs: list[dict[str, Any]]) -> None:
    from gateway.sequences.shown import table

    for client, names in used.items():
        typer.echo(f"{client} uses {', '.join(names) or 'no sequences'}")
    columns = ("client", "sequence", "arm", "state", "reason", "runs", "next_at")
    if runs:
        rows = [[str(run[name] or "-") for name in columns] for run in runs]
        for line in table([list(columns), *rows]):
            typer.echo(line)


def _show_report(made: "Report") -> None:
    from gateway.sequences.report import MEASURES
    from gateway.sequences.shown import table

    typer.echo(f"{made.experiment} on {made.sequence}, {made.client}")
    rows = [
        [row.arm, f"{row.share:.1f}%", *(str(row.counts[name]) for name in MEASURES)]
        for row in made.arms
    ]
    for line in table([["arm", "share", *MEASURES], *rows]):
        typer.echo(line)
    verdict = "not by chance: look for what goes wrong" if made.suspicious else "as it should be"
    typer.echo(f"sample ratio: p = {made.sample_ratio_p:.4f}, {verdict}")
    typer.echo(_ending(made))


def _ending(made: "Report") -> str:
    if made.over_since is None:
        return "nobody has been assigned yet"
    if made.over:
        return f"over since {made.over_since}: take it out of the pack, or give it a new end"
    return f"takes customers in until {made.over_since}: wait for it before judging"


async def _clients(store: Store) -> list[ClientConfig]:
    from gateway.directory import Directory

    directory = Directory()
    await directory.refresh(store)
    return directory.clients


async def _client(store: Store, client: str) -> tuple[ClientConfig, "Pack"]:
    """Raises ConfigurationError, dialogs.PackError."""
    from gateway.pipeline.dialogue import Dialogues

    config = await client_in_force(store, client)
    dialogues = Dialogues()
    await dialogues.library.refresh(store, [config])
    return config, dialogues.pack(config)
