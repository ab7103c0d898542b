"""A client's own addresses: what each may send, how fast, and the evidence that it may go live."""

import re
from datetime import date
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal

import phonenumbers
from pydantic import AfterValidator, Field

from channels.registry import SIMULATED, provider_of
from domain.values import ChannelKind, EmailAddress, Invalid, Phone
from gateway.clients.part import Part
from gateway.clients.zones import ZoneName

RegistrationKind = Literal["10dlc", "toll_free", "short_code", "long_code", "mail_domain"]

WhenUnsure = Literal["ask", "resend", "assume_sent"]
"""What follows where a mail server may have taken a mail and nobody can tell: a person decides, the
same mail goes again, or it counts as sent."""

TOLL_FREE_REACHES = ("US", "CA")
"""Where texts of a +1 toll-free number arrive (Twilio: toll-free messaging is US and Canada)."""

NORTH_AMERICA = "+1"


def _country(code: str) -> str:
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"{code} is not a country with phones; write an ISO 3166 code such as US")
    return code


Country = Annotated[str, AfterValidator(_country)]


class RegistrationPart(Part):
    """Who has allowed this sender to send, for which no public register can be asked."""

    kind: RegistrationKind
    reference: str = Field(
        min_length=1,
        max_length=128,
        pattern=r"\S",
        description="The campaign, verification, lease or contract; for mail, the domain.",
        examples=["CM0123456789abcdef0123456789abcdef"],
    )
    date: date


class DailyCapPart(Part):
    """What a carrier or provider takes from one sender a day."""

    limit: int = Field(ge=10, description="The longest text has ten segments.")
    unit: Literal["segments", "messages"] = "segments"
    timezone: ZoneName | None = Field(
        default=None,
        description="Whose midnight begins the day; left out: the client's.",
        examples=["America/Los_Angeles"],
    )


class PausingPart(Part):
    """When a sender is paused by itself: so many faults within so many minutes."""

    blocked: int = Field(default=5, ge=1, description="Messages that were blocked or filtered.")
    sender_errors: int = Field(
        default=1, ge=1, description="Failures that every message of the sender would meet."
    )
    minutes: int = Field(default=60, ge=1, le=1440)


class Sender(Part):
    """One of the client's own addresses. `via` names the adapter; `pace` is segments a second."""

    channel: ChannelKind
    address: str = Field(description="A phone in E.164, a short code, or a mailbox.")
    via: str = Field(
        max_length=64,
        description="The provider that it sends through, and behind a dot whose account.",
        examples=["twilio", "twilio.harbor"],
    )
    registration: RegistrationPart | None = Field(
        default=None, description="Evidence that it may go live; simulated senders need none."
    )
    countries: tuple[Country, ...] | None = Field(
        default=None,
        min_length=1,
        description="Whose phones it may text; left out: those of its own calling code.",
        examples=[["US", "CA"]],
    )
    pace: float | None = Field(
        default=None,
        gt=0,
        allow_inf_nan=False,
        description="Segments a second, at most; mails, where it is a mailbox.",
    )
    daily_cap: DailyCapPart | None = None
    when_unsure: WhenUnsure = Field(
        default="ask",
        description="Of a mailbox: what follows where its mail server may have taken a mail.",
    )

    def model_post_init(self, _: Any, /) -> None:
        if self.is_short_code:
            return
        if self.channel is ChannelKind.SMS and not self.address.startswith("+"):
            raise ValueError(
                f"{self.address} takes no replies, so nobody could stop it; write a phone in"
                " E.164 or a short code of five or six digits"
            )
        parse = Phone.parse if self.channel is ChannelKind.SMS else EmailAddress.parse
        if str(parse(self.address)) != self.address:
            raise ValueError(f"{self.address} is not in its plain form (E.164 or lower-case host)")

    @cached_property
    def is_short_code(self) -> bool:
        return self.channel is ChannelKind.SMS and bool(re.fullmatch(r"\d{5,6}", self.address))

    @cached_property
    def is_simulated(self) -> bool:
        return provider_of(self.via) in SIMULATED

    @cached_property
    def may_go_live(self) -> bool:
        """Nothing real goes out by a sender whose registration is not in evidence."""
        return self.is_simulated or self.registration is not None

    @property
    def needed_kind(self) -> RegistrationKind:
        """Which evidence such an address has."""
        if self.channel is ChannelKind.EMAIL:
            return "mail_domain"
        if self.is_short_code:
            return "short_code"
        if not self.address.startswith(NORTH_AMERICA):
            return "long_code"
        return "toll_free" if is_toll_free(self.address) else "10dlc"

    def reaches(self, address: str, home: str) -> bool:
        """Whether a text to `address` (E.164) may be sent from here.

        `home` is the country of a short code that names none (ISO 3166).
        """
        if self._code is not None:
            return calling_code(address) == self._code
        if self.channel is ChannelKind.EMAIL:
            return True
        if self.countries is not None:
            return country_of(address) in self.countries
        return country_of(address) in ((home,) if self.is_short_code else TOLL_FREE_REACHES)

    @cached_property
    def _code(self) -> int | None:
        """The calling code whose phones it reaches; None where countries are named or implied."""
        implied = self.channel is ChannelKind.EMAIL or self.is_short_code
        if implied or self.countries is not None or is_toll_free(self.address):
            return None
        return calling_code(self.address)


def is_toll_free(address: str) -> bool:
    kind = phonenumbers.number_type(phonenumbers.parse(address))
    return bool(kind == phonenumbers.PhoneNumberType.TOLL_FREE)


def calling_code(address: str) -> int | None:
    """None for what is no phone."""
    if address.startswith(NORTH_AMERICA):
        return 1
    return _read(address)[0]


def country_of(address: str) -> str | None:
    """Of a phone in E.164; the main country of its calling code where the number itself does not
    say (such as those kept for films); None for what is no phone."""
    return _read(address)[1]


@lru_cache(maxsize=65_536)
def _read(address: str) -> tuple[int | None, str | None]:
    try:
        number = phonenumbers.parse(Phone.parse(address).e164)
    except Invalid:
        return None, None
    code = number.country_code or 0
    region = phonenumbers.region_code_for_number(number)
    return code, region or phonenumbers.region_code_for_country_code(code)
