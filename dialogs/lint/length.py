"""Messages over the segment limit, alone or together with what is said in the same turn."""

from collections.abc import Iterator

from dialogs.engine import MAX_STEPS
from dialogs.findings import Finding
from dialogs.lint.graph import Node, follows, goals
from dialogs.lint.subject import Subject, Text
from dialogs.lint.worst import whole
from dialogs.pack import Collect, Flow, Utter
from domain.messages import Category
from domain.values import ChannelKind

SMS = ChannelKind.SMS


FOR_FIRST = 1
"""Segments more that a message may have with the initial disclosure, once for each customer."""


def too_long(subject: Subject) -> Iterator[Finding]:
    alone = set[str]()
    for text in subject.texts:
        if text.response in subject.reasons and SMS in subject.heard(text):
            limit = subject.places.allowed(text.locale, text.response, text.number)
            limit = limit or subject.pack.settings.max_segments
            excess, message, segments = _worst(subject, text, limit)
            if excess > 0:
                alone.add(text.response)
                reason = (
                    f"{text.response} may take {segments} segments ({len(message)} characters), "
                    f"the limit is {segments - excess}"
                )
                yield subject.found("too-long", subject.at(text, "text"), reason)
            elif segments > subject.pack.settings.max_segments:
                alone.add(text.response)
    for locale in subject.pack.responses:
        yield from _turns(subject, locale, alone)


def _worst(subject: Subject, text: Text, limit: int) -> tuple[int, str, int]:
    """By how many segments a text with one of its closing lines is over the limit at the worst, the
    message and its segments."""
    closes = bool(subject.reasons[text.response] & subject.pack.settings.closing_on)
    body = whole(subject.pack, text.locale, text.variation)
    found = []
    for name in (subject.lines_of(text) if closes else ()) or ("",):
        message = f"{body} {_longest(subject, text.locale, name)}".rstrip()
        segments = subject.fit(message, SMS).segments
        found.append((segments - limit - _more(subject, name), message, segments))
    return max(found)


def _more(subject: Subject, line: str) -> int:
    return FOR_FIRST if line == subject.pack.settings.closing_first else 0


def _longest(subject: Subject, locale: str, response: str) -> str:
    """The longest wording of a response by SMS."""
    variations = subject.pack.responses[locale].get(response, ())
    texts = (
        whole(subject.pack, locale, variations[number])
        for number in subject.logic.chosen(variations, SMS)
    )
    return max(texts, key=len, default="")


def _turns(subject: Subject, locale: str, alone: set[str]) -> Iterator[Finding]:
    """What one turn says until it waits; a text that is too long by itself is told already."""
    pack, known = subject.pack, dict[Node, tuple[str, ...]]()
    lengths = {s.response: len(_longest(subject, locale, s.response)) for s in subject.sayings}
    for name, flow in pack.flows.items():
        said = [_run(subject, (name, at), lengths, known, ()) for at in _starts(flow)]
        for step in flow.steps:
            if isinstance(step.deed, Collect):
                said += [(r.utter, step.deed.utter) for r in step.deed.rejections]
        for responses in dict.fromkeys(said):
            if len(responses) > 1 and not alone & set(responses):
                yield from _joined(subject, locale, name, responses)


def _starts(flow: Flow) -> list[int]:
    """Where a turn may begin: at the flow's start, and after each question."""
    asking = [at for at, step in enumerate(flow.steps) if isinstance(step.deed, Collect)]
    return list(dict.fromkeys((0, *(goal for at in asking for goal in goals(flow, at)))))


def _run(
    subject: Subject,
    node: Node,
    lengths: dict[str, int],
    known: dict[Node, tuple[str, ...]],
    path: tuple[Node, ...],
) -> tuple[str, ...]:
    """The responses of the longest way from a step until a question."""
    if node in known:
        return known[node]
    if node in path or len(path) >= MAX_STEPS:
        return ()
    deed = subject.pack.flows[node[0]].steps[node[1]].deed
    if isinstance(deed, Collect):
        return (deed.utter,)
    own = (deed.response,) if isinstance(deed, Utter) else ()
    ways = [
        _run(subject, goal, lengths, known, (*path, node)) for goal in follows(subject.pack, node)
    ]
    longest = max(ways, key=lambda way: sum(lengths[name] for name in way), default=())
    known[node] = (*own, *longest)
    return known[node]


def _joined(
    subject: Subject, locale: str, flow: str, responses: tuple[str, ...]
) -> Iterator[Finding]:
    pack = subject.pack
    parts = [_longest(subject, locale, name) for name in responses]
    closed = subject.categories[flow] & pack.settings.closing_on
    closes = bool(closed) and Category.CONFIRMATION not in closed
    for line in (pack.settings.closings if closes else ()) or ("",):
        message = " ".join((*parts, _longest(subject, locale, line))).rstrip()
        segments = subject.fit(message, SMS).segments
        limit = pack.settings.max_segments + _more(subject, line)
        if segments > limit:
            reason = (
                f"{flow} may say {' and '.join(responses)} in one message of {segments} segments "
                f"({locale}), the limit is {limit}"
            )
            yield subject.found("too-long", subject.places.flow(flow), reason)
            return
