from collections.abc import Callable, Sequence

import pytest

from dialogs.pack import Pack
from dialogs.scripts.outside import CLOSED, Outside
from dialogs.scripts.player import Played, Player
from dialogs.scripts.reading import read_text

Plays = Callable[..., Sequence[Played]]


@pytest.fixture
def plays(us: Pack) -> Plays:
    """Plays the cases of a text; the steps of one alone may be given without their head."""

    def play(text: str, outside: Outside = CLOSED) -> Sequence[Played]:
        if "test_cases:" not in text:
            text = "test_cases:\n- test_case: it\n  steps:\n" + text
        player = Player(us, outside)
        return [player.play(case) for case in read_text(text, "tests/it.yml", us)]

    return play
