"""Where money must not be spoken of: a first message, and whoever needs care."""

import re
from collections.abc import Iterator

from dialogs.effects import EFFECTS
from dialogs.findings import Finding
from dialogs.lint.graph import follows, opens, sayings
from dialogs.lint.subject import Subject, Text, payload, readable, shown
from dialogs.loading.source import Place
from dialogs.names import VARIABLES
from dialogs.pack import (
    PATTERN_SAFETY,
    Act,
    Collect,
    SlotType,
)
from domain.conditions import Type
from domain.links import DEMANDS, Purpose

SAFETY = frozenset({
    "self_harm_risk", "vulnerability", "deceased", "bankruptcy", "attorney_represented",
})  # fmt: skip
"""Intents after which nobody is asked for money."""
PAYING = frozenset({
    "pay_now", "promise_to_pay", "request_plan", "request_extension", "settlement_offer",
})  # fmt: skip
PROMISING = frozenset({"check_promise", "record_promise", "resolve_share"})
AMOUNT = re.compile(r"[$£€] ?[0-9]|\b[0-9]+(?:[.,][0-9]{2})? ?(?:dollars?|pounds?|USD|GBP|EUR)\b")
ASKS = re.compile(
    r"\b(?:pay (?:now|today|here|us|your|the|it|by|at|online)|can you pay|make a payment"
    r"|pague|pagar (?:ahora|hoy|aqu[ií])|puede pagar)\b",
    re.IGNORECASE,
)
NAMES = frozenset({"first_name", "last_name", "creditor", "product", "kept_amount"})


def first_messages(subject: Subject) -> Iterator[Finding]:
    """What opens a conversation may be read by anybody, whoever proved themselves before."""
    told = set[tuple[str, str, int]]()
    for flow in subject.pack.flows.values():
        if not opens(flow, subject.led):
            continue
        for response in _until_answered(subject, flow.name):
            for text in subject.of(response):
                key = (text.locale, text.response, text.number)
                for path, what in _facts(subject, text):
                    if key not in told:
                        told.add(key)
                        reason = f"{response} opens {flow.name} with {what}"
                        place = subject.at(text, *path)
                        yield subject.found("first-message-fact", place, reason)


def _until_answered(subject: Subject, name: str) -> dict[str, None]:
    """The responses that a flow says before the customer has said anything."""
    found: dict[str, None] = {}
    seen, waiting = set(), [(name, 0)]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        found |= {saying.response: None for saying in subject.said.get(node, ())}
        if not isinstance(subject.pack.flows[node[0]].steps[node[1]].deed, Collect):
            waiting += follows(subject.pack, node)
    return found


def _facts(subject: Subject, text: Text) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for part in shown(text.variation):
        slot = subject.pack.slots.get(part.name)
        amount = slot is not None and slot.type is SlotType.MONEY
        secret = part.fact is not None and (part.fact.secret or part.fact.type is Type.MONEY)
        if amount or secret or (part.name in NAMES and part.name in VARIABLES):
            yield ("text",), f"{{{part.name}}}"
    for path, written in readable(text.variation):
        figure = AMOUNT.search(written)
        if figure is not None:
            yield path, repr(figure[0])


def care(subject: Subject) -> Iterator[Finding]:
    """What answers a safety intent, and what runs while an account is suspended."""
    told: set[tuple[Place, str]] = set()
    for flow in subject.pack.flows.values():
        safety = flow.name == PATTERN_SAFETY or any(t.intent in SAFETY for t in flow.triggers)
        if not safety and not flow.while_suspended:
            continue
        code = "safety-asks-money" if safety else "suspended-asks-money"
        for name in subject.reached(flow.name):
            for place, reason in _asks(subject, name):
                if (place, reason) not in told:
                    told.add((place, reason))
                    yield subject.found(code, place, f"{flow.name}: {reason}")


def unheard(subject: Subject) -> Iterator[Finding]:
    """An intent that suspends the account has done so before its flow may start."""
    for flow in subject.pack.flows.values():
        for number, trigger in enumerate(flow.triggers):
            effect = EFFECTS.get(trigger.intent)
            if effect is not None and effect.suspends and not flow.while_suspended:
                place = subject.places.flow(flow.name, "nlu_trigger", number)
                reason = f"{trigger.intent} suspends the account, and {flow.name} then waits"
                yield subject.found("suspended-unheard", place, reason)


def _asks(subject: Subject, name: str) -> Iterator[tuple[Place, str]]:
    flow = subject.pack.flows[name]
    for at, step in enumerate(flow.steps):
        place = subject.places.step(name, at)
        match step.deed:
            case Collect(slot=slot) if subject.pack.slots[slot].type is SlotType.MONEY:
                yield place, f"step {step.id} asks for an amount"
            case Act(name=act) if act in PROMISING:
                yield place, f"step {step.id} is about a promise"
    for saying in sayings(subject.pack, flow):
        for text in subject.of(saying.response):
            yield from _asks_in(subject, text, of_asked=flow.on == "link_asked")


def _asks_in(subject: Subject, text: Text, *, of_asked: bool) -> Iterator[tuple[Place, str]]:
    """`of_asked`: its link is of the purpose that was asked for, which is none that leads to money
    while the account is suspended."""
    purpose = text.variation.link or Purpose.PAY
    heeded = of_asked and text.variation.link is None
    if text.variation.holds_link and purpose in DEMANDS and not heeded:
        yield subject.at(text, "text"), f"{text.response} holds a link of the purpose {purpose}"
        return
    for path, written in readable(text.variation):
        asked = ASKS.search(written)
        if asked is not None:
            yield subject.at(text, *path), f"{text.response} says {asked[0]!r}"
            return
    for number, button in enumerate(text.variation.buttons):
        pressed = payload(button)
        if pressed.removeprefix("/") in PAYING or _sets_money(subject, pressed):
            place = subject.at(text, "buttons", number, "payload")
            yield place, f"{text.response} offers {pressed}"


def _sets_money(subject: Subject, pressed: str) -> bool:
    names = re.findall(r"(\w+)=", pressed)
    slots = [subject.pack.slots[name] for name in names if name in subject.pack.slots]
    return any(slot.type is SlotType.MONEY for slot in slots)
