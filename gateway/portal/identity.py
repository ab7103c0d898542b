"""Proving who is there: one transaction per try, so that parallel guesses are counted singly."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, text, update

from dialogs.sequences import Exit
from gateway.ids import new_id
from gateway.parties.proving import keep_proof
from gateway.portal import sessions
from gateway.portal.visits import Visit, find_locked
from gateway.sequences.stopping import Ending, end
from gateway.storage import Transaction, encode
from gateway.storage.tables import inbox, links, verifications
from payment_links.link import LinkState
from payment_links.tokens import same_secret
from payment_links.verification import ORDER, Fact, Known, Tries, asked, matches

_CLICK = (
    update(links)
    .values(clicked_at=bindparam("now"))
    .where(links.c.id == bindparam("link_id"), text("clicked_at IS NULL"))
)


class Proof(StrEnum):
    VERIFIED = "verified"
    FAILED = "failed"
    LOCKED = "locked"
    UNKNOWABLE = "unknowable"  # fewer than two facts are known: a person must help
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a visitor entered; `session_hash` is that of the session to start if it is right, and
    `order` that in which the client asks for facts."""

    token_hash: str
    given: Known
    session_hash: str
    order: Sequence[Fact] = ORDER


async def prove(tx: Transaction, claim: Claim) -> Proof:
    """Counts a click, then a success or a failure; a locked account answers nothing."""
    visit = await find_locked(tx, claim.token_hash)
    if visit is None or visit.state is not LinkState.LIVE:
        return Proof.GONE
    wanted = asked(visit.facts, claim.order)
    if wanted is None:
        return Proof.UNKNOWABLE
    if visit.tries.locked(tx.now):
        return Proof.LOCKED
    await _click(tx, visit)
    if not matches(visit.facts, claim.given, wanted):
        return await _failed(tx, visit)
    await _welcome(tx, visit, claim.session_hash, [fact.value for fact in wanted])
    return Proof.VERIFIED


async def _welcome(tx: Transaction, visit: Visit, session_hash: str, facts: list[str]) -> None:
    """The proof is given: `facts` says by what."""
    await _keep(tx, visit, Tries())
    row = visit.row
    await sessions.start(tx, row.client, row.id, session_hash)
    await keep_proof(tx, row.client, row.conversation_id, row.customer_id, "portal", row.id)
    tx.record(visit.event(tx, "portal.verified", facts=facts))
    await end(tx, Ending(Exit.LINK_OPENED, row.conversation_id))
    await tx.insert(inbox, [_opened(tx, visit)])
    tx.wake("turn")


@dataclass(frozen=True, slots=True)
class CodeClaim:
    """A one-time code that a visitor entered, as its hash."""

    token_hash: str
    code_hash: str
    session_hash: str


async def prove_by_code(tx: Transaction, claim: CodeClaim) -> Proof:
    """A code works once, and in its time; a wrong one is a failure like a wrong fact."""
    visit = await find_locked(tx, claim.token_hash)
    if visit is None or visit.state is not LinkState.LIVE:
        return Proof.GONE
    if visit.tries.locked(tx.now):
        return Proof.LOCKED
    await _click(tx, visit)
    row = visit.row
    fresh = row.code_until is not None and tx.now < row.code_until
    if not (same_secret(claim.code_hash, row.code_hash or "") and fresh):
        return await _failed(tx, visit)
    await _welcome(tx, visit, claim.session_hash, ["code"])
    return Proof.VERIFIED


async def _click(tx: Transaction, visit: Visit) -> None:
    """The first time that a person does something with the link."""
    if await tx.execute(_CLICK, link_id=visit.row.id, now=tx.now):
        tx.record(visit.event(tx, "link.clicked"), visit.event(tx, "portal.visited"))


async def _failed(tx: Transaction, visit: Visit) -> Proof:
    tries = visit.tries.failed(tx.now)
    await _keep(tx, visit, tries)
    tx.record(visit.event(tx, "portal.verification_failed", failures=tries.failures))
    if tries.locked_until is None:
        return Proof.FAILED
    tx.record(visit.event(tx, "portal.locked", until=tries.locked_until))
    return Proof.LOCKED


async def _keep(tx: Transaction, visit: Visit, tries: Tries) -> None:
    row = {
        "account_id": visit.row.account_id,
        "client": visit.row.client,
        "failures": tries.failures,
        "locked_until": tries.locked_until,
        "code_hash": None if not tries.failures else visit.row.code_hash,
        "code_until": None if not tries.failures else visit.row.code_until,
        "updated_at": tx.now,
    }
    if not await tx.insert_new(verifications, [row], returning="account_id"):
        await tx.update(verifications, [row], key=("account_id",))


def _opened(tx: Transaction, visit: Visit) -> dict[str, Any]:
    return {
        "id": new_id(),
        "client": visit.row.client,
        "conversation_id": visit.row.conversation_id,
        "kind": "link_opened",
        "payload": encode({"link_id": visit.row.id}),
        "due_at": tx.now,
        "created_at": tx.now,
    }
