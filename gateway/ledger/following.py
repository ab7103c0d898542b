"""What others are told of a payment: the record, the conversation, and a person where it is in
doubt."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, text

from dialogs.sequences import Exit
from domain.activity import Activity
from domain.events import PlanStep
from domain.ids import derive
from domain.ledger import RETURNS, Kind, Payment
from domain.values import Money
from gateway.clients import ClientConfig
from gateway.handoffs.asking import ask
from gateway.ledger.movements import Source, Told
from gateway.pipeline.identity import conversation_with
from gateway.sequences.stopping import Ending, end
from gateway.storage import Transaction, encode
from gateway.storage.charging_tables import charges, dues
from gateway.storage.tables import conversations, inbox, payments

_TALK = select(conversations.c.id).where(conversations.c.id == bindparam("id"))

_LATER = (
    select(payments.c.id)
    .where(
        payments.c.account_id == bindparam("account"),
        payments.c.created_at >= bindparam("since"),
        payments.c.id != bindparam("id"),
        text("status <> 'abandoned'"),
    )
    .limit(1)
)

_DUE = (
    select(dues.c.plan_id, dues.c.number, dues.c.due_date)
    .join(charges, charges.c.due_id == dues.c.id)
    .where(charges.c.id == bindparam("id"))
)

ONWARD = (Kind.AUTHORISED, Kind.DECLINED, Kind.ABANDONED)
ACTORS = {Source.PROVIDER: "provider", Source.HOST: "host", Source.PERSON: "agent"}


class News(NamedTuple):
    """`row` is the payment's as it was, `account` the one that it is on by now, and `left` what is
    owed there."""

    row: Any
    account: Any
    told: Told
    before: Payment | None
    after: Payment
    left: Money

    @property
    def automatic(self) -> bool:
        """It was taken while its customer was elsewhere, not paid on a page."""
        return self.row.link_id is None and self.told.source is Source.PROVIDER

    @property
    def net_before(self) -> int:
        return self.before.net.minor if self.before else 0


async def follow(tx: Transaction, news: News, config: ClientConfig) -> Activity:
    """Gives back what else follows can be recorded after: of whom, by whom, which payment."""
    about = _about(tx, news)
    kind = news.told.kind
    if kind in RETURNS:
        await _returned(tx, news, about)
    elif kind in (Kind.SETTLED, Kind.HOST_REPORTED):
        await _came_in(tx, news, about)
    elif kind in ONWARD and kind is news.after.status is not _status(news.before):
        reason = {"reason": news.told.details.get("reason")} if kind is Kind.DECLINED else {}
        tx.record(event_of(about, f"payment.{kind.value}", reason))
        if kind is Kind.DECLINED and news.automatic:
            await _tell_of_plan(tx, news)
        elif kind is Kind.DECLINED:
            await _tell(tx, news, "payment_declined", reason)
        elif kind is Kind.ABANDONED and not await _went_another_way(tx, news):
            await _tell(tx, news, "payment_abandoned", {})
    await _doubt(tx, news, config, about)
    return about


async def _went_another_way(tx: Transaction, news: News) -> bool:
    """A page that was left is nothing to speak of where nobody was on one, nothing is owed, or the
    customer has begun to pay by another since."""
    if news.automatic or news.left.minor <= 0:
        return True
    account, since = news.account.id, news.row.created_at
    return bool(await tx.fetch(_LATER, account=account, since=since, id=news.row.id))


def _status(payment: Payment | None) -> Kind | None:
    return payment.status if payment else None


async def _came_in(tx: Transaction, news: News, about: Activity) -> None:
    """On record when it is first known, and again where later word of it changes what counts."""
    before, after = news.before, news.after
    first = before is None or before.cleared_at is None
    if not first and before and (before.amount, before.account) == (after.amount, after.account):
        return
    more: dict[str, Any] = {"balance_minor": news.left.minor}
    tx.record(event_of(about, "payment.settled", more if first else more | {"amended": True}))
    if first and after.net.minor > 0:
        talk = conversation_with(news.account.customer_id)
        await end(tx, Ending(Exit.PAYMENT, talk, news.account.id, news.row.id))
        await _tell(tx, news, "payment_made", more)


async def _returned(tx: Transaction, news: News, about: Activity) -> None:
    """On record always; the conversation hears of it where it takes money away."""
    kind = news.told.kind.value
    more = {
        "return_id": news.told.details.get("return_id"),
        "net_minor": news.after.net.minor,
        "balance_minor": news.left.minor,
    }
    tx.record(event_of(about, f"payment.{kind}", more))
    if news.after.net.minor < news.net_before:
        more = {"how": kind, "balance_minor": news.left.minor}
        await _tell(tx, news, "payment_returned", more, unlike=news.told.id)


async def _doubt(tx: Transaction, news: News, config: ClientConfig, about: Activity) -> None:
    """A person is asked for each doubt of a payment when it comes up."""
    known = news.before.doubts if news.before else frozenset()
    for doubt in sorted(news.after.doubts - known):
        told = await ask(tx, config, news.row.conversation_id, "payment_doubt")
        if told is not None:
            tx.record(event_of(about, "handoff.requested", told | {"doubt": doubt.value}))


async def _tell(
    tx: Transaction, news: News, kind: str, more: dict[str, Any], unlike: str = ""
) -> None:
    """Puts it before the conversation, if there is one; derived ids keep a second one of the same
    kind out, unless it is `unlike` the first."""
    if not await tx.fetch(_TALK, id=news.row.conversation_id):
        return
    said = {"payment_id": news.row.id} | _money(_amount(news))
    row = {
        "id": derive(news.row.id, f"{kind}/{unlike}" if unlike else kind),
        "client": news.row.client,
        "conversation_id": news.row.conversation_id,
        "kind": kind,
        "payload": encode(said | more),
        "due_at": tx.now,
        "created_at": tx.now,
    }
    await tx.insert_new(inbox, [row])
    tx.wake("turn")


async def _tell_of_plan(tx: Transaction, news: News) -> None:
    """An instalment could not be taken from the method that was agreed."""
    for due in await tx.fetch(_DUE, id=news.row.id):
        what = {"plan_id": due.plan_id, "number": due.number, "due_date": due.due_date}
        await _tell(tx, news, "plan_moved", what | {"step": PlanStep.CHARGE_FAILED.value})


def _amount(news: News) -> Money:
    """What the news is about: what went back, or what the payment counts for."""
    return news.told.amount if news.told.kind in RETURNS else news.after.amount


def _money(amount: Money) -> dict[str, Any]:
    return {"amount_minor": amount.minor, "currency": amount.currency}


def _about(tx: Transaction, news: News) -> Activity:
    row = news.row
    named = {"provider": row.provider, "link_id": row.link_id}
    if news.told.source is not Source.PROVIDER:
        named["reference"] = news.told.reference
    return Activity(
        type="payment.settled",
        client=row.client,
        occurred_at=tx.now,
        customer_id=news.account.customer_id,
        account_id=news.account.id,
        conversation_id=row.conversation_id,
        actor=ACTORS[news.told.source],
        payload={"payment_id": row.id} | _money(_amount(news)) | named,
    )


def event_of(about: Activity, kind: str, more: dict[str, Any]) -> Activity:
    return Activity(
        type=kind,
        client=about.client,
        occurred_at=about.occurred_at,
        customer_id=about.customer_id,
        account_id=about.account_id,
        conversation_id=about.conversation_id,
        actor=about.actor,
        payload={**about.payload, **more},
    )
