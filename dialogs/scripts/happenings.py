"""What may happen in a case: one table, and how each is read."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, get_args

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
from dialogs.scripts.meanings import STATED, slashed, stated
from dialogs.scripts.script import TRUE, Script, just_true
from dialogs.scripts.world import command_name
from dialogs.scripts.written import AMOUNT, SPAN, Entries, amount, duration, named, raw
from dialogs.shapes import ANYTHING, Keys, Schema, flag, one_of, text
from domain.events import Event
from domain.messages import Reason, Status
from domain.values import ChannelKind, Money

EVENTS: Mapping[str, type[Event]] = {command_name(kind): kind for kind in get_args(Event)}
"""Every event by the name that the step `event` gives it, as in promise_settled."""
FIELDS: Mapping[str, Keys] = {
    name: Keys(dict.fromkeys(each.__struct_fields__, ANYTHING)) for name, each in EVENTS.items()
}
STATUSES = (Status.DELIVERED.value, Status.UNDELIVERED.value, Status.FAILED.value)
KEYWORDS = ("STOP", "START", "HELP")
PAYMENT = Keys({"amount": AMOUNT, "declined": flag("it did not go through")}, ("amount",))


class Happening(NamedTuple):
    """A step's value and its further keys, as editors are told of them, and how they are read."""

    schema: Schema
    more: Mapping[str, Schema]
    read: Callable[[Script, Entry, Entries], Stimulus]


def _channel(script: Script, keys: Entries) -> ChannelKind | None:
    entry = keys.get("channel")
    if entry is None:
        return None
    return ChannelKind(script.reader.choice(entry, list(ChannelKind), ChannelKind.SMS))


def _user(script: Script, entry: Entry, keys: Entries) -> Stimulus:
    reader, currency = script.reader, script.setting.currency
    keyword = keys.get("keyword")
    given = reader.choice(keyword, KEYWORDS, "STOP") if keyword else None
    meaning = stated(reader, keys, currency)
    text = reader.text(entry)
    written = None if meaning is not None else slashed(reader, entry, currency)
    if written is not None:
        text, meaning = written
    return Words(text, _channel(script, keys), given, meaning)


def _campaign(script: Script, entry: Entry, keys: Entries) -> Stimulus:
    return Outreach(named(script.reader, entry, script.pack.flows, "flow"), _channel(script, keys))


def _receipt(script: Script, entry: Entry, keys: Entries) -> Stimulus:
    reader = script.reader
    status = Status(reader.choice(entry, STATUSES, Status.DELIVERED))
    return Arrival(status, reader.choice(keys.get("reason"), list(Reason), Reason.UNKNOWN))


def _payment(script: Script, entry: Entry, _: Entries) -> Stimulus:
    reader = script.reader
    keys = reader.keys(entry, PAYMENT)
    nothing = Money(0, script.setting.currency)
    found = amount(reader, keys["amount"], script.setting.currency) if "amount" in keys else None
    return Payment(found or nothing, reader.flag(keys.get("declined")))


def _advance(script: Script, entry: Entry, _: Entries) -> Stimulus:
    return Wait(duration(script.reader, entry))


def _verify(script: Script, entry: Entry, _: Entries) -> Stimulus:
    just_true(script, entry)
    return Proof()


def _event(script: Script, entry: Entry, _: Entries) -> Stimulus:
    """`event: {promise_settled: {kept: true}}`."""
    reader = script.reader
    found = reader.mapping(entry, EVENTS)
    names = [name for name in found if name in EVENTS]
    if len(names) != 1:
        reader.report(entry.place, "event", "an event has one name", "one of " + ", ".join(EVENTS))
        return Proof()
    kind = EVENTS[names[0]]
    fields = {}
    for name, value in reader.keys(found[names[0]], FIELDS[names[0]]).items():
        is_money = name in ("amount", "balance")
        money = amount(reader, value, script.setting.currency) if is_money else None
        fields[name] = {"minor": money.minor, "currency": money.currency} if money else raw(value)
    return Occurrence(kind, fields)


CHANNEL = one_of(ChannelKind, "sms, or where the conversation is, unless said")
STIMULI: Mapping[str, Happening] = {
    "user": Happening(
        text("the customer writes"),
        {
            "channel": CHANNEL,
            "keyword": one_of(KEYWORDS, "what the provider has answered itself"),
            **STATED,
        },
        _user,
    ),
    "campaign": Happening(text("the flow that we begin with"), {"channel": CHANNEL}, _campaign),
    "receipt": Happening(one_of(STATUSES), {"reason": one_of(Reason)}, _receipt),
    "payment": Happening(PAYMENT.schema(), {}, _payment),
    "advance": Happening(SPAN, {}, _advance),
    "verify": Happening(TRUE, {}, _verify),
    "event": Happening(
        {
            **Keys({name: keys.schema() for name, keys in FIELDS.items()}).schema(),
            "minProperties": 1,
            "maxProperties": 1,
        },
        {},
        _event,
    ),
}
"""What may happen, and how it is read."""
