"""Whether a variable has a value wherever its text is said.

Along every way from a flow's start, what is known to be there: slots that were asked for or set,
and what conditions on the way ask to be there. What a flow hears by itself (`listens`) may lack.
"""

from collections.abc import Iterator, Mapping, Sequence

from dialogs.findings import Finding
from dialogs.lint.graph import Saying, sayings
from dialogs.lint.subject import Subject, Text, shown
from dialogs.names import VARIABLES
from dialogs.pack import (
    END,
    Act,
    Call,
    Collect,
    Flow,
    SetSlots,
    Step,
)
from dialogs.plans import OFFER_SLOTS
from domain.conditions import Condition
from domain.values import ChannelKind

Known = frozenset[str]
"""Names of conditions that surely have a value."""

OPTIONAL: Mapping[str, frozenset[str]] = {
    "context.brand.phone": frozenset(),
    "context.brand.website": frozenset(),
    "context.promise.amount": frozenset({"promise_reminder", "promise_kept", "promise_broken"}),
    "context.promise.date": frozenset({"promise_reminder", "promise_kept", "promise_broken"}),
    "context.account.arrears": frozenset(),
    "context.account.due_date": frozenset(),
    "context.account.creditor": frozenset(),
    "context.event.amount": frozenset({
        "payment_made", "payment_declined", "payment_abandoned", "payment_returned",
        "promise_kept", "promise_broken", "promise_reminder", "plan_due", "plan_charge",
        "plan_charge_failed", "plan_paid", "plan_missed", "portal_promised", "portal_planned",
        "portal_settled",
    }),
    "context.event.code": frozenset({"code_asked"}),
    "context.event.date": frozenset({
        "promise_kept", "promise_broken", "promise_reminder", "plan_due", "plan_charge",
        "plan_charge_failed", "plan_missed", "portal_promised", "portal_planned",
        "portal_settled", "portal_complained",
    }),
}  # fmt: skip
"""Facts that may lack, with the events whose flows surely have them."""

SETS: Mapping[str, tuple[str, ...]] = {
    "check_promise": ("promise_verdict",),
    "record_promise": ("promise_verdict",),
    "check_plan": ("plan_verdict", *OFFER_SLOTS),
    "record_plan": ("plan_verdict", *OFFER_SLOTS),
}
"""What an action fills; an offer where it has one, and flows say it nowhere else."""


def unfilled(subject: Subject) -> Iterator[Finding]:
    told: set[tuple[str, str, int, str]] = set()
    needed = _needed(subject)
    for flow in subject.pack.flows.values():
        known = _known(subject, flow, needed)
        for saying in sayings(subject.pack, flow):
            there = known.get(saying.step)
            if there is None:
                continue
            for text in subject.of(saying.response):
                for name, variable in _lacking(subject, text, saying, there):
                    key = (text.locale, text.response, text.number, name)
                    if key not in told:
                        told.add(key)
                        reason = (
                            f"{text.response}: {{{variable}}} may be missing in flow {flow.name}, "
                            f"step {flow.steps[saying.step].id}"
                        )
                        yield subject.found("unfilled-variable", subject.at(text, "text"), reason)


def _needed(subject: Subject) -> frozenset[str]:
    """The slots and optional facts that some text shows."""
    return frozenset(name for text in subject.texts for name, _ in _names(subject, text))


def _names(subject: Subject, text: Text) -> Iterator[tuple[str, str]]:
    """Names of conditions, with the variable as it is written."""
    for part in shown(text.variation):
        fact = VARIABLES.get(part.name)
        if fact is not None:
            if fact in OPTIONAL:
                yield fact, part.name
        elif part.name in subject.pack.slots:
            yield f"slots.{part.name}", part.name


def _start(subject: Subject, flow: Flow, needed: frozenset[str]) -> Known:
    pack = subject.pack
    if flow.name in subject.led and not flow.triggers and not flow.on:
        return needed  # whoever calls it has filled what it shows
    initial = {f"slots.{slot.name}" for slot in pack.slots.values() if slot.initial is not None}
    of_event = {name for name, events in OPTIONAL.items() if flow.on in events}
    return frozenset(initial | of_event) | _given(subject, flow.guard, (), needed)


def _known(subject: Subject, flow: Flow, needed: frozenset[str]) -> dict[int, Known]:
    """For each step that something leads to, what is surely there when it begins."""
    found: dict[int, Known] = {0: _start(subject, flow, needed)}
    waiting = [0]
    while waiting:
        at = waiting.pop()
        step = flow.steps[at]
        after = _done(subject, step, found[at])
        earlier: list[Condition] = []
        for branch in step.branches:
            if branch.target != END:
                there = after | _given(subject, branch.condition, earlier, needed)
                old = found.get(branch.target)
                new = there if old is None else old & there
                if new != old:
                    found[branch.target] = new
                    waiting.append(branch.target)
            if branch.condition is not None:
                earlier.append(branch.condition)
    return found


def _done(subject: Subject, step: Step, before: Known) -> Known:
    match step.deed:
        case Call(flow=called):  # it comes back when it has what it asks for
            inner = (subject.pack.flows[name] for name in subject.reached(called))
            return before | {f"slots.{slot}" for flow in inner for slot in flow.collects}
        case Collect(slot=name):
            return before | {f"slots.{name}"}
        case SetSlots(values=values):
            for name, value in values:
                before = before - {f"slots.{name}"} if value is None else before | {f"slots.{name}"}
        case Act(name="resolve_share"):
            return before - {"slots.promise_share"}
        case Act(name=name):
            return before | {f"slots.{slot}" for slot in SETS.get(name, ())}
    return before


def _given(
    subject: Subject,
    condition: Condition | None,
    earlier: Sequence[Condition],
    needed: frozenset[str],
) -> Known:
    """What must have a value where `condition` holds and none of `earlier`."""
    asked = frozenset[str]().union(
        condition.names if condition else (), *(each.names for each in earlier)
    )
    logic = subject.logic
    return frozenset(
        name for name in needed & asked if not logic.may(condition, earlier, logic.is_null(name))
    )


def _lacking(
    subject: Subject, text: Text, saying: Saying, there: Known
) -> Iterator[tuple[str, str]]:
    if saying.empty is not None:
        there -= {f"slots.{saying.empty}"}
    logic = subject.logic
    variations = subject.pack.responses[text.locale][text.response]
    for name, variable in dict.fromkeys(_names(subject, text)):
        if name in there:
            continue
        missing = logic.is_null(name)
        if any(text.number in logic.chosen(variations, c, missing) for c in ChannelKind):
            yield name, variable
