"""What a customer does on the portal, carried out: the same commands as a conversation's turn, in
one transaction with their activity and the event that the conversation hears of."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from dialogs.sequences import OF_ONE_ACCOUNT, exit_of
from domain.commands import Command
from domain.events import PortalDone, PortalStep
from domain.ids import derive
from domain.values import ChannelKind, Money
from gateway.clock import moment
from gateway.pipeline.effects import Effects, Turn
from gateway.pipeline.facts import plan_rules_of_its_own, promise_rules_of_its_own
from gateway.pipeline.turn import places_of, senders_of
from gateway.portal.forms import Refused
from gateway.portal.here import Here, Now, now_of
from gateway.portal.journey import Form
from gateway.portal.payments import UUID
from gateway.portal.visits import find
from gateway.sequences.stopping import Ending
from gateway.storage import Transaction, encode
from gateway.storage.tables import inbox
from payment_links.link import LinkState

_KNOWN = select(inbox.c.id).where(inbox.c.id == bindparam("id"))
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing that is misread, and few words."""


@dataclass(frozen=True, slots=True)
class Deed:
    """`commands` are carried out; the conversation hears of the step with the amount and the day.
    `suspends` is the kind of hold that it puts on all that asks for something, `channels` are those
    that it stops."""

    step: PortalStep
    commands: tuple[Command, ...] = ()
    amount: Money | None = None
    due: date | None = None
    suspends: str | None = None
    channels: tuple[ChannelKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """`id` is that of the event; `reference` is what the customer may quote of it."""

    id: str
    reference: str


Make = Callable[[Now, str], Awaitable[Deed]]
"""From the facts under the lock, and the id of what is being done, to what is to be done. What the
rules do not allow any more is raised as Wrong, and nothing is done."""


def reference_of(id: str) -> str:  # noqa: A002
    """Eight letters and digits in two groups, of the random end of an id."""
    bits = int(id.replace("-", ""), 16) & (1 << 40) - 1
    text = "".join(_LETTERS[bits >> place & 31] for place in range(35, -1, -5))
    return f"{text[:4]}-{text[4:]}"


async def carry_out(here: Here, form: Form, make: Make) -> Done:
    """Once for each form that was shown, however often it is sent. Raises Wrong as `make` does,
    Refused(400) for a form that we have not made, and Refused(410) where the link has ended."""
    form_id = form.get("form", "")
    if UUID.fullmatch(form_id) is None:
        raise Refused(400)
    done_id = derive(form_id, f"deed/{here.visit.row.id}/{here.journey}")

    async def work(tx: Transaction) -> Done:
        now = await now_of(tx, here.config, here.visit, lock=True)
        if await tx.fetch(_KNOWN, id=done_id):
            return Done(done_id, reference_of(done_id))
        visit = await find(tx, here.visit.row.token_hash)
        if visit is None or visit.state is not LinkState.LIVE:
            raise Refused(410)
        deed = await make(now, done_id)
        await _write(tx, here, now, deed, done_id)
        return Done(done_id, reference_of(done_id))

    done: Done = await here.site.store.transact("portal-deed", work)
    return done


async def aside(here: Here, *commands: Command | None) -> None:
    """Puts something on record that completes nothing yet, such as what was shown or offered."""
    wanted = [command for command in commands if command is not None]
    if not wanted:
        return

    async def work(tx: Transaction) -> None:
        now = await now_of(tx, here.config, here.visit, lock=True)
        effects = Effects(tx.now, here.site.secret, here.site.rules)
        turn = await _turn(tx, here, now, here.visit.row.id)
        for command in wanted:
            effects.add(turn, command)
        await effects.write(tx)

    await here.site.store.transact("portal-aside", work)


async def _write(tx: Transaction, here: Here, now: Now, deed: Deed, done_id: str) -> None:
    effects = Effects(tx.now, here.site.secret, here.site.rules)
    turn = await _turn(tx, here, now, done_id)
    for command in deed.commands:
        effects.add(turn, command)
    reason = exit_of(PortalDone(id=done_id, at=moment(tx.now), step=deed.step), deed.commands)
    if reason is not None:
        own = turn.account_id if reason in OF_ONE_ACCOUNT else None
        effects.endings.append(Ending(reason, now.talk.id, own, done_id))
    told = _told(deed)
    named = told | {"link_id": now.visit.row.id, "reference": reference_of(done_id)}
    effects.log(turn, "portal.completed", named, actor="customer")
    await effects.write(tx)
    row = {
        "id": done_id,
        "client": now.config.client,
        "conversation_id": now.talk.id,
        "kind": "portal_done",
        "payload": encode(told),
        "due_at": tx.now,
        "created_at": tx.now,
    }
    await tx.insert(inbox, [row])
    tx.wake("turn")


def _told(deed: Deed) -> dict[str, Any]:
    told: dict[str, Any] = {"step": deed.step.value}
    if deed.amount is not None:
        told |= {"amount_minor": deed.amount.minor, "currency": deed.amount.currency}
    if deed.due is not None:
        told["due_date"] = deed.due.isoformat()
    if deed.suspends is not None:
        told["suspends"] = deed.suspends
    if deed.channels:
        told["channels"] = [channel.value for channel in deed.channels]
    return told


async def _turn(tx: Transaction, here: Here, now: Now, done_id: str) -> Turn:
    row, talk = now.visit.row, now.talk
    places = await places_of(tx, [talk])
    return Turn(
        client=now.config,
        conversation_id=talk.id,
        customer_id=row.customer_id,
        account_id=row.account_id,
        channel=talk.channel,
        address=talk.address,
        contacts=places.get(row.customer_id, {}),
        senders=senders_of(talk, ()),
        idle=(),
        causation_id=done_id,
        timezone=here.zone.key,
        rules=promise_rules_of_its_own(now.context, now.config),
        plan_rules=plan_rules_of_its_own(now.context, now.config),
    )
