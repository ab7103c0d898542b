"""What every message of a jurisdiction ends with: a way to opt out, and who it is from."""

import re
from collections.abc import Callable, Iterator

from dialogs.findings import Finding
from dialogs.lint.jurisdictions import DEBT, JURISDICTIONS, OPT_OUT, UNDISCLOSED
from dialogs.lint.subject import Subject, Text, readable, words
from dialogs.pack import NEUTRAL, Flow
from domain.messages import Category
from domain.values import ChannelKind

Tells = Callable[[str], bool]
CLOSED = frozenset({Category.REPLY, Category.OUTREACH, Category.HELP})
"""What a closing line may follow; confirmations and crisis texts stand alone."""


def known(subject: Subject) -> Iterator[Finding]:
    for name in subject.pack.jurisdictions:
        if name not in JURISDICTIONS:
            place = subject.places.head("jurisdictions")
            reason = f"{name} is none of {', '.join(JURISDICTIONS)}"
            yield subject.found("jurisdiction-unknown", place, reason)


def closing(subject: Subject) -> Iterator[Finding]:
    settings = subject.pack.settings
    covered = settings.closing_on if settings.closing else frozenset[str]()
    for name in subject.pack.jurisdictions:
        asked = JURISDICTIONS[name].opt_out if name in JURISDICTIONS else frozenset[Category]()
        for category in sorted(asked - covered):
            place = subject.places.head("metadata", "gateway", "closing", "categories")
            reason = f"{name} asks for an opt-out line in every message of {category}"
            yield subject.found("closing-missing", place, reason)


def opt_out(subject: Subject) -> Iterator[Finding]:
    """A missing category of the closing line is told once, by `closing`."""
    asked = frozenset[Category]().union(*(
        JURISDICTIONS[name].opt_out for name in subject.pack.jurisdictions if name in JURISDICTIONS
    ))  # fmt: skip
    if subject.pack.settings.closing is None:
        return
    for response, reasons in subject.reasons.items():
        if reasons & asked:
            for text in subject.of(response):
                channel = _silent(subject, text, lambda told: OPT_OUT.search(told) is not None)
                if channel is not None:
                    reason = f"{response} says on {channel} no way to opt out"
                    yield subject.found("opt-out-missing", subject.at(text), reason)


def disclosure(subject: Subject) -> Iterator[Finding]:
    pack = subject.pack
    patterns = [
        JURISDICTIONS[name].disclosure for name in pack.jurisdictions if name in JURISDICTIONS
    ]
    for pattern in patterns:
        if pattern is None or pack.settings.closing is None:
            continue
        free = [flow for flow in pack.flows.values() if _undisclosed(flow)]
        spared = {s.response for s in subject.sayings if pack.flows[s.flow] in free}
        for response, reasons in subject.reasons.items():
            if reasons & CLOSED and response not in spared:
                yield from _undisclosing(subject, response, pattern)


def first_disclosure(subject: Subject) -> Iterator[Finding]:
    """The longer form stands in the closing line of whatever reaches the customer first."""
    pack = subject.pack
    for name in pack.jurisdictions:
        asked = JURISDICTIONS[name].first_disclosure if name in JURISDICTIONS else None
        if asked is None or pack.settings.closing is None:
            continue
        first = pack.settings.closing_first
        if first is None:
            place = subject.places.head("metadata", "gateway", "closing")
            reason = f"{name} asks for the initial disclosure, and there is no line for it"
            yield subject.found("first-disclosure-missing", place, reason)
            continue
        for text in subject.of(first):
            if not asked.search(words(text.variation.text)):
                reason = f"{first} does not say that a debt is collected, and what answers are for"
                yield subject.found("first-disclosure-missing", subject.at(text), reason)


def _undisclosing(subject: Subject, response: str, pattern: re.Pattern[str]) -> Iterator[Finding]:
    for text in subject.of(response):
        channel = _silent(subject, text, lambda told: pattern.search(told) is not None)
        if channel is not None:
            reason = f"{response} does not say on {channel} that a debt collector writes"
            yield subject.found("disclosure-missing", subject.at(text), reason)


def strangers(subject: Subject) -> Iterator[Finding]:
    """What relatives and strangers read names no debt, nor does its closing line."""
    told: set[Text] = set()
    for saying in subject.sayings:
        if not subject.pack.flows[saying.flow].for_others:
            continue
        for text in subject.of(saying.response):
            if text not in told:
                told.add(text)
                yield from _telling(subject, text)


def _telling(subject: Subject, text: Text) -> Iterator[Finding]:
    closes = subject.reasons[text.response] & subject.pack.settings.closing_on
    lines = [written for _, written in readable(text.variation)]
    for channel in subject.heard(text) if closes else ():
        lines += _endings(subject, text, channel)
    word = next((found for found in map(DEBT.search, lines) if found is not None), None)
    if word is not None:
        reason = f"{text.response} says {word[0]!r} to somebody else than the customer"
        yield subject.found("told-to-others", subject.at(text), reason)


def _undisclosed(flow: Flow) -> bool:
    return flow.name in NEUTRAL or any(each.intent in UNDISCLOSED for each in flow.triggers)


def _silent(subject: Subject, text: Text, tells: Tells) -> ChannelKind | None:
    """A channel on which neither the text nor its closing line tells, in any wording."""
    for channel in subject.heard(text):
        if not _told(subject, text, channel, tells):
            return channel
    return None


def _told(subject: Subject, text: Text, channel: ChannelKind, tells: Tells) -> bool:
    closing = _endings(subject, text, channel)
    if closing and all(map(tells, closing)):
        return True
    variation = text.variation
    bodies = [words(variation.text)]
    if channel is ChannelKind.EMAIL and variation.html is not None:
        bodies.append(words(variation.html))
    return all(map(tells, bodies))


def _endings(subject: Subject, text: Text, channel: ChannelKind) -> list[str]:
    """The closing lines that may follow a text."""
    known = subject.pack.responses[text.locale].get(subject.line_of(text) or "", ())
    return [words(known[number].text) for number in subject.logic.chosen(known, channel)]
