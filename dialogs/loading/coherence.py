"""How the parts of a pack hang together: texts, flows, reachability, loops, locked patterns."""

from collections.abc import Iterator, Mapping

from dialogs.loading.circles import check_circles
from dialogs.loading.flows import ReadFlow
from dialogs.loading.parity import check_parity
from dialogs.loading.reading import Reader
from dialogs.loading.responses import Responses
from dialogs.loading.source import Place
from dialogs.pack import (
    END,
    LOCKED,
    NEUTRAL,
    OPTIONAL,
    PATTERNS,
    Call,
    Collect,
    Flow,
    Link,
    Settings,
    Slot,
    Utter,
    Variable,
    Variation,
)


def check(
    reader: Reader,
    flows: Mapping[str, ReadFlow],
    responses: Responses,
    slots: Mapping[str, Slot],
    settings: Settings,
    start: Place,
) -> None:
    for pattern in PATTERNS:
        if pattern not in flows:
            reader.report(
                start, "missing-pattern", f"{pattern} is missing", "add it to patterns.yml"
            )
    for read in flows.values():
        _targets(reader, read, flows)
        if read.flow.name in NEUTRAL:
            _neutral(reader, read, responses)
        _reachable(reader, read)
    check_circles(reader, flows)
    check_parity(reader, responses)
    for place, name in _texts(flows, slots, settings, responses, start):
        for locale, texts in responses.items():
            if name not in texts:
                mend = f"add it to responses/{locale}.yml"
                reader.report(place, "missing-response", f"{name} is missing", mend)


def _texts(
    flows: Mapping[str, ReadFlow],
    slots: Mapping[str, Slot],
    settings: Settings,
    responses: Responses,
    start: Place,
) -> Iterator[tuple[Place, str]]:
    """Every response that something names, with the place that names it."""
    for read in flows.values():
        for step, place in zip(read.flow.steps, read.steps, strict=True):
            match step.deed:
                case Utter(response=name):
                    yield place, name
                case Collect(utter=name, rejections=rejections):
                    yield place, name
                    yield from ((place, rejection.utter) for rejection in rejections)
    for slot in slots.values():
        said = (slot.refill_utter, slot.currency_utter)
        yield from ((start, name) for name in said if name)
    rungs = (rung.response for rung in settings.no_reply)
    named = (settings.email_subject, *settings.closings, *rungs)
    yield from ((start, name) for name in named if name)
    closings = {
        variation.closing
        for texts in responses.values()
        for response in texts.values()
        for variation in response.variations
    }
    yield from ((start, name) for name in sorted(filter(None, closings)))


def _targets(reader: Reader, read: ReadFlow, flows: Mapping[str, ReadFlow]) -> None:
    for step, place in zip(read.flow.steps, read.steps, strict=True):
        match step.deed:
            case Call(flow=name) | Link(flow=name) if name not in flows:
                reader.report(place, "unknown-flow", f"no flow {name}", "name an existing flow")
        if read.flow.name in LOCKED and not isinstance(step.deed, Utter):
            reader.report(
                place, "locked-pattern", f"{read.flow.name} can only be worded",
                "use action: utter_...",
            )  # fmt: skip
        if read.flow.name in OPTIONAL and isinstance(step.deed, Collect | Call | Link):
            reader.report(
                place, "pattern-question", f"{read.flow.name} runs beside a flow and can't ask",
                "say something, or trigger a flow of its own",
            )  # fmt: skip


def _neutral(reader: Reader, read: ReadFlow, responses: Responses) -> None:
    """Who is not the customer must not learn what the message is about, nor be led on."""
    for step, place in zip(read.flow.steps, read.steps, strict=True):
        name = step.deed.response if isinstance(step.deed, Utter) else ""
        for locale, texts in responses.items():
            variations = texts[name].variations if name in texts else ()
            if any(variation.closing is None for variation in variations):
                reader.report(
                    place, "neutral-closing", f"{name} ({locale}) ends with the usual closing",
                    'give it a closing of its own, or closing: ""',
                )  # fmt: skip
            if any(_tells(variation) for variation in variations):
                reader.report(
                    place, "neutral-text", f"{name} ({locale}) tells more than the brand",
                    "keep to brand, brand_phone and brand_website, without buttons",
                )  # fmt: skip


def _tells(variation: Variation) -> bool:
    parts = (*variation.text, *(variation.subject or ()), *(variation.html or ()))
    named = {part.name for part in parts if isinstance(part, Variable)}
    return bool(variation.buttons or named - {"brand", "brand_phone", "brand_website"})


def _goals(flow: Flow, at: int) -> list[int]:
    step = flow.steps[at]
    if isinstance(step.deed, Link):
        return []
    return [branch.target for branch in step.branches if branch.target != END]


def _reachable(reader: Reader, read: ReadFlow) -> None:
    seen, waiting = set(), [0] if read.flow.steps else []
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            waiting += _goals(read.flow, at)
    for at, place in enumerate(read.steps):
        if at not in seen:
            reader.report(
                place, "unreachable", f"nothing leads to {read.flow.steps[at].id}",
                "remove it or lead there",
            )  # fmt: skip
