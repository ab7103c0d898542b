"""The holds that a record's flags, and its balance, start or end."""

from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from compliance.holds import VALIDATION_PERIOD, notice_period_ends, over
from domain.commands import HoldScope
from gateway.batch.checks import Placed
from gateway.batch.source import At, Source
from gateway.clock import instant
from gateway.holds.starting import By, Start, Subject, hold_terms

HOLD_OF_CUSTOMER = ("bankruptcy", "deceased", "attorney")
HOLD_OF_ACCOUNT = ("dispute",)


def starts_of(source: Source, records: Sequence[At], now: int) -> list[Start]:
    """Flags start holds; a flag that is gone ends none, for that takes a decision."""
    return [
        Start(
            config=source.config,
            kind=kind,
            subject=_subject(source, at, scope),
            by=By.HOST,
            until=until,
            correlation_id=source.correlation_id,
        )
        for at in records
        for scope, kind, until in _flagged(at.placed, source)
        if until is None or until > now
    ]


def _subject(source: Source, at: At, scope: str) -> Subject:
    own = at.account_id if scope == HoldScope.ACCOUNT else None
    return Subject(source.config.client, at.customer_id, own)


def _flagged(placed: Placed, source: Source) -> Iterable[tuple[str, str, int | None]]:
    flags, config = placed.flags, source.config
    terms = hold_terms(config)
    zone = ZoneInfo(placed.customer.timezone or config.timezone)
    for kind in HOLD_OF_CUSTOMER:
        if getattr(flags, kind):
            yield HoldScope.CUSTOMER, kind, None
    for kind in HOLD_OF_ACCOUNT:
        if getattr(flags, kind):
            yield HoldScope.ACCOUNT, kind, None
    if flags.validation_notice_date is not None:
        last = notice_period_ends(terms, config.jurisdiction, flags.validation_notice_date)
        if last is not None:
            yield HoldScope.ACCOUNT, VALIDATION_PERIOD, _end_of(last, zone)
    if flags.hold_type is not None:
        of_customer = flags.hold_type in terms.of_customer
        whose = HoldScope.CUSTOMER if of_customer else HoldScope.ACCOUNT
        until = None if flags.hold_until is None else _end_of(flags.hold_until, zone)
        yield whose, flags.hold_type, until


def _end_of(day: date, zone: ZoneInfo) -> int:
    """The instant at which a day is over where the customer lives."""
    return instant(over(day, 0, zone))
