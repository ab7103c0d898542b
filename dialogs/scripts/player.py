"""Plays a case: each step happens in the world, and what must follow is looked for."""

import datetime
from typing import Any

from msgspec import Struct, structs

from dialogs.loading.source import Place
from dialogs.pack import Pack
from dialogs.scripts.beat import Beat
from dialogs.scripts.cases import (
    Case,
    Stimulus,
    on,
)
from dialogs.scripts.checks import missing
from dialogs.scripts.outside import Outside
from dialogs.scripts.performing import Impossible, perform
from dialogs.scripts.rehearsal import Rehearsal, Stubs, rehearse
from dialogs.scripts.world import Circle, World
from dialogs.state import keep


class Failure(Struct, frozen=True):
    place: Place
    step: str
    expected: str
    came: tuple[str, ...]


class Scene(Struct):
    """A step and what it brought about; `words` say the step."""

    words: str
    deed: Stimulus
    beat: Beat


class Played(Struct, frozen=True):
    case: Case
    scenes: tuple[Scene, ...]
    failure: Failure | None
    steps: int


class Player:
    """Plays cases of one pack, and keeps the pack's rehearsal for each set of stubs."""

    def __init__(self, pack: Pack, outside: Outside) -> None:
        self.pack = pack
        self.outside = outside
        self._rehearsals: dict[tuple[Any, ...], Rehearsal] = {}

    def rehearsal(self, stubs: Stubs) -> Rehearsal:
        key = tuple(sorted((name, repr(values)) for name, values in stubs.items()))
        if key not in self._rehearsals:
            self._rehearsals[key] = rehearse(self.pack, stubs)
        return self._rehearsals[key]

    def play(self, case: Case) -> Played:
        world = begin(self.rehearsal(case.stubs), case, self.outside)
        scenes: list[Scene] = []
        for number, step in enumerate(case.steps, 1):
            came: tuple[str, ...] = ()
            if isinstance(step.deed, Stimulus):
                try:
                    scenes.append(Scene(step.words, step.deed, perform(world, step.deed)))
                    continue
                except (Impossible, Circle) as error:
                    expected, came = "the step can be played", (str(error),)
            else:
                mismatch = missing(step.deed, world.beat, world)
                if mismatch is None:
                    continue
                expected, came = mismatch.expected, mismatch.came
            failure = Failure(step.place, step.words, expected, came)
            return Played(case, tuple(scenes), failure, number)
        return Played(case, tuple(scenes), None, len(case.steps))


def begin(rehearsal: Rehearsal, case: Case, outside: Outside) -> World:
    world = World(rehearsal, case.setting, outside)
    slots = dict(world.state.slots)
    for name, value in case.slots.items():
        day = on(value, world.today) if isinstance(value, datetime.timedelta) else value
        kept = keep(day)
        if kept is not None:
            slots[name] = kept
    world.state = structs.replace(world.state, slots=slots)
    return world
