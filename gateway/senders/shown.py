"""A client's senders as people and programs read them."""

from typing import Any

from msgspec import Struct

from gateway.clients import ClientConfig, Sender
from gateway.clock import moment
from gateway.senders.caps import used_today
from gateway.senders.pausing import states
from gateway.senders.pools import place
from gateway.storage import Transaction


class Shown(Struct, frozen=True):
    """`state` is simulated, live, paused or unregistered; `used` is of the day's cap."""

    client: str
    channel: str
    address: str
    via: str
    state: str
    registration: str | None
    pace: float | None
    cap: int | None
    unit: str | None
    used: int | None
    paused_at: str | None
    reason: str | None
    note: str | None
    set_by: str | None


async def shown(tx: Transaction, configs: list[ClientConfig]) -> list[Shown]:
    """In the order of the files."""
    owned = [(config, sender) for config in configs for sender in config.senders]
    known = await states(tx, [sender for _, sender in owned])
    used = await used_today(tx, owned)
    return [
        _shown(config, sender, known.get(place(sender)), used.get(sender.address))
        for config, sender in owned
    ]


def _shown(config: ClientConfig, sender: Sender, row: Any, used: int | None) -> Shown:
    held = row is not None and row.paused_at is not None
    cap = sender.daily_cap
    return Shown(
        client=config.client,
        channel=sender.channel.value,
        address=sender.address,
        via=sender.via,
        state="paused" if held else _standing(sender),
        registration=_told(sender),
        pace=sender.pace,
        cap=cap.limit if cap else None,
        unit=cap.unit if cap else None,
        used=used,
        paused_at=moment(row.paused_at).isoformat() if held else None,
        reason=row.reason if held else None,
        note=row.note if held else None,
        set_by=row.set_by if held else None,
    )


def _told(sender: Sender) -> str | None:
    evidence = sender.registration
    return f"{evidence.kind} {evidence.reference} {evidence.date}" if evidence else None


def _standing(sender: Sender) -> str:
    if sender.is_simulated:
        return "simulated"
    return "live" if sender.may_go_live else "unregistered"


def line(one: Shown) -> str:
    pace = "-" if one.pace is None else f"{one.pace:g}/s"
    day = "-" if one.cap is None else f"{one.used} of {one.cap} {one.unit} today"
    told = f"{one.client}  {one.channel}  {one.address}  {one.via}  {one.state}  {pace}  {day}"
    if one.state != "paused":
        return told
    why = " ".join((one.note or "").split())
    return f"{told}  ({one.reason} by {one.set_by} since {one.paused_at}: {why})"
