"""`survivors.yml` of a pack: changes that nobody notices, each with the reason why it may be."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from dialogs.findings import Finding, PackError
from dialogs.loading.reading import Reader
from dialogs.loading.source import Place, Unreadable, read
from dialogs.mutation.mutant import Mutant, Theme
from dialogs.mutation.trial import Verdict

FILE = "survivors.yml"
_SHAPE = """survivors:
  the/id/of/the/change: why it may live
"""


class Explained(dict[str, str]):
    """Reasons by the mutants' ids; `places` are where they stand."""

    def __init__(self, reasons: Mapping[str, str], places: Mapping[str, Place]) -> None:
        super().__init__(reasons)
        self.places = dict(places)


def read_survivors(folder: Path) -> Explained:
    """Empty where the pack has no such file. Raises PackError."""
    path = folder / FILE
    if not path.exists():
        return Explained({}, {})
    try:
        entry = read(path, FILE)
    except Unreadable as error:
        raise PackError((error.finding,)) from None
    reader = Reader()
    keys = reader.mapping(entry, ("survivors",), ("survivors",))
    entries = reader.mapping(keys["survivors"]) if "survivors" in keys else {}
    reasons = {name: reader.text(each).strip() for name, each in entries.items()}
    for name, reason in reasons.items():
        if not reason and isinstance(entries[name].value, str):
            reader.report(entries[name].place, "shape", f"{name} has no reason", "say why")
    if reader.findings:
        raise PackError(tuple(sorted(set(reader.findings))))
    return Explained(reasons, {name: each.place for name, each in entries.items()})


def stale(
    explained: Explained, mutants: Sequence[Mutant], verdicts: Sequence[Verdict]
) -> tuple[Finding, ...]:
    """Explanations of what is noticed by now, of changes that are none, and of none at all."""
    known = {mutant.id for mutant in mutants}
    caught = {verdict.mutant.id for verdict in verdicts if not verdict.survived}
    return tuple(
        place.finding("survivor-stale", f"{name} {_why(name in known)}", "remove it")
        for name, place in explained.places.items()
        if name not in known or name in caught
    )


def _why(there: bool) -> str:
    return "is noticed by now" if there else "is no change of this pack"


LEAST: Mapping[bool, float] = {True: 100.0, False: 95.0}
"""The percent of changes that must be noticed: of compliance lines, and of the rest."""


def share(verdicts: Sequence[Verdict], compliance: bool) -> tuple[int, int]:
    """How many were noticed, and of how many; changes that are none do not count."""
    counted = [
        verdict
        for verdict in verdicts
        if not verdict.same and (verdict.mutant.theme is Theme.COMPLIANCE) is compliance
    ]
    return sum(not verdict.survived for verdict in counted), len(counted)


def percent(noticed: int, total: int) -> float:
    """Rounded down to one decimal: 100 means all."""
    return noticed * 1000 // total / 10 if total else 100.0
