"""What became of an experiment's customers, arm by arm.

All who were assigned are counted, whatever became of their runs: leaving out those whom a sequence
did not reach would compare unlike people. Counted is what came after a customer's first run in it.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, func, select, text

from dialogs.experiments import SUSPICIOUS, Experiment, over_since, sample_ratio
from gateway.clock import moment
from gateway.storage import Transaction
from gateway.storage.tables import (
    addresses,
    contacts,
    conversations,
    inbound,
    outbound,
    payments,
    promises,
    sequence_runs,
)

_RUNS = sequence_runs.c
_first = (
    select(
        _RUNS.customer_id,
        _RUNS.arm,
        func.min(_RUNS.started_at).label("at"),
    )
    .where(_RUNS.client == bindparam("client"), _RUNS.experiment == bindparam("experiment"))
    .group_by(_RUNS.customer_id, _RUNS.arm)
    .cte("assigned")
)
"""Customers with their arm and when they got it."""


def _people(joined: Any, *where: Any) -> Any:
    """By arm, how many customers have a row that fits."""
    return (
        select(_first.c.arm, func.count(_first.c.customer_id.distinct()).label("people"))
        .select_from(joined)
        .where(*where)
        .group_by(_first.c.arm)
    )


def _messages(states: str) -> Any:
    """`states` as SQL lists them."""
    own = _first.join(sequence_runs, _RUNS.customer_id == _first.c.customer_id).join(
        outbound, outbound.c.run_id == _RUNS.id
    )
    return _people(
        own, _RUNS.experiment == bindparam("experiment"), text(f"outbound.status IN ({states})")
    )


_at_address = (
    (contacts.c.client == addresses.c.client)
    & (contacts.c.channel == addresses.c.channel)
    & (contacts.c.address == addresses.c.address)
)
_MEASURES: Mapping[str, Any] = {
    "assigned": _people(_first),
    "sent": _messages("'sent', 'delivered', 'undelivered'"),
    "delivered": _messages("'delivered'"),
    "replied": _people(
        _first.join(conversations, conversations.c.customer_id == _first.c.customer_id).join(
            inbound, inbound.c.conversation_id == conversations.c.id
        ),
        inbound.c.client == bindparam("client"),
        inbound.c.received_at >= _first.c.at,
    ),
    "promised": _people(
        _first.join(promises, promises.c.customer_id == _first.c.customer_id),
        promises.c.created_at >= _first.c.at,
    ),
    "paid": _people(
        _first.join(payments, payments.c.customer_id == _first.c.customer_id),
        payments.c.cleared_at >= _first.c.at,
        payments.c.net_minor > 0,
    ),
    "opted_out": _people(
        _first.join(contacts, contacts.c.customer_id == _first.c.customer_id).join(
            addresses, _at_address
        ),
        addresses.c.opted_out_at >= _first.c.at,
    ),
}
_BEGAN = select(func.min(_RUNS.started_at).label("at")).where(
    _RUNS.client == bindparam("client"), _RUNS.experiment == bindparam("experiment")
)
MEASURES = tuple(_MEASURES)


class Row(Struct, frozen=True):
    """An arm: its share in percent as planned, and its customers by measure."""

    arm: str
    share: float
    counts: Mapping[str, int]


class Report(Struct, frozen=True):
    """`sample_ratio_p`: how likely the arms' sizes are by chance. `over_since`: nobody is taken in
    from that day on."""

    client: str
    experiment: str
    sequence: str
    arms: tuple[Row, ...]
    sample_ratio_p: float
    suspicious: bool
    over_since: date | None
    over: bool


async def report(tx: Transaction, client: str, experiment: Experiment, today: date) -> Report:
    """`today` is the client's day."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    given = {"client": client, "experiment": experiment.name}
    for name, statement in _MEASURES.items():
        for row in await tx.fetch(statement, **given):
            found[row.arm][name] = row.people
    (began,) = await tx.fetch(_BEGAN, **given)
    end = over_since(experiment, None if began.at is None else moment(began.at).date())
    shares = experiment.shares()
    arms = [*shares, *sorted(found.keys() - shares.keys())]  # arms that the pack has no more
    p = sample_ratio([found[a].get("assigned", 0) for a in shares], list(shares.values()))
    return Report(
        client,
        experiment.name,
        experiment.sequence,
        tuple(
            Row(arm, 100 * shares.get(arm, 0.0), {m: found[arm].get(m, 0) for m in MEASURES})
            for arm in arms
        ),
        p,
        p < SUSPICIOUS,
        end,
        end is not None and today >= end,
    )
