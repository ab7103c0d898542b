"""A picture without words: a person looks at it, and what was asked stays asked."""

import pytest

from dialogs.decide import Decision
from domain.commands import Say
from domain.events import PersonTook, Said
from domain.values import ChannelKind
from tests.dialogs.play import (
    FRIDAY,
    Play,
    handoffs,
    logged,
    of,
    promises,
    responses,
    text,
    usd,
)
from tests.dialogs.play import meant as understood


def sends(play: Play, words: str = "", media: int = 1, keyword: str | None = None) -> Decision:
    event = Said(
        id=play.next_id(), at=play.at, channel=ChannelKind.SMS, address="+14155550123", text=words,
        understanding=understood("affirm"), media=media, keyword=keyword,
    )  # fmt: skip
    return play.happens(event)


def test_a_person_is_asked_for_and_the_customer_is_told(play: Play) -> None:
    out = sends(play)
    assert handoffs(out) == ["media"]
    assert responses(out) == ["utter_handoff"]
    assert "conversation.intent_detected" not in logged(out)


@pytest.mark.parametrize("words", ["", " ", "\n\n"])
def test_it_answers_no_question(play: Play, words: str) -> None:
    """The understanding of nothing may be anything."""
    play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
    out = sends(play, words)
    assert promises(out) == []
    assert out.state.question is not None
    assert len(promises(play.says("yes", "affirm"))) == 1


def test_with_words_it_is_the_words_that_count(play: Play) -> None:
    out = sends(play, "yes")
    assert "media" not in handoffs(out)


def test_whoever_asked_for_silence_is_not_written_to(play: Play) -> None:
    play.says("stop", "opt_out")
    out = sends(play)
    assert (text(out), handoffs(out)) == ("", ["media"])


def test_a_person_who_has_the_conversation_sees_it_there(play: Play) -> None:
    play.event(PersonTook, agent="Kim")
    out = sends(play)
    assert (of(out, Say), handoffs(out)) == ([], [])


def test_a_keyword_that_the_provider_answered_comes_first(play: Play) -> None:
    assert text(sends(play, keyword="STOP")) == ""
    assert handoffs(sends(play, keyword="HELP")) == []
