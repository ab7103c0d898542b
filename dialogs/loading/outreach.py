"""What can be wrong with a sequence although each of its keys is right."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from dialogs.loading.reading import Reader
from dialogs.loading.responses import Responses
from dialogs.loading.source import Place
from dialogs.names import VERIFIED
from dialogs.pack import Call, Collect, Flow, Link, Utter, Variable, Variation
from dialogs.sequences import NAMES, Step
from dialogs.sequences import Sequence as Series
from domain.conditions import Condition, ConditionError, parse
from domain.reachability import possible


def check_sequence(
    reader: Reader,
    sequence: Series,
    place: Place,
    places: Sequence[Place],
    flows: Mapping[str, Flow],
    responses: Responses,
) -> None:
    entry = sequence.condition
    if entry is not None and not possible(entry, (), NAMES):
        reader.report(place, "sequence-never", "no account can meet the condition", "correct it")
    for number, (step, at) in enumerate(zip(sequence.steps, places, strict=True)):
        check_flow(reader, at, step.flow, flows, responses)
        _step(reader, step, at)
        if number and not step.wait:
            reader.report(
                at, "sequence-wait", "no time lies between two steps", "write a wait such as P3D"
            )
        if step.condition is not None and not possible(_both(entry, step.condition), (), NAMES):
            reader.report(
                at, "sequence-never", f"the step {step.id} can never run",
                "correct its condition or the sequence's, or remove it",
            )  # fmt: skip
    for name, count in Counter(step.id for step in sequence.steps).items():
        if count > 1:
            reader.report(place, "step-twice", f"{name} stands twice", "give each step its own id")


def _step(reader: Reader, step: Step, place: Place) -> None:
    if step.fallback is not None and step.channel is None:
        reader.report(
            place, "sequence-fallback", "a fallback without a channel",
            "name the channel that it stands in for; without one, any that may be used is taken",
        )  # fmt: skip
    elif step.fallback is not None and step.fallback is step.channel:
        reader.report(
            place, "sequence-fallback", "the fallback is the channel itself", "name another one"
        )


def _both(entry: Condition | None, own: Condition) -> Condition:
    """Facts may change between entry and step, so only what an account is like counts for both."""
    if entry is None or any(name in _CHANGING for name in entry.names | own.names):
        return own
    try:
        return parse(f"({entry.text}) and ({own.text})", NAMES)
    except ConditionError:  # longer or deeper than one condition may be
        return own


_CHANGING = frozenset(NAMES) - {
    "context.account.creditor", "context.account.product", "context.account.segment",
    "context.currency", "context.jurisdiction",
}  # fmt: skip


def check_flow(
    reader: Reader, place: Place, name: str, flows: Mapping[str, Flow], responses: Responses
) -> None:
    """A sequence's flow is there, is no pattern, and tells nothing that is not proven."""
    if name not in flows or name.startswith("pattern_"):
        known = sorted(flow for flow in flows if not flow.startswith("pattern_"))
        reader.report(place, "unknown-flow", f"no flow {name}", "one of " + ", ".join(known))
        return
    for said in sorted(set(_said(name, flows, frozenset()))):
        for locale, texts in responses.items():
            variations = texts[said].variations if said in texts else ()
            if any(_secret(variation) for variation in variations):
                reader.report(
                    place, "sequence-secret",
                    f"{name} says {said} ({locale}), which tells of the debt before anything is"
                    " proven",
                    "say it without amounts, names and dates of the account, or after"
                    f" {VERIFIED}",
                )  # fmt: skip


def _said(name: str, flows: Mapping[str, Flow], above: frozenset[str]) -> Iterator[str]:
    """Every response of a flow and of those that it leads to."""
    if name in above or name not in flows:
        return
    for step in flows[name].steps:
        match step.deed:
            case Utter(response=response) | Collect(utter=response):
                yield response
            case Call(flow=other) | Link(flow=other):
                yield from _said(other, flows, above | {name})


def _secret(variation: Variation) -> bool:
    """Whether it names what only a proven customer may read, and is said to others too."""
    if variation.condition is not None:
        return False
    parts = (*variation.text, *(variation.subject or ()), *(variation.html or ()))
    return any(isinstance(p, Variable) and p.fact is not None and p.fact.secret for p in parts)
