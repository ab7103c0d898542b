"""The shipped packs: a sample of the changes to each, drawn anew where a pack changes.

`python -m benchmarks.mutation` tries them all.
"""

import random
from pathlib import Path

import pytest

from dialogs.loader import SHIPPED
from dialogs.mutation.mutant import Mutant, Theme
from dialogs.mutation.survivors import read_survivors
from dialogs.mutation.trial import Trial, Verdict
from gateway.dialogs.mutating import prepared

SEED = 5
GRAVE, REST = 30, 15
PACKS = ("collections-uk", "collections-us")


@pytest.fixture(scope="module", params=PACKS)
def folder(request: pytest.FixtureRequest) -> Path:
    found: str = request.param
    return SHIPPED / found


@pytest.fixture(scope="module")
def trying(folder: Path) -> tuple[Trial, tuple[Mutant, ...]]:
    return prepared(folder)


@pytest.fixture(scope="module")
def judged(trying: tuple[Trial, tuple[Mutant, ...]]) -> list[Verdict]:
    trial, every = trying
    grave = [mutant for mutant in every if mutant.theme is Theme.COMPLIANCE]
    rest = [mutant for mutant in every if mutant.theme is not Theme.COMPLIANCE]
    lot = random.Random(SEED)
    return [trial.judge(m) for m in (*lot.sample(grave, GRAVE), *lot.sample(rest, REST))]


def test_no_compliance_line_changes_unnoticed(judged: list[Verdict]) -> None:
    grave = [each for each in judged if each.mutant.theme is Theme.COMPLIANCE]
    assert len(grave) == GRAVE
    assert [str(each.mutant) for each in grave if each.survived] == []


def test_other_changes_are_noticed_or_explained(folder: Path, judged: list[Verdict]) -> None:
    explained = read_survivors(folder)
    left = [each.mutant for each in judged if each.survived]
    assert [str(mutant) for mutant in left if mutant.id not in explained] == []


def test_what_is_explained_still_survives(
    folder: Path, trying: tuple[Trial, tuple[Mutant, ...]]
) -> None:
    """Each reason is of a change that there is, that nobody notices, and of no compliance line."""
    trial, every = trying
    by_id = {mutant.id: mutant for mutant in every}
    explained = [by_id[name] for name in read_survivors(folder)]
    assert [m.id for m in explained if not trial.judge(m).survived] == []
    assert Theme.COMPLIANCE not in {mutant.theme for mutant in explained}
