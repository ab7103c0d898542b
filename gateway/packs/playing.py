"""A pack's scripted tests, played before it is published."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from dialogs.findings import Finding, PackError
from dialogs.loader import load_pack
from dialogs.scripts.player import Played
from dialogs.scripts.reading import FOLDER, read_files
from gateway.dialogs.outside import outside
from gateway.dialogs.testing import named_files, run

NO_TESTS = "no-tests"
SHOWN = 300
"""Of what a test expected and of what came, a finding repeats no more characters."""


def failed_tests(folder: Path) -> Sequence[Finding]:
    """What is wrong with the files of the tests, else each test that fails, where it fails; a
    pack without any test has one finding, `no-tests`. Raises PackError where it does not load."""
    pack = load_pack(folder)
    try:
        cases = read_files(named_files(folder, ()), pack)
    except PackError as error:
        return error.findings
    if not cases:
        mend = f"write {FOLDER}/*.yml, or let `gateway dialogs chat` save some"
        return (Finding(FOLDER, 1, 1, NO_TESTS, "no test shows what the pack does", mend),)
    found = run(pack, cases, outside(folder))
    return tuple(_failures(ran.played for ran in found.failed))


def _failures(played: Iterator[Played]) -> Iterator[Finding]:
    for each in played:
        failure = each.failure
        if failure is not None:
            expected, came = _short(failure.expected), _short(", ".join(failure.came))
            reason = f"{_short(each.case.name)}: expected that {expected}; {came}"
            mend = "see the conversation with `gateway dialogs test`"
            yield failure.place.finding("test-failed", reason, mend)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[:SHOWN] + "..."
