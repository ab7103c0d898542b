"""Replies as JSON lines: what `nlu parse` reads and writes, and the same with what is right."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from domain.intents import INTENTS
from domain.understanding import Reply, Understanding
from domain.values import ChannelKind
from gateway.commands.json_lines import BadLine, read
from nlu.evaluation import Case, Expected

_MEND = "a line is an object with id, text and reference"


class Line(msgspec.Struct):
    """One line of input; unknown keys are ignored. `reference` is the customer's local time."""

    id: str | int
    text: str
    reference: datetime
    channel: ChannelKind = ChannelKind.SMS
    locale: str = "en-US"
    tz: str = "UTC"
    currency: str | None = None
    pending: str | None = None


class CaseLine(Line):
    """A line that says what is right, too."""

    expect: Expected = Expected()
    tags: tuple[str, ...] = ()


def read_line(line: bytes) -> tuple[str | int, Reply]:
    """One input line to its id and a Reply. Raises BadLine."""
    found = read(line, Line, _MEND)
    return found.id, _reply(found)


def read_case(line: bytes) -> Case:
    """One input line to a Case. Raises BadLine."""
    found = read(line, CaseLine, _MEND)
    for name in found.expect.intents:
        if name not in INTENTS:
            raise BadLine(f"{name!r} is no intent; see domain/intents.py")
    return Case(_reply(found), found.expect, found.tags)


def _reply(found: Line) -> Reply:
    try:
        zone = ZoneInfo(found.tz)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadLine(
            f'tz {found.tz!r} is no time zone; write one such as "Europe/London"'
        ) from None
    local = found.reference
    local = local.replace(tzinfo=zone) if local.tzinfo is None else local.astimezone(zone)
    currency = found.currency.upper() if found.currency else None
    if currency is not None and not (
        len(currency) == 3 and currency.isascii() and currency.isalpha()
    ):
        raise BadLine(f'currency {found.currency!r} is no ISO 4217 code; write one such as "USD"')
    return Reply(
        id=str(found.id),
        text=found.text,
        channel=found.channel,
        locale=found.locale,
        reference=local,
        currency=currency,
        pending=found.pending,
    )


def as_json(name: str | int, found: Understanding) -> dict[str, object]:
    """An understanding as the output line shows it."""
    plan = found.instalment
    return {
        "id": name,
        "intent": found.intent,
        "confidence": found.confidence,
        "intents": [{"name": each.name, "confidence": each.confidence} for each in found.intents],
        "amount": str(found.amount.decimal) if found.amount else None,
        "currency": found.amount.currency if found.amount else None,
        "date": found.date.isoformat() if found.date else None,
        "instalment": plan
        and {
            "amount": str(plan.amount.decimal) if plan.amount else None,
            "frequency": plan.frequency,
            "count": plan.count,
        },
        "decided_by": found.decided_by,
    }
