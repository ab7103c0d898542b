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


def too_long(subject: Subject) -> Iterator[Finding]:
    alone = set[str]()
    for text in subject.texts:
        if text.response in subject.reasons and SMS in subject.heard(text):
            message = _closed(subject, text)
            limit = subject.places.allowed(text.locale, text.response, text.number)
            limit = limit or subject.pack.settings.max_segments
            segments = subject.fit(message, SMS).segments
            if segments > limit:
                alone.add(text.response)
                reason = (
                    f"{text.response} may take {segments} segments ({len(message)} characters), "
                    f"the limit is {limit}"
                )
                yield subject.found("too-long", subject.at(text, "text"), reason)
            elif segments > subject.pack.settings.max_segments:
                alone.add(text.response)
    for locale in subject.pack.responses:
        yield from _turns(subject, locale, alone)


def _closed(subject: Subject, text: Text) -> str:
    """The text with the longest closing line that may follow it."""
    own = text.variation.closing
    closes = bool(subject.reasons[text.response] & subject.pack.settings.closing_on)
    name = subject.pack.settings.closing if own is None else own
    ending = _longest(subject, text.locale, name or "") if closes else ""
    body = whole(subject.pack, text.locale, text.variation)
    return f"{body} {ending}".rstrip()


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
    if closed and pack.settings.closing and Category.CONFIRMATION not in closed:
        parts.append(_longest(subject, locale, pack.settings.closing))
    message = " ".join(parts)
    segments = subject.fit(message, SMS).segments
    if segments > pack.settings.max_segments:
        reason = (
            f"{flow} may say {' and '.join(responses)} in one message of {segments} segments "
            f"({locale}), the limit is {pack.settings.max_segments}"
        )
        yield subject.found("too-long", subject.places.flow(flow), reason)
