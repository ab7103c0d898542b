"""A client's own contact rules: stricter than the jurisdiction's, each with its source.

A looser one needs a named approval, counts from the day of that approval on, and never loosens the
rules of a state or a city.
"""

from collections.abc import Iterator
from datetime import date
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field

from domain.messages import Category
from domain.values import ChannelKind
from gateway.clients.part import Part

if TYPE_CHECKING:
    from compliance.resolving import Override, Own
    from compliance.rules import ContactRules

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["08:00"])]
Categories = tuple[Category, ...]


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("it is blank; write the law, contract or practice it comes from")
    return text


def _calendar(name: str) -> str:
    from compliance.calendars import UnknownCalendar, bank_holidays

    try:
        bank_holidays(name, 2026)
    except UnknownCalendar:
        raise ValueError(
            "no bank holidays are known of it; write a country or a part of it, "
            "as in US, US-TX or GB-SCT"
        ) from None
    return name


def _named(text: str) -> str:
    if not text.strip():
        raise ValueError("it is blank; write it out, so that whoever reads a verdict can ask")
    return text


def _with_crisis(exempt: Categories) -> Categories:
    if Category.CRISIS not in exempt:
        raise ValueError("crisis is missing; add it: no rule may stop a crisis text")
    return exempt


Named = Annotated[str, AfterValidator(_named), Field(min_length=3, max_length=200)]
APPROVAL = ("approved_by", "approved_on", "reason")


class RulePart(Part):
    """`source` says where a figure comes from, so that whoever reads a verdict can check it."""

    source: Annotated[str, AfterValidator(_said)] = Field(
        min_length=3, description="The law, contract or practice that the figure comes from."
    )
    basis: Literal["rule", "practice"] = Field(
        default="practice", description="practice: no rule gives the figure."
    )
    exempt: Annotated[Categories, AfterValidator(_with_crisis)] | None = Field(
        default=None, description="Which messages the rule does not stop; fewer are stricter."
    )
    approved_by: Named | None = Field(
        default=None, description="Who answers for a term that is looser than the jurisdiction's."
    )
    approved_on: date | None = Field(default=None, description="Since when the looser term counts.")
    reason: Named | None = Field(default=None, description="Why it was approved.")

    @property
    def changes(self) -> dict[str, Any]:
        """The rule's parameters that it sets."""
        said = {"source", "basis", *APPROVAL}
        stated = {name: getattr(self, name) for name in type(self).model_fields if name not in said}
        return {name: value for name, value in stated.items() if value is not None}


class CapPart(RulePart):
    """Messages that we begin."""

    limit: int | None = Field(default=None, ge=1, le=100, description="To one customer.")
    per_account: int | None = Field(default=None, ge=1, le=100, description="About one account.")
    per_channel: int | None = Field(
        default=None, ge=1, le=100, description="To one customer by one channel."
    )


class HoursPart(RulePart):
    """In the customer's local time; `closes` is not included."""

    opens: ClockTime | None = None
    closes: ClockTime | None = None
    days: tuple[Day, ...] | None = Field(default=None, min_length=1)
    calendars: tuple[Annotated[str, AfterValidator(_calendar)], ...] | None = Field(
        default=None,
        min_length=1,
        max_length=80,
        examples=[["US", "US-TX"]],
        description="Bank holidays on which nothing goes, beside the jurisdiction's: a country's, "
        "or those of a part of it for customers who live there.",
    )
    live_minutes: int | None = Field(
        default=None, ge=1, le=1440, description="For how long a reply belongs to what came in."
    )
    live_replies: int | None = Field(
        default=None, ge=1, le=10, description="How many of them may go outside the hours."
    )

    @property
    def changes(self) -> dict[str, Any]:
        """All of its calendars count while nobody knows where a customer lives."""
        unknown = {} if self.calendars is None else {"where_unknown": self.calendars}
        return super().changes | unknown


class ConsentPart(RulePart):
    fresh_days: int | None = Field(
        default=None, ge=1, le=3660, description="How long consent to texts counts."
    )
    required: bool | None = Field(
        default=None, description="Whether nothing goes where no consent is on record."
    )


Stops = tuple[Literal["outreach", "demand", "reply"], ...]
Days = Annotated[int, Field(ge=1, le=3660)]


class HoldsPart(RulePart):
    kinds: dict[str, Stops] | None = Field(
        default=None, description="What a kind of hold stops; others stay as they are."
    )
    of_customer: tuple[str, ...] | None = Field(
        default=None, description="Kinds that are the customer's where nobody says whose."
    )
    days: dict[str, Days] | None = Field(
        default=None, description="How long a kind lasts where nobody states its end."
    )
    longest_days: dict[str, Days] | None = Field(
        default=None, description="How long a kind lasts at the most where it begins again."
    )
    mailing_days: int | None = Field(
        default=None, ge=1, le=30, description="Business days for the post of a notice."
    )
    rest_days: Days | None = Field(
        default=None, description="So long nothing is begun after a broken promise."
    )


class OptOutPart(RulePart):
    confirm_within_seconds: int | None = Field(
        default=None, ge=10, le=300, description="Until when the one confirmation may go."
    )
    revoke_all: bool | None = Field(
        default=None, description="Whether an opt-out of one purpose covers every purpose."
    )


class UnreadPart(RulePart):
    recheck_seconds: int | None = Field(
        default=None, ge=1, le=3600, description="When to ask again while a message is unread."
    )


class OptOutLinePart(RulePart):
    patterns: dict[ChannelKind, str] | None = Field(
        default=None, description="What a text must match; any change needs an approval."
    )


class ThirdPartyPart(RulePart):
    at_work: Categories | None = Field(
        default=None, description="What an address that the employer gave never gets."
    )


class RightPartyPart(RulePart):
    proof_days: int | None = Field(
        default=None, ge=1, le=365, description="How long a customer's proof of identity counts."
    )


class DisclosurePart(RulePart):
    """Any change needs an approval, such as that of a creditor who collects debts of its own."""

    debt: Literal["told", "hidden"] | None = Field(
        default=None, description="Whether a message says that a debt is collected, or hides it."
    )
    initial: dict[str, str] | None = Field(
        default=None, description="What a first text must match, by language."
    )
    later: dict[str, str] | None = Field(
        default=None, description="What each later text must match, by language."
    )


class ContactPart(Part):
    """Stricter than the jurisdiction's rules; what is left out stays as they have it."""

    third_party: ThirdPartyPart | None = None
    opt_out: OptOutPart | None = None
    holds: HoldsPart | None = None
    unread_inbound: UnreadPart | None = None
    consent: ConsentPart | None = None
    opt_out_line: OptOutLinePart | None = None
    right_party: RightPartyPart | None = None
    disclosure: DisclosurePart | None = None
    daily_cap: CapPart | None = None
    weekly_cap: CapPart | None = None
    hours: HoursPart | None = None

    def parts(self) -> Iterator[tuple[str, RulePart]]:
        """The rules that it changes."""
        for name in type(self).model_fields:
            part: RulePart | None = getattr(self, name)
            if part is not None:
                yield name, part

    @cached_property
    def own(self) -> "Own":
        """The same for the gate. Its mark in every verdict's version tells whether a looser term
        is approved, and changes with any of the terms."""
        from compliance.resolving import NOTHING_OWN, Own

        overrides = tuple(_override(name, part) for name, part in self.parts() if part.changes)
        if not overrides:
            return NOTHING_OWN
        kind = "approved" if any(each.approval for each in overrides) else "own"
        digest = sha256(self.model_dump_json(exclude_unset=True).encode()).hexdigest()[:8]
        return Own(overrides=overrides, mark=f"{kind}.{digest}")


def _override(name: str, part: RulePart) -> "Override":
    from compliance.resolving import Approval, Override

    approval = None
    if part.approved_by and part.approved_on and part.reason:
        approval = Approval(part.approved_by, part.approved_on, part.reason)
    return Override(
        rule=name,
        changes=part.changes,
        source=part.source,
        basis=part.basis,
        approval=approval,
    )


def rules_of(jurisdiction: str, contact: ContactPart) -> "ContactRules":
    """The last version of the jurisdiction's shipped rules with the client's own, wherever in it
    the customer is. Raises NoRules."""
    return _rules_of(jurisdiction, contact.own)


@lru_cache(maxsize=64)
def _rules_of(jurisdiction: str, own: "Own") -> "ContactRules":
    from compliance.loading import shipped
    from compliance.resolving import NOTHING_OWN, with_own

    rules = shipped(jurisdiction)
    return rules if own is NOTHING_OWN else with_own(rules, own)
