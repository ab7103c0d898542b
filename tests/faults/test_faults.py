"""A process ends or stands still at every boundary of the road: nothing is lost, nothing doubled.

Each case plays customers' conversations with real processes, the real classifier and pack, and one
fault; then the stand-in provider's log, the host's log and the rows are asked. FAULTS=all plays
each boundary's both faults on both stores, rather than each fault on one of them.
"""

import os
from collections.abc import Mapping, Sequence

import pytest

from tests.faults.boundaries import Case, cases, usual_cases

CASES = list(cases() if os.environ.get("FAULTS") == "all" else usual_cases())


@pytest.mark.timeout(900)  # the first one asked waits for all, which play at the same time
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_nothing_is_lost_or_doubled(case: Case, played: Mapping[Case, Sequence[str]]) -> None:
    assert played[case] == []
