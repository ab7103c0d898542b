"""A client's configuration: who it is, its senders, its rules and where its outcomes go."""

from collections.abc import Mapping
from functools import cached_property
from ipaddress import ip_network
from typing import TYPE_CHECKING, Annotated, Literal
from unicodedata import category

from babel import Locale
from babel.core import UnknownLocaleError
from babel.numbers import list_currencies
from pydantic import AfterValidator, Field

from domain.context import Brand
from domain.promise import PromiseRules
from gateway.clients.contact import ContactPart
from gateway.clients.look_up import CalledUrl, LookUpPart
from gateway.clients.part import Part
from gateway.clients.payments import PaymentsPart
from gateway.clients.people import REFERENCE, AlertsPart, MailAnswersPart, OfficePart
from gateway.clients.rules import (
    AffordabilityPart,
    AllocationName,
    OptionPart,
    PlanPart,
    PromisePart,
    SettlementPart,
)
from gateway.clients.senders import PausingPart, Sender
from gateway.clients.zones import ZoneName

if TYPE_CHECKING:
    from domain.affordability import AffordabilityRules
    from domain.handoffs import Office
    from domain.plan import PlanRules


def _locale(name: str) -> str:
    try:
        Locale.parse(name, sep="-")
    except (UnknownLocaleError, ValueError):
        raise ValueError(f"{name} is not a locale; write one such as en-US") from None
    return name


def _currency(code: str) -> str:
    if code not in list_currencies():
        raise ValueError(f"{code} is not a currency; write an ISO 4217 code such as USD")
    return code


def _network(text: str) -> str:
    try:
        ip_network(text)
    except ValueError as error:
        raise ValueError(f"{error}; write a network such as 192.0.2.0/24") from None
    return text


def _line(text: str) -> str:
    broken = any(category(letter) in ("Cc", "Zl", "Zp") for letter in text)
    if broken or (text and not text.strip()):
        raise ValueError("it goes into subjects and texts as it stands; write one line of words")
    return text


CONTRAST = 4.5
"""The least that text of a normal size needs: WCAG 2.2, success criterion 1.4.3."""


def _readable(colour: str) -> str:
    ratio = contrast_with_white(colour)
    if ratio < CONTRAST:
        raise ValueError(
            f"{colour} has a contrast of {ratio:.2f}:1 against white; "
            f"take a darker one, with {CONTRAST}:1 at least"
        )
    return colour.lower()


def contrast_with_white(colour: str) -> float:
    """Of a colour written #rrggbb, by the relative luminance that WCAG 2.2 defines."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in shares]
    luminance = sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (luminance + 0.05)


Line = Annotated[str, AfterValidator(_line)]
LocaleName = Annotated[str, AfterValidator(_locale), Field(examples=["en-US"])]


class BrandPart(Part):
    """How the client names itself to its customers."""

    name: Line = Field(min_length=1, max_length=60)
    phone: Line | None = Field(default=None, description="For customers to call.")
    website: Line | None = None
    colour: Annotated[str, AfterValidator(_readable)] = Field(
        default="#1d4e89",
        pattern=r"^#[0-9a-fA-F]{6}$",
        description="Of the customer's pages; 4.5:1 against white at least (WCAG 2.2, 1.4.3).",
        examples=["#1d4e89"],
    )


class VerificationPart(Part):
    """How a customer proves to be the right party: the first two of `facts` that are known."""

    facts: tuple[Literal["date_of_birth", "postcode", "last_four"], ...] = Field(
        default=("date_of_birth", "postcode", "last_four"),
        min_length=2,
        description="In the order in which they are asked for.",
    )


class LinksPart(Part):
    """Secret links into the customer's pages."""

    days: int = Field(default=7, ge=1, le=30, description="How long a link works.")
    domain: str | None = Field(
        default=None,
        max_length=253,
        pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$",
        description="The client's own host name for links; it leads to the gateway.",
        examples=["pay.client.example"],
    )
    embed: tuple[Annotated[str, Field(pattern=r"^https://[a-z0-9.-]+(:[0-9]{1,5})?$")], ...] = (
        Field(
            default=(),
            max_length=10,
            description="Origins of the client's own portal that may show these pages in a frame;"
            " of the same site as `domain`, or browsers keep the session's cookie back.",
            examples=[["https://my.client.example"]],
        )
    )

    def origin(self, public_url: str) -> str:
        """Where links lead: the client's own host, or the one that all clients share."""
        return f"https://{self.domain}" if self.domain else public_url


class WebhookPart(Part):
    """`secret` names the variable that holds a Standard Webhooks secret (whsec_...)."""

    url: CalledUrl = Field(description="Where outcomes are posted.")
    secret: str = Field(pattern=REFERENCE, examples=["env:HOST_WEBHOOK_SECRET"])
    types: tuple[str, ...] | None = Field(default=None, description="Left out: all outcomes.")


class SequencePart(Part):
    """A sequence of the dialog pack that this client uses."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", examples=["early_arrears"])
    when: str = Field(
        default="true", min_length=1, description="Asked besides the sequence's own condition."
    )


class RetentionPart(Part):
    """How long records are kept."""

    years: int = Field(default=3, ge=1, le=10, description="After the last collection activity.")


class ClientConfig(Part):
    """One client, as its file describes it."""

    client: str = Field(
        pattern=r"^[a-z0-9][a-z0-9-]{0,62}$",
        description="Its id, the same for ever.",
        examples=["harbor-recovery"],
    )
    brand: BrandPart
    jurisdictions: tuple[Literal["US", "GB"], ...] = Field(
        min_length=1, description="Whose contact rules apply; the first is that of its customers."
    )
    locales: tuple[LocaleName, ...] = Field(
        min_length=1, description="The first is used where a customer has none of them."
    )
    currency: Annotated[str, AfterValidator(_currency)] = Field(
        pattern=r"^[A-Z]{3}$", examples=["USD"]
    )
    timezone: ZoneName
    calendar: str | None = Field(
        default=None,
        pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$",
        description="Whose holidays business days follow; left out: the jurisdiction's.",
        examples=["GB-SCT"],
    )
    pack: str = Field(description="The dialog pack.", examples=["collections-us"])
    pack_version: str | None = Field(
        default=None, description="The version that was tested; left out: the newest one."
    )
    senders: tuple[Sender, ...] = Field(
        min_length=1, description="Those of one channel are a pool: each customer keeps one of it."
    )
    pausing: PausingPart = PausingPart()
    plain_punctuation: bool = Field(
        default=False,
        description="Texts go with plain quotes and dashes where they then cost less.",
    )
    mail_answers: MailAnswersPart = MailAnswersPart()
    contact: ContactPart = ContactPart()
    verification: VerificationPart = VerificationPart()
    promise: PromisePart = PromisePart()
    plan: PlanPart | None = None
    settlement: SettlementPart | None = None
    affordability: AffordabilityPart | None = None
    allocation: AllocationName = Field(
        default="oldest_first", description="Which debt or instalment a payment goes to first."
    )
    options: tuple[OptionPart, ...] = Field(
        default=(), description="Other rules for some accounts; the first that fits decides."
    )
    look_up: LookUpPart | None = None
    sequences: tuple[SequencePart, ...] = Field(
        default=(), description="Outreach over days; left out: none."
    )
    links: LinksPart = LinksPart()
    payments: PaymentsPart = PaymentsPart()
    webhooks: tuple[WebhookPart, ...] = ()
    office: OfficePart = OfficePart()
    alerts: AlertsPart = AlertsPart()
    allowed_networks: tuple[Annotated[str, AfterValidator(_network)], ...] = Field(
        default=(), description="Networks that the client's systems call from; empty: any."
    )
    retention: RetentionPart = RetentionPart()

    @property
    def jurisdiction(self) -> str:
        return self.jurisdictions[0]

    @property
    def locale(self) -> str:
        return self.locales[0]

    def pool(self, channel: str) -> tuple[Sender, ...]:
        """The addresses that this client writes from on a channel."""
        return self._pools.get(channel, ())

    @cached_property
    def _pools(self) -> Mapping[str, tuple[Sender, ...]]:
        pools: dict[str, tuple[Sender, ...]] = {}
        for sender in self.senders:
            kind = sender.channel.value
            pools[kind] = (*pools.get(kind, ()), sender)
        return pools

    @cached_property
    def rules(self) -> PromiseRules:
        return self.promise.rules

    @cached_property
    def plan_rules(self) -> "PlanRules | None":
        """None: no plan is agreed automatically."""
        return None if self.plan is None else self.plan.rules

    @cached_property
    def affordability_rules(self) -> "AffordabilityRules | None":
        """None: nobody is asked for income and expenditure."""
        return None if self.affordability is None else self.affordability.rules

    @cached_property
    def working_hours(self) -> "Office":
        """When its people take hand-offs."""
        from domain.business_days import Calendar
        from domain.handoffs import Office

        calendar = Calendar.named(self.calendar or self.jurisdiction)
        opens, closes = self.office.hours
        return Office(self.timezone, calendar, opens, closes)

    @cached_property
    def branding(self) -> Brand:
        return Brand(**self.brand.model_dump(exclude={"colour"}))
