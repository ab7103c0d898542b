"""What is wrong in a pack whose shape is right."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

import holidays

from compliance.calendars import UnknownCalendar, bank_holidays
from compliance.clocks import UnknownZone, zone_named
from compliance.pack import Amendment, Overlay, Pack
from compliance.rules import (
    DisclosureTerms,
    HoursTerms,
    OptOutLineTerms,
    Terms,
    ThirdPartyTerms,
)
from compliance.strictness import looser
from domain.messages import Category

UNSOLICITED_STOPS = (
    "opt_out", "holds", "unread_inbound", "hours", "own_windows", "daily_cap", "weekly_cap",
    "third_party", "right_party",
)  # fmt: skip
STATES = frozenset(holidays.country_holidays("US").subdivisions)
ONE_DAY = timedelta(days=1)


class Flaw(NamedTuple):
    """`path` is that of the file: rules.hours[0].opens."""

    path: str
    reason: str
    mend: str


def flaws_of(pack: Pack) -> Iterator[Flaw]:
    """All of them, in the order of the file."""
    for number, name in enumerate(pack.territory.zones):
        mend = "write an IANA name such as America/New_York"
        yield from _refusal(f"territory.zones[{number}]", zone_named, name, mend)
    for rule, versions in pack.rules.items():
        yield from _times(f"rules.{rule}", versions)
        yield from _coverage(f"rules.{rule}", versions, pack)
        for number, terms in enumerate(versions):
            yield from _terms(f"rules.{rule}[{number}]", rule, terms)
    yield from _ids(pack)
    for number, overlay in enumerate(pack.overlays):
        yield from _overlay(f"overlays[{number}]", overlay, pack)


def _times(path: str, versions: Sequence[Terms | Amendment]) -> Iterator[Flaw]:
    """Versions of one rule follow each other, with one name, without overlap and without gap."""
    for number, version in enumerate(versions):
        if version.until is not None and version.until <= version.since:
            reason = f"until ({version.until}) is not after from ({version.since})"
            mend = "write the first day on which the version is no longer in force"
            yield Flaw(f"{path}[{number}].until", reason, mend)
    for number, (before, after) in enumerate(pairwise(versions), 1):
        at = f"{path}[{number}]"
        if before.id != after.id:
            reason = f"{after.id} is another name than {before.id}"
            yield Flaw(f"{at}.id", reason, "all versions of a rule have one id")
        if before.until is None or before.until > after.since:
            reason = f"from {after.since} on it overlaps with the version from {before.since}"
            mend = f"end that one with until: {after.since}, the earlier ones first"
            yield Flaw(f"{at}.from", reason, mend)
        elif before.until < after.since:
            last = after.since - ONE_DAY
            reason = f"no version is in force from {before.until} to {last}"
            yield Flaw(f"{at}.from", reason, f"let it follow on {before.until}")


def _coverage(path: str, versions: Sequence[Terms], pack: Pack) -> Iterator[Flaw]:
    """On no day from the pack's first on is a rule without a version."""
    if versions[0].since > pack.since:
        last = versions[0].since - ONE_DAY
        reason = f"no version is in force from {pack.since}, the pack's first day, to {last}"
        mend = "add the version before it, or let the pack begin later"
        yield Flaw(f"{path}[0].from", reason, mend)
    if versions[-1].until is not None:
        reason = f"no version is in force from {versions[-1].until} on"
        yield Flaw(f"{path}[{len(versions) - 1}].until", reason, "leave it out, or add the next")


def _terms(path: str, rule: str, terms: Terms) -> Iterator[Flaw]:
    yield from _exemptions(f"{path}.exempt", rule, terms)
    if isinstance(terms, OptOutLineTerms):
        for channel, pattern in terms.patterns.items():
            mend = "write a regular expression"
            yield from _refusal(f"{path}.patterns.{channel}", re.compile, pattern, mend)
    if isinstance(terms, ThirdPartyTerms):
        mend = "write a regular expression"
        yield from _refusal(f"{path}.debt_words", re.compile, terms.debt_words, mend)
    if isinstance(terms, DisclosureTerms):
        yield from _disclosure(path, terms)
    if isinstance(terms, HoursTerms):
        yield from _hours(path, terms)


def _disclosure(path: str, terms: DisclosureTerms) -> Iterator[Flaw]:
    for form in ("initial", "later"):
        for language, pattern in getattr(terms, form).items():
            mend = "write a regular expression"
            yield from _refusal(f"{path}.{form}.{language}", re.compile, pattern, mend)
    if terms.debt == "told" and not terms.initial:
        yield Flaw(f"{path}.debt", "nothing says how it is told", "add initial and later")
    if terms.initial.keys() != terms.later.keys():
        reason = "initial and later are in different languages"
        yield Flaw(f"{path}.initial", reason, "write both for each language")


def _exemptions(path: str, rule: str, terms: Terms) -> Iterator[Flaw]:
    if Category.CRISIS not in terms.exempt:
        yield Flaw(path, "must list crisis: no rule may stop a crisis text", "add crisis")
    if rule in UNSOLICITED_STOPS and Category.OUTREACH in terms.exempt:
        yield Flaw(path, "must not list outreach: this rule exists to stop it", "leave it out")
    if rule == "right_party" and set(terms.exempt) != {Category.CRISIS}:
        reason = "no debt fact goes to anybody else, whatever the message is"
        yield Flaw(path, reason, "list crisis alone")
    if rule == "opt_out" and {Category.REPLY, Category.CONFIRMATION} & set(terms.exempt):
        reason = "an opt-out stops replies, and but one confirmation"
        yield Flaw(path, reason, "leave reply and confirmation out")


def _hours(path: str, terms: HoursTerms) -> Iterator[Flaw]:
    if terms.opens >= terms.closes:
        yield Flaw(f"{path}.closes", f"must be later than opens ({terms.opens})", "close later")
    if not terms.days:
        yield Flaw(f"{path}.days", "must name a day", "write such as [mon, tue]")
    for number, name in enumerate(terms.calendars):
        mend = "write a country and, where it matters, its part, such as GB-SCT"
        yield from _refusal(f"{path}.calendars[{number}]", _calendar, name, mend)
    for number, name in enumerate(terms.where_unknown):
        if name not in terms.calendars:
            reason = f"{name} is not among the calendars"
            yield Flaw(f"{path}.where_unknown[{number}]", reason, "add it there")


def _calendar(name: str) -> object:
    return bank_holidays(name, 2026)


def _refusal(path: str, read: Callable[[str], object], value: str, mend: str) -> Iterator[Flaw]:
    try:
        read(value)
    except (UnknownZone, UnknownCalendar, re.error) as error:
        yield Flaw(path, str(error), mend)


def _ids(pack: Pack) -> Iterator[Flaw]:
    """An id names one rule for good, so that a verdict can be looked up by it."""
    places = {f"rules.{rule}": versions[0].id for rule, versions in pack.rules.items()}
    for number, overlay in enumerate(pack.overlays):
        for rule, versions in by_rule(overlay).items():
            places[f"overlays[{number}].rules.{rule}"] = versions[0].id
    owners: dict[str, str] = {}
    for place, name in places.items():
        owner = owners.setdefault(name, place)
        if owner != place:
            yield Flaw(f"{place}[0].id", f"{name} is the id of {owner}", "give each its own")


def by_rule(overlay: Overlay) -> dict[str, list[Amendment]]:
    found: dict[str, list[Amendment]] = {}
    for version in overlay.amendments:
        found.setdefault(version.rule, []).append(version)
    return found


def _overlay(path: str, overlay: Overlay, pack: Pack) -> Iterator[Flaw]:
    area = overlay.area
    if area.country not in (pack.territory.country, *pack.territory.also):
        mend = f"write {pack.territory.country}, or put it into the pack of that country"
        yield Flaw(f"{path}.area.country", f"{area.country} is not in this pack", mend)
    if area.state not in STATES:
        yield Flaw(f"{path}.area.state", f"{area.state} is no state", "write one such as NY")
    for number, name in enumerate(area.zones):
        mend = "write an IANA name such as America/New_York"
        yield from _refusal(f"{path}.area.zones[{number}]", zone_named, name, mend)
    for number, codes in enumerate(area.zip_codes):
        first, _, last = codes.partition("-")
        if last and last < first:
            reason = f"{codes} ends before it begins"
            yield Flaw(f"{path}.area.zip_codes[{number}]", reason, f"write {last}-{first}")
    for rule, versions in by_rule(overlay).items():
        yield from _times(f"{path}.rules.{rule}", versions)
        for number, version in enumerate(versions):
            yield from _stricter(f"{path}.rules.{rule}[{number}]", version, pack.rules[rule])


def _stricter(path: str, version: Amendment, below: Sequence[Terms]) -> Iterator[Flaw]:
    """Against every version below it that is in force on one of the same days."""
    if Category.CRISIS not in version.changes.get("exempt", (Category.CRISIS,)):
        reason = "must list crisis: no rule may stop a crisis text"
        yield Flaw(f"{path}.exempt", reason, "add crisis")
    if not version.changes:
        yield Flaw(path, "it changes nothing", "name the parameters that are stricter here")
    found = {
        (name, terms.id, getattr(terms, name))
        if isinstance(getattr(terms, name), int | str)
        else (name, terms.id, None)
        for terms in below
        if _meets_in_time(version, terms)
        for name in looser(terms, version.changes)
    }
    for name, lower, value in sorted(found, key=str):
        said = "" if value is None else f" ({value})"
        reason = f"it is looser than {lower} has it{said}"
        mend = "an overlay may only be stricter: change it, or leave it out"
        yield Flaw(f"{path}.{name}", reason, mend)


def _meets_in_time(one: Amendment, other: Terms) -> bool:
    return (one.until is None or other.since < one.until) and (
        other.until is None or one.since < other.until
    )
