"""What is said twice is answered in other words."""

from datetime import timedelta

import pytest

from dialogs.effects import EFFECTS
from domain.commands import Log
from tests.dialogs.play import Play, handoffs, of, responses, text

ASKED = ["utter_agent", "utter_ask_agent_time"]


@pytest.mark.parametrize(
    "intent",
    ["request_plan", "settlement_offer", "dispute", "complaint", "agent_request",
     "scam_suspicion"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["play", "play_uk"])
def test_a_repeated_message_gets_other_words(
    intent: str, name: str, request: pytest.FixtureRequest
) -> None:
    play: Play = request.getfixturevalue(name)
    first, second = text(play.says("x", intent)), text(play.says("x", intent))
    assert first
    assert second
    assert first != second
    play.at += timedelta(hours=25)
    assert text(play.says("x", intent)) == first


def test_more_about_a_plan_is_an_update_of_the_same_request(play: Play) -> None:
    told = [play.says("x", "request_plan") for _ in range(2)]
    plans = [log.payload for each in told for log in of(each, Log) if log.type == "plan.requested"]
    assert plans == [{}, {"update": True}]


@pytest.mark.parametrize("intent", ["settlement_offer", "request_extension", "already_paid"])
def test_a_request_told_twice_is_an_update_for_a_day(play: Play, intent: str) -> None:
    event = EFFECTS[intent].event
    marks = []
    for pause in (timedelta(0), timedelta(hours=1), timedelta(hours=25)):
        play.at += pause
        told = of(play.says("x", intent), Log)
        marks += {log.payload.get("update") for log in told if log.type == event}
    assert marks == [None, True, None]


def test_a_second_doubt_is_offered_a_person(play: Play) -> None:
    play.says("is this a scam??", "scam_suspicion")
    assert "1 Talk to a person" in text(play.says("is this a scam??", "scam_suspicion"))
    chosen = play.says("1", "out_of_scope")
    assert (responses(chosen), handoffs(chosen)) == (ASKED, ["agent_request"])
