"""How much of a pack the tests have passed: its steps, and its edges of every kind."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from dialogs.pack import Pack
from dialogs.scripts.beat import Turned
from dialogs.scripts.player import Played
from dialogs.scripts.rehearsal import ENTITIES, Item, rehearse
from domain.events import Said


class Share(Struct, frozen=True):
    """`missed` are in the order of the pack."""

    passed: int
    total: int
    missed: tuple[Item, ...]

    @property
    def percent(self) -> float:
        """Rounded down to one decimal: 100 means all."""
        return self.passed * 1000 // self.total / 10 if self.total else 100.0


class Coverage(Struct, frozen=True):
    """Edges are the branches of steps, both sides of guards, rejections and triggers."""

    steps: Share
    edges: Share
    counts: dict[Item, int]

    @property
    def percent(self) -> float:
        return min(self.steps.percent, self.edges.percent)


def coverage(pack: Pack, played: Iterable[Played]) -> Coverage:
    counts: Counter[Item] = Counter()
    for each in played:
        for scene in each.scenes:
            for turned in scene.beat.turns:
                counts.update(passed(pack, turned))
    items = rehearse(pack).items
    steps = [item for item in items if item.kind == "step"]
    edges = [item for item in items if item.kind != "step"]
    known = {item: counts[item] for item in items}
    return Coverage(_share(steps, counts), _share(edges, counts), known)


def _share(items: list[Item], counts: Counter[Item]) -> Share:
    missed = tuple(item for item in items if not counts[item])
    return Share(len(items) - len(missed), len(items), missed)


def passed(pack: Pack, turned: Turned) -> list[Item]:
    """All that a turn passed: what it noted itself, the steps of it, where it now waits, and what
    set its flows off."""
    edges = list(turned.passed)
    steps = {(item.flow, item.step): None for item in edges if item.step}
    after = turned.decision.state
    if after.stack and after.question != turned.before.question:
        steps[after.stack[-1].flow, after.stack[-1].step] = None
    triggers = [item for flow in turned.started() for item in _triggers(pack, turned, flow)]
    return edges + [Item("step", flow, step) for flow, step in steps] + triggers


def _triggers(pack: Pack, turned: Turned, name: str) -> list[Item]:
    flow = pack.flows.get(name)
    if flow is None:
        return []
    event = turned.event
    if not isinstance(event, Said):
        return [Item("trigger", name, words=flow.on)] if flow.on else []
    scores = {score.name: score.confidence for score in event.understanding.intents}
    found = [
        Item("trigger", name, words=trigger.intent)
        for trigger in flow.triggers
        if scores.get(trigger.intent, -1.0) >= trigger.threshold
    ]
    named = event.understanding.amount is not None or event.understanding.date is not None
    if not found and flow.from_entities and named:
        return [Item("trigger", name, words=ENTITIES)]
    return found
