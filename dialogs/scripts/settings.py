"""A case's `metadata`: the customer, the account and the client that it begins with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from dataclasses import replace as changed
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import structs

from dialogs.loading.reading import Reader
from dialogs.loading.source import Entry
from dialogs.pack import Pack
from dialogs.scripts.cases import ELSEWHERE, Setting
from dialogs.scripts.written import AMOUNT, DAY, OPTIONAL_TEXT, amount, day
from dialogs.shapes import Keys, Schema, listed, named, one_of, text, whole
from domain.context import Brand
from domain.promise import PromiseRules
from domain.values import ChannelKind, Money

CURRENCIES: Mapping[str, str] = {"US": "USD", "GB": "GBP"}
ZONES: Mapping[str, str] = {
    "US": "America/New_York", "GB": "Europe/London", ELSEWHERE: "UTC",
}  # fmt: skip
BRAND = Brand("Harbor Recovery", "+1 202-555-0143", "harbor.example")
OWED = 43_219


def standard(pack: Pack) -> Setting:
    """Where a case begins that says nothing else."""
    jurisdiction = pack.jurisdictions[0] if pack.jurisdictions else "US"
    currency = CURRENCIES.get(jurisdiction, "USD")
    return Setting(
        jurisdiction=jurisdiction,
        locale=pack.locale,
        timezone=ZONES.get(jurisdiction, "UTC"),
        currency=currency,
        brand=BRAND,
        balance=Money(OWED, currency),
    )


def read_setting(reader: Reader, entry: Entry, base: Setting) -> Setting:
    """`base` with what the mapping says. `currency` and `jurisdiction` come first: amounts are
    read in the one, and the other brings a currency and a zone of its own."""
    keys = reader.keys(entry, SETTING)
    setting = base
    for name in sorted(keys, key=list(KEYS).index) if set(keys) <= set(KEYS) else ():
        value = KEYS[name](reader, keys[name], setting)
        if name == "jurisdiction" and value != setting.jurisdiction:
            setting = _moved(setting, value)
        elif name == "currency":
            setting = _in_currency(setting, value)
        elif name == "account":
            setting = setting if value else structs.replace(setting, balance=None)
        else:
            setting = structs.replace(setting, **{name: value})
    return setting


def _moved(setting: Setting, jurisdiction: str) -> Setting:
    moved = structs.replace(setting, jurisdiction=jurisdiction, timezone=ZONES[jurisdiction])
    return _in_currency(moved, CURRENCIES.get(jurisdiction, setting.currency))


def _in_currency(setting: Setting, currency: str) -> Setting:
    balance = setting.balance and Money(setting.balance.minor, currency)
    return structs.replace(setting, currency=currency, balance=balance)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: how it is read, and what editors are told of it."""

    schema: Schema
    read: Callable[[Reader, Entry, Setting], Any]

    def __call__(self, reader: Reader, entry: Entry, setting: Setting) -> Any:
        return self.read(reader, entry, setting)


def kind(schema: Schema) -> Callable[[Callable[[Reader, Entry, Setting], Any]], Kind]:
    return lambda read: Kind(schema, read)


BRAND_KEYS = Keys(dict.fromkeys(("name", "phone", "website"), OPTIONAL_TEXT))
PROMISE_KEYS = Keys({"amount": AMOUNT, "date": DAY}, ("amount", "date"))
RULE_KEYS = Keys(
    {
        rule.name: listed(whole("", 0, 30))
        if rule.name == "reminder_days"
        else whole("", 0, 1_000_000)
        for rule in fields(PromiseRules)
    }
)


@kind(OPTIONAL_TEXT)
def _text(reader: Reader, entry: Entry, _: Setting) -> str | None:
    return None if entry.value is None else reader.text(entry)


@kind(text())
def _words(reader: Reader, entry: Entry, _: Setting) -> str:
    return reader.text(entry)


@kind({"type": "boolean"})
def _flag(reader: Reader, entry: Entry, _: Setting) -> bool:
    return reader.flag(entry)


@kind(whole("", 0, 20))
def _count(reader: Reader, entry: Entry, _: Setting) -> int:
    return reader.whole(entry, 0, 0, 20)


@kind(AMOUNT)
def _money(reader: Reader, entry: Entry, setting: Setting) -> Money | None:
    return None if entry.value is None else amount(reader, entry, setting.currency)


@kind(DAY)
def _day(reader: Reader, entry: Entry, _: Setting) -> Any:
    return None if entry.value is None else day(reader, entry)


@kind(text("in the customer's own time, as 2026-11-23 10:00"))
def _at(reader: Reader, entry: Entry, setting: Setting) -> datetime:
    try:
        found = datetime.fromisoformat(reader.text(entry))
        if found.tzinfo is None and 2000 <= found.year < 2100:
            return found
    except ValueError:
        pass
    mend = 'write "2026-11-23 10:00", in the customer\'s own time'
    reader.report(entry.place, "time", f"{entry.value!r} is no time", mend)
    return setting.at


@kind(text("such as Europe/London"))
def _zone(reader: Reader, entry: Entry, setting: Setting) -> str:
    name = reader.text(entry)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        reader.report(entry.place, "timezone", f"no zone {name}", "write one as Europe/London")
        return setting.timezone
    return name


@kind(one_of(ChannelKind))
def _channel(reader: Reader, entry: Entry, _: Setting) -> ChannelKind:
    return ChannelKind(reader.choice(entry, list(ChannelKind), ChannelKind.SMS))


@kind(one_of(ZONES))
def _jurisdiction(reader: Reader, entry: Entry, setting: Setting) -> str:
    known = setting.jurisdiction if setting.jurisdiction in ZONES else "US"
    return reader.choice(entry, ZONES, known)


@kind(text("such as USD", pattern="^[A-Z]{3}$"))
def _currency(reader: Reader, entry: Entry, setting: Setting) -> str:
    code = reader.text(entry)
    if len(code) == 3 and code.isascii() and code.isupper():
        return code
    reader.report(entry.place, "currency", f"{code!r} is no currency", "write USD, GBP or another")
    return setting.currency


@kind(BRAND_KEYS.schema())
def _brand(reader: Reader, entry: Entry, setting: Setting) -> Brand:
    keys = reader.keys(entry, BRAND_KEYS)
    given = {key: _text(reader, value, setting) for key, value in keys.items()}
    known = {key: value for key, value in given.items() if key in BRAND_KEYS.fields}
    return changed(setting.brand, **known)


@kind(PROMISE_KEYS.schema())
def _promise(reader: Reader, entry: Entry, setting: Setting) -> Any:
    keys = reader.keys(entry, PROMISE_KEYS)
    if not {"amount", "date"} <= set(keys):
        return None
    found = amount(reader, keys["amount"], setting.currency), day(reader, keys["date"])
    return None if None in found else found


@kind(RULE_KEYS.schema())
def _rules(reader: Reader, entry: Entry, setting: Setting) -> PromiseRules:
    keys = reader.keys(entry, RULE_KEYS)
    given: dict[str, Any] = {}
    for name, value in keys.items():
        if name == "reminder_days":
            given[name] = tuple(reader.whole(item, 1, 0, 30) for item in reader.items(value))
        elif name in RULE_KEYS.fields:
            given[name] = reader.whole(value, getattr(setting.rules, name), 0, 1_000_000)
    return changed(setting.rules, **given)


@kind(listed(text()))
def _names(reader: Reader, entry: Entry, _: Setting) -> tuple[str, ...]:
    return reader.texts(entry)


@kind(named(text()))
def _facts(reader: Reader, entry: Entry, _: Setting) -> dict[str, str]:
    return {name: reader.text(value) for name, value in reader.mapping(entry).items()}


KEYS: Mapping[str, Kind] = {
    "jurisdiction": _jurisdiction,
    "currency": _currency,
    "locale": _words,
    "timezone": _zone,
    "at": _at,
    "channel": _channel,
    "client": _words,
    "brand": _brand,
    "first_name": _text,
    "last_name": _text,
    "verified": _flag,
    "introduced": _flag,
    "known": _flag,
    "account": _flag,
    "balance": _money,
    "minimum_due": _money,
    "arrears": _money,
    "creditor": _text,
    "product": _text,
    "segment": _text,
    "due_date": _day,
    "promise": _promise,
    "reschedules": _count,
    "broken_in_a_row": _count,
    "holds": _names,
    "rules": _rules,
    "plans": _flag,
    "facts": _facts,
}
"""What `metadata` may say, in the order in which it is read."""

SETTING = Keys({name: each.schema for name, each in KEYS.items()})
