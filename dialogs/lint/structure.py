"""Conditions that never hold, triggers that never win, intents that nobody answers."""

from collections.abc import Iterator

from dialogs.findings import Finding
from dialogs.lint.subject import Subject
from dialogs.loading.source import Place
from dialogs.meanings import SOCIAL
from dialogs.pack import END, PATTERNS, Call, Collect, Flow, Link, Utter
from domain.intents import INTENTS
from domain.reachability import ALWAYS
from domain.values import ChannelKind

OWN_WAYS = frozenset({
    "auto_reply", "out_of_scope", "opt_out", "cease_contact", "wrong_person", "self_harm_risk",
    "agent_request",
})  # fmt: skip
"""Intents that patterns answer, that get no answer, or (a person) that another rule asks for."""
TOLD = ("payment_made", "payment_declined", "promise_kept", "promise_broken", "promise_reminder")
"""Events that a customer hears of in any program."""


def branches(subject: Subject) -> Iterator[Finding]:
    """Also the else, where it leads somewhere."""
    may = subject.logic.may
    for flow in subject.pack.flows.values():
        for at, step in enumerate(flow.steps):
            conditions = [each.condition for each in step.branches if each.condition is not None]
            for number, branch in enumerate(step.branches):
                if branch.condition is None and (branch.target == END or not conditions):
                    continue
                if not may(branch.condition, conditions[:number]):
                    taken = "else" if branch.condition is None else branch.condition.text
                    place = subject.places.branch(flow.name, at, number)
                    yield subject.found(
                        "branch-never", place, f"step {step.id}: {taken!r} is never taken"
                    )


def guards(subject: Subject) -> Iterator[Finding]:
    for flow in subject.pack.flows.values():
        if flow.guard is not None and not subject.logic.may(flow.guard):
            place = subject.places.flow(flow.name, "if")
            yield subject.found("guard-never", place, f"{flow.guard.text!r} never holds")


def rejections(subject: Subject) -> Iterator[Finding]:
    for flow in subject.pack.flows.values():
        for at, step in enumerate(flow.steps):
            if isinstance(step.deed, Collect):
                yield from _rejections(subject, flow, at, step.deed)


def _rejections(subject: Subject, flow: Flow, at: int, deed: Collect) -> Iterator[Finding]:
    conditions = [each.condition for each in deed.rejections]
    declared = len(subject.pack.slots[deed.slot].rejections)
    for number, condition in enumerate(conditions):
        if not subject.logic.may(condition, conditions[:number]):
            path = ("validation", "rejections", number, "if")
            place = (
                subject.places.slot(deed.slot, *path)
                if number < declared
                else subject.places.rejection(flow.name, at, number - declared)
            )
            yield subject.found(
                "rejection-never", place, f"{condition.text!r} never refuses anything"
            )


def variations(subject: Subject) -> Iterator[Finding]:
    for text in subject.texts:
        channel = text.variation.channel
        channels = subject.heard(text)
        if not channels:
            place = subject.at(text, "condition" if channel is None else "channel")
            reason = f"{text.response}: variation {text.variation.id} is never chosen"
            yield subject.found("variation-never", place, reason)


def gaps(subject: Subject) -> Iterator[Finding]:
    """A response must have words for every situation, or its message is never sent."""
    settings = subject.pack.settings
    said = subject.reasons.keys() | subject.closings
    for locale, known in subject.pack.responses.items():
        for name, variations in known.items():
            subject_line = name == settings.email_subject
            for channel in ChannelKind if name in said else (ChannelKind.EMAIL,):
                here = [each for each in variations if each.channel in (None, channel)]
                conditions = [each.condition or ALWAYS for each in here]
                if (name in said or subject_line) and subject.logic.may(None, conditions):
                    reason = f"{name} may have no words on {channel}"
                    place = subject.places.response(locale, name)
                    yield subject.found("variation-missing", place, reason)
                    break


def events(subject: Subject) -> Iterator[Finding]:
    for event in TOLD:
        if event not in subject.pack.by_event:
            yield subject.found("event-no-flow", subject.places.head(), f"no flow on {event}")


def silences(subject: Subject) -> Iterator[Finding]:
    """A customer who said something is not left without a word, nor is one whom we don't
    understand."""
    for flow in subject.pack.flows.values():
        answers = any(each.intent not in SOCIAL for each in flow.triggers)
        at = _silent(subject, flow) if answers or flow.name in PATTERNS else None
        if at is not None:
            place = subject.places.step(flow.name, at)
            yield subject.found("silent", place, f"{flow.name} may end without a word")


def _silent(subject: Subject, flow: Flow) -> int | None:
    """The step after which a flow may have ended without saying anything."""
    seen, waiting = set[int](), [0]
    while waiting:
        at = waiting.pop()
        step = flow.steps[at]
        if at in seen or isinstance(step.deed, Utter | Collect | Call | Link):
            continue
        seen.add(at)
        earlier = [each.condition for each in step.branches if each.condition is not None]
        for number, branch in enumerate(step.branches):
            if subject.logic.may(branch.condition, earlier[:number]):
                if branch.target == END:
                    return at
                waiting.append(branch.target)
    return None


def triggers(subject: Subject) -> Iterator[Finding]:
    for intent, known in subject.pack.by_intent.items():
        for number, (flow, threshold) in enumerate(known):
            before = [other for other, least in known[:number] if least <= threshold]
            if not before:
                continue
            first = next((other for other in before if other.guard is None), None)
            guards = [other.guard for other in before if other.guard is not None]
            if first is None and subject.logic.may(flow.guard, guards):
                continue
            reason = f"{flow.name} never gets {intent}: {(first or before[0]).name} takes it first"
            yield subject.found("trigger-shadowed", _trigger(subject, flow, intent), reason)


def _trigger(subject: Subject, flow: Flow, intent: str) -> Place:
    numbers = [at for at, trigger in enumerate(flow.triggers) if trigger.intent == intent]
    return subject.places.flow(flow.name, "nlu_trigger", numbers[-1] if numbers else 0)


def intents(subject: Subject) -> Iterator[Finding]:
    for intent in INTENTS:
        if intent not in OWN_WAYS and intent not in subject.pack.by_intent:
            yield subject.found("intent-no-flow", subject.places.head(), f"no flow for {intent}")
