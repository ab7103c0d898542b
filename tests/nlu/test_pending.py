"""What a bare answer means to the question that was asked."""

import pytest

from nlu.normalise import plain
from nlu.pending import choice


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("2", 2),
        ("2)", 2),
        ("#3", 3),
        ("The second one", 2),
        ("the 2nd one please", 2),
        ("ok option B", 2),
        ("number three works", 3),
        ("I'll go with the first option", 1),
        ("la segunda por favor", 2),
        ("quiero el numero uno", 1),
        ("tercera opción", 3),
    ],
)
def test_a_choice_has_its_place(said: str, place: int) -> None:
    assert choice(plain(said)) == place


@pytest.mark.parametrize(
    "said", ["", "yes", "the other one", "a friend", "20", "0", "i paid one", "2 weeks", "2 " * 90]
)
def test_what_is_no_choice(said: str) -> None:
    assert choice(plain(said)) is None
