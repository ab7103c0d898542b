"""Assessments and settlements as rows, and what hosts are told of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from domain.commands import RecordAssessment, RecordOffer, RecordSettlement
from gateway.options.past import assessed, assessment_row
from gateway.storage import Transaction, encode
from gateway.storage.tables import assessments, settlement_offers, settlements

if TYPE_CHECKING:
    from gateway.pipeline.effects import Turn

Kept = RecordAssessment | RecordSettlement | RecordOffer
Told = tuple[str, Mapping[str, Any]]


async def keep(tx: Transaction, agreed: Sequence[tuple["Turn", Kept]]) -> None:
    for turn, command in agreed:
        whose = {
            "client": turn.client.client,
            "customer_id": turn.customer_id,
            "account_id": turn.account_id,
        }
        match command:
            case RecordAssessment():
                row = whose | {"conversation_id": turn.conversation_id, "created_at": tx.now}
                await tx.insert(assessments, [row | assessment_row(command)])
            case RecordSettlement():
                row = whose | {"conversation_id": turn.conversation_id, "agreed_at": tx.now}
                terms = {"id": command.id, "terms": encode(command.terms)}
                await tx.insert(settlements, [row | terms])
            case RecordOffer():
                await tx.insert_new(settlement_offers, [whose | _offer(command, tx.now)])


def _offer(command: RecordOffer, now: int) -> dict[str, Any]:
    return {
        "id": command.id,
        "kind": "shown" if command.shown else "said",
        "amount_minor": command.amount.minor,
        "balance_minor": command.balance.minor,
        "currency": command.amount.currency,
        "count": command.count,
        "expires": None if command.expires is None else command.expires.isoformat(),
        "created_at": now,
    }


def told_of(command: Kept) -> Iterator[Told]:
    """Types of activity with their payloads. Of a form, its figures stay here."""
    match command:
        case RecordAssessment():
            about = {"assessment_id": command.id}
            yield "ie.submitted", about | {"lines": len(command.answers.lines)}
            yield "ie.assessed", about | dict(assessed(command.assessment))
        case RecordSettlement(terms=terms):
            yield (
                "settlement.accepted",
                {
                    "settlement_id": command.id,
                    "amount": str(terms.amount.decimal),
                    "balance": str(terms.balance.decimal),
                    "currency": terms.amount.currency,
                    "expires": terms.expires.isoformat(),
                    "instalments": [
                        {"due": one.due.isoformat(), "amount": str(one.amount.decimal)}
                        for one in terms.instalments
                    ],
                },
            )
        case RecordOffer() if not command.shown:
            told = {"amount": str(command.amount.decimal), "currency": command.amount.currency}
            yield "settlement.offer_received", told | {"count": command.count}
