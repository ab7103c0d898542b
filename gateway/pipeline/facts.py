"""What a turn must know before it decides: read in bulk, for every conversation it holds."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, text

from compliance.holds import silences
from domain.affordability import Assessment
from domain.commands import Command, IssueLink
from domain.context import Context
from domain.customers import Account, Customer
from domain.links import Purpose
from domain.options import History as Past
from domain.options import Hosted, PlanPast, Situation
from domain.plan import PlanRules
from domain.promise import History, PromiseRules, State
from domain.settlement import SettlementRules
from domain.values import ChannelKind, Money
from gateway.clients import ClientConfig
from gateway.clients.contact import rules_of
from gateway.clock import DAY, moment
from gateway.holds.starting import hold_terms
from gateway.ledger.movements import folded, movements_of
from gateway.links.living import live_links
from gateway.options.accounts import attributes_of
from gateway.options.past import Agreed, agreement_of, assessment_of, settlement_history
from gateway.options.terms import terms_of
from gateway.parties.standing import introduced, proven_in
from gateway.pipeline.offers import account_of
from gateway.storage import Transaction, among, encode
from gateway.storage.tables import (
    accounts,
    assessments,
    customers,
    holds,
    inbound,
    inbox,
    plans,
    promises,
    settlement_offers,
    settlements,
)

_EVENTS = (
    select(
        inbox.c.id,
        inbox.c.conversation_id,
        inbox.c.kind,
        inbox.c.payload,
        inbox.c.due_at,
        inbox.c.created_at,
        inbound.c.channel,
        inbound.c.sender,
        inbound.c.address,
        inbound.c.text,
        inbound.c.keyword,
        inbound.c.media,
        inbound.c.received_at,
        inbound.c.understanding,
    )
    .select_from(inbox.outerjoin(inbound, inbound.c.id == inbox.c.id))
    .where(
        among(inbox.c.conversation_id, "ids"),
        text("inbox.consumed_at IS NULL"),
        (inbox.c.due_at <= bindparam("now")) | (inbox.c.kind == "said"),
    )
    .order_by(inbox.c.position)
)
_CUSTOMERS = select(customers).where(among(customers.c.id, "ids"))
_ACCOUNTS = (
    select(accounts)
    .where(among(accounts.c.customer_id, "ids"))
    .order_by(accounts.c.created_at, accounts.c.ref)
)
_PROMISES = (
    select(
        promises.c.id,
        promises.c.account_id,
        promises.c.amount_minor,
        promises.c.currency,
        promises.c.due_date,
        promises.c.state,
    )
    .where(among(promises.c.account_id, "ids"))
    .order_by(promises.c.created_at)
)
_HOLDS = select(holds.c.customer_id, holds.c.account_id, holds.c.kind, holds.c.until).where(
    among(holds.c.customer_id, "ids"), text("ended_at IS NULL")
)
_PLANS = select(plans.c.account_id, plans.c.state, plans.c.reschedules).where(
    among(plans.c.account_id, "ids"), text("state IN ('active', 'behind', 'curing', 'defaulted')")
)


_ASSESSMENTS = (
    select(assessments)
    .where(among(assessments.c.account_id, "ids"))
    .order_by(assessments.c.created_at)
)
_SETTLEMENTS = select(settlements).where(among(settlements.c.account_id, "ids"))
_OFFERS = (
    select(settlement_offers)
    .where(among(settlement_offers.c.customer_id, "ids"))
    .order_by(settlement_offers.c.created_at, settlement_offers.c.id)
)


def zone_of(timezone: str | None, config: ClientConfig) -> str:
    """The customer's own zone where it is known, else the client's."""
    return timezone or config.timezone


async def due_events(tx: Transaction, ids: Sequence[str]) -> dict[str, list[Any]]:
    """By conversation, in the order of arrival, up to the first reply not yet understood."""
    found: dict[str, list[Any]] = defaultdict(list)
    waiting = set()
    for row in await tx.fetch(_EVENTS, ids=list(ids), now=tx.now):
        if row.kind == "said" and row.understanding is None:
            waiting.add(row.conversation_id)
        if row.conversation_id not in waiting:
            found[row.conversation_id].append(row)
    return found


class Facts:
    """The rows behind one batch of turns."""

    def __init__(self) -> None:
        self.customers: dict[str, Any] = {}
        self.accounts: dict[str, list[Any]] = defaultdict(list)
        self.promises: dict[str, list[Any]] = defaultdict(list)
        self.plans: dict[str, PlanPast] = {}
        self.holds: dict[str, list[Any]] = defaultdict(list)
        self.assessments: dict[str, Assessment] = {}
        self.settlements: dict[str, list[Agreed]] = defaultdict(list)
        self.offers: dict[str, list[Any]] = defaultdict(list)
        self.links: dict[str, dict[Purpose, str]] = {}
        self.hosted: Mapping[str, Hosted] = {}
        self.proven: Mapping[str, int] = {}
        self.introduced: frozenset[str] = frozenset()

    @classmethod
    async def read(
        cls, tx: Transaction, talks: Sequence[Any], hosted: Mapping[str, Hosted]
    ) -> "Facts":
        """`talks` are rows of conversations, `hosted` what hosts that were asked offer in them."""
        facts = cls()
        facts.hosted = hosted
        people = [talk.customer_id for talk in talks if talk.customer_id]
        if not people:
            return facts
        facts.customers = {row.id: row for row in await tx.fetch(_CUSTOMERS, ids=people)}
        debts = await tx.fetch(_ACCOUNTS, ids=people)
        for row in debts:
            facts.accounts[row.customer_id].append(row)
        for row in await tx.fetch(_PROMISES, ids=[row.id for row in debts]):
            facts.promises[row.account_id].append(row)
        for row in await tx.fetch(_PLANS, ids=[row.id for row in debts]):
            facts.plans[row.account_id] = PlanPast(row.reschedules, row.state == "defaulted")
        await facts._read_past(tx, [row.id for row in debts], people)
        for row in await tx.fetch(_HOLDS, ids=people):
            facts.holds[row.customer_id].append(row)
        facts.links = await live_links(tx, [row.id for row in debts])
        facts.proven = await proven_in(tx, [talk.id for talk in talks])
        facts.introduced = await introduced(tx, people)
        return facts

    async def _read_past(
        self, tx: Transaction, accounts: Sequence[str], people: Sequence[str]
    ) -> None:
        """Assessments and settlements: few accounts have any."""
        for row in await tx.fetch(_ASSESSMENTS, ids=accounts):
            self.assessments[row.account_id] = assessment_of(row)
        agreed = await tx.fetch(_SETTLEMENTS, ids=accounts)
        ledger = folded(
            await movements_of(tx, [row.account_id for row in agreed]) if agreed else ()
        )
        for row in agreed:
            own = Agreed(agreement_of(row), ledger.credits(row.account_id))
            self.settlements[row.account_id].append(own)
        for row in await tx.fetch(_OFFERS, ids=people):
            self.offers[row.customer_id].append(row)

    def account(self, talk: Any) -> Any | None:
        """The account that a conversation is about."""
        return account_of(talk, self.accounts.get(talk.customer_id, []))

    def context(
        self, talk: Any, config: ClientConfig, channel: ChannelKind, link_base: str, now: int
    ) -> Context:
        customer = self.customers.get(talk.customer_id)
        account = self.account(talk)
        zone = ZoneInfo(zone_of(customer and customer.timezone, config))
        today = moment(now).astimezone(zone).date()
        history = _history(self.promises.get(account.id, []) if account else [])
        situation = self._situation(talk, account, config, history, today, now)
        return Context(
            conversation_id=talk.id,
            client=config.client,
            brand=config.branding,
            jurisdiction=config.jurisdiction,
            locale=(customer and customer.language) or config.locale,
            currency=account.currency if account else config.currency,
            customer=_customer(customer, talk, self.is_proven(talk, config, now)),
            account=account and _account(account),
            channel=channel,
            rules=_promise_rules(situation, config, today),
            history=history,
            today=today,
            link_base=link_base,
            links=dict(self.links.get(account.id, {})) if account else {},
            situation=situation,
            introduced=talk.customer_id in self.introduced,
            held=self._held(talk, account, config, now),
        )

    def issued(self, account: Any | None, commands: Sequence[Command]) -> None:
        """Later events of the same batch use the links again that earlier ones have led to."""
        for command in commands:
            if account is not None and isinstance(command, IssueLink):
                self.links.setdefault(account.id, {})[command.purpose] = command.id

    def is_proven(self, talk: Any, config: ClientConfig, now: int) -> bool:
        """Whether the customer has proved who they are, for as long as that counts."""
        at = self.proven.get(talk.id)
        days = rules_of(config.jurisdiction, config.contact).terms.right_party.proof_days
        return at is not None and now - at < days * DAY

    def _held(self, talk: Any, account: Any | None, config: ClientConfig, now: int) -> str | None:
        """The kind of a hold on the customer, or on the account, under which nothing may be asked
        for."""
        kinds = hold_terms(config).kinds
        own = None if account is None else account.id
        for hold in self.holds.get(talk.customer_id, ()):
            ours = hold.account_id in (None, own) and (hold.until is None or hold.until > now)
            if ours and silences(kinds.get(hold.kind)):
                return str(hold.kind)
        return None

    def _situation(
        self,
        talk: Any,
        account: Any | None,
        config: ClientConfig,
        history: History,
        today: date,
        now: int,
    ) -> Situation | None:
        """By the client's rules for this account; None where there is no account."""
        if account is None:
            return None
        flags = [
            hold.kind
            for hold in self.holds.get(account.customer_id, ())
            if hold.account_id in (None, account.id) and (hold.until is None or hold.until > now)
        ]
        known = attributes_of(account, flags, config.jurisdiction, self.hosted.get(talk.id))
        terms = terms_of(config, known, history.broken_in_a_row, today)
        customer = self.customers.get(account.customer_id)
        zone = ZoneInfo(zone_of(customer and customer.timezone, config))
        rules = terms.settlement or SettlementRules()
        past = Past(
            promise=history,
            plan=self.plans.get(account.id),
            settlement=settlement_history(
                account.id,
                [each.state(now, rules, zone) for each in self.settlements.get(account.id, ())],
                self.offers.get(account.customer_id, ()),
            ),
            assessment=self.assessments.get(account.id),
        )
        return Situation(known, terms, past)


def _promise_rules(situation: Situation | None, config: ClientConfig, today: date) -> PromiseRules:
    """Those chosen for the account; where no promise may be taken, all lead to a person."""
    if situation is None:
        return config.rules
    rules = situation.promise_rules(today)
    own = situation.terms.promise or config.rules
    return replace(own, broken_in_a_row=0) if rules is None else rules


PROMISE_LIFE = ("grace_days", "tolerance_percent")
PLAN_LIFE = ("grace_days", "misses", "cure_days")
"""The rules by which one that was agreed is judged later."""


def promise_rules_of_its_own(context: Context, config: ClientConfig) -> str | None:
    """What a promise that is made now keeps of the rules of its account, as JSON: what was chosen
    by what is owed must not change once some of it is paid. None where they are the client's."""
    return _own(PROMISE_LIFE, context.rules, config.rules)


def plan_rules_of_its_own(context: Context, config: ClientConfig) -> str | None:
    """The same of a plan."""
    chosen = context.situation.terms.plan if context.situation else None
    if chosen is None:
        return None
    return _own(PLAN_LIFE, chosen, config.plan_rules or PlanRules())


def _own(names: Sequence[str], chosen: object, own: object) -> str | None:
    kept = {name: getattr(chosen, name) for name in names}
    return encode(kept) if any(getattr(own, name) != kept[name] for name in names) else None


def _customer(row: Any | None, talk: Any, verified: bool) -> Customer:
    if row is None:
        return Customer(id=talk.id, ref="", known=False)
    first, last = row.first_name, row.last_name
    return Customer(row.id, row.ref, first_name=first, last_name=last, verified=verified)


def _account(row: Any) -> Account:
    """With the amounts that rules go by, `gateway.options.accounts`: a name means one thing."""

    def left(minor: int) -> Money:
        return Money(max(minor - row.paid_minor, 0), row.currency)

    due = row.minimum_due_minor
    return Account(
        id=row.id,
        ref=row.ref,
        balance=left(row.balance_minor),
        minimum_due=None if due is None else Money(due, row.currency),
        arrears=None if row.arrears_minor is None else left(row.arrears_minor),
        due_date=date.fromisoformat(row.due_date) if row.due_date else None,
        creditor=row.creditor,
        product=row.product,
        segment=row.segment,
    )


def _history(rows: list[Any]) -> History:
    """From the account's promises, oldest first."""
    active = next((r for r in reversed(rows) if r.state in (State.PENDING, State.PART_KEPT)), None)
    reschedules = broken = 0
    for row in rows:
        match row.state:
            case State.KEPT:
                reschedules = broken = 0
            case State.BROKEN:
                broken += 1
            case State.SUPERSEDED:
                reschedules += 1
    return History(
        active=active and active.id,
        active_amount=active and Money(active.amount_minor, active.currency),
        active_date=active and date.fromisoformat(active.due_date),
        reschedules=reschedules,
        broken_in_a_row=broken,
    )
