"""`gateway handoffs`: the people's side of conversations."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.clock import moment
from gateway.settings import load_settings
from gateway.storage import Transaction, encode
from gateway.storage.opening import open_store

if TYPE_CHECKING:
    from gateway.handoffs.replying import Verdict
    from gateway.storage import Store

app = typer.Typer(help="Conversations that need a person.", no_args_is_help=True)

PAUSE = 0.2  # seconds between two looks at what has become of a reply
WAIT = 10.0

Id = Annotated[str, typer.Argument(metavar="ID", help="A hand-off's id, as `list` gives it.")]
File = Annotated[
    Path | None, typer.Option("--file", help="Read the text from a file, or from stdin with -.")
]
Words = Annotated[str | None, typer.Argument(metavar="TEXT", help="The text, or --file.")]


@app.command("list")
def show_queue(
    client: Annotated[str | None, typer.Option(help="Of this client only.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List what is open or taken, the most urgent first. Exit 1 where something is overdue."""
    from gateway.handoffs import queue

    async def look(tx: Transaction) -> tuple[list[Any], int]:
        return await queue.waiting(tx, client), tx.now

    rows, now = _ask(lambda store: store.read(look))
    for row in rows:
        typer.echo(encode(queue.shown(row, now)) if as_json else _line(row, now))
    if any(queue.is_overdue(row, now) for row in rows):
        raise typer.Exit(1)


@app.command("show")
def show_one(id: Id) -> None:  # noqa: A002
    """Show a hand-off and its conversation as text. It holds personal data."""
    typer.echo("\n".join(_ask(lambda store: _told(store, id))))


@app.command()
def take(
    id: Id,  # noqa: A002
    agent: Annotated[str, typer.Option(help="Who takes it.")],
    over: Annotated[bool, typer.Option("--over", help="Even from an agent who has it.")] = False,
) -> None:
    """Take the conversation with all that is open in it: flows pause, you answer."""
    from gateway.handoffs import queue

    row = _do(lambda tx: queue.take(tx, id, agent, over))
    typer.echo(f"{row.id} {row.reason}: {row.agent} has it")


@app.command()
def release(id: Id) -> None:  # noqa: A002
    """Give the conversation back unfinished: its flow goes on, a person is asked for still."""
    from gateway.handoffs import queue

    row = _do(lambda tx: queue.release(tx, id))
    typer.echo(f"{row.id} {row.reason}: open again")


@app.command()
def reply(
    id: Id,  # noqa: A002
    text: Words = None,
    file: File = None,
    verified_by_me: Annotated[
        bool, typer.Option("--verified-by-me", help="You have checked who reads it: on record.")
    ] = False,
    wait: Annotated[float, typer.Option(min=0, max=600, help="Seconds to wait for it.")] = WAIT,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Answer the customer, by the contact rules. Says what became of it: exit 1 if it won't go."""
    words = _words(text, file)
    verdict = _ask(lambda store: _replied(store, id, words, verified_by_me, wait))
    typer.echo(_verdict_json(verdict) if as_json else _verdict_line(verdict))
    if verdict.stage in ("suppressed", "failed"):
        raise typer.Exit(1)


@app.command()
def note(id: Id, text: Words = None, file: File = None) -> None:  # noqa: A002
    """Keep a note that colleagues see in `show`. No customer and no host reads it."""
    from gateway.handoffs import queue

    words = _words(text, file)
    typer.echo(_do(lambda tx: queue.note(tx, id, words)))


@app.command()
def close(
    id: Id,  # noqa: A002
    resume: Annotated[bool, typer.Option("--resume", help="The flow goes on.")] = False,
    restart: Annotated[bool, typer.Option("--restart", help="It starts afresh (usual).")] = False,
    words: Annotated[str | None, typer.Option("--note", help="A last note.")] = None,
) -> None:
    """Close it. With the last one that you have, the conversation is the gateway's again."""
    from gateway.handoffs import queue

    if resume and restart:
        raise typer.BadParameter("give --resume or --restart")

    async def settle(tx: Transaction) -> bool:
        if words is not None:
            await queue.note(tx, id, words)
        return await queue.close(tx, id, resume)

    back = _do(settle)
    typer.echo(f"{id} closed; " + ("handed back" if back else "you have others there still"))


def _words(text: str | None, file: Path | None) -> str:
    if (text is None) == (file is None):
        raise typer.BadParameter("give a text, or --file (- is stdin)")
    if text is not None:
        return text
    try:
        if str(file) == "-":
            return sys.stdin.buffer.read().decode()
        return Path(str(file)).read_text(encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{file} can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise typer.BadParameter(f"{file} is not UTF-8; save it so") from None


def _line(row: Any, now: int) -> str:
    from gateway.handoffs.queue import is_overdue, state_of

    due = f"{moment(row.due_at):%Y-%m-%dT%H:%MZ}"
    who = f"by {row.agent}" if row.agent else state_of(row)
    late = "OVERDUE" if is_overdue(row, now) else ""
    times = f" ({row.requests} times)" if row.requests > 1 else ""
    return (
        f"{row.id}  {row.urgency:<5}  due {due} {late:<7}  {who:<12}  {row.client}"
        f"  {row.customer_ref or '-'}  {row.reason}{times}"
    )


def _verdict_line(verdict: "Verdict") -> str:
    rule = f" by {verdict.rule}" if verdict.rule else ""
    why = f": {verdict.why}" if verdict.why else ""
    match verdict.stage:
        case "waiting":
            return "queued: its turn has not come yet; is a worker running?"
        case "queued" if verdict.until is not None:
            return f"queued until {verdict.until:%Y-%m-%dT%H:%MZ}{rule}{why}"
        case "failed":
            return f"failed: {verdict.rule}"
    return f"{verdict.stage}{rule}{why}"


def _verdict_json(verdict: "Verdict") -> str:
    return encode(
        {
            "stage": "queued" if verdict.stage == "waiting" else verdict.stage,
            "rule": verdict.rule,
            "why": verdict.why,
            "until": verdict.until and verdict.until.isoformat(),
        }
    )


async def _replied(store: "Store", id: str, words: str, verified: bool, wait: float) -> Any:  # noqa: A002
    from gateway.handoffs.replying import reply as hand_over
    from gateway.handoffs.replying import verdict

    event = await store.transact("handoffs", lambda tx: hand_over(tx, id, words, verified))
    found = await store.read(lambda tx: verdict(tx, event))
    for _ in range(int(wait / PAUSE)):
        if found.is_final:
            break
        await asyncio.sleep(PAUSE)
        found = await store.read(lambda tx: verdict(tx, event))
    return found


async def _told(store: "Store", id: str) -> list[str]:  # noqa: A002
    from gateway.directory import Directory
    from gateway.handoffs.queue import handoff
    from gateway.handoffs.telling import told

    directory = Directory()
    await directory.refresh(store)

    async def look(tx: Transaction) -> list[str]:
        row = await handoff(tx, id)
        return await told(tx, row, directory.client(row.client).timezone)

    lines: list[str] = await store.read(look)
    return lines


def _do(work: Callable[[Transaction], Awaitable[Any]]) -> Any:
    return _ask(lambda store: store.transact("handoffs", work))


def _ask(work: Callable[["Store"], Awaitable[Any]]) -> Any:
    """Exit 1 with a line that says why where it can't be done."""
    from gateway.handoffs.checks import Unwritable
    from gateway.handoffs.queue import NotDone

    try:
        return asyncio.run(_with_store(work))
    except (NotDone, Unwritable) as error:
        typer.echo(f"gateway: {error}", err=True)
        raise typer.Exit(1) from None


async def _with_store(work: Callable[["Store"], Awaitable[Any]]) -> Any:
    store = await open_store(load_settings().database_url, daemon=False)
    try:
        return await work(store)
    finally:
        await store.close()
