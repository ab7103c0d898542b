"""What sequences go by of each account, read in bulk."""

from collections import defaultdict
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select, text

from dialogs.sequences import Situation
from domain.comparison import Value
from domain.conditions import Lookup
from domain.context import Context
from domain.options import lookup
from domain.values import ChannelKind
from gateway.clients import ClientConfig
from gateway.consent.standing import Standing
from gateway.parties.reachable import UNASKED
from gateway.pipeline.facts import Facts, zone_of
from gateway.pipeline.identity import conversation_with
from gateway.senders.pools import usable
from gateway.storage import Transaction, among
from gateway.storage.tables import addresses, contacts, handoffs

_CONTACTS = (
    select(
        contacts.c.customer_id,
        contacts.c.channel,
        contacts.c.address,
        addresses.c.opted_out_at,
        addresses.c.invalid_at,
        addresses.c.last_inbound_at,
        addresses.c.opted_in_at,
        addresses.c.opted_in_position,
    )
    .select_from(
        contacts.outerjoin(
            addresses,
            and_(
                addresses.c.client == contacts.c.client,
                addresses.c.channel == contacts.c.channel,
                addresses.c.address == contacts.c.address,
            ),
        )
    )
    .where(among(contacts.c.customer_id, "ids"), UNASKED)
    .order_by(contacts.c.rank, contacts.c.channel, contacts.c.address)
)
_WITH_PERSON = select(handoffs.c.conversation_id).where(
    among(handoffs.c.conversation_id, "ids"), text("closed_at IS NULL")
)


class Situations:
    """Of accounts of one client, at the instant of one transaction."""

    def __init__(self, config: ClientConfig, facts: Facts, now: int) -> None:
        self.config = config
        self.facts = facts
        self.now = now
        self.contacts: dict[str, list[Any]] = defaultdict(list)
        self.with_person: set[str] = set()
        self.standing = Standing()

    @classmethod
    async def read(
        cls, tx: Transaction, config: ClientConfig, accounts: Sequence[Any]
    ) -> "Situations":
        """`accounts` are rows with an account_id and its customer_id."""
        talks = [_talk(row) for row in accounts]
        found = cls(config, await Facts.read(tx, talks, {}), tx.now)
        people = sorted({row.customer_id for row in accounts})
        for row in await tx.fetch(_CONTACTS, ids=people):
            found.contacts[row.customer_id].append(row)
        found.standing = await Standing.read(tx, people)
        asked = await tx.fetch(_WITH_PERSON, ids=sorted({talk.id for talk in talks}))
        found.with_person = {row.conversation_id for row in asked}
        return found

    def zone(self, row: Any) -> ZoneInfo:
        """Where the customer lives."""
        customer = self.facts.customers.get(row.customer_id)
        return ZoneInfo(zone_of(customer and customer.timezone, self.config))

    def of(self, row: Any, since: int) -> Situation | None:
        """None where there is no such account. `since`: when its run began."""
        if not any(a.id == row.account_id for a in self.facts.accounts[row.customer_id]):
            return None
        context = self.facts.context(_talk(row), self.config, ChannelKind.SMS, "", self.now)
        places = self.contacts[row.customer_id]
        return Situation(
            lookup=_lookup(context),
            usable=tuple(dict.fromkeys(ChannelKind(p.channel) for p in places if self._usable(p))),
            owing=context.account is not None and context.account.balance.minor > 0,
            held=self._held(row),
            promised=context.history.active is not None,
            planned=_planned(context),
            with_person=conversation_with(row.customer_id) in self.with_person,
            heard=any((p.last_inbound_at or 0) >= since for p in places),
            opted_out=any((p.opted_out_at or 0) >= since for p in places),
        )

    def address(self, row: Any, channel: ChannelKind) -> str | None:
        """The first address of that channel that may be written to."""
        places = self.contacts[row.customer_id]
        return next((p.address for p in places if p.channel == channel and self._usable(p)), None)

    def _usable(self, place: Any) -> bool:
        stand = self.standing.of(place.customer_id, place.channel, place.address, place)
        stopped = stand.is_out or place.invalid_at is not None
        return not stopped and bool(usable(self.config, place.channel, place.address))

    def _held(self, row: Any) -> str | None:
        for hold in self.facts.holds.get(row.customer_id, ()):
            about = hold.account_id in (None, row.account_id)
            if about and (hold.until is None or hold.until > self.now):
                return str(hold.kind)
        return None


def _talk(row: Any) -> Any:
    """As rows of conversations name it; there may be none yet."""
    return SimpleNamespace(
        id=conversation_with(row.customer_id),
        customer_id=row.customer_id,
        account_id=row.account_id,
    )


def _planned(context: Context) -> bool:
    return context.situation is not None and context.situation.history.plan is not None


def _lookup(context: Context) -> Lookup:
    known = context.situation
    if known is None:
        raise ValueError(f"conversation {context.conversation_id} has no account")
    of_account = lookup(known.account, context.history.broken_in_a_row, context.today)
    more: dict[str, Value] = {
        "context.plan.active": _planned(context),
        "context.promise.active": context.history.active is not None,
        "context.promise.date": context.history.active_date,
    }
    return lambda name: more[name] if name in more else of_account(name)
