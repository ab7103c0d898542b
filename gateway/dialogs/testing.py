"""A pack's tests: run, timed, summed up."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from msgspec import Struct

from dialogs.pack import Pack
from dialogs.scripts.cases import Case
from dialogs.scripts.coverage import Coverage, Share, coverage
from dialogs.scripts.outside import Outside
from dialogs.scripts.places import Places, place_of
from dialogs.scripts.player import Played, Player
from dialogs.scripts.reading import files_of
from dialogs.scripts.transcript import transcript


class Ran(Struct, frozen=True):
    """`seconds` is how long playing the case took."""

    played: Played
    seconds: float


class Run(Struct, frozen=True):
    results: tuple[Ran, ...]
    coverage: Coverage

    @property
    def failed(self) -> tuple[Ran, ...]:
        return tuple(ran for ran in self.results if ran.played.failure is not None)

    @property
    def steps(self) -> int:
        return sum(ran.played.steps for ran in self.results)

    @property
    def seconds(self) -> float:
        return sum(ran.seconds for ran in self.results)


def run(pack: Pack, cases: Sequence[Case], outside: Outside) -> Run:
    player = Player(pack, outside)
    results = tuple(_timed(player, case) for case in cases)
    return Run(results, coverage(pack, (ran.played for ran in results)))


def _timed(player: Player, case: Case) -> Ran:
    start = perf_counter()
    played = player.play(case)
    return Ran(played, perf_counter() - start)


def named_files(folder: Path, files: Sequence[Path]) -> list[tuple[Path, str]]:
    """The files with the names that findings show; the pack's own where none are given."""
    if not files:
        return [(file, file.relative_to(folder).as_posix()) for file in files_of(folder)]
    return [(file, file.as_posix()) for file in files]


def counts(found: Coverage) -> dict[str, int]:
    """How often each step and branch was passed, by the names that diagrams take."""
    told: dict[str, int] = {}
    for item, count in found.counts.items():
        if item.kind == "step":
            told[f"{item.flow}/{item.step}"] = count
        elif item.kind == "edge":
            told[f"{item.flow}/{item.step}/{item.at}"] = count
    return told


def as_json(found: Run) -> dict[str, Any]:
    return {
        "passed": len(found.results) - len(found.failed),
        "failed": len(found.failed),
        "steps": found.steps,
        "seconds": round(found.seconds, 4),
        "cases": [_case(ran) for ran in found.results],
        "coverage": {
            "steps": _share(found.coverage.steps),
            "edges": _share(found.coverage.edges),
        },
    }


def _case(ran: Ran) -> dict[str, Any]:
    case, failure = ran.played.case, ran.played.failure
    told: dict[str, Any] = {
        "name": case.name,
        "file": case.place.file,
        "line": case.place.line,
        "passed": failure is None,
        "seconds": round(ran.seconds, 4),
    }
    if failure is not None:
        told["failure"] = {
            "line": failure.place.line,
            "column": failure.place.column,
            "step": failure.step,
            "expected": failure.expected,
            "came": list(failure.came),
            "transcript": transcript(ran.played.scenes),
        }
    return told


def _share(share: Share) -> dict[str, Any]:
    return {
        "passed": share.passed,
        "total": share.total,
        "percent": share.percent,
        "missed": [str(item) for item in share.missed],
    }


def untested(found: Coverage, places: Places) -> Iterator[str]:
    """A warning for each step and edge that no test passes; the edges of a step that is never
    reached are told with it."""
    unreached = {(item.flow, item.step) for item in found.steps.missed}
    for item in (*found.steps.missed, *found.edges.missed):
        if item.kind == "step" or (item.flow, item.step) not in unreached:
            yield f"{place_of(item, places)}: warning: no test passes {item}"
