from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.decide import pending_slot
from dialogs.pack import Pack
from dialogs.state import MAX_LIST, MAX_TEXT, Frame, Question, State, keep, recall
from domain.commands import Log
from domain.values import Money
from tests.dialogs.play import Play, of

VALUES = st.one_of(
    st.booleans(),
    st.text(max_size=MAX_TEXT).filter(lambda text: text.isprintable()),
    st.decimals(allow_nan=False, allow_infinity=False, places=4),
    st.dates(),
    st.builds(Money, st.integers(-(2**53), 2**53), st.sampled_from(["USD", "JPY", "KWD"])),
    st.lists(st.sampled_from("abc"), max_size=MAX_LIST).map(tuple),
)


@given(st.dictionaries(st.sampled_from("abcdef"), VALUES))
def test_values_come_back_as_they_were(values: dict[str, Any]) -> None:
    kept = {name: keep(value) for name, value in values.items()}
    state = State(pack="p", pack_version="1", locale="en-US", slots=kept)  # type: ignore[arg-type]
    again = msgspec.json.decode(msgspec.json.encode(state), type=State)
    assert again == state
    found = {name: recall(value) for name, value in again.slots.items()}
    assert found == values
    assert {name: type(value) for name, value in found.items()} == {
        name: type(value) for name, value in values.items()
    }


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (3, Decimal(3)), (0.1, Decimal("0.1")), ("x" * 999, "x" * MAX_TEXT),
        (("a",) * 99, ("a",) * MAX_LIST), (date(2026, 1, 1), date(2026, 1, 1)),
    ],
)  # fmt: skip
def test_numbers_are_exact_and_long_values_cut(value: Any, kept: Any) -> None:
    found = keep(value)
    assert found is not None
    assert recall(found) == kept


def test_nothing_is_kept_of_null() -> None:
    assert keep(None) is None


def test_a_fresh_state_is_small_and_nothing_is_asked(us: Pack) -> None:
    state = State.fresh(us, "en-US")
    assert (state.version, pending_slot(state)) == (0, None)
    assert len(msgspec.json.encode(state)) < 100


def test_a_full_state_comes_back() -> None:
    state = State(
        pack="p", pack_version="1", locale="en-GB", version=7, stack=(Frame("f", "s", True),),
        question=Question("x", 7), options=("/a",), tries={"x": 1}, misses=1, abuse=1, nudges=1,
        opted_out=("sms",), wrong_party=("email",), suspended="dispute",
        outreach=True, secrets=("x",),
    )  # fmt: skip
    assert msgspec.json.decode(msgspec.json.encode(state), type=State) == state
    assert pending_slot(state) == "x"


def test_what_is_told_of_long_words_is_as_short_as_what_is_kept(us: Pack) -> None:
    play = Play(us)
    play.says("my lawyer has this", "attorney_represented")
    told = play.says("x" * 10_240, "out_of_scope")
    (log,) = (each for each in of(told, Log) if "representative" in each.payload)
    assert log.payload["representative"] == "x" * MAX_TEXT
