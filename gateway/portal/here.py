"""A proven visitor on a page: the link, the words, the answers so far, and the facts of now."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from aiohttp import web
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency
from sqlalchemy import bindparam, select

from domain.context import Context
from domain.options import Asked, Options, Situation, for_customer
from domain.options import options as options_for
from domain.values import ChannelKind, Money
from gateway.clients import ClientConfig
from gateway.clock import moment
from gateway.pipeline.facts import Facts, zone_of
from gateway.pipeline.offers import hosted_then
from gateway.portal.site import Site
from gateway.portal.texts import (
    FALLBACK,
    LANGUAGE_COOKIE,
    LANGUAGES,
    Texts,
    base_of,
    locale_in,
    texts_of,
)
from gateway.portal.visits import Visit
from gateway.storage import Transaction
from gateway.storage.tables import conversations, look_ups

T = TypeVar("T")

_TALK = select(conversations).where(conversations.c.id == bindparam("id"))
_LOCKED_TALK = _TALK.with_for_update()
_ANSWER = select(look_ups).where(look_ups.c.account_id == bindparam("account_id"))


@dataclass(frozen=True, slots=True)
class Now:
    """What is true of the link's account in one transaction, at an instant in microseconds."""

    at: int
    visit: Visit
    config: ClientConfig
    talk: Any
    facts: Facts
    context: Context
    options: Options

    @property
    def today(self) -> date:
        """In the customer's own zone."""
        return self.context.today

    @property
    def situation(self) -> Situation:
        situation = self.context.situation
        if situation is None:
            raise LookupError(f"link {self.visit.row.id} has no account")
        return situation

    def asking(self, asked: Asked) -> Options:
        """The options, with the rules' answer to what is asked for."""
        found = options_for(
            self.situation.account,
            self.situation.terms,
            self.situation.history,
            asked,
            self.today,
        )
        return for_customer(found)


async def now_of(tx: Transaction, config: ClientConfig, visit: Visit, *, lock: bool = False) -> Now:
    """`lock` the conversation, as a turn of it does, before something is done."""
    row = visit.row
    talk = (await tx.fetch(_LOCKED_TALK if lock else _TALK, id=row.conversation_id))[0]
    talk = talk._replace(account_id=row.account_id)
    facts = await Facts.read(tx, [talk], {})
    if config.look_up is not None:
        account = facts.account(talk)
        known = next(iter(await tx.fetch(_ANSWER, account_id=row.account_id)), None)
        facts.hosted = {talk.id: hosted_then(talk, account, known, config, (), tx.now)}
    context = facts.context(talk, config, ChannelKind(talk.channel), "", tx.now)
    situation = context.situation
    if situation is None:
        raise LookupError(f"link {row.id} has no account")
    found = for_customer(situation.options(Asked(), context.today))
    return Now(tx.now, visit, config, talk, facts, context, found)


@dataclass(slots=True)
class Here:
    """`answers` are those of the journey that the visitor is on; a step may change them, and they
    are kept for as long as the session. `secret` is the session's."""

    site: Site
    request: web.Request
    visit: Visit
    secret: str
    texts: Texts
    answers: dict[str, str] = field(default_factory=dict)
    journey: str = ""

    @property
    def config(self) -> ClientConfig:
        return self.site.client_config(self.visit.row.client)

    @property
    def locale(self) -> Locale:
        return locale_in(self.texts.language.partition("-")[0], self.config.locale)

    @property
    def token(self) -> str:
        return self.request.match_info["token"]

    @property
    def zone(self) -> ZoneInfo:
        """The customer's own."""
        return ZoneInfo(zone_of(self.visit.row.timezone, self.config))

    @property
    def today(self) -> date:
        """There."""
        return moment(self.site.store.clock()).astimezone(self.zone).date()

    def t(self, key: str, **values: Any) -> str:
        """A text; one of this journey where the key names no file."""
        return self.texts(key if "." in key else f"{self.journey}.{key}", **values)

    def __contains__(self, key: str) -> bool:
        """Whether there is such a text, named as in `t`."""
        return (key if "." in key else f"{self.journey}.{key}") in self.texts

    def path(self, *parts: str) -> str:
        """`/p/TOKEN/...` on the host where the visitor is."""
        return "/".join(("/p", self.token, *parts))

    def money(self, amount: Money) -> str:
        return format_currency(amount.decimal, amount.currency, locale=self.locale)

    def day(self, day: date) -> str:
        return format_date(day, "long", locale=self.locale)

    def iso_day(self, text: str) -> str:
        """Of a day that is written YYYY-MM-DD."""
        return self.day(date.fromisoformat(text))

    def weekday(self, day: date) -> str:
        """The same, with the day of the week before it."""
        return format_date(day, "full", locale=self.locale)

    async def now(self) -> Now:
        """The facts as they are at this moment."""

        async def read(tx: Transaction) -> Now:
            return await now_of(tx, self.config, self.visit)

        found: Now = await self.site.store.read(read)
        return found


def texts_for(site: Site, request: web.Request, visit: Visit) -> Texts:
    """In the language that was chosen on a page, else the customer's own, else the client's."""
    config = site.client_config(visit.row.client)
    offered = languages_of(config)
    wanted = (request.cookies.get(LANGUAGE_COOKIE), visit.row.language, config.locale)
    base = next(
        (found for name in wanted if name and (found := base_of(name)) in offered), FALLBACK
    )
    return texts_of(f"{base}-{config.jurisdiction}")


def languages_of(config: ClientConfig) -> list[str]:
    """Those of the client's locales that pages can be read in."""
    found = dict.fromkeys(base_of(name) for name in config.locales)
    return [base for base in found if base in LANGUAGES] or [FALLBACK]
