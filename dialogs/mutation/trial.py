"""Tries one change after the other: the loader looks first, then the pack's tests, then other
checks; the first that notices ends it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dialogs.findings import Finding
from dialogs.loader import Examined, examine
from dialogs.mutation.mutant import EVERYWHERE, Mutant, Reach
from dialogs.mutation.sameness import alike
from dialogs.mutation.spots import changed
from dialogs.pack import Pack
from dialogs.scripts.cases import Case
from dialogs.scripts.coverage import passed
from dialogs.scripts.outside import Outside
from dialogs.scripts.player import Played, Player
from domain.commands import Command, Log, Say

Checker = Callable[[Examined], Iterable[Finding]]
"""Something that finds what is wrong with a pack that loads."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`by` is who noticed, such as "test: a stop is confirmed"; None where nobody did. `tests` is
    how many conversations pass the place at all. `same`: the change is none."""

    mutant: Mutant
    by: str | None
    tests: int = 0
    same: bool = False

    @property
    def survived(self) -> bool:
        return self.by is None and not self.same


class FailingTests(Exception):
    """Tests that fail before anything is changed, by their names."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__("these tests fail as the pack is: " + "; ".join(names))
        self.names = tuple(names)


@dataclass(frozen=True, slots=True)
class _Told:
    """A case and what it passes."""

    case: Case
    spots: frozenset[Reach]


class Trial:
    """A pack's tests and checks, ready for its changes. Raises FailingTests."""

    def __init__(
        self,
        folder: Path,
        examined: Examined,
        pack: Pack,
        cases: Sequence[Case],
        outside: Outside,
        checkers: Sequence[Checker] = (),
    ) -> None:
        self.folder = folder
        self.trees = examined.trees
        self.pack = pack
        self.outside = outside
        self.checkers = checkers
        self.known = frozenset(map(_spot, self._findings(examined)))
        player = Player(pack, outside)
        played = [player.play(case) for case in cases]
        failing = [each.case.name for each in played if each.failure is not None]
        if failing:
            raise FailingTests(failing)
        self.told = [_Told(each.case, _spots(pack, each)) for each in played]

    def judge(self, mutant: Mutant) -> Verdict:
        """Who notices the change."""
        files = {edit.file for edit in mutant.edits}
        trees = changed(self.trees, mutant.edits)
        examined = examine(self.folder, {**self.trees, **{f: trees[f] for f in files}})
        first, then = self._order(mutant.reach)
        if examined.pack is None:
            return Verdict(mutant, f"loader: {examined.findings[0].code}", len(first))
        if self._same(mutant, examined.pack):
            return Verdict(mutant, None, len(first), same=True)
        by = self._played(examined.pack, first) or self._checked(examined)
        by = by or self._played(examined.pack, then)
        return Verdict(mutant, by, len(first))

    def _same(self, mutant: Mutant, pack: Pack) -> bool:
        if mutant.where[0] != "flow":
            return False
        name = mutant.where[1]
        return alike(self.pack.flows[name], pack.flows[name])

    def _order(self, reach: Reach) -> tuple[list[Case], list[Case]]:
        """The cases that pass the place, and those that are worth a try after them."""
        if reach == EVERYWHERE:
            return [told.case for told in self.told], []
        wanted = Reach(reach.flow, reach.step, reach.response)
        near = [told.case for told in self.told if wanted in told.spots]
        if reach.exact:
            return near, []
        inside = Reach(reach.flow)
        rest = [told for told in self.told if wanted not in told.spots]
        rest.sort(key=lambda told: inside not in told.spots)
        return near, [told.case for told in rest]

    def _played(self, pack: Pack, cases: Sequence[Case]) -> str | None:
        player = Player(pack, self.outside)
        for case in cases:
            failure = player.play(case).failure
            if failure is not None:
                return f"test: {case.name} ({failure.place.file}:{failure.place.line})"
        return None

    def _checked(self, examined: Examined) -> str | None:
        found = self._findings(examined)
        new = next((each for each in found if _spot(each) not in self.known), None)
        return f"lint: {new.code}" if new else None

    def _findings(self, examined: Examined) -> Iterable[Finding]:
        return (finding for checker in self.checkers for finding in checker(examined))


def _spot(finding: Finding) -> tuple[str, int, int, str]:
    """What stays of a finding when only its words change, such as a number of characters."""
    return finding.file, finding.line, finding.column, finding.code


def _spots(pack: Pack, played: Played) -> frozenset[Reach]:
    """The flows, steps and responses that a conversation passes, those unsaid included."""
    found: set[Reach] = set()
    for scene in played.scenes:
        for turned in scene.beat.turns:
            for item in passed(pack, turned):
                found |= {Reach(item.flow), Reach(item.flow, item.step)}
            found |= {Reach(response=name) for name in _said(turned.decision.commands)}
    return frozenset(found)


def _said(commands: Iterable[Command]) -> list[str]:
    """The responses of what was said, and one that could not be said."""
    found: list[str] = []
    for command in commands:
        match command:
            case Say(response=response):
                found += response.split("+")
            case Log(type="message.suppressed", payload=payload):
                found.append(str(payload.get("response")))
    return found
