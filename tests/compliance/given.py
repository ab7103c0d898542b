"""A message and facts that pass every rule, to be spoilt one thing at a time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from compliance.calendars import bank_holidays
from compliance.facts import NEVER_OPTED_OUT, Facts, Party, Proposed
from compliance.loading import shipped
from domain.messages import Category
from domain.values import ChannelKind

US, GB = shipped("US"), shipped("GB")

NEW_YORK, CHICAGO, LOS_ANGELES = "America/New_York", "America/Chicago", "America/Los_Angeles"
LONDON = "Europe/London"

NOON_NY = datetime(2026, 6, 10, 16, tzinfo=UTC)  # a Wednesday; also afternoon in London


THE_CUSTOMER = Party(
    proven_at=None, introduced=True, nobody=False, shared=False, employer=False, wrote_from=True
)


def message(category: Category = Category.OUTREACH, **changes: object) -> Proposed:
    fields = {
        "category": category,
        "channel": ChannelKind.SMS,
        "address": "+12125550123",
        "text": "Acme: please call us. Reply STOP to opt out.",
        "jurisdiction": "US",
        "demand": False,
        "language": "en-US",
        "neutral": True,
        "secrets": (),
    }
    return Proposed(**(fields | changes))  # type: ignore[arg-type]


def facts(**changes: object) -> Facts:
    fields = {
        "opt_outs": NEVER_OPTED_OUT,
        "confirmation_sent": False,
        "address_valid": True,
        "unread_inbound": False,
        "holds": (),
        "zones": (NEW_YORK,),
        "own_windows": (),
        "sends": (),
        "sender_approved": True,
        "party": THE_CUSTOMER,
    }
    return Facts(**(fields | changes))  # type: ignore[arg-type]


def at(local: str, zone: str = NEW_YORK) -> datetime:
    """The instant of a wall time such as 2026-03-08 08:00 in a zone."""
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def open_by_the_clock(jurisdiction: str, zones: tuple[str, ...], instant: datetime) -> bool:
    """The hours said once more, by looking at every candidate's wall clock."""
    return all(_open_here(jurisdiction, instant.astimezone(ZoneInfo(zone))) for zone in zones)


def _open_here(jurisdiction: str, local: datetime) -> bool:
    if jurisdiction == "US":
        return 8 <= local.hour < 21
    nations = ("GB-ENG", "GB-WLS", "GB-SCT", "GB-NIR")
    if local.weekday() == 6 or any(local.date() in bank_holidays(n, local.year) for n in nations):
        return False
    return 8 <= local.hour < 20


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
