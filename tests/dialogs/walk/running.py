"""Many conversations from a seed, and a short script where one breaks a rule."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dialogs.loader import load_shipped
from dialogs.pack import Pack
from dialogs.scripts.rehearsal import Item, rehearse
from tests.dialogs.walk.circumstances import start
from tests.dialogs.walk.steps import Step, steps
from tests.dialogs.walk.walker import Walker
from tests.dialogs.walk.watch import Broken

PACKS = {"collections-us": "US", "collections-uk": "GB"}
LONGEST = 60
"""Steps of one conversation."""


@dataclass(slots=True)
class Walked:
    """`broken` are scripts that replay what went wrong; `slow` decisions over SLOW ms; `passed` the
    percent of each pack's edges that were walked."""

    steps: int = 0
    conversations: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    broken: list[dict[str, Any]] = field(default_factory=list)
    slowest: float = 0.0
    slow: list[dict[str, Any]] = field(default_factory=list)
    commands: Counter[str] = field(default_factory=Counter)
    passed: dict[str, float] = field(default_factory=dict)


SLOW = 5.0
"""Milliseconds that no decision should take."""


def walk(count: int, seed: int, most_broken: int = 1) -> Walked:
    """So many steps through the shipped packs in turn; ends where so many scripts broke."""
    rehearsals = {name: rehearse(load_shipped(name)) for name in PACKS}
    packs = {name: each.pack for name, each in rehearsals.items()}
    hits: dict[str, set[Item]] = {name: set() for name in PACKS}
    found = Walked()
    while found.steps < count and len(found.broken) < most_broken:
        name = sorted(PACKS)[found.conversations % len(PACKS)]
        chance = random.Random(f"{seed}/{found.conversations}")
        context_seed = chance.randrange(1 << 30)
        long = min(chance.randint(3, LONGEST), count - found.steps)
        script = list(steps(chance, _flows(packs[name]), long))
        found.conversations += 1
        found.steps += long
        found.kinds.update(step["do"] for step in script)
        _one(packs[name], name, context_seed, script, found)
        hits[name].update(rehearsals[name].take())
    for name, each in rehearsals.items():
        edges = [item for item in each.items if item.kind == "edge"]
        found.passed[name] = len(hits[name] & set(edges)) * 1000 // len(edges) / 10
    return found


def _flows(pack: Pack) -> tuple[str, ...]:
    return tuple(sorted(pack.flows))


def _one(pack: Pack, name: str, seed: int, script: list[Step], found: Walked) -> None:
    walker = _walker(pack, name, seed)
    for at, step in enumerate(script):
        before = walker.slowest
        try:
            walker.step(step)
        except Broken as error:
            short = shortened(pack, name, seed, script[: at + 1], error.rule)
            told = {"pack": name, "seed": seed, "rule": error.rule, "detail": error.detail[:2_000]}
            found.broken.append(told | {"steps": short})
            return
        if walker.slowest > max(before, SLOW):
            found.slow.append({"pack": name, "ms": round(walker.slowest, 1), "step": step["do"]})
    found.slowest = max(found.slowest, walker.slowest)
    found.commands.update(walker.commands)


def _walker(pack: Pack, name: str, seed: int) -> Walker:
    return Walker(pack, start(random.Random(seed), PACKS[name]))


def breaks(pack: Pack, name: str, seed: int, script: Sequence[Step]) -> Broken | None:
    """The first rule that a script breaks."""
    walker = _walker(pack, name, seed)
    try:
        for step in script:
            walker.step(step)
    except Broken as error:
        return error
    return None


def shortened(pack: Pack, name: str, seed: int, script: list[Step], rule: str) -> list[Step]:
    """The fewest steps that break the same rule, leaving out as many at once as may be."""
    size = max(1, len(script) // 2)
    while True:
        at = 0
        while at < len(script):
            less = script[:at] + script[at + size :]
            error = breaks(pack, name, seed, less)
            if error is not None and error.rule == rule:
                script = less
            else:
                at += size
        if size == 1:
            return script
        size //= 2


def told(broken: dict[str, Any]) -> str:
    """A script as it is printed, and read again by `python -m benchmarks.walk --replay`."""
    return json.dumps(broken, indent=1)


def replay(broken: dict[str, Any]) -> Broken | None:
    pack = load_shipped(broken["pack"])
    return breaks(pack, broken["pack"], broken["seed"], broken["steps"])
