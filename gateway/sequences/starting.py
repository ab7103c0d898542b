"""Starts runs: for accounts that a host placed or stated anew, on a schedule, or by name.

What a placement leaves behind is a marker with its accounts; a loop works markers off a chunk a
transaction, so that whatever is killed, each account is looked at and no run starts twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, text

from dialogs.experiments import HOLDOUT, assigned, over
from dialogs.pack import Pack
from dialogs.sequences import Progress, Situation, Start, arranged, due_at, may_begin
from domain.ids import derive
from gateway.clients import ClientConfig
from gateway.clock import DAY, instant, moment
from gateway.ids import new_id
from gateway.pipeline.identity import conversation_with
from gateway.sequences.book import Used
from gateway.sequences.situations import Situations
from gateway.sequences.stopping import FINISHED, RUNNING, event
from gateway.storage import Transaction, among, encode
from gateway.storage.tables import accounts, sequence_runs, sequence_starts

_ACCOUNTS = (
    select(
        accounts.c.id.label("account_id"),
        accounts.c.customer_id,
        accounts.c.client,
        accounts.c.ref,
    )
    .where(among(accounts.c.id, "ids"), accounts.c.client == bindparam("client"))
    .order_by(accounts.c.id)
    .with_for_update()
)
_BEFORE = (
    select(
        sequence_runs.c.account_id,
        sequence_runs.c.sequence,
        sequence_runs.c.state,
        sequence_runs.c.ended_at,
    )
    .where(among(sequence_runs.c.account_id, "ids"))
    .order_by(sequence_runs.c.started_at)
)
_ARMS = (
    select(
        sequence_runs.c.customer_id,
        sequence_runs.c.experiment,
        sequence_runs.c.arm,
    )
    .where(
        among(sequence_runs.c.customer_id, "ids"),
        among(sequence_runs.c.experiment, "experiments"),
        text("arm IS NOT NULL"),
    )
    .order_by(sequence_runs.c.started_at)
)
_FIRST = select(func.min(sequence_runs.c.started_at).label("at")).where(
    sequence_runs.c.client == bindparam("client"),
    sequence_runs.c.experiment == bindparam("experiment"),
)


class Begun(NamedTuple):
    """What became of an account in a sequence: started, holdout, or why it did not start."""

    ref: str
    sequence: str
    result: str


class _History(NamedTuple):
    """What ran before: by account and sequence, by customer and experiment, and since when
    customers are assigned to an experiment."""

    runs: Mapping[tuple[str, str], Sequence[Any]]
    arms: Mapping[tuple[str, str], str]
    first: Mapping[str, int | None]


async def mark(
    tx: Transaction, config: ClientConfig, new: Sequence[str], stated: Sequence[str]
) -> None:
    """Leaves it to the loop to look at accounts: those that are `new`, those `stated` anew."""
    if not config.sequences:
        return
    rows = [
        {
            "id": new_id(),
            "client": config.client,
            "started_by": start.value,
            "accounts": encode(list(ids)),
            "created_at": tx.now,
        }
        for start, ids in ((Start.PLACEMENT, new), (Start.UPDATE, stated))
        if ids
    ]
    await tx.insert(sequence_starts, rows)
    tx.wake("sequences")


async def begin(
    tx: Transaction,
    config: ClientConfig,
    pack: Pack,
    used: Sequence[Used],
    ids: Iterable[str],
    by: Start,
    *,
    again: bool = False,
    dry: bool = False,
) -> list[Begun]:
    """Starts these sequences for the accounts that meet them. `again`: even if they ran before;
    `dry`: only tells what would become of them.

    The accounts are locked, as payments lock them: each is either seen here, or sees the run.
    """
    debts = await tx.fetch(_ACCOUNTS, ids=sorted(ids), client=config.client)
    if not debts or not used:
        return []
    situations = await Situations.read(tx, config, debts)
    history = await _history(tx, config, used, debts)
    results, rows = [], {}
    for debt in debts:
        situation = situations.of(debt, tx.now + 1)
        for each in used:
            why = _refused(each, debt, situation, history, tx.now, again)
            if why is None:
                row = _row(tx, config, pack, each, debt, situations, history, by)
                rows[row["id"]] = row
                why = HOLDOUT if row["arm"] == HOLDOUT else "started"
            results.append(Begun(debt.ref, each.sequence.name, why))
    if not dry:
        await _insert(tx, rows, history)
    return results


async def _history(
    tx: Transaction, config: ClientConfig, used: Sequence[Used], debts: Sequence[Any]
) -> _History:
    runs: dict[tuple[str, str], list[Any]] = {}
    for row in await tx.fetch(_BEFORE, ids=[debt.account_id for debt in debts]):
        runs.setdefault((row.account_id, row.sequence), []).append(row)
    names = sorted({each.experiment.name for each in used if each.experiment})
    arms: dict[tuple[str, str], str] = {}
    first: dict[str, int | None] = {}
    if names:
        people = sorted({debt.customer_id for debt in debts})
        for row in await tx.fetch(_ARMS, ids=people, experiments=names):
            arms.setdefault((row.customer_id, row.experiment), row.arm)
        for name in names:
            found = await tx.fetch(_FIRST, client=config.client, experiment=name)
            first[name] = found[0].at
    return _History(runs, arms, first)


def _refused(
    used: Used, debt: Any, situation: Situation | None, history: _History, now: int, again: bool
) -> str | None:
    sequence = used.sequence
    before = history.runs.get((debt.account_id, sequence.name), ())
    if any(run.state == RUNNING for run in before):
        return "running"
    if before and not again:
        ended = max(run.ended_at for run in before)
        if sequence.again is None or now < ended + sequence.again * DAY:
            return "ran_before"
    if situation is None:
        return "no_account"
    if not used.when.holds(situation.lookup):
        return "when"
    return may_begin(sequence, situation)


def _row(
    tx: Transaction,
    config: ClientConfig,
    pack: Pack,
    used: Used,
    debt: Any,
    situations: Situations,
    history: _History,
    by: Start,
) -> dict[str, Any]:
    zone, now = situations.zone(debt), moment(tx.now)
    arm = _arm(used, debt, history, now.astimezone(zone).date(), zone)
    held_out = arm == HOLDOUT
    sequence = arranged(used.sequence, used.experiment, arm)
    due = due_at(sequence, Progress(0, now), zone)
    count = len(history.runs.get((debt.account_id, sequence.name), ()))
    return {
        "id": derive(debt.account_id, f"sequence/{sequence.name}/{count}"),
        "client": config.client,
        "customer_id": debt.customer_id,
        "account_id": debt.account_id,
        "conversation_id": conversation_with(debt.customer_id),
        "pack": pack.name,
        "pack_version": pack.version,
        "sequence": sequence.name,
        "experiment": used.experiment.name if used.experiment and arm else None,
        "arm": arm,
        "exits": encode(sorted(sequence.exits)),
        "step": 0,
        "last_at": tx.now,
        "next_at": None if held_out or due is None else instant(due),
        "state": FINISHED if held_out else RUNNING,
        "reason": HOLDOUT if held_out else None,
        "started_by": by.value,
        "started_at": tx.now,
        "ended_at": tx.now if held_out else None,
        "updated_at": tx.now,
    }


def _arm(used: Used, debt: Any, history: _History, today: Any, zone: Any) -> str | None:
    """None where there is no experiment, or it takes nobody in any more."""
    experiment = used.experiment
    if experiment is None:
        return None
    began = history.first[experiment.name]
    first = None if began is None else moment(began).astimezone(zone).date()
    if over(experiment, today, first):
        return None
    before = history.arms.get((debt.customer_id, experiment.name))
    return assigned(experiment, debt.customer_id, before)


async def _insert(tx: Transaction, rows: Mapping[str, dict[str, Any]], history: _History) -> None:
    """What another process has started meanwhile is left as it is."""
    if not rows:
        return
    new = await tx.insert_new(sequence_runs, list(rows.values()))
    told = set(history.arms)
    for row in (row for row in rows.values() if row["id"] in new):
        run = SimpleNamespace(**row)
        if run.arm is not None and (run.customer_id, run.experiment) not in told:
            told.add((run.customer_id, run.experiment))
            given = {"experiment": run.experiment, "arm": run.arm}
            tx.record(event(tx, run, "experiment.assigned", given))
        if run.state == RUNNING:
            by = {"started_by": run.started_by, "pack_version": run.pack_version}
            tx.record(event(tx, run, "sequence.started", by))
    tx.wake("sequences")
