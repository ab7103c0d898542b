"""A case's `metadata`: the customer, the account and the client that it begins with."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from dataclasses import replace as changed
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import structs

from dialogs.loading.reading import Reader
from dialogs.loading.source import Entry
from dialogs.pack import Pack
from dialogs.scripts.cases import ELSEWHERE, Setting
from dialogs.scripts.written import amount, day
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
    keys = reader.mapping(entry, KEYS)
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


Read = Callable[[Reader, Entry, Setting], Any]


def _text(reader: Reader, entry: Entry, _: Setting) -> str | None:
    return None if entry.value is None else reader.text(entry)


def _words(reader: Reader, entry: Entry, _: Setting) -> str:
    return reader.text(entry)


def _flag(reader: Reader, entry: Entry, _: Setting) -> bool:
    return reader.flag(entry)


def _count(reader: Reader, entry: Entry, _: Setting) -> int:
    return reader.whole(entry, 0, 0, 20)


def _money(reader: Reader, entry: Entry, setting: Setting) -> Money | None:
    return None if entry.value is None else amount(reader, entry, setting.currency)


def _day(reader: Reader, entry: Entry, _: Setting) -> Any:
    return None if entry.value is None else day(reader, entry)


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


def _zone(reader: Reader, entry: Entry, setting: Setting) -> str:
    name = reader.text(entry)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        reader.report(entry.place, "timezone", f"no zone {name}", "write one as Europe/London")
        return setting.timezone
    return name


def _channel(reader: Reader, entry: Entry, _: Setting) -> ChannelKind:
    return ChannelKind(reader.choice(entry, list(ChannelKind), ChannelKind.SMS))


def _jurisdiction(reader: Reader, entry: Entry, setting: Setting) -> str:
    known = setting.jurisdiction if setting.jurisdiction in ZONES else "US"
    return reader.choice(entry, ZONES, known)


def _currency(reader: Reader, entry: Entry, setting: Setting) -> str:
    code = reader.text(entry)
    if len(code) == 3 and code.isascii() and code.isupper():
        return code
    reader.report(entry.place, "currency", f"{code!r} is no currency", "write USD, GBP or another")
    return setting.currency


def _brand(reader: Reader, entry: Entry, setting: Setting) -> Brand:
    keys = reader.mapping(entry, ("name", "phone", "website"))
    given = {key: _text(reader, value, setting) for key, value in keys.items()}
    known = {key: value for key, value in given.items() if key in ("name", "phone", "website")}
    return changed(setting.brand, **known)  # type: ignore[arg-type]


def _promise(reader: Reader, entry: Entry, setting: Setting) -> Any:
    keys = reader.mapping(entry, ("amount", "date"), ("amount", "date"))
    if not {"amount", "date"} <= set(keys):
        return None
    found = amount(reader, keys["amount"], setting.currency), day(reader, keys["date"])
    return None if None in found else found


def _rules(reader: Reader, entry: Entry, setting: Setting) -> PromiseRules:
    known = {each.name: getattr(setting.rules, each.name) for each in fields(PromiseRules)}
    keys = reader.mapping(entry, known)
    given: dict[str, Any] = {}
    for name, value in keys.items():
        if name == "reminder_days":
            given[name] = tuple(reader.whole(item, 1, 0, 30) for item in reader.items(value))
        elif name in known:
            given[name] = reader.whole(value, known[name], 0, 1_000_000)
    return changed(setting.rules, **given)


def _names(reader: Reader, entry: Entry, _: Setting) -> tuple[str, ...]:
    return reader.texts(entry)


def _facts(reader: Reader, entry: Entry, _: Setting) -> dict[str, str]:
    return {name: reader.text(value) for name, value in reader.mapping(entry).items()}


KEYS: Mapping[str, Read] = {
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
