"""A client's own contact rules: stricter than the jurisdiction's, each with its source."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field

from gateway.clients.part import Part

if TYPE_CHECKING:
    from compliance.rules import ContactRules, HoldTerms

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["08:00"])]


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("it is blank; write the law, contract or practice it comes from")
    return text


class RulePart(Part):
    """`source` says where a figure comes from, so that whoever reads a verdict can check it."""

    source: Annotated[str, AfterValidator(_said)] = Field(
        min_length=3, description="The law, contract or practice that the figure comes from."
    )
    basis: Literal["rule", "practice"] = Field(
        default="practice", description="practice: no rule gives the figure."
    )


class CapPart(RulePart):
    """Messages that we begin."""

    limit: int | None = Field(default=None, ge=1, le=100, description="To one customer.")
    per_account: int | None = Field(default=None, ge=1, le=100, description="About one account.")
    per_channel: int | None = Field(
        default=None, ge=1, le=100, description="To one customer by one channel."
    )


class HoldPart(RulePart):
    """Of one kind: how long it lasts where nobody states its end, and at the most."""

    kind: str = Field(min_length=1, max_length=32, examples=["broken_promise"])
    days: int | None = Field(default=None, ge=1, le=3660)
    longest_days: int | None = Field(default=None, ge=1, le=3660)


class HoursPart(RulePart):
    """In the customer's local time; `closes` is not included."""

    opens: ClockTime | None = None
    closes: ClockTime | None = None
    days: tuple[Day, ...] | None = Field(default=None, min_length=1)


class ConsentPart(RulePart):
    fresh_days: int = Field(ge=1, le=3660, description="How long consent to texts counts.")


class ContactPart(Part):
    """Stricter than the jurisdiction's rules; what is left out stays as they have it."""

    daily_cap: CapPart | None = None
    weekly_cap: CapPart | None = None
    hours: HoursPart | None = None
    consent: ConsentPart | None = None
    holds: tuple[HoldPart, ...] = Field(default=(), description="How long kinds of holds last.")


@lru_cache(maxsize=64)
def rules_of(jurisdiction: str, contact: ContactPart) -> "ContactRules":
    """The jurisdiction's shipped rules with the client's own in place of what they change.

    Own rules come with their own source; where there are any, the version says so.
    """
    from msgspec.structs import replace

    from compliance.loading import shipped

    rules = shipped(jurisdiction)
    changed: dict[str, Any] = {}
    for name in ContactPart.model_fields:
        part: RulePart | None = getattr(contact, name)
        if isinstance(part, RulePart):
            values = {key: value for key, value in part.model_dump().items() if value is not None}
            changed[name] = replace(getattr(rules.terms, name), **values)
    if contact.holds:
        changed["holds"] = _with_own(rules.terms.holds, contact.holds)
    return replace(rules, terms=replace(rules.terms, **changed)) if changed else rules


def _with_own(terms: "HoldTerms", own: Sequence[HoldPart]) -> "HoldTerms":
    """Only how long kinds last changes; the source that is kept is the rules'. A kind that they do
    not know stays unknown, and stops everything."""
    from msgspec.structs import replace

    kinds = dict(terms.kinds)
    for part in own:
        if part.kind in kinds:
            given = {"days": part.days, "longest_days": part.longest_days}
            values = {name: days for name, days in given.items() if days is not None}
            kinds[part.kind] = replace(kinds[part.kind], **values)
    return replace(terms, kinds=kinds)
