"""What a sender has sent on one of its days, where a carrier takes no more than so much.

Reserved in the transaction that claims a message, under the lock of the day's row, and given back
where the message surely did not go: the row says what was really sent, or may have been.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update

from gateway.clients import ClientConfig, Sender
from gateway.clock import instant, moment
from gateway.storage import Transaction, among
from gateway.storage.tables import sender_days

KEY = ("channel", "sender", "day")
_LOCK = (
    select(sender_days)
    .where(among(sender_days.c.sender, "senders"), among(sender_days.c.day, "days"))
    .order_by(sender_days.c.channel, sender_days.c.sender, sender_days.c.day)
    .with_for_update()
)
_READ = select(sender_days).where(
    among(sender_days.c.sender, "senders"), among(sender_days.c.day, "days")
)
_GIVE_BACK = (
    update(sender_days)
    .where(
        sender_days.c.channel == bindparam("in_channel"),
        sender_days.c.sender == bindparam("in_sender"),
        sender_days.c.day == bindparam("in_day"),
    )
    .values(
        segments=sender_days.c.segments - bindparam("less"),
        messages=sender_days.c.messages - 1,
    )
)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _local(config: ClientConfig, sender: Sender, at: int) -> datetime:
    own = sender.daily_cap.timezone if sender.daily_cap else None
    return moment(at).astimezone(_zone(own or config.timezone))


def day_of(config: ClientConfig, sender: Sender, at: int) -> str:
    """The sender's own date at an instant, such as 2026-11-24."""
    return _local(config, sender, at).date().isoformat()


def next_day(config: ClientConfig, sender: Sender, at: int) -> int:
    """The instant at which the sender's next day begins."""
    local = _local(config, sender, at)
    return instant(datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo))


class Owned(Protocol):
    """A sender and the client that it belongs to."""

    @property
    def config(self) -> ClientConfig: ...
    @property
    def sender(self) -> Sender: ...


class DayCaps:
    """The caps of those senders of one claim that have one. Reading it locks their days."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Any]] = {}
        self._changed: set[str] = set()

    @classmethod
    async def read(cls, tx: Transaction, owned: Iterable[Owned]) -> "DayCaps":
        caps = cls()
        wanted = {
            each.sender.address: _row(each.config, each.sender, tx.now)
            for each in owned
            if each.sender.daily_cap is not None
        }
        if not wanted:
            return caps
        where = {
            "senders": sorted(wanted),
            "days": sorted({row["day"] for row in wanted.values()}),
        }
        found = _matching(await tx.fetch(_LOCK, **where), wanted)
        missing = [wanted[address] for address in sorted(wanted.keys() - found.keys())]
        if missing:
            await tx.insert_new(sender_days, missing, returning="sender")
            found = _matching(await tx.fetch(_LOCK, **where), wanted)
        caps._rows = found
        return caps

    def has_room(self, sender: Sender, segments: int) -> bool:
        row, cap = self._rows.get(sender.address), sender.daily_cap
        if row is None or cap is None:
            return True
        used: int = row[cap.unit]
        return used + (segments if cap.unit == "segments" else 1) <= cap.limit

    def count(self, sender: Sender, segments: int) -> None:
        row = self._rows.get(sender.address)
        if row is not None:
            row["segments"] += segments
            row["messages"] += 1
            self._changed.add(sender.address)

    async def write(self, tx: Transaction) -> None:
        rows = [self._rows[address] for address in sorted(self._changed)]
        await tx.update(sender_days, rows, key=KEY)


def _row(config: ClientConfig, sender: Sender, now: int) -> dict[str, Any]:
    return {
        "channel": sender.channel.value,
        "sender": sender.address,
        "day": day_of(config, sender, now),
        "client": config.client,
        "segments": 0,
        "messages": 0,
    }


def _matching(rows: Sequence[Any], wanted: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Of each sender its own day: another's may have another date."""
    return {
        row.sender: {name: getattr(row, name) for name in wanted[row.sender]}
        for row in rows
        if row.day == wanted[row.sender]["day"]
    }


async def used_today(
    tx: Transaction, senders: Sequence[tuple[ClientConfig, Sender]]
) -> dict[str, int]:
    """What each sender that has a cap has used of it, by address."""
    wanted = {s.address: (c, s) for c, s in senders if s.daily_cap is not None}
    days = sorted({day_of(config, sender, tx.now) for config, sender in wanted.values()})
    used = dict.fromkeys(wanted, 0)
    for row in await tx.fetch(_READ, senders=sorted(wanted), days=days):
        config, sender = wanted[row.sender]
        if sender.daily_cap is not None and row.day == day_of(config, sender, tx.now):
            used[row.sender] = getattr(row, sender.daily_cap.unit)
    return used


async def give_back(tx: Transaction, config: ClientConfig, sender: Sender, attempt: Any) -> None:
    """Of an attempt (its `started_at` and `segments`) that surely did not go."""
    if sender.daily_cap is not None:
        where = {
            "in_channel": sender.channel.value,
            "in_sender": sender.address,
            "in_day": day_of(config, sender, attempt.started_at),
        }
        await tx.execute(_GIVE_BACK, **where, less=attempt.segments)
