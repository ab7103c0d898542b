"""Every decision is explained in words that a strategist understands."""

from pathlib import Path

import pytest

from dialogs.pack import Pack
from domain.events import Campaign, Chosen, HandedBack, PersonTook
from domain.values import ChannelKind
from tests.dialogs.play import FRIDAY, Play, a_context, usd
from tests.dialogs.test_rendering import small


def why(play: Play, text: str, intent: str | tuple[str, float], **found: object) -> list[str]:
    return list(play.says(text, intent, **found).trace)  # type: ignore[arg-type]


def test_a_promise_is_followed_step_by_step(play: Play) -> None:
    trace = why(play, "i pay friday", "promise_to_pay", on=FRIDAY)
    assert trace == [
        "understood: promise_to_pay",
        "flow promise_to_pay starts",
        "flow promise_to_pay, step start: on to ask_date, otherwise",
        "flow promise_to_pay, step ask_amount: asked because promise_amount was missing",
        "says utter_ask_promise_amount, variation 1",
    ]
    trace = why(play, "50", "promise_to_pay", amount=usd(50))
    assert "flow promise_to_pay, step check_promise: does check_promise" in trace
    assert (
        'flow promise_to_pay, step check_promise: on to confirm, since slots.promise_verdict = '
        '"accepted"'
    ) in trace  # fmt: skip
    assert any("step confirm: asked because promise_confirmed was missing" in one for one in trace)


def test_a_trigger_below_its_threshold_is_named(play: Play) -> None:
    trace = why(play, "maybe i pay", ("promise_to_pay", 0.2))
    assert (
        "flow promise_to_pay does not start: promise_to_pay at 0.20 is below its threshold of 0.35"
        in trace
    )


def test_a_refused_value_and_a_correction_are_named(play: Play) -> None:
    why(play, "i pay 50", "promise_to_pay", amount=usd(50))
    trace = why(play, "last week", "promise_to_pay", on=FRIDAY.replace(year=2025))
    assert "promise_date is rejected: slots.promise_date < context.today" in trace
    assert "flow promise_to_pay, step ask_date: asked because promise_date was rejected" in trace
    trace = why(play, "60 on friday", "promise_to_pay", amount=usd(60), on=FRIDAY)
    assert "flow promise_to_pay: corrected promise_amount" in trace


def test_a_guard_that_fails_is_named(us: Pack) -> None:
    history = a_context().history
    context = a_context(history=type(history)(active="p", active_amount=usd(5)))
    out = Play(us, context).event(Campaign, channel=ChannelKind.SMS, flow="reminder")
    assert "flow reminder does not start: its guard fails: not context.promise.active" in out.trace


VARIED = """
  utter_tried:
    - {id: plain, text: a}
    - {id: mail, channel: email, text: b}
    - {id: known, condition: context.customer.verified, text: c}
  utter_lots:
    - {id: one, text: a}
    - {id: two, text: b}
"""
FLOWS = """
flows:
  tried:
    nlu_trigger: [{intent: greeting}]
    steps: [{action: utter_tried}]
  lots:
    nlu_trigger: [{intent: thanks}]
    steps: [{action: utter_lots}]
"""


@pytest.mark.parametrize(
    ("channel", "verified", "words"),
    [
        (ChannelKind.SMS, False, "variation plain, the plain one"),
        (ChannelKind.EMAIL, False, "variation mail, for email"),
        (ChannelKind.SMS, True, "variation known, since context.customer.verified"),
    ],
)
def test_why_a_variation_was_chosen(
    tmp_path: Path, channel: ChannelKind, verified: bool, words: str
) -> None:
    context = a_context(channel=channel)
    customer = type(context.customer)("c", "C", verified=verified)
    play = Play(small(tmp_path, VARIED, FLOWS), a_context(channel=channel, customer=customer))
    out = play.says("hi", "greeting", channel=channel)
    assert f"says utter_tried, {words}" in out.trace


def test_one_of_equals_is_drawn_and_stays(tmp_path: Path) -> None:
    play = Play(small(tmp_path, VARIED, FLOWS))
    (first,) = [one for one in play.says("t", "thanks").trace if one.startswith("says")]
    assert first.endswith("the plain one, by lot of 2 that stays")
    assert first in play.says("t", "thanks").trace


def test_people_and_buttons_are_told_of(play: Play) -> None:
    out = play.event(Chosen, channel=ChannelKind.SMS, address="a", payload="/pay_now")
    assert "understood: pay_now" in out.trace
    assert play.event(PersonTook, agent="Kim").trace == ("Kim has the conversation: flows pause",)
    assert play.event(HandedBack, resume=True).trace == ("handed back: nothing was paused",)
