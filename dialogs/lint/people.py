"""Whether a person can be reached: by the pack, and by each flow that may need one."""

import re
from collections.abc import Iterator

from dialogs.effects import EFFECTS
from dialogs.findings import Finding
from dialogs.lint.graph import sayings
from dialogs.lint.subject import Subject, words
from dialogs.pack import PATTERN_CANNOT_HANDLE, PATTERN_HUMAN_HANDOFF, Act, Flow

PERSON = re.compile(
    r"\b(?:persons?|people|someone|somebody|(?:our|the) team|agents?|advis[eo]rs?|call us"
    r"|persona|alguien|(?:nuestro|el) equipo|agente|asesor(?:a|es)?|ll[aá]m[ea]nos)\b"
    r"|\{brand_phone\}",
    re.IGNORECASE,
)
"""How a text says that, or how, somebody can be reached."""
MAY_NEED = frozenset({
    "promise_to_pay", "request_plan", "request_extension", "settlement_offer", "already_paid",
    "hardship", "scam_suspicion", "channel_preference", "abusive",
})  # fmt: skip
"""Intents that need a person where the automatic way fails; of others, the effect asks for one."""


def reachable(subject: Subject) -> Iterator[Finding]:
    pack = subject.pack
    if "agent_request" not in pack.by_intent:
        yield subject.found("no-person", subject.places.head(), "no flow for agent_request")
    for name in (PATTERN_CANNOT_HANDLE, PATTERN_HUMAN_HANDOFF):
        if "handoff" not in acts(subject, name):
            reason = f"{name} never hands over"
            yield subject.found("no-person", subject.places.flow(name), reason)
    for flow in pack.flows.values():
        needy = [t.intent for t in flow.triggers if t.intent in MAY_NEED and not _asked(t.intent)]
        if needy and not _leads(subject, flow):
            reason = f"{flow.name} answers {needy[0]} and leads to no person"
            yield subject.found("no-person", subject.places.flow(flow.name), reason)


def _asked(intent: str) -> bool:
    effect = EFFECTS.get(intent)
    return effect is not None and effect.person


def _leads(subject: Subject, flow: Flow) -> bool:
    pack = subject.pack
    if "handoff" in acts(subject, flow.name):
        return True
    said = {
        saying.response
        for name in subject.reached(flow.name)
        for saying in sayings(pack, pack.flows[name])
    }
    return all(_told(subject, said, locale) for locale in pack.responses)


def _told(subject: Subject, said: set[str], locale: str) -> bool:
    return any(
        PERSON.search(words(variation.text))
        for response in said
        for variation in subject.pack.responses[locale].get(response, ())
    )


def acts(subject: Subject, name: str) -> Iterator[str]:
    """The actions that a flow may come to, also through others."""
    for flow in subject.reached(name):
        for step in subject.pack.flows[flow].steps:
            if isinstance(step.deed, Act):
                yield step.deed.name
