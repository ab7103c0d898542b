"""What a pack must pass to be published: named checks, in order."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from dialogs.findings import Finding, PackError
from dialogs.loader import load_pack


class Check(NamedTuple):
    """`run` gives everything that is wrong with the pack in a folder."""

    name: str
    run: Callable[[Path], Sequence[Finding]]


class Refused(ValueError):
    """A pack that is not published; `check` is the one that failed."""

    def __init__(self, check: str, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.check = check
        self.findings = tuple(findings)


def unloadable(folder: Path) -> Sequence[Finding]:
    """What the loader finds: it can't be run."""
    try:
        load_pack(folder)
    except PackError as error:
        return error.findings
    return ()


CHECKS: tuple[Check, ...] = (Check("load", unloadable),)
"""In the order in which they run; those after one that failed would only repeat it."""


def run_checks(folder: Path, checks: Sequence[Check] = CHECKS) -> None:
    """Raises Refused with what the first check that fails has found."""
    for check in checks:
        findings = check.run(folder)
        if findings:
            raise Refused(check.name, findings)
