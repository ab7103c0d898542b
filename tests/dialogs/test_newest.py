"""Texts that are always the newest, and idle states that move between versions."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from dialogs.loader import load_shipped
from dialogs.newest import carried, fits, is_running, moved, with_newest
from dialogs.pack import LOCKED, SlotType
from dialogs.state import Frame, Question, State, keep, recall
from domain.intents import INTENTS
from domain.values import Money
from tests.dialogs.edits import ENGLISH, PATTERNS, SLOTS, TEXTS, edited
from tests.dialogs.play import Play, text

US = ENGLISH
UK = load_shipped("collections-uk")


def test_the_locked_patterns_and_closings_are_taken_and_nothing_else(tmp_path: Path) -> None:
    new = edited(
        tmp_path,
        (TEXTS, "you are opted out", "we stop"),
        (TEXTS, "You matter. Please call or text 988", "Please call or text 988"),
        (TEXTS, "debt collector. Reply STOP", "a debt collector. Reply STOP"),
        (TEXTS, "What day can you pay?", "Which day?"),
    )
    mixed = with_newest(US, new)
    here, there, old = (pack.responses["en-US"] for pack in (mixed, new, US))
    for name in ("utter_opted_out", "utter_crisis", "utter_closing", "utter_opt_out_line"):
        assert here[name] is there[name]
    assert here["utter_ask_promise_date"] is old["utter_ask_promise_date"]
    assert all(mixed.flows[name] is new.flows[name] for name in LOCKED)
    assert mixed.flows["promise_to_pay"] is US.flows["promise_to_pay"]
    assert (mixed.name, mixed.version) == (US.name, US.version)


def test_a_pattern_that_says_another_response(tmp_path: Path) -> None:
    new = edited(
        tmp_path,
        (PATTERNS, "utter_opted_out", "utter_goodbye"),
        (TEXTS, "utter_opted_out:", "utter_goodbye:"),
    )
    assert "opted out" in text(Play(with_newest(US, new)).says("stop", "opt_out"))


def test_a_slot_that_only_the_newest_has_counts_as_not_filled(tmp_path: Path) -> None:
    new = edited(
        tmp_path,
        (SLOTS, "  claim_date:", "  reason:\n    type: text\n  claim_date:"),
        (
            TEXTS,
            '    - text: "{brand}: you are opted out and will get no more texts from us."\n',
            (
                '    - text: "{brand}: you are opted out."\n'
                '    - condition: slots.reason is not null\n      text: "Opted out: {reason}."\n'
            ),
        ),
    )
    assert "you are opted out." in text(Play(with_newest(US, new)).says("stop", "opt_out"))


def test_a_locale_that_the_newest_has_not_keeps_its_own_words(tmp_path: Path) -> None:
    own = US.responses["en-US"]
    pinned = replace(US, responses={"en-US": own, "es-US": dict(own)})
    mixed = with_newest(pinned, edited(tmp_path, (TEXTS, "you are opted out", "we stop")))
    assert mixed.responses["es-US"]["utter_opted_out"] is own["utter_opted_out"]
    assert mixed.responses["en-US"]["utter_opted_out"] is not own["utter_opted_out"]


def test_a_text_that_the_pinned_locale_lacks_is_said_in_the_newest_ones_own_language(
    tmp_path: Path,
) -> None:
    own = US.responses["en-US"]
    pinned = replace(US, responses={"en-US": own, "es-US": dict(own)})
    new = edited(
        tmp_path,
        (PATTERNS, "utter_opted_out", "utter_goodbye"),
        (TEXTS, "utter_opted_out:", "utter_goodbye:"),
    )
    mixed = with_newest(pinned, new)
    assert mixed.responses["es-US"]["utter_goodbye"] is new.responses["en-US"]["utter_goodbye"]


WALK = st.lists(
    st.tuples(
        st.sampled_from(INTENTS),
        st.sampled_from([None, Money(5000, "USD"), Money(1, "EUR")]),
        st.sampled_from([None, date(2026, 11, 27), date(1999, 1, 1)]),
    ),
    max_size=12,
)


@given(WALK)
def test_no_talk_on_a_mixed_pack_raises_even_with_strangers_texts(walk: list[tuple]) -> None:  # type: ignore[type-arg]
    """The other pack has other locales, slots and closings."""
    play = Play(with_newest(US, UK))
    for intent, amount, on in walk:
        decision = play.says("words", intent, amount=amount, on=on)
        assert "{" not in text(decision).replace("{link}", "")


VALUES = st.one_of(
    st.booleans(),
    st.text(max_size=20),
    st.decimals(allow_nan=False, allow_infinity=False, places=2),
    st.dates(),
    st.builds(Money, st.integers(0, 10**9), st.sampled_from(["USD", "GBP"])),
    st.lists(st.text(max_size=5), max_size=3).map(tuple),
)


@given(st.dictionaries(st.sampled_from([*US.slots, "gone", "other"]), VALUES, max_size=6))
def test_only_what_still_fits_is_carried(values: dict) -> None:  # type: ignore[type-arg]
    kept = {name: keep(value) for name, value in values.items()}
    found = carried({name: value for name, value in kept.items() if value is not None}, US)
    for name, value in found.items():
        assert fits(US.slots[name], recall(value))
        assert value == kept[name]
    for name in values.keys() & US.slots.keys():
        known = kept[name]
        if known is not None and fits(US.slots[name], recall(known)):
            assert found[name] == known


@pytest.mark.parametrize(
    ("kind", "value", "right"),
    [
        (SlotType.MONEY, Money(1, "USD"), True),
        (SlotType.MONEY, Decimal(1), False),
        (SlotType.BOOL, True, True),
        (SlotType.DECIMAL, True, False),
        (SlotType.DECIMAL, Decimal(1), True),
        (SlotType.DATE, date(2026, 1, 1), True),
        (SlotType.DATE, "2026-01-01", False),
        (SlotType.ANY, ("a",), True),
        (SlotType.LIST, ("a",), True),
        (SlotType.TEXT, "a", True),
    ],
)
def test_what_a_slot_may_hold(kind: SlotType, value: object, right: bool) -> None:
    slot = replace(US.slots["promise_id"], type=kind)
    assert fits(slot, value) is right  # type: ignore[arg-type]


def test_a_categorical_value_that_was_removed_does_not_fit() -> None:
    slot = US.slots["promise_share"]
    assert fits(slot, "half")
    assert not fits(slot, "third")


def test_an_idle_state_keeps_what_is_known_of_the_customer() -> None:
    state = State(
        pack="collections-us",
        pack_version="1",
        locale="en-US",
        version=7,
        slots={"gone": True, "promise_id": keep("p")},  # type: ignore[dict-item]
        secrets=("gone", "promise_id"),
        opted_out=("sms",),
        suspended="dispute",
        options=("/agent_request",),
    )
    there = moved(state, replace(US, version="v9"))
    assert (there.pack_version, there.opted_out, there.suspended) == ("v9", ("sms",), "dispute")
    assert (list(there.slots), there.secrets, there.version) == (["promise_id"], ("promise_id",), 7)
    assert there.options == ()
    assert not is_running(there)


def test_a_flow_or_a_question_is_running() -> None:
    state = State.fresh(US, "en-US")
    assert not is_running(state)
    assert is_running(structs.replace(state, question=Question("promise_date", 1)))
    assert is_running(structs.replace(state, stack=(Frame("promise_to_pay", "ask_date"),)))
