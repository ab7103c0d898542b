"""Changes to flows as a whole: what starts them, what holds them back, how they behave."""

from collections.abc import Iterator
from decimal import Decimal

from dialogs.effects import EFFECTS
from dialogs.loading.source import Entry
from dialogs.meanings import SOCIAL
from dialogs.mutation.mutant import Mutant, Reach, Theme
from dialogs.mutation.source import Source
from dialogs.mutation.spots import Edit, Spot
from dialogs.mutation.steps import in_steps
from dialogs.mutation.wording import negated
from dialogs.pack import LOCKED, PATTERN_COMPLETED, Collect, Flow, Resume

FIXED = frozenset({"help", "opt_in"})
"""Their flows run however sure the understanding is."""
ASIDE = FIXED | SOCIAL
"""Their flows run beside everything else: they interrupt nothing and ask no leave."""
SUSPENDING = frozenset(name for name, effect in EFFECTS.items() if effect.suspends)
"""They end what was going on and every nudge, before their flows begin."""
DEAF = "1.01"
"""A threshold that no understanding reaches."""


def in_flows(source: Source) -> Iterator[Mutant]:
    for name, spot in source.flows().items():
        flow = source.pack.flows[name]
        yield from _guard(source, name, spot)
        yield from _triggers(name, spot)
        yield from _lists(name, spot)
        if name not in LOCKED:
            yield from _metadata(source, flow, spot)
        yield from in_steps(source, name, spot)


def _mutant(
    flow: str, operator: str, at: Spot, change: str, edit: Edit, theme: Theme = Theme.FLOW
) -> Mutant:
    return Mutant(
        theme, operator, ("flow", flow), at.place, change, (edit,), Reach(flow)
    )  # fmt: skip


def _guard(source: Source, name: str, spot: Spot) -> Iterator[Mutant]:
    guard = spot.get("if")
    if guard is None or not guard.words:
        return
    theme = source.theme_of_flow(name, guard.words)
    yield _mutant(name, "guard-out", guard, f"if: {guard.words}, removed", guard.out(), theme)
    edit = guard.becomes(negated(guard.words))
    yield _mutant(name, "guard-negated", guard, f"if: {guard.words}, negated", edit, theme)


def _triggers(name: str, spot: Spot) -> Iterator[Mutant]:
    for trigger in spot.list("nlu_trigger"):
        intent = trigger.get("intent")
        if intent is None:
            continue
        known = intent.get("name")
        word = known.words if known else intent.words
        yield _mutant(name, "trigger-out", trigger, f"trigger {word} removed", trigger.out())
        if word in FIXED:
            continue
        threshold = Entry(Decimal(DEAF), intent.place)
        deaf = intent.becomes(
            {"name": Entry(word, intent.place), "confidence_threshold": threshold}
        )
        change = f"trigger {word} with a threshold of {DEAF}"
        yield _mutant(name, "trigger-deaf", trigger, change, deaf)


def _lists(name: str, spot: Spot) -> Iterator[Mutant]:
    for item in spot.list("metadata", "gateway", "listens"):
        yield _mutant(name, "listens-out", item, f"listens no more to {item.words}", item.out())
    for item in spot.list("persisted_slots"):
        yield _mutant(name, "persisted-out", item, f"keeps {item.words} no more", item.out())


def _metadata(source: Source, flow: Flow, spot: Spot) -> Iterator[Mutant]:
    """What a flow's own keys say, and what they would say if they were there and matter."""
    gateway = spot.get("metadata", "gateway")
    told = gateway.keys() if gateway else {}
    if "on" in told:
        on = told["on"]
        yield _mutant(flow.name, "on-out", on, f"no more on {on.words}", on.out())
    if flow.from_entities and "from_entities" in told:
        key = told["from_entities"]
        yield _mutant(flow.name, "from_entities-out", key, "a bare amount or day", key.out())
    begun = bool(flow.triggers) or flow.from_entities
    suspending, aside = _only(flow, SUSPENDING), _only(flow, ASIDE)
    for resume in Resume if begun and not suspending and not aside else ():
        if resume is not flow.resume:
            change = f"resume: {resume} in place of {flow.resume}"
            yield _flag(flow, spot, "resume", resume.value, change)
    if (begun and not aside) or flow.on is not None:
        yield _switch(flow, spot, "while_suspended", flow.while_suspended)
    if any(isinstance(step.deed, Collect) for step in flow.steps) and not suspending:
        yield _switch(flow, spot, "nudge", flow.nudge)
    if begun and PATTERN_COMPLETED in source.pack.flows:
        yield _switch(flow, spot, "closes", flow.closes)


def _only(flow: Flow, intents: frozenset[str]) -> bool:
    """True where nothing but these intents begins the flow."""
    named = {trigger.intent for trigger in flow.triggers}
    return bool(named) and not flow.from_entities and named <= intents


def _switch(flow: Flow, spot: Spot, key: str, now: bool) -> Mutant:
    return _flag(flow, spot, key, not now, f"{key}: {str(not now).lower()}")


def _flag(flow: Flow, spot: Spot, key: str, value: str | bool, change: str) -> Mutant:
    """`key` becomes `value` in the flow's metadata, wherever that begins to be missing."""
    at, keys = spot, ["metadata", "gateway", key]
    while len(keys) > 1 and (below := at.get(keys[0])) is not None:
        at, keys = below, keys[1:]
    entry = Entry(value, at.place)
    for missing in reversed(keys[1:]):
        entry = Entry({missing: entry}, at.place)
    there = at.get(keys[0])
    edit = Edit(at.file, (*at.path, keys[0]), entry)
    return _mutant(flow.name, f"{key}-changed", there or at, change, edit)
