"""What a mail costs to read grows with its size alone, whatever is in it."""

import time
from collections.abc import Callable

import pytest

from channels.email.mime.boxes import MOST, mailboxes_of
from channels.email.mime.words import id_of, ids_of, parameters_of, words_of
from channels.email.parsing import read

SMALL, GROWS = 400, 16
"""Signs of the small input, and how often the large one has as many."""
MOST_GROWTH = 6 * GROWS  # in proportion it is GROWS; in its square it would be 256

UNITS = [
    '"', '\\"', "\\", ",", ";", ":", "(", ")", "<", ">", "@", "a,", "a ", "a@", "a@:", '"a"', '"a',
    '"a"@ ', '"\\"', '<"', '<\\"', "(,", "(a)", "()", "a@b,", "a b, ", "=?a?q?", "=?a?q?=",
    "=?a?b?a?=", "?=", "=", "a=", "a=b;", "a*0*='';", "x@ ", "'", " ", "\t ", "é", "<a@b>", "><",
]  # fmt: skip
FIRSTS = ["", '"', "(", "<", "x@", "=?a?q?", "a/b;a="]


def parameters(value: str) -> object:
    return parameters_of(f"a/b;{value}")


def cost(function: Callable[[str], object], value: str) -> float:
    """The least CPU time of three, in seconds."""
    found = []
    for _ in range(3):
        begun = time.process_time()
        function(value)
        found.append(time.process_time() - begun)
    return min(found)


@pytest.mark.parametrize("function", [mailboxes_of, words_of, parameters, ids_of, id_of])
def test_fields_are_read_in_time_that_grows_with_their_length(
    function: Callable[[str], object],
) -> None:
    grown: dict[str, float] = {}
    for first in FIRSTS:
        for unit in UNITS:
            many = SMALL // len(unit)
            small = cost(function, first + unit * many)
            begun = time.process_time()
            function(first + unit * many * GROWS)
            once = time.process_time() - begun
            if once > MOST_GROWTH * small:  # it may have been another's noise
                once = cost(function, first + unit * many * GROWS)
            grown[first + unit] = once / max(small, 1e-5)
    assert {unit: ratio for unit, ratio in grown.items() if ratio > MOST_GROWTH} == {}


def test_no_more_mailboxes_are_kept_than_anybody_writes_to() -> None:
    assert len(mailboxes_of("a@b.example," * 9_000)) == MOST
    many = b",".join(b"a%d@b.example" % n for n in range(3_000))
    mail = read(b"To: " + many + b"\nCc: " + many + b"\nFrom: c@b.example\n\n")
    assert (len(mail.recipients), mail.sender) == (MOST, "c@b.example")
