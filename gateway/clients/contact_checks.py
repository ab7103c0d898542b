"""What is wrong with a client's own contact rules: looser than the law without an approval."""

import math
from collections.abc import Iterator
from typing import Any

from compliance.loading import shipped
from compliance.rules import Terms
from compliance.strictness import BY_NAME, Stricter, directions, looser
from gateway.clients.contact import APPROVAL, ContactPart, HoursPart, RulePart
from gateway.clients.findings import Flaw, Location

MEND = (
    "write the jurisdiction's {} or a stricter one, or leave it out; or name who has approved it:"
    " approved_by, approved_on and reason"
)
SAID = {
    "opens": "{place} allows no message before {below}",
    "closes": "{place} allows no message from {below} on",
}
BY_DIRECTION = {
    Stricter.LESS: "{value} is more than {place} allows ({below})",
    Stricter.MORE: "{value} is less than {place} asks for ({below})",
    Stricter.FIXED: "nothing says whether it is as strict as the rules of {place}",
}


def contact_flaws(contact: ContactPart, jurisdiction: str) -> Iterator[Flaw]:
    terms = shipped(jurisdiction).terms
    for rule, part in contact.parts():
        at: Location = ("contact", rule)
        below: Terms = getattr(terms, rule)
        yield from _approval(at, part)
        if not part.changes:
            yield Flaw(at, "never-applies", "it changes nothing", f"name {_names(below, part)}")
        if not part.approved_by:
            yield from _looser(at, part, below, jurisdiction)
    caps = contact.daily_cap, contact.weekly_cap
    if caps[0] and caps[1] and (caps[0].limit or 0) > (caps[1].limit or math.inf):
        reason = f"the cap of a day ({caps[0].limit}) is above that of a week ({caps[1].limit})"
        yield Flaw(("contact", "daily_cap", "limit"), "bounds", reason, "lower it")
    if contact.hours is not None:
        yield from _hours(contact.hours, jurisdiction)


def _names(below: Terms, part: RulePart) -> str:
    known = [name for name in directions(type(below)) if name in type(part).model_fields]
    known.sort(key="exempt".__eq__)
    return " or ".join(filter(None, (", ".join(known[:-1]), known[-1])))


def _approval(at: Location, part: RulePart) -> Iterator[Flaw]:
    missing = [name for name in APPROVAL if getattr(part, name) is None]
    if missing and len(missing) < len(APPROVAL):
        reason = f"an approval without {' and '.join(missing)}"
        yield Flaw(at, "approval", reason, "name who approved it, on which day, and why")


def _looser(at: Location, part: RulePart, below: Terms, place: str) -> Iterator[Flaw]:
    for name in looser(below, part.changes):
        law, value = getattr(below, name), part.changes[name]
        direction = directions(type(below))[name]
        noun = "hours" if isinstance(part, HoursPart) else "value"
        if direction is Stricter.FEWER:
            for number, each in enumerate(value):
                if each not in law:
                    yield _extra((*at, name, number), name, each, place)
        elif direction in BY_NAME:
            said = _kind if direction is Stricter.EACH_WIDER else _days
            for kind, own in value.items():
                if list(looser(below, {name: {kind: own}})):
                    yield said((*at, name, kind), kind, law.get(kind), place)
        else:
            words = SAID.get(name) or BY_DIRECTION[direction]
            reason = words.format(value=value, below=law, place=place)
            yield Flaw((*at, name), "looser", reason, MEND.format(noun))


def _extra(at: Location, name: str, value: str, place: str) -> Flaw:
    if name == "days":
        return Flaw(at, "looser", f"{place} allows no message on that day", "leave the day out")
    reason = f"{place} does not exempt {value} from this rule"
    return Flaw(at, "looser", reason, MEND.format("list"))


def _kind(at: Location, kind: str, law: Any, place: str) -> Flaw:
    stopped = "all messages" if law is None else ", ".join(law) or "none"
    reason = f"under {kind} {place} stops {stopped}"
    return Flaw(at, "looser", reason, MEND.format("list"))


def _days(at: Location, kind: str, law: int | None, place: str) -> Flaw:
    lasts = "until it is ended" if law is None else f"{law} days"
    return Flaw(at, "looser", f"{kind} lasts {lasts} in {place}", MEND.format("value"))


def _hours(own: HoursPart, jurisdiction: str) -> Iterator[Flaw]:
    """Times are written HH:MM, so that they compare as texts."""
    law = shipped(jurisdiction).terms.hours
    opens, closes = own.opens or law.opens, own.closes or law.closes
    if opens >= closes:
        at: Location = ("contact", "hours", "opens" if own.opens else "closes")
        reason = f"opens ({opens}) is not before closes ({closes})"
        yield Flaw(at, "bounds", reason, "open earlier")
