"""Replies by hands that wrote none of the training data: floors, somewhat under today's figures.

`python -m tests.nlu.test_held_out` prints the figures. `held_out/README.md` says whose they are.
"""

from functools import cache
from pathlib import Path

import pytest

from gateway.commands.nlu.evaluate import in_text
from gateway.commands.nlu.inputs import cases_of
from nlu import corpus
from nlu.cascade import BuiltIn
from nlu.evaluation import Evaluation, evaluate
from nlu.normalise import plain

FOLDER = Path(__file__).parent / "held_out"
LEAST = {
    "english": {"accuracy": 0.94, "macro_f1": 0.94, "safety_recall": 0.97, "instalment_exact": 0.9},
    "spanish": {"accuracy": 0.95, "macro_f1": 0.95, "safety_recall": 0.97},
    "promises": {"accuracy": 0.93, "date_exact": 0.94, "amount_exact": 0.95},
    "plans": {"accuracy": 0.95, "instalment_exact": 0.93},
    "days": {"date_exact": 0.97, "amount_exact": 0.97},
    "ten_voices": {"accuracy": 0.93, "macro_f1": 0.93, "safety_recall": 0.96},
    "ten_hands": {"accuracy": 0.92, "macro_f1": 0.92, "safety_recall": 0.97, "amount_exact": 0.95},
}
MOST = {
    "false_opt_outs": 0.005,
    "false_opt_outs_of_traps": 0.05,
    "expected_calibration_error": 0.08,
}


@cache
def figures(name: str) -> Evaluation:
    cases = cases_of(FOLDER / f"{name}.jsonl")
    return evaluate(cases, BuiltIn().parse([case.reply for case in cases]))


@pytest.mark.parametrize(
    ("name", "figure"), [(name, figure) for name, floors in LEAST.items() for figure in floors]
)
def test_is_as_good_as_it_was(name: str, figure: str) -> None:
    found = figures(name).figures[figure]
    assert found is not None
    assert found >= LEAST[name][figure]


@pytest.mark.parametrize("name", LEAST)
def test_is_no_worse_than_it_was(name: str) -> None:
    found = figures(name).figures
    for figure, most in MOST.items():
        assert (found.get(figure) or 0) <= most, figure


def test_no_held_out_reply_is_trained_on() -> None:
    """Replies of one or two words are the same whoever writes them."""
    known = {plain(example.text) for example in corpus.read(corpus.files())}
    asked = {
        plain(case.reply.text) for name in LEAST for case in cases_of(FOLDER / f"{name}.jsonl")
    }
    assert [text for text in known & asked if len(text.split()) > 2] == []


if __name__ == "__main__":
    for each in LEAST:
        in_text(figures(each), each)
