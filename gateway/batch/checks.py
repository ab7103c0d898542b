"""From a record's JSON to values that may be stored, or to the findings that forbid it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from compliance.holds import notice_period_ends
from domain.values import ChannelKind, EmailAddress, Invalid, Money, Phone
from gateway.batch.findings import Code, Finding, from_reader
from gateway.batch.format import (
    AccountPart,
    ContactPart,
    CustomerPart,
    Flags,
    Owing,
    PlacementRecord,
    read_owing,
    read_record,
)
from gateway.batch.halves import MARK, readable
from gateway.batch.places import COUNTRIES, PARTS
from gateway.clients import ClientConfig
from gateway.holds.starting import hold_terms

EARLIEST_BIRTH = date(1900, 1, 1)
HOLDS_END = date(2000, 1, 1), date(2199, 12, 31)
"""The first and last days that a hold may end on; hosts write others for none or for ever."""
NOTICES = date(2000, 1, 1), date(2099, 12, 31)
"""The first and last days of a notice: after them the holidays of its post are not known."""

_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,3})?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
_POSTAL = {
    "US": re.compile(r"(\d{5})(?:-?\d{4})?", re.ASCII),
    "GB": re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})", re.ASCII),
}
_OTHER_POSTAL = re.compile(r"[A-Z0-9]{2,12}")
_CONTROLS = re.compile(rb"\\u00[01]|\\[bfnrt]")
_UNWANTED = re.compile(r"[\x00-\x1f]")
_UNWANTED_OR_HALF = re.compile(rf"[\x00-\x1f{MARK}]")
_CONTROL = "holds a control character; leave it out"
_HALF = "holds half of a surrogate pair, which is no character; write the whole one or leave it out"


@dataclass(frozen=True, slots=True)
class PlacedContact:
    """`place` is the number of its part among the record's contacts."""

    channel: ChannelKind
    address: str
    part: ContactPart
    place: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A record that may be stored. `number` counts from 1."""

    number: int
    customer: CustomerPart
    country: str
    postal_code: str | None
    contacts: tuple[PlacedContact, ...]
    account: AccountPart
    balance: Money
    minimum_due: Money | None
    arrears: Money | None
    offers: dict[str, Any]
    flags: Flags


@dataclass(slots=True)
class Checked:
    """What one record came to: `placed` is None exactly where there are errors."""

    placed: Placed | None = None
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


def check(raw: bytes, number: int, config: ClientConfig, today: date) -> Checked:
    """Reads one record. Never raises: whatever is wrong becomes a finding."""
    root = f"/records/{number - 1}"
    text = readable(raw)
    try:
        record = read_record(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Checked(errors=[from_reader(error, root, number)])
    reader = _Reader(root, number, config, today)
    if text is not raw:
        reader.text(msgspec.json.decode(text), "", _UNWANTED_OR_HALF)
    elif _CONTROLS.search(raw):
        reader.text(msgspec.json.decode(raw), "", _UNWANTED)
    placed = reader.placed(record)
    return Checked(None if reader.errors else placed, reader.errors, reader.warnings)


def owing(raw: bytes) -> Money | None:
    """The balance that a record names, good or bad; None where it can't be read."""
    try:
        read: Owing = read_owing(readable(raw))
        if _AMOUNT.fullmatch(read.account.balance) and _is_currency(read.account.currency):
            return Money.of(read.account.balance, read.account.currency)
    except (msgspec.DecodeError, UnicodeDecodeError, Invalid, RecursionError):
        return None
    return None


class _Reader:
    """Collects everything that is wrong with one record, not just the first."""

    def __init__(self, root: str, number: int, config: ClientConfig, today: date) -> None:
        self.root = root
        self.number = number
        self.config = config
        self.today = today
        self.errors: list[Finding] = []
        self.warnings: list[Finding] = []

    def wrong(self, place: str, code: Code, message: str) -> None:
        self.errors.append(Finding(self.root + place, code, message, self.number))

    def placed(self, record: PlacementRecord) -> Placed:
        account, customer = record.account, record.customer
        self._customer(customer)
        currency = self._currency(account.currency)
        balance = self._amount("/account/balance", account.balance, currency)
        minimum_due = self._amount("/account/minimum_due", account.minimum_due, currency, balance)
        arrears = self._amount("/account/arrears", account.arrears, currency, balance)
        country = customer.address.country or self.config.jurisdiction
        return Placed(
            number=self.number,
            customer=customer,
            country=country,
            postal_code=self._postal_code(customer.address.postal_code, country),
            contacts=tuple(self._contacts(record.contacts)),
            account=account,
            balance=balance or Money(0, currency),
            minimum_due=minimum_due,
            arrears=arrears,
            offers=record.offers,
            flags=self._flags(record.flags),
        )

    def text(self, value: object, place: str, unwanted: re.Pattern[str]) -> None:
        """Control characters have no place in names and references, and NUL in no database."""
        match value:
            case str():
                for half in sorted({char == MARK for char in unwanted.findall(value)}):
                    self.wrong(place, Code.INVALID_TEXT, _HALF if half else _CONTROL)
            case dict():
                for key, inner in value.items():
                    escaped = key.replace("~", "~0").replace("/", "~1")
                    self.text(key, f"{place}/{escaped}", unwanted)
                    self.text(inner, f"{place}/{escaped}", unwanted)
            case list():
                for index, inner in enumerate(value):
                    self.text(inner, f"{place}/{index}", unwanted)

    def _customer(self, customer: CustomerPart) -> None:
        born = customer.date_of_birth
        if born is not None and not EARLIEST_BIRTH <= born < self.today:
            self.wrong("/customer/date_of_birth", Code.INVALID_DATE, "no such birthday is possible")
        if customer.timezone is not None and not _is_zone(customer.timezone):
            self.wrong(
                "/customer/timezone",
                Code.INVALID_TIMEZONE,
                "not an IANA time zone such as America/Chicago; leave it out if it is not known",
            )
        if customer.language is not None and not _LANGUAGE.fullmatch(customer.language):
            self.wrong(
                "/customer/language", Code.INVALID_LANGUAGE, "write a tag such as en or es-US"
            )
        if customer.jurisdiction is not None and not _is_jurisdiction(customer.jurisdiction):
            self.wrong(
                "/customer/jurisdiction",
                Code.INVALID_JURISDICTION,
                "no such place; write a country or a part of it, as in US, US-NY or GB-SCT",
            )

    def _currency(self, currency: str) -> str:
        if currency != self.config.currency:
            self.wrong(
                "/account/currency",
                Code.INVALID_CURRENCY,
                f"this client's accounts are in {self.config.currency}",
            )
        return self.config.currency

    def _amount(
        self, place: str, text: str | None, currency: str, most: Money | None = None
    ) -> Money | None:
        if text is None:
            return None
        if not _AMOUNT.fullmatch(text):
            self.wrong(place, Code.INVALID_AMOUNT, 'write an amount of at least 0 as in "480.00"')
            return None
        try:
            amount = Money.of(text, currency)
        except Invalid:
            self.wrong(place, Code.INVALID_AMOUNT, f"more decimals than {currency} has")
            return None
        if most is not None and amount > most:
            self.wrong(place, Code.INVALID_AMOUNT, "more than the balance")
        return amount

    def _postal_code(self, text: str | None, country: str) -> str | None:
        """As the post writes it: five digits, or outward and inward part with a space."""
        if text is None:
            return None
        plain = text.replace(" ", "").upper()
        match = _POSTAL.get(country, _OTHER_POSTAL).fullmatch(plain)
        if match is None:
            self.wrong(
                "/customer/address/postal_code",
                Code.INVALID_POSTAL_CODE,
                f"not a postal code of {country}",
            )
            return None
        return " ".join(match.groups()) or text

    def _contacts(self, parts: tuple[ContactPart, ...]) -> Iterator[PlacedContact]:
        seen = set()
        for index, part in enumerate(parts):
            found = self._contact(index, part)
            if found is not None and (found.channel, found.address) not in seen:
                seen.add((found.channel, found.address))
                yield found

    def _contact(self, index: int, part: ContactPart) -> PlacedContact | None:
        place = f"/contacts/{index}"
        channel = ChannelKind(part.type)
        try:
            address = str(
                Phone.parse(part.value, self.config.jurisdiction)
                if channel is ChannelKind.SMS
                else EmailAddress.parse(part.value)
            )
        except Invalid:
            what = "a phone number" if channel is ChannelKind.SMS else "an email address"
            code = Code.INVALID_PHONE if channel is ChannelKind.SMS else Code.INVALID_EMAIL
            self.wrong(f"{place}/value", code, f"not {what}; leave the contact out or mend it")
            return None
        if part.employer_provided:
            warning = "an address from the employer is never written to unasked"
            self.warnings.append(
                Finding(self.root + place, Code.EMPLOYER_PROVIDED, warning, self.number)
            )
        return PlacedContact(channel, address, part, index)

    def _flags(self, flags: Flags) -> Flags:
        first, last = HOLDS_END
        if flags.hold_until is not None and not first <= flags.hold_until <= last:
            self.wrong(
                "/flags/hold_until",
                Code.INVALID_DATE,
                f"no hold ends then, but from {first} to {last}; leave it out for one without end",
            )
        if flags.hold_until is not None and flags.hold_type is None:
            self.wrong("/flags/hold_type", Code.MISSING, "hold_until needs to say what hold it is")
        kinds = hold_terms(self.config).kinds
        if flags.hold_type is not None and flags.hold_type not in kinds:
            known = ", ".join(sorted(kinds))
            warning = f"no known kind of hold, so it stops replies, too; known: {known}"
            self.warn("/flags/hold_type", Code.UNKNOWN_HOLD, warning)
        self._notice(flags)
        return flags

    def _notice(self, flags: Flags) -> None:
        sent = flags.validation_notice_date
        if sent is None:
            return
        first, last = NOTICES
        place = "/flags/validation_notice_date"
        if not first <= sent <= last:
            self.wrong(place, Code.INVALID_DATE, f"no notice was sent then, but {first} to {last}")
            return
        if notice_period_ends(hold_terms(self.config), self.config.jurisdiction, sent) is None:
            jurisdiction = self.config.jurisdiction
            warning = f"{jurisdiction} knows no validation period, so it starts no hold"
            self.warn(place, Code.NO_VALIDATION_PERIOD, warning)

    def warn(self, place: str, code: Code, message: str) -> None:
        self.warnings.append(Finding(self.root + place, code, message, self.number))


@lru_cache(maxsize=1024)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # missing, or a path, or a folder of zones
        return False
    return True


def _is_jurisdiction(code: str) -> bool:
    """A country of ISO 3166-1, or a part of one: for those that have rules, a part they have."""
    country, dash, part = code.partition("-")
    parts = PARTS.get(country)
    return country in COUNTRIES and (not dash or parts is None or part in parts)


@lru_cache(maxsize=256)
def _is_currency(code: str) -> bool:
    return bool(re.fullmatch("[A-Z]{3}", code))
