"""What may happen in a case: one table, and how each is read."""

from collections.abc import Callable, Mapping
from typing import get_args

from dialogs.loading.source import Entry
from dialogs.scripts.cases import (
    Arrival,
    Occurrence,
    Outreach,
    Payment,
    Proof,
    Stimulus,
    Wait,
    Words,
)
from dialogs.scripts.meanings import ENTITIES, slashed, stated
from dialogs.scripts.script import Script, just_true
from dialogs.scripts.world import command_name
from dialogs.scripts.written import Keys, amount, duration, named, raw
from domain.events import Event
from domain.messages import Reason, Status
from domain.values import ChannelKind, Money

EVENTS: Mapping[str, type[Event]] = {command_name(kind): kind for kind in get_args(Event)}
"""Every event by the name that the step `event` gives it, as in promise_settled."""
STATUSES = (Status.DELIVERED.value, Status.UNDELIVERED.value, Status.FAILED.value)


def _channel(script: Script, keys: Keys) -> ChannelKind | None:
    entry = keys.get("channel")
    if entry is None:
        return None
    return ChannelKind(script.reader.choice(entry, list(ChannelKind), ChannelKind.SMS))


def _user(script: Script, entry: Entry, keys: Keys) -> Stimulus:
    reader, currency = script.reader, script.setting.currency
    keyword = keys.get("keyword")
    given = reader.choice(keyword, ("STOP", "START", "HELP"), "STOP") if keyword else None
    meaning = stated(reader, keys, currency)
    text = reader.text(entry)
    written = None if meaning is not None else slashed(reader, entry, currency)
    if written is not None:
        text, meaning = written
    return Words(text, _channel(script, keys), given, meaning)


def _campaign(script: Script, entry: Entry, keys: Keys) -> Stimulus:
    return Outreach(named(script.reader, entry, script.pack.flows, "flow"), _channel(script, keys))


def _receipt(script: Script, entry: Entry, keys: Keys) -> Stimulus:
    reader = script.reader
    status = Status(reader.choice(entry, STATUSES, Status.DELIVERED))
    return Arrival(status, reader.choice(keys.get("reason"), list(Reason), Reason.UNKNOWN))


def _payment(script: Script, entry: Entry, _: Keys) -> Stimulus:
    reader = script.reader
    keys = reader.mapping(entry, ("amount", "declined"), ("amount",))
    nothing = Money(0, script.setting.currency)
    found = amount(reader, keys["amount"], script.setting.currency) if "amount" in keys else None
    return Payment(found or nothing, reader.flag(keys.get("declined")))


def _advance(script: Script, entry: Entry, _: Keys) -> Stimulus:
    return Wait(duration(script.reader, entry))


def _verify(script: Script, entry: Entry, _: Keys) -> Stimulus:
    just_true(script, entry)
    return Proof()


def _event(script: Script, entry: Entry, _: Keys) -> Stimulus:
    """`event: {promise_settled: {kept: true}}`."""
    reader = script.reader
    found = reader.mapping(entry, EVENTS)
    names = [name for name in found if name in EVENTS]
    if len(names) != 1:
        reader.report(entry.place, "event", "an event has one name", "one of " + ", ".join(EVENTS))
        return Proof()
    kind = EVENTS[names[0]]
    fields = {}
    for name, value in reader.mapping(found[names[0]], kind.__struct_fields__).items():
        is_money = name in ("amount", "balance")
        money = amount(reader, value, script.setting.currency) if is_money else None
        fields[name] = {"minor": money.minor, "currency": money.currency} if money else raw(value)
    return Occurrence(kind, fields)


STIMULI: Mapping[str, tuple[tuple[str, ...], Callable[[Script, Entry, Keys], Stimulus]]] = {
    "user": (("channel", "keyword", "intent", *ENTITIES), _user),
    "campaign": (("channel",), _campaign),
    "receipt": (("reason",), _receipt),
    "payment": ((), _payment),
    "advance": ((), _advance),
    "verify": ((), _verify),
    "event": ((), _event),
}
"""What may happen, the further keys of each, and how it is read."""
