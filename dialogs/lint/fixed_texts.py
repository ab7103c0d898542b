"""Texts that the law or decency fixes: the opt-out confirmation and the crisis text."""

import re
from collections.abc import Iterator

from dialogs.findings import Finding
from dialogs.lint.jurisdictions import JURISDICTIONS
from dialogs.lint.subject import Subject, Text, readable, shown, words
from dialogs.names import VARIABLES
from dialogs.pack import LOCKED, PATTERN_OPT_OUT, PATTERN_SAFETY, Utter
from domain.values import ChannelKind

BRAND = frozenset({"brand", "brand_phone", "brand_website"})
EXTRA = re.compile(
    r"\?|\bhttps?:|\bwww\.|[$£€%]|\b(?:offers?|discounts?|save|deals?|pay(?:ment)?s?|visit|download"
    r"|ofertas?|descuentos?|pagar|pagos?)\b",
    re.IGNORECASE,
)
"""What a confirmation of an opt-out has no room for (47 CFR 64.1200(a)(12): no marketing)."""


def one_message(subject: Subject) -> Iterator[Finding]:
    for name in LOCKED:
        flow = subject.pack.flows[name]
        for at in range(1, len(flow.steps)):
            place = subject.places.step(name, at)
            yield subject.found("locked-many", place, f"{name} says more than one response")


def _said(subject: Subject, pattern: str) -> Iterator[Text]:
    for step in subject.pack.flows[pattern].steps:
        if isinstance(step.deed, Utter):
            yield from subject.of(step.deed.response)


def confirmation(subject: Subject) -> Iterator[Finding]:
    for text in _said(subject, PATTERN_OPT_OUT):
        extra = _extra(text)
        if extra is not None:
            path, what = extra
            reason = f"{text.response} confirms an opt-out with {what}"
            yield subject.found("opt-out-extra", subject.at(text, *path), reason)


def _extra(text: Text) -> tuple[tuple[str | int, ...], str] | None:
    variation = text.variation
    if variation.buttons:
        return ("buttons",), "buttons"
    for part in shown(variation):
        if part.name not in BRAND and part.name in VARIABLES:
            return ("text",), f"{{{part.name}}}"
    for path, written in readable(variation):
        found = EXTRA.search(written)
        if found is not None:
            return path, repr(found[0])
    return None


def crisis(subject: Subject) -> Iterator[Finding]:
    """Every wording that may be chosen in a jurisdiction names its numbers."""
    for text in _said(subject, PATTERN_SAFETY):
        variations = subject.pack.responses[text.locale][text.response]
        for name in subject.pack.jurisdictions:
            here = subject.logic.jurisdiction(name)
            rules = JURISDICTIONS.get(name)
            if rules is None or not any(
                text.number in subject.logic.chosen(variations, channel, here)
                for channel in ChannelKind
            ):
                continue
            written = words(text.variation.text)
            missing = [n for n, pattern in rules.crisis.items() if not pattern.search(written)]
            if missing:
                reason = f"{text.response} lacks {' and '.join(missing)} for {name}"
                yield subject.found("crisis-number", subject.at(text, "text"), reason)
