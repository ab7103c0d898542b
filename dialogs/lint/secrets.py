"""Debt facts and names before verification: shown, copied into slots, or told by a choice."""

from collections.abc import Iterator, Sequence

from dialogs.findings import Finding
from dialogs.lint.graph import follows
from dialogs.lint.jurisdictions import JURISDICTIONS
from dialogs.lint.subject import Subject, readable, shown
from dialogs.names import FACTS
from dialogs.pack import END, Collect, Flow, Reference, SetSlots, Variation
from domain.conditions import Condition


def variables(subject: Subject) -> Iterator[Finding]:
    """The loader asks for a condition on verification; this one, that it asks for a yes."""
    for text in subject.texts:
        secret = [v.name for v in shown(text.variation) if v.fact is not None and v.fact.secret]
        if secret and subject.unverified(text):
            reason = f"{text.response} shows {{{secret[0]}}} where {_condition(text.variation)}"
            yield subject.found("secret-variable", subject.at(text), reason)


def _condition(variation: Variation) -> str:
    return variation.condition.text if variation.condition else "nobody is verified"


def slots(subject: Subject) -> Iterator[Finding]:
    tainted = _tainted(subject)
    for text in subject.texts:
        told = [v.name for v in shown(text.variation) if f"slots.{v.name}" in tainted]
        if told and subject.unverified(text):
            reason = f"{text.response} shows {{{told[0]}}}, which a step fills from a debt fact"
            yield subject.found("secret-slot", subject.at(text), reason)


def conditions(subject: Subject) -> Iterator[Finding]:
    """A wording that is chosen by a secret tells it as surely as its figures do."""
    secret = _secrets(subject)
    for text in subject.texts:
        condition = text.variation.condition
        named = sorted(condition.names & secret) if condition else []
        if named and subject.unverified(text):
            reason = f"{text.response} is worded by {named[0]}"
            yield subject.found("secret-condition", subject.at(text, "condition"), reason)


def branches(subject: Subject) -> Iterator[Finding]:
    """What an unverified customer is told must not depend on a secret."""
    secret, open_steps = _secrets(subject), _open(subject)
    for flow in subject.pack.flows.values():
        for at, step in enumerate(flow.steps):
            if (flow.name, at) not in open_steps:
                continue
            given = [each.condition for each in step.branches if each.condition is not None]
            for number, condition in enumerate(given):
                named = sorted(condition.names & secret)
                if named and _may(subject, condition, given[:number]):
                    place = subject.places.branch(flow.name, at, number)
                    reason = f"step {step.id} goes by {named[0]}"
                    yield subject.found("secret-branch", place, reason)
            if isinstance(step.deed, Collect):
                yield from _refusals(subject, flow, at, step.deed, secret)


def _refusals(
    subject: Subject, flow: Flow, at: int, deed: Collect, secret: frozenset[str]
) -> Iterator[Finding]:
    """A value has bounds, and to refuse it tells that they exist; so one refusal stands for all
    of them and sends to the page behind the link, which knows who may see why."""
    given = [each.condition for each in deed.rejections]
    telling = [
        number
        for number, condition in enumerate(given)
        if condition.names & secret and _may(subject, condition, given[:number])
    ]
    if len(telling) == 1 and _leads_on(subject, deed.rejections[telling[0]].utter):
        return
    declared = len(subject.pack.slots[deed.slot].rejections)
    for number in telling:
        own = ("validation", "rejections", number, "if")
        place = (
            subject.places.slot(deed.slot, *own)
            if number < declared
            else subject.places.rejection(flow.name, at, number - declared)
        )
        named = sorted(given[number].names & secret)
        yield subject.found("secret-refusal", place, f"{deed.slot} is refused by {named[0]}")


def _leads_on(subject: Subject, response: str) -> bool:
    """Whether every wording of it holds the link."""
    return all("link" in {v.name for v in shown(t.variation)} for t in subject.of(response))


def _may(subject: Subject, condition: Condition | None, earlier: Sequence[Condition]) -> bool:
    return subject.logic.may(condition, earlier, subject.logic.unverified)


def _secrets(subject: Subject) -> frozenset[str]:
    return frozenset(name for name, fact in FACTS.items() if fact.secret) | _tainted(subject)


def _tainted(subject: Subject) -> frozenset[str]:
    """Slots that a step fills from a secret for somebody who may be unverified. What `copies` of
    a tainted slot fill is tainted, too."""
    secret = {name for name, fact in FACTS.items() if fact.secret}
    copies = [
        (f"slots.{name}", value.name)
        for flow, at in _open(subject)
        for name, value in _set(subject.pack.flows[flow], at)
        if isinstance(value, Reference)
    ]
    tainted: set[str] = set()
    grown = True
    while grown:
        new = {slot for slot, source in copies if source in secret | tainted} - tainted
        tainted |= new
        grown = bool(new)
    return frozenset(tainted)


def _set(flow: Flow, at: int) -> Sequence[tuple[str, object]]:
    deed = flow.steps[at].deed
    return deed.values if isinstance(deed, SetSlots) else ()


def _open(subject: Subject) -> set[tuple[str, int]]:
    """The steps that an unverified customer's conversation may come to."""
    pack = subject.pack
    found: set[tuple[str, int]] = set()
    waiting = [(f.name, 0) for f in pack.flows.values() if _may(subject, f.guard, ())]
    while waiting:
        name, at = node = waiting.pop()
        if node in found:
            continue
        found.add(node)
        step = pack.flows[name].steps[at]
        waiting += [goal for goal in follows(pack, node) if goal[0] != name]
        earlier = [each.condition for each in step.branches if each.condition is not None]
        for number, branch in enumerate(step.branches):
            if branch.target != END and _may(subject, branch.condition, earlier[:number]):
                waiting.append((name, branch.target))
    return found


def onlookers(subject: Subject) -> Iterator[Finding]:
    """Words that tell of a debt, where somebody beside the customer may read them."""
    patterns = [JURISDICTIONS[n].hidden for n in subject.pack.jurisdictions if n in JURISDICTIONS]
    for pattern in filter(None, patterns):
        for text in subject.texts:
            for path, written in readable(text.variation):
                word = pattern.search(written)
                if word is not None and subject.unverified(text):
                    reason = f"{text.response} says {word[0]!r}"
                    yield subject.found("onlooker-word", subject.at(text, *path), reason)
