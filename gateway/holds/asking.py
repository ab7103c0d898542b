"""Holds that hosts and people start, end and look up by the references that hosts know."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import bindparam, select, text

from compliance.holds import over
from domain.values import ChannelKind, EmailAddress, Invalid, Phone
from gateway.clients import ClientConfig
from gateway.clock import instant, moment
from gateway.holds.starting import By, Start, Subject, hold_terms, start_holds
from gateway.storage import Transaction
from gateway.storage.tables import accounts, customers, holds

LONGEST_NAME, LONGEST_REASON = 64, 500

_CUSTOMER = select(customers.c.id, customers.c.timezone).where(
    customers.c.client == bindparam("client"), customers.c.ref == bindparam("ref")
)
_ACCOUNT = (
    select(accounts.c.id.label("account_id"), customers.c.id, customers.c.timezone)
    .join(customers, customers.c.id == accounts.c.customer_id)
    .where(accounts.c.client == bindparam("client"), accounts.c.ref == bindparam("ref"))
)
_ALL = (
    select(holds, customers.c.ref.label("customer_ref"), accounts.c.ref.label("account_ref"))
    .select_from(
        holds.outerjoin(customers, customers.c.id == holds.c.customer_id).outerjoin(
            accounts, accounts.c.id == holds.c.account_id
        )
    )
    .where(holds.c.client == bindparam("client"))
    .order_by(holds.c.started_at, holds.c.id)
)
_IN_FORCE = _ALL.where(
    text("holds.ended_at IS NULL"),
    (holds.c.until.is_(None)) | (holds.c.until > bindparam("now")),
)
_ALL_OF_CUSTOMER = _ALL.where(customers.c.ref == bindparam("ref"))
_OF_CUSTOMER = _IN_FORCE.where(customers.c.ref == bindparam("ref"))


class NotStarted(ValueError):
    """What was asked for can't be, and nothing was changed; the message names the mend."""


class Asked(Struct, frozen=True, kw_only=True):
    """A hold on just one of a customer, an account (by their refs) or an address of a channel.

    `last_day` is the last on which it is in force where the customer lives; without it, it lasts as
    long as its kind does.
    """

    kind: str
    by: By
    name: str
    reason: str
    customer: str | None = None
    account: str | None = None
    channel: ChannelKind | None = None
    address: str | None = None
    last_day: date | None = None


async def hold(tx: Transaction, config: ClientConfig, asked: Asked) -> dict[str, Any] | None:
    """Begins it: its row, or None where one of that kind lasts as long already.

    Raises NotStarted.
    """
    kinds = hold_terms(config).kinds
    if asked.kind not in kinds:
        known = ", ".join(sorted(kinds))
        raise NotStarted(f"no hold is called {asked.kind!r}; the rules know: {known}")
    subject, timezone = await _subject(tx, config, asked)
    until = None
    if asked.last_day is not None:
        until = instant(over(asked.last_day, 0, ZoneInfo(timezone or config.timezone)))
        if until <= tx.now:
            raise NotStarted(f"the last day {asked.last_day} is over where the customer lives")
    start = Start(
        config=config,
        kind=asked.kind,
        subject=subject,
        by=asked.by,
        name=said("the name", asked.name, LONGEST_NAME),
        reason=said("the reason", asked.reason, LONGEST_REASON),
        until=until,
    )
    rows = await start_holds(tx, [start])
    return rows[0] if rows else None


async def _subject(
    tx: Transaction, config: ClientConfig, asked: Asked
) -> tuple[Subject, str | None]:
    given = (asked.customer, asked.account, asked.address)
    if sum(each is not None for each in given) != 1:
        raise NotStarted("say whose it is: one of a customer, an account or an address")
    if asked.address is not None:
        return _at(config, asked.channel, asked.address), None
    if asked.account is not None:
        found = await tx.fetch(_ACCOUNT, client=config.client, ref=asked.account)
        if not found:
            raise NotStarted(f"client {config.client} has no account {asked.account!r}")
        return Subject(config.client, found[0].id, found[0].account_id), found[0].timezone
    found = await tx.fetch(_CUSTOMER, client=config.client, ref=asked.customer)
    if not found:
        raise NotStarted(f"client {config.client} has no customer {asked.customer!r}")
    return Subject(config.client, found[0].id), found[0].timezone


def _at(config: ClientConfig, channel: ChannelKind | None, address: str) -> Subject:
    if channel is None:
        raise NotStarted("say by which channel the address is written to")
    try:
        plain = str(
            Phone.parse(address, config.jurisdiction)
            if channel is ChannelKind.SMS
            else EmailAddress.parse(address)
        )
    except Invalid as error:
        raise NotStarted(f"the address: {error}") from None
    return Subject(config.client, channel=channel.value, address=plain)


def said(what: str, words: str, longest: int) -> str:
    """A person's words as they are kept. Raises NotStarted."""
    plain = words.strip()
    if not plain or len(plain) > longest or not plain.isprintable():
        raise NotStarted(f"{what} must have 1 to {longest} printable characters")
    return plain


async def holds_of(
    tx: Transaction, client: str, customer: str | None = None, *, ended: bool = False
) -> list[Any]:
    """The holds in force, the oldest first; with `ended`, those too that are over."""
    if ended:
        if customer is None:
            return await tx.fetch(_ALL, client=client)
        return await tx.fetch(_ALL_OF_CUSTOMER, client=client, ref=customer)
    if customer is None:
        return await tx.fetch(_IN_FORCE, client=client, now=tx.now)
    return await tx.fetch(_OF_CUSTOMER, client=client, now=tx.now, ref=customer)


def shown(row: Any) -> dict[str, Any]:
    """A hold as JSON gives it; instants in UTC."""
    return {
        "hold_id": row.id,
        "kind": row.kind,
        "scope": row.scope,
        "customer_ref": row.customer_ref,
        "account_ref": row.account_ref,
        "channel": row.channel,
        "address": row.address,
        "started_at": _when(row.started_at),
        "started_by": row.started_by,
        "starter": row.starter,
        "reason": row.reason,
        "source_id": row.source_id,
        "until": _when(row.until),
        "ended_at": _when(row.ended_at),
        "ended_by": row.ended_by,
        "ender": row.ender,
        "end_reason": row.end_reason,
    }


def _when(at: int | None) -> str | None:
    return None if at is None else moment(at).isoformat()
