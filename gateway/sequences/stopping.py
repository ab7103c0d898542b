"""Ends runs in the very transaction of what ends them, with what of theirs still waits to be sent.

A run's row is the lock: a step is taken, turned into a message and ended under it. So a step is
before its run's end and cancelled with it, unless it is being sent already; or it is never said.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, select, text

from dialogs.sequences import Exit
from domain.activity import Activity
from gateway.pipeline.cancelling import cancel
from gateway.pipeline.identity import conversation_with
from gateway.storage import Transaction, among, decode
from gateway.storage.tables import contacts, outbound, sequence_runs

RUNNING, FINISHED, STOPPED = "running", "finished", "stopped"

_RUNNING = (
    select(sequence_runs)
    .where(among(sequence_runs.c.conversation_id, "conversations"), text("state = 'running'"))
    .order_by(sequence_runs.c.id)
    .with_for_update()
)
_RUNS = (
    select(sequence_runs)
    .where(among(sequence_runs.c.id, "ids"), text("state = 'running'"))
    .order_by(sequence_runs.c.id)
    .with_for_update()
)
_QUEUED = (
    select(
        outbound.c.id,
        outbound.c.run_id,
        outbound.c.client,
        outbound.c.customer_id,
        outbound.c.account_id,
        outbound.c.conversation_id,
        outbound.c.channel,
        outbound.c.address,
    )
    .where(among(outbound.c.run_id, "runs"), text("status = 'queued'"))
    .order_by(outbound.c.id)
    .with_for_update()
)
_OWNERS = select(contacts.c.customer_id).where(
    contacts.c.client == bindparam("client"),
    contacts.c.channel == bindparam("channel"),
    contacts.c.address == bindparam("address"),
)


class Ending(Struct, frozen=True):
    """What ends a customer's runs; those of one account where `account_id` is given."""

    reason: Exit
    conversation_id: str
    account_id: str | None = None
    causation_id: str | None = None


def ends(run: Any, ending: Ending) -> bool:
    if ending.account_id not in (None, run.account_id):
        return False
    return run.conversation_id == ending.conversation_id and ending.reason in decode(run.exits)


async def lock_runs(tx: Transaction, endings: Iterable[Ending]) -> list[Any]:
    """The running runs that may be ended, locked before messages and addresses are."""
    conversations = sorted({ending.conversation_id for ending in endings})
    return await tx.fetch(_RUNNING, conversations=conversations) if conversations else []


async def end_runs(tx: Transaction, runs: Iterable[Any], endings: Sequence[Ending]) -> None:
    """Of these locked `runs`, those that something ends; the first thing that does is told."""
    found = []
    for run in runs:
        ending = next((each for each in endings if ends(run, each)), None)
        if ending is not None:
            found.append((run, ending.reason.value, ending.causation_id))
    await stop_runs(tx, found)


async def end(tx: Transaction, *endings: Ending) -> None:
    await end_runs(tx, await lock_runs(tx, endings), endings)


async def by_opt_outs(tx: Transaction, keys: Iterable[tuple[str, str, str]]) -> list[Ending]:
    """An opt-out ends the runs of everyone who has that address (client, channel, address)."""
    people = set()
    for client, channel, address in sorted(set(keys)):
        found = await tx.fetch(_OWNERS, client=client, channel=channel, address=address)
        people |= {row.customer_id for row in found}
    return [Ending(Exit.OPT_OUT, conversation_with(person)) for person in sorted(people)]


async def still_running(tx: Transaction, ids: Sequence[str]) -> set[str]:
    """Those of these runs that nothing has ended; locked, so that nothing does meanwhile."""
    return {row.id for row in await tx.fetch(_RUNS, ids=sorted(ids))} if ids else set()


async def stop_runs(tx: Transaction, stopped: Sequence[tuple[Any, str, str | None]]) -> None:
    """Locked runs, each with its reason and what caused it."""
    if not stopped:
        return
    rows = [
        {
            "id": run.id,
            "state": STOPPED,
            "reason": reason,
            "next_at": None,
            "ended_at": tx.now,
            "version": run.version + 1,
            "updated_at": tx.now,
        }
        for run, reason, _ in stopped
    ]
    await tx.update(sequence_runs, rows)
    for run, reason, cause in stopped:
        tx.record(event(tx, run, "sequence.stopped", {"reason": reason}, cause))
    await _cancel(tx, {run.id: reason for run, reason, _ in stopped})


async def _cancel(tx: Transaction, runs: Mapping[str, str]) -> None:
    """What is queued of these runs, by the reason why they stop."""
    queued = await tx.fetch(_QUEUED, runs=sorted(runs))
    await cancel(tx, [(row, f"sequence_{runs[row.run_id]}", None) for row in queued])


def event(
    tx: Transaction, run: Any, kind: str, more: dict[str, Any], cause: str | None = None
) -> Activity:
    """Activity of a run: a row, or something with the same attributes."""
    return Activity(
        type=kind,
        client=run.client,
        occurred_at=tx.now,
        customer_id=run.customer_id,
        account_id=run.account_id,
        conversation_id=run.conversation_id,
        causation_id=cause,
        payload={"run_id": run.id, "sequence": run.sequence, **more},
    )
