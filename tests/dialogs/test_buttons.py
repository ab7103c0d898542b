"""Buttons: pressed where a channel has them, numbered in a text; one may set several slots."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.findings import PackError
from dialogs.pack import Pack
from dialogs.payloads import harmless, meaning
from domain.commands import Say
from domain.events import Chosen
from domain.values import ChannelKind
from tests.dialogs.play import Play, logged, of, responses, text
from tests.dialogs.test_rendering import small

FLOWS = """
flows:
  choosing:
    nlu_trigger: [{intent: settlement_offer}]
    steps:
      - {collect: amount, utter: utter_choose}
      - {collect: note, utter: utter_choose}
      - action: utter_chosen
  other:
    nlu_trigger: [{intent: hardship}]
    steps: [{action: utter_other}]
"""
TEXTS = """
  utter_other: [{text: "other"}]
  utter_chosen: [{text: "{amount} {note}"}]
  utter_choose:
    - text: "How?"
      buttons:
        - {title: "Ten", payload: "/SetSlots(amount=10, note=by card, now)"}
        - {title: "Else", payload: "/hardship"}
        - {title: "Day", payload: "/SetSlots(amount=5, note=soon)"}
"""


def pressed(play: Play, payload: str) -> str:
    return text(play.event(Chosen, channel=ChannelKind.SMS, address="a", payload=payload))


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        ("/pay_now", "pay_now"),
        ("/SetSlots(a=1)", (("a", "1"),)),
        ("/SetSlots(a=1, b=2)", (("a", "1"), ("b", "2"))),
        ("/SetSlots(a=1,b=2)", (("a", "1"), ("b", "2"))),
        ("/SetSlots(a=x, y, b=2)", (("a", "x, y"), ("b", "2"))),
        ("/SetSlots(a=)", (("a", ""),)),
        ("/SetSlots()", None), ("/SetSlots(a)", None), ("SetSlots(a=1)", None), ("", None),
        ("/Pay", None), ("/SetSlots(a=(1))", None), ("/pay_now ", None),
    ],
)  # fmt: skip
def test_what_a_payload_means(payload: str, found: object) -> None:
    assert meaning(payload) == found


@given(st.text())
def test_no_value_sets_another_slot(value: str) -> None:
    found = meaning(f"/SetSlots(a={harmless(value)})")
    assert isinstance(found, tuple)
    assert [name for name, _ in found] == ["a"]


@given(st.text())
def test_any_payload_is_read(payload: str) -> None:
    assert meaning(payload) is None or meaning(payload)


class TestNumbered:
    def test_one_number_fills_both(self, tmp_path: Path) -> None:
        play = Play(small(tmp_path, TEXTS, FLOWS))
        asked = play.says("deal", "settlement_offer")
        assert text(asked) == "How?\n1 Ten\n2 Else\n3 Day"
        assert text(play.says("1", "out_of_scope")) == "$10.00 by card, now"


class TestPressed:
    @pytest.fixture
    def play(self, tmp_path: Path) -> Play:
        play = Play(small(tmp_path, TEXTS, FLOWS))
        play.says("deal", "settlement_offer")
        return play

    def test_it_fills_both(self, play: Play) -> None:
        assert pressed(play, "/SetSlots(amount=5, note=soon)") == "$5.00 soon"

    def test_it_may_be_an_intent(self, play: Play) -> None:
        assert pressed(play, "/hardship").startswith("other")

    @pytest.mark.parametrize(
        "payload",
        ["/SetSlots(amount=5, go_on=true)", "/SetSlots(amount=x)", "/SetSlots(gone=1)", "pay",
         "/no_such_intent", "\x00", "/SetSlots(amount=Infinity)", "/SetSlots(amount=1e99999)",
         "/SetSlots(amount=5, note=)"],
    )  # fmt: skip
    def test_what_does_not_belong_here_sets_nothing(self, play: Play, payload: str) -> None:
        before = play.state
        pressed(play, payload)
        assert play.state is not None
        assert before is not None
        assert play.state.slots == before.slots
        assert "amount" not in play.state.slots

    def test_an_old_button_starts_nothing(self, play: Play) -> None:
        pressed(play, "/SetSlots(amount=5, note=soon)")
        out = play.event(
            Chosen, channel=ChannelKind.SMS, address="a", payload="/SetSlots(amount=7)"
        )
        assert "conversation.not_understood" in logged(out)
        assert out.state.slots == {}

    def test_a_button_stops_like_words(self, us: Pack) -> None:
        play = Play(us)
        out = play.event(Chosen, channel=ChannelKind.SMS, address="a", payload="/opt_out")
        assert responses(out) == ["utter_opted_out"]
        after = play.event(Chosen, channel=ChannelKind.SMS, address="a", payload="/pay_now")
        assert of(after, Say) == []


@pytest.mark.parametrize(
    ("value", "kept"),
    [("12.5", "12.5"), ("-3", "-3"), ("NaN", None), ("sNaN", None), ("Infinity", None),
     ("1e999999999", None), ("9" * 30, None), ("1_0", None), ("", None), ("٣", None)],
)  # fmt: skip
def test_a_number_is_one_that_can_be_compared_and_shown(
    tmp_path: Path, value: str, kept: str | None
) -> None:
    flows = FLOWS.replace("collect: amount", "collect: share").replace("{amount}", "{share}")
    texts = TEXTS.replace("amount", "share")
    slot = "  share: {type: decimal, mappings: [{type: from_intent, intent: deny, value: 0}]}\n"
    play = Play(small(tmp_path, texts, flows, slots=slot))
    play.says("deal", "settlement_offer")
    pressed(play, f"/SetSlots(share={value})")
    assert play.state is not None
    found = play.state.slots.get("share")
    assert (None if found is None else str(found.value)) == kept  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("payload", "code"),
    [("/SetSlots(amount=1, amount=2)", "payload"), ("/SetSlots(gone=1)", "unknown-slot"),
     ("/SetSlots(a)", "payload"), ("/pay_later", "unknown-intent")],
)  # fmt: skip
def test_a_payload_is_checked_when_it_is_loaded(tmp_path: Path, payload: str, code: str) -> None:
    with pytest.raises(PackError) as error:
        small(tmp_path, TEXTS.replace("/hardship", payload), FLOWS)
    assert [finding.code for finding in error.value.findings] == [code]
