"""Whether every locale says the same: when, behind which buttons, with which variables.

The loader asks each locale for the same responses, ids and numbers of buttons.
"""

from collections.abc import Iterator, Mapping, Sequence

from dialogs.findings import Finding
from dialogs.lint.subject import Subject, Text, payload, shown
from dialogs.pack import Variation

Key = tuple[str, str, str]
"""What tells a variation from its like: channel, condition, and its number among those."""


def variations(subject: Subject) -> Iterator[Finding]:
    """Each locale beside the pack's own: a difference is told at the other one."""
    own = subject.pack.responses.get(subject.pack.locale, {})
    for locale, known in subject.pack.responses.items():
        for name in own.keys() & known.keys() if locale != subject.pack.locale else ():
            yield from _compared(subject, locale, name, own[name], known[name])


def _compared(
    subject: Subject,
    locale: str,
    name: str,
    ours: Sequence[Variation],
    theirs: Sequence[Variation],
) -> Iterator[Finding]:
    wanted, given = _keyed(ours), _keyed(theirs)
    for key in wanted.keys() - given.keys():
        place = subject.places.response(locale, name)
        yield subject.found("parity-variation", place, f"{name} lacks {_named(key)} in {locale}")
    for key in given.keys() - wanted.keys():
        place = subject.places.variation(locale, name, given[key])
        home = subject.pack.locale
        yield subject.found("parity-variation", place, f"{name} has {_named(key)}, {home} has not")
    for key in wanted.keys() & given.keys():
        text = Text(locale, name, given[key], theirs[given[key]])
        yield from _told_alike(subject, text, ours[wanted[key]])


def _keyed(variations: Sequence[Variation]) -> Mapping[Key, int]:
    found: dict[Key, int] = {}
    for number, each in enumerate(variations):
        channel = each.channel.value if each.channel else ""
        condition = each.condition.text if each.condition else ""
        like = sum(key[:2] == (channel, condition) for key in found)
        found[channel, condition, f"{like + 1}"] = number
    return found


def _named(key: Key) -> str:
    channel, condition, number = key
    parts = [f"for {channel}"] if channel else []
    parts += [f"where {condition}"] if condition else []
    return " ".join(("variation", number, *parts))


def _told_alike(subject: Subject, text: Text, own: Variation) -> Iterator[Finding]:
    ours, theirs = [payload(b) for b in own.buttons], list(map(payload, text.variation.buttons))
    if ours != theirs:
        reason = f"{text.response}: {', '.join(theirs) or 'no button'}, not {', '.join(ours)}"
        yield subject.found("parity-buttons", subject.at(text, "buttons"), reason)
        return
    wanted = {part.name for part in shown(own)}
    named = {part.name for part in shown(text.variation)}
    if wanted != named:
        parts = [f"lacks {{{name}}}" for name in sorted(wanted - named)]
        parts += [f"has {{{name}}}" for name in sorted(named - wanted)]
        reason = f"{text.response}: {', '.join(parts)} beside {subject.pack.locale}"
        yield subject.found("parity-variables", subject.at(text, "text"), reason)
