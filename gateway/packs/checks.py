"""What a pack must pass to be published: named checks, in order."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from channels.fit import fit
from dialogs.findings import Finding, PackError
from dialogs.lint.codes import Severity, severity
from dialogs.lint.rules import lint
from dialogs.loader import load_pack
from gateway.packs.names import PACK_NAME
from gateway.packs.playing import NO_TESTS, failed_tests
from gateway.packs.training import bad_examples


class Check(NamedTuple):
    """`run` gives everything that is wrong with the pack in a folder; `trained` where it needs the
    pack's own model there, so that it runs after those that do not."""

    name: str
    run: Callable[[Path], Sequence[Finding]]
    trained: bool = False


class Refused(ValueError):
    """Nothing is published or withdrawn; `check` is what failed, and says why in `findings`."""

    def __init__(self, check: str, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.check = check
        self.findings = tuple(findings)


def unloadable(folder: Path) -> Sequence[Finding]:
    """What the loader finds, and a name by which no client could ask for the pack."""
    try:
        name = load_pack(folder).name
    except PackError as error:
        return error.findings
    if PACK_NAME.fullmatch(name):
        return ()
    mend = "up to 63 small letters, digits and hyphens"
    return (Finding("pack.yml", 1, 1, "pack-name", f"{name!r} can't be a pack's name", mend),)


def lint_errors(folder: Path) -> Sequence[Finding]:
    """Warnings let a pack pass."""
    found = lint(folder, fit)
    return [each for each in found if severity(each.code) is Severity.ERROR]


CHECKS: tuple[Check, ...] = (
    Check("load", unloadable),
    Check("lint", lint_errors),
    Check("examples", bad_examples),
    Check("tests", failed_tests, trained=True),
)
"""In the order in which they run; those after one that failed would only repeat it."""

WARNINGS = frozenset({NO_TESTS})
"""What a check may find and a pack may be published with."""


def run_checks(folder: Path, checks: Sequence[Check] = CHECKS) -> tuple[Finding, ...]:
    """The warnings. Raises Refused with what the first check that fails has found."""
    warnings: list[Finding] = []
    for check in checks:
        findings = check.run(folder)
        if any(finding.code not in WARNINGS for finding in findings):
            raise Refused(check.name, findings)
        warnings += findings
    return tuple(warnings)
