"""Values at the edges: parsed once, trusted by their type afterwards."""

from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from babel.numbers import get_currency_precision
from msgspec import Struct


class Invalid(ValueError):
    """The text is not such a value; the message says why and is safe to show."""


class ChannelKind(StrEnum):
    SMS = "sms"
    EMAIL = "email"


class Money(Struct, frozen=True, order=True):
    """An exact amount: `minor` units (pence, cents) of an ISO 4217 `currency`. Never a float."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal | str | int, currency: str) -> "Money":
        """Major units to Money. Raises Invalid where the currency has no such fraction."""
        scaled = Decimal(amount).scaleb(precision(currency))
        if scaled != scaled.to_integral_value():
            raise Invalid(f"{amount} has more decimals than {currency} allows")
        return cls(int(scaled), currency)

    @property
    def decimal(self) -> Decimal:
        """Major units with the currency's own number of decimals."""
        return Decimal(self.minor).scaleb(-precision(self.currency))

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"


@lru_cache(maxsize=256)
def precision(currency: str) -> int:
    """Decimals of a currency: 2 for USD, 0 for JPY, 3 for KWD (CLDR)."""
    return get_currency_precision(currency)


class Phone(Struct, frozen=True):
    """A phone number in E.164, such as +14155550123."""

    e164: str

    @classmethod
    def parse(cls, text: str, region: str | None = None) -> "Phone":
        """`region` (ISO 3166, such as "GB") reads national numbers. Raises Invalid."""
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException as error:
            raise Invalid(f"not a phone number: {error}") from None
        if not phonenumbers.is_possible_number(number):
            raise Invalid("not a possible phone number")
        return cls(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    @property
    def masked(self) -> str:
        return f"{self.e164[:3]}…{self.e164[-2:]}"

    def __str__(self) -> str:
        return self.e164


class EmailAddress(Struct, frozen=True):
    """A mailbox, domain in lower case; the local part as written."""

    value: str

    @classmethod
    def parse(cls, text: str) -> "EmailAddress":
        """Raises Invalid. Accepts what mail really uses, not all that RFC 5322 permits."""
        local, at, host = text.strip().rpartition("@")
        plain = all(char.isprintable() and char not in ' <>(),;:"[]\\' for char in local)
        if not (at and local and plain and "." in host) or len(text) > 254:
            raise Invalid("not an email address")
        return cls(f"{local}@{host.lower()}")

    @property
    def masked(self) -> str:
        """Of a length that fits wherever one is kept, whatever a mail says it is from."""
        local, _, host = self.value.rpartition("@")
        return f"{local[:1]}…@{host[:61]}"

    def __str__(self) -> str:
        return self.value


@lru_cache(maxsize=1024)  # a turn shows the same address in every one of its events
def mask(channel: ChannelKind | str, address: str) -> str:
    """An address as logs and activity may show it."""
    shown = EmailAddress(address) if channel == ChannelKind.EMAIL else Phone(address)
    return shown.masked


class Token(Struct, frozen=True):
    """A secret that opens a link; its repr hides it."""

    secret: str

    def __repr__(self) -> str:
        return "Token(…)"

    __str__ = __repr__
