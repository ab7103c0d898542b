"""What is walked in a browser: each journey, with what is entered on each of its pages."""

from dataclasses import dataclass

from domain.affordability_tables import shipped

Entry = dict[str, str]
"""By the names of inputs: text, the value of a radio button, or "yes" for a check box."""
FIRST = "FIRST"
"""The first radio button of a group, whatever its value is."""

_HEADINGS = [heading.id for heading in shipped("neutral").headings]
_BUDGET = {"income": {"wages": "1500"}, "home": {"rent": "700"}, "housekeeping": {"food": "300"}}


@dataclass(frozen=True)
class Way:
    """`pages` are what is entered on one page after the other; then the answers are checked."""

    name: str
    pages: tuple[Entry, ...]
    checked: bool = True


WAYS = (
    Way("promise", ({"choice": "other", "amount": "500"}, {"day": FIRST})),
    Way("plan", ({"plan": FIRST},)),
    Way("settlement", ({"way": FIRST},)),
    Way(
        "affordability",
        ({}, {}, *(_BUDGET.get(heading, {}) for heading in _HEADINGS), {"others": "900"}),
    ),
    Way(
        "struggling",
        ({"cause": "job"}, {"health": "yes"}, {"consent": "yes"}, {"phone": "yes"}, {"words": "x"}),
    ),
    Way("dispute", ({"reason": "amount"}, {"words": "it was 40, not 400"})),
    Way("preferences", ({"channel": "sms"}, {"days": "weekdays"}, {"hours": "evenings"})),
    Way("complaint", ({"about": "messages"}, {"words": "three texts"}, {"wanted": ""})),
    Way("stop", ({"what": "email"},)),
)
