"""A client's own contact rules: stricter than the jurisdiction's, each with its source."""

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from gateway.clients.part import Part

if TYPE_CHECKING:
    from compliance.rules import ContactRules

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["08:00"])]


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


class RulePart(Part):
    """`source` says where a figure comes from, so that whoever reads a verdict can check it."""

    source: Annotated[str, AfterValidator(_said)] = Field(
        min_length=3, description="The law, contract or practice that the figure comes from."
    )
    basis: Literal["rule", "practice"] = Field(
        default="practice", description="practice: no rule gives the figure."
    )


class CapPart(RulePart):
    limit: int = Field(ge=1, le=100, description="Messages that we begin, to one customer.")


class HoursPart(RulePart):
    """In the customer's local time; `closes` is not included."""

    opens: ClockTime | None = None
    closes: ClockTime | None = None
    days: tuple[Day, ...] | None = Field(default=None, min_length=1)
    calendars: tuple[Annotated[str, AfterValidator(_calendar)], ...] = Field(
        default=(),
        max_length=80,
        examples=[["US", "US-TX"]],
        description="Bank holidays on which nothing goes, beside the jurisdiction's: a country's, "
        "or those of a part of it for customers who live there.",
    )


class ConsentPart(RulePart):
    fresh_days: int = Field(ge=1, le=3660, description="How long consent to texts counts.")


class ContactPart(Part):
    """Stricter than the jurisdiction's rules; what is left out stays as they have it."""

    daily_cap: CapPart | None = None
    weekly_cap: CapPart | None = None
    hours: HoursPart | None = None
    consent: ConsentPart | None = None


@lru_cache(maxsize=64)
def rules_of(jurisdiction: str, contact: ContactPart) -> "ContactRules":
    """The jurisdiction's shipped rules with the client's own in place of what they change.

    Own rules come with their own source; where there are any, the version says so.
    """
    from msgspec.structs import replace

    from compliance.loading import shipped

    rules = shipped(jurisdiction)
    changed = {}
    for name in ContactPart.model_fields:
        part: RulePart | None = getattr(contact, name)
        if part is not None:
            values = {key: value for key, value in part.model_dump().items() if value is not None}
            terms = getattr(rules.terms, name)
            if more := values.pop("calendars", ()):
                values["calendars"] = tuple(dict.fromkeys((*terms.calendars, *more)))
                values["where_unknown"] = tuple(dict.fromkeys((*terms.where_unknown, *more)))
            changed[name] = replace(terms, **values)
    return replace(rules, terms=replace(rules.terms, **changed)) if changed else rules
