"""How long a question waits, how often it is put again, and how it ends."""

from datetime import timedelta
from pathlib import Path

import pytest

from dialogs.findings import PackError
from dialogs.pack import Pack, Rung
from domain.commands import Say
from domain.messages import Category
from tests.dialogs.play import Play, logged, of, text, timers
from tests.dialogs.test_rendering import small

FLOWS = """
flows:
  asking:
    nlu_trigger: [{intent: hardship}]
    steps: [{collect: note}, {action: utter_note}]
  patient:
    nlu_trigger: [{intent: pay_now}]
    metadata: {gateway: {nudge: false}}
    steps: [{collect: note}, {action: utter_note}]
"""
TEXTS = """
  utter_ask_note: [{text: "note?"}]
  utter_third: [{text: "Still there?"}]
  utter_bye: [{text: "Bye."}]
"""
LADDER = """    no_reply:
      - {after: PT6H}
      - {after: P1DT12H, response: utter_third}
      - {after: P3D, response: utter_bye}
"""


def hours(play: Play) -> float:
    assert play.decision is not None
    (timer,) = timers(play.decision)
    return timer.after / timedelta(hours=1)


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return small(tmp_path, TEXTS, FLOWS, settings=LADDER)


def test_it_is_climbed_rung_by_rung(pack: Pack) -> None:
    play = Play(pack)
    play.says("hard", "hardship")
    assert hours(play) == 6
    first = play.waits()
    assert (text(first), hours(play)) == ("plain note?", 36)
    second = play.waits()
    assert (text(second), hours(play)) == ("Still there? note?", 72)
    last = play.waits()
    assert (text(last), timers(last)) == ("Bye.", [])
    assert "conversation.expired" in logged(last)
    assert (last.state.stack, last.state.outreach) == ((), True)
    assert {say.category for out in (first, second, last) for say in of(out, Say)} == {
        Category.OUTREACH
    }


def test_an_answer_starts_it_anew(pack: Pack) -> None:
    play = Play(pack)
    play.says("hard", "hardship")
    play.waits()
    play.says("ok", "thanks")
    assert hours(play) == 6
    assert text(play.waits()) == "plain note?"


def test_a_flow_without_nudges_ends_after_the_first_wait_in_silence(pack: Pack) -> None:
    play = Play(pack)
    play.says("now", "pay_now")
    out = play.waits()
    assert (text(out), "conversation.expired" in logged(out)) == ("", True)


def test_who_asked_for_silence_hears_no_farewell(pack: Pack) -> None:
    play = Play(pack)
    play.says("hard", "hardship")
    version = play.state.version if play.state else 0
    play.says("stop", "opt_out")
    assert play.state is not None
    assert play.state.version != version
    assert play.state.question is None


@pytest.mark.parametrize("name", ["us", "uk"])
def test_the_shipped_packs_ask_again_once(name: str, request: pytest.FixtureRequest) -> None:
    pack: Pack = request.getfixturevalue(name)
    assert pack.settings.no_reply == (Rung(24), Rung(24))


@pytest.mark.parametrize(
    ("ladder", "code", "mend"),
    [
        ("[]", "ladder", "PT24H"),
        ("[{after: PT24H}, {after: PT6H}]", "ladder", "grow"),
        ("[{after: 24}]", "shape", "quotes"),
        ("[{after: P0D}]", "ladder", "P3D"),
        ("[{after: P}]", "ladder", "P3D"),
        ("[{after: P1DT}]", "ladder", "P3D"),
        ("[{after: P91D}]", "ladder", "P3D"),
        ("[{after: P1M}]", "ladder", "P3D"),
        ("[{after: -P1D}]", "ladder", "P3D"),
        ("[{response: utter_bye}]", "missing-key", "after"),
        ("[{after: P1D, response: utter_gone}]", "missing-response", "responses/en-US.yml"),
        ("[{after: P1D, say: utter_bye}]", "unknown-key", "after"),
        ("[" + ", ".join(["{after: P1D}"] * 11) + "]", "ladder", "PT24H"),
    ],
)  # fmt: skip
def test_a_broken_ladder_is_told(tmp_path: Path, ladder: str, code: str, mend: str) -> None:
    with pytest.raises(PackError) as error:
        small(tmp_path, TEXTS, FLOWS, settings=f"    no_reply: {ladder}\n")
    found = [finding for finding in error.value.findings if finding.code == code]
    assert found, error.value.findings
    assert any(mend in finding.mend for finding in found)
