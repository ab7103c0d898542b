"""A conversation's rows as the turns that they had, each with its events in their order.

A row's `consumed_at` is its turn's own instant: rows of one conversation that share it were turned
together. Timers of promises and plans stand for what was found when they ran out, which the
activity tells.
"""

from collections.abc import Iterator
from itertools import groupby
from types import SimpleNamespace
from typing import Any, NamedTuple

from gateway.replay.rows import Record
from gateway.storage import decode, encode

JUDGED = {"promise.kept": True, "promise.broken": False}
PLAN_STEPS = {
    "plan.instalment_due": "due",
    "plan.instalment_paid": "paid",
    "plan.instalment_missed": "missed",
    "plan.defaulted": "defaulted",
    "plan.completed": "completed",
}


class Past(NamedTuple):
    """A turn: its instant in microseconds since the epoch, and its rows as `events_of` takes them.

    `rows` is empty where timers came to nothing.
    """

    at: int
    rows: list[Any]


def turns(record: Record) -> list[Past]:
    """In the order in which they were."""
    causes: dict[str, list[Any]] = {}
    for event in record.told:
        if event.causation_id is not None:
            causes.setdefault(event.causation_id, []).append(event)
    ordered = sorted(record.events, key=lambda row: row.consumed_at)
    found = [
        Past(at, [row for each in rows for row in _typed(each, causes)])
        for at, rows in groupby(ordered, key=lambda row: row.consumed_at)
    ]
    found += _excuses(record)
    return sorted(found, key=lambda past: past.at)


def _typed(row: Any, causes: dict[str, list[Any]]) -> Iterator[Any]:
    kind = decode(row.payload)["kind"] if row.kind == "timer" else None
    told = causes.get(row.id, ())
    if kind == "promise_due":
        yield from (_settled(row, each) for each in told if each.type in JUDGED)
    elif kind == "plan_look":
        moved = [
            each
            for each in told
            if each.type in PLAN_STEPS and not decode(each.payload).get("charged")
        ]
        if moved:
            yield _moved(row, moved[-1])
    else:
        yield row


def _settled(row: Any, told: Any) -> Any:
    given = decode(told.payload)
    payload = {
        "promise_id": given["promise_id"],
        "kept": JUDGED[told.type],
        "amount": {"minor": given["promised_minor"], "currency": given["currency"]},
        "due_date": given["due_date"],
    }
    return _row(row.id, "promise_settled", encode(payload), row.due_at)


def _moved(row: Any, told: Any) -> Any:
    payload = decode(told.payload) | {"step": PLAN_STEPS[told.type]}
    return _row(row.id, "plan_moved", encode(payload), row.due_at)


def _excuses(record: Record) -> Iterator[Past]:
    """A conversation that was set aside told its customer so, in a turn that has no row."""
    for told in record.told:
        if told.type == "conversation.set_aside":
            yield Past(told.occurred_at + 1, [_row(told.id, "turn_failed", None, told.occurred_at)])


def _row(id: str, kind: str, payload: str | None, due_at: int) -> Any:  # noqa: A002
    return SimpleNamespace(id=id, kind=kind, payload=payload, due_at=due_at)
