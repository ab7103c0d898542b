"""A pack's changes, tried one after the other, and what came of them."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from msgspec import Struct

from channels.fit import fit
from dialogs.findings import Finding, PackError
from dialogs.lint.rules import judge
from dialogs.loader import Examined, examine
from dialogs.mutation.making import mutants
from dialogs.mutation.mutant import Mutant, Theme
from dialogs.mutation.survivors import LEAST, percent, read_survivors, share, stale
from dialogs.mutation.trial import Checker, Trial, Verdict
from dialogs.scripts.reading import read_files
from gateway.dialogs.outside import outside
from gateway.dialogs.testing import named_files


def linted(examined: Examined) -> tuple[Finding, ...]:
    return judge(examined, fit)


CHECKERS: tuple[Checker, ...] = (linted,)
"""What looks at a changed pack besides the loader and the pack's tests."""


class Mutation(Struct, frozen=True):
    """`tried` in the order of trying; `left` were not tried for want of time. `reasons` are those
    of survivors.yml by id; `findings` what is wrong with that file."""

    tried: tuple[Verdict, ...]
    left: int
    reasons: dict[str, str]
    findings: tuple[Finding, ...]
    seconds: float

    @property
    def survivors(self) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.tried if verdict.survived)

    @property
    def unexplained(self) -> tuple[Verdict, ...]:
        return tuple(each for each in self.survivors if each.mutant.id not in self.reasons)

    @property
    def holds(self) -> bool:
        """True where all was tried, each survivor is explained, and the shares are reached."""
        reached = all(percent(*share(self.tried, grave)) >= least for grave, least in LEAST.items())
        return reached and not (self.left or self.unexplained or self.findings)


def mutate(
    folder: Path,
    only: frozenset[Theme] = frozenset(),
    seconds: float | None = None,
    checkers: Sequence[Checker] = CHECKERS,
) -> Mutation:
    """Tries a pack's changes, for at most so many seconds. Raises PackError or FailingTests."""
    started = perf_counter()
    explained = read_survivors(folder)
    trial, every = prepared(folder, checkers)
    wanted = [mutant for mutant in every if not only or mutant.theme in only]
    tried = []
    for mutant in wanted:
        if seconds is not None and perf_counter() - started > seconds:
            break
        tried.append(trial.judge(mutant))
    return Mutation(
        tuple(tried),
        len(wanted) - len(tried),
        dict(explained),
        stale(explained, every, tried),
        perf_counter() - started,
    )


def prepared(
    folder: Path, checkers: Sequence[Checker] = CHECKERS
) -> tuple[Trial, tuple[Mutant, ...]]:
    """A pack's changes, and what judges each. Raises PackError or FailingTests."""
    examined = examine(folder)
    if examined.pack is None:
        raise PackError(examined.findings)
    cases = read_files(named_files(folder, []), examined.pack)
    trial = Trial(folder, examined, examined.pack, cases, outside(folder), checkers)
    return trial, mutants(examined)


def as_json(found: Mutation) -> dict[str, Any]:
    return {
        "holds": found.holds,
        "tried": len(found.tried),
        "left": found.left,
        "same": sum(verdict.same for verdict in found.tried),
        "seconds": round(found.seconds, 1),
        "noticed_by": noticed_by(found),
        "shares": {
            name: _share(share(found.tried, grave), LEAST[grave])
            for name, grave in (("compliance", True), ("rest", False))
        },
        "themes": {
            theme.value: _counts([v for v in found.tried if v.mutant.theme is theme])
            for theme in Theme
        },
        "survivors": [
            _told(verdict.mutant)
            | {"tests": verdict.tests, "reason": found.reasons.get(verdict.mutant.id)}
            for verdict in found.survivors
        ],
        "findings": [str(finding) for finding in found.findings],
    }


def noticed_by(found: Mutation) -> dict[str, int]:
    """How many changes the loader, the tests and other checks noticed first."""
    return dict(Counter(each.by.partition(":")[0] for each in found.tried if each.by))


def _told(mutant: Mutant) -> dict[str, Any]:
    return {
        "id": mutant.id,
        "theme": mutant.theme.value,
        "operator": mutant.operator,
        "file": mutant.place.file,
        "line": mutant.place.line,
        "change": mutant.change,
    }


def _share(counts: tuple[int, int], least: float) -> dict[str, Any]:
    noticed, total = counts
    return {"noticed": noticed, "total": total, "percent": percent(*counts), "least": least}


def _counts(verdicts: Sequence[Verdict]) -> dict[str, int]:
    counted = [verdict for verdict in verdicts if not verdict.same]
    return {
        "noticed": sum(not verdict.survived for verdict in counted),
        "total": len(counted),
    }
