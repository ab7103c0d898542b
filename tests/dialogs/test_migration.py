"""Mappings between versions: what is wrong is found, and what is mapped goes on."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from dialogs.findings import PackError
from dialogs.loader import load_shipped
from dialogs.migration import FlowMove, Moves, decode, encode, migrated, read_moves
from dialogs.pack import Pack
from dialogs.state import Frame, State
from domain.intents import INTENTS
from domain.values import Money
from tests.dialogs.edits import ENGLISH, PAYMENT, SLOTS, edited
from tests.dialogs.play import Play, text

US = ENGLISH
UK = load_shipped("collections-uk")

MOVES = """\
flows:
  promise_to_pay:
    to: agree
    steps:
      ask_date: day
      ask_amount: ask_amount
slots:
  claim_details: null
"""


@pytest.fixture
def new(tmp_path: Path) -> Pack:
    """The promise is another flow, and its question for a day another step."""
    return edited(
        tmp_path,
        (PAYMENT, "  promise_to_pay:\n    name", "  agree:\n    name"),
        (PAYMENT, "ask_date", "day"),
        (PAYMENT, "link: promise_to_pay", "link: agree"),
    )


def read(tmp_path: Path, text: str, new: Pack, old: Pack = US) -> Moves:
    file = tmp_path / "moves.yml"
    file.write_text(text, encoding="utf-8")
    return read_moves(file, old, new)


def test_what_is_named_goes_there_and_like_slots_come_along(tmp_path: Path, new: Pack) -> None:
    moves = read(tmp_path, MOVES, new)
    steps = {"ask_date": "day", "ask_amount": "ask_amount"}
    assert moves.flows == {"promise_to_pay": FlowMove("agree", steps)}
    assert moves.slots["promise_amount"] == "promise_amount"
    assert moves.slots["claim_details"] is None
    assert set(moves.slots) == set(US.slots)
    assert decode(encode(moves)) == moves


def test_the_conversation_goes_on_where_it_stood(tmp_path: Path, new: Pack) -> None:
    moves = read(tmp_path, MOVES, new)
    play = Play(US)
    play.says("50", "promise_to_pay", amount=Money(5000, "USD"))
    assert play.state is not None
    there = migrated(play.state, moves, new)
    assert there is not None
    assert there.stack == (Frame("agree", "day"),)
    assert there.question == play.state.question
    on = Play(new, state=there, at=play.at, number=play.number)
    assert "on Friday, November 27" in text(
        on.says("friday", "out_of_scope", on=date(2026, 11, 27))
    )


def test_where_it_names_nothing_it_stays(tmp_path: Path, new: Pack) -> None:
    moves = read(tmp_path, MOVES, new)
    state = State.fresh(US, "en-US")
    for stack in (
        (Frame("already_paid", "claim_details"),),
        (Frame("promise_to_pay", "confirm"),),
        (Frame("already_paid", "claim_details"), Frame("promise_to_pay", "ask_date")),
    ):
        assert migrated(structs.replace(state, stack=stack), moves, new) is None


def test_slots_are_renamed_wherever_they_are_remembered(tmp_path: Path) -> None:
    new = edited(
        tmp_path,
        (SLOTS, "  promise_confirmed:", "  promise_agreed:"),
        (PAYMENT, "promise_confirmed", "promise_agreed"),
        (PAYMENT, "- id: confirm\n        collect: promise_agreed", (
         "- id: agree\n        collect: promise_agreed\n"
         "        utter: utter_ask_promise_confirmed")),
        (PAYMENT, 'promise_verdict = "accepted"\n            then: confirm',
         'promise_verdict = "accepted"\n            then: agree'),
    )  # fmt: skip
    moves = read(
        tmp_path,
        "flows: {promise_to_pay: {steps: {confirm: agree}}}\n"
        "slots: {promise_confirmed: promise_agreed}",
        new,
    )
    play = Play(US)
    play.says("50 friday", "promise_to_pay", amount=Money(5000, "USD"), on=date(2026, 11, 27))
    assert play.state is not None
    state = structs.replace(
        play.state,
        slots={"promise_confirmed": True},
        secrets=("promise_confirmed",),
        tries={"promise_confirmed": 2},
        options=("/SetSlots(promise_confirmed=true)", "/agent_request"),
    )
    there = migrated(state, moves, new)
    assert there is not None
    assert there.question is not None
    assert there.question.slot == "promise_agreed"
    assert there.slots == {"promise_agreed": True}
    assert (there.secrets, there.tries) == (("promise_agreed",), {"promise_agreed": 2})
    assert there.options == ("/SetSlots(promise_agreed=true)", "/agent_request")


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("flows: {gone: {steps: {a: b}}}", "1:9", "unknown-flow"),
        ("flows: {promise_to_pay: {to: gone, steps: {}}}", "1:26", "unknown-flow"),
        ("flows: {already_paid: {steps: {gone: claimed}}}", "1:32", "unknown-step"),
        ("flows: {already_paid: {steps: {claimed: gone}}}", "1:32", "unknown-step"),
        ("flows: {already_paid: {steps: {claim_details: claimed}}}", "1:32", "question-lost"),
        ("flows: {already_paid: {}}", "1:9", "missing-key"),
        ("flows: {already_paid: {step: {}}}", "1:24", "unknown-key"),
        ("slots: {}", "1:1", "missing-key"),
        ("flows: {}\nslots: {gone: null}", "2:9", "unknown-slot"),
        ("flows: {}\nslots: {claim_date: gone}", "2:9", "unknown-slot"),
        ("flows: {}\nslots: {claim_date: promise_amount}", "2:9", "slot-type"),
        ("flows: {}\nslots: {claim_date: promise_date, promise_date: promise_date}", "2:35",
         "slot-twice"),
        (("flows: {already_paid: {steps: {claim_details: claim_details}}}\n"
         "slots: {claim_details: null}"), "1:32", "question-lost"),
        ("flows: [", "1:9", "yaml"),
        ("flows: &a {}", "1:8", "yaml-feature"),
        ("- 1", "1:1", "shape"),
        ("flows: {already_paid: {steps: {claim_details: 3}}}", "1:32", "shape"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_mapping(tmp_path: Path, text: str, place: str, code: str) -> None:
    with pytest.raises(PackError) as found:
        read(tmp_path, text, US)
    findings = found.value.findings
    assert [f"{f.line}:{f.column}" for f in findings if f.code == code] == [place], findings


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="file-missing"):
        read_moves(tmp_path / "moves.yml", US, US)


SAME = Moves(
    {name: FlowMove(name, {step: step for step in flow.index}) for name, flow in US.flows.items()},
    {name: name for name in US.slots},
)
OTHER = Moves(
    {
        name: FlowMove(name, {step: step for step in flow.index if step in UK.flows[name].index})
        for name, flow in US.flows.items()
        if name in UK.flows
    },
    {name: name if name in UK.slots else None for name in US.slots},
)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(INTENTS),
            st.sampled_from([None, Money(5000, "USD")]),
            st.sampled_from([None, date(2026, 11, 27)]),
        ),
        min_size=1,
        max_size=10,
    ),
    st.integers(0, 9),
)
def test_a_talk_may_move_at_any_moment(walk: list, when: int) -> None:  # type: ignore[type-arg]
    """To the same pack as if nothing had happened; to another one without harm."""
    play, other = Play(US), Play(US)
    for number, (intent, amount, on) in enumerate(walk):
        if number == when:
            assert play.state is not None
            assert other.state is not None
            same = migrated(play.state, SAME, US)
            assert same == play.state
            there = migrated(other.state, OTHER, UK)
            if there is not None:
                other = Play(UK, state=there, at=other.at, number=other.number)
        first = play.says("words", intent, amount=amount, on=on)
        other.says("words", intent, amount=amount, on=on)
        assert first.state.pack == "collections-us"
