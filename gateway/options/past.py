"""What came before on an account, as rows keep it: assessments and settlements."""

from collections.abc import Mapping, Sequence
from datetime import date, tzinfo
from typing import Any, NamedTuple

import msgspec

from domain.affordability import Affordable, Assessment, Help
from domain.commands import RecordAssessment
from domain.promise import Credit
from domain.settlement import (
    Agreement,
    History,
    Said,
    SettlementRules,
    State,
    Terms,
    standing,
)
from domain.values import Money
from gateway.storage import decode, encode

AFFORDABLE, HELP = "affordable", "help"


def assessment_row(command: RecordAssessment) -> dict[str, Any]:
    """The columns that say what was answered and what came out."""
    found = command.assessment
    kind = AFFORDABLE if isinstance(found.outcome, Affordable) else HELP
    outcome = {"kind": kind, "surplus": found.surplus, kind: found.outcome}
    return {
        "id": command.id,
        "answers": encode(command.answers),
        "outcome": encode(outcome),
        "valid_until": found.valid_until.isoformat(),
    }


def assessment_of(row: Any) -> Assessment:
    """The outcome alone: its steps follow from the answers."""
    told = decode(row.outcome)
    kind: type[Affordable | Help] = Affordable if told["kind"] == AFFORDABLE else Help
    return Assessment(
        outcome=msgspec.convert(told[told["kind"]], kind),
        surplus=msgspec.convert(told["surplus"], Money),
        steps=(),
        asks=(),
        checks=(),
        valid_until=date.fromisoformat(row.valid_until),
    )


def assessed(found: Assessment) -> Mapping[str, Any]:
    """What hosts are told of it."""
    told: dict[str, Any] = {
        "surplus": str(found.surplus.decimal),
        "currency": found.surplus.currency,
        "valid_until": found.valid_until.isoformat(),
    }
    outcome = found.outcome
    if isinstance(outcome, Help):
        return told | {"outcome": HELP, "reason": outcome.reason.value, "help": outcome.kind.value}
    told |= {"outcome": AFFORDABLE, "frequency": outcome.frequency.value}
    return told | {"instalment": str(outcome.total.decimal)}


def agreement_of(row: Any) -> Agreement:
    return Agreement(msgspec.json.decode(row.terms, type=Terms), row.agreed_at)


class Agreed(NamedTuple):
    """A settlement of an account, and the account's credits."""

    agreement: Agreement
    received: Sequence[Credit]

    def state(self, now: int, rules: SettlementRules, zone: tzinfo) -> State:
        return standing(self.agreement, self.received, now, rules, zone).state


def settlement_history(account_id: str, states: Sequence[State], offers: Sequence[Any]) -> History:
    """`states` are those of the account's settlements, `offers` the rows of the customer's on all
    accounts, oldest first."""
    shown = [row for row in offers if row.kind == "shown" and row.account_id == account_id]
    said = tuple(
        Said(
            Money(row.amount_minor, row.currency), Money(row.balance_minor, row.currency), row.count
        )
        for row in offers
        if row.kind == "said"
    )
    last = shown[-1] if shown else None
    over = (State.LAPSED, State.CANCELLED)
    return History(
        expires=date.fromisoformat(last.expires) if last else None,
        held=Money(last.amount_minor, last.currency) if last else None,
        said=said,
        agreed=any(state not in over for state in states),
        lapsed=State.LAPSED in states,
    )
