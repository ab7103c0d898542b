"""Texts that are too long for one message: several, in order, cut where it hurts least."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.parting import messages
from dialogs.rendering import LONGEST_SECRET
from domain.commands import Handoff, IssueLink, Log, Say
from domain.graphemes import graphemes
from domain.messages import LINK_MARK
from domain.values import ChannelKind
from tests.dialogs.play import Play, of
from tests.dialogs.test_rendering import small

STOP = "Reply STOP to opt out."
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f466"


def cut(text: str, longest: int, closing: str = "", link: int = 1) -> list[str]:
    return messages(text, closing, longest, link)


@pytest.mark.parametrize(
    ("text", "longest", "parts"),
    [
        ("one two", 7, ["one two"]),
        ("one two ", 7, ["one two"]),
        ("one two three", 7, ["one two", "three"]),
        ("aaa bbb. c dd ee", 11, ["aaa bbb.", "c dd ee"]),
        ("Hi. aa bb cc dd", 14, ["Hi. aa bb cc", "dd"]),  # a sentence that leaves much empty
        ("How? a b\n1 Ten\n2 Else", 16, ["How? a b\n1 Ten", "2 Else"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        (FAMILY * 3, 17, [FAMILY * 2, FAMILY]),
        ("e" + "\u0301" * 5, 4, ["e\u0301\u0301\u0301", "\u0301\u0301"]),
        ("see https://pay.example/aaaaa", 27, ["see", "https://pay.example/aaaaa"]),
        ("\U0001f600\U0001f600 \U0001f600", 6, ["\U0001f600\U0001f600", "\U0001f600"]),
    ],
)
def test_where_it_is_cut(text: str, longest: int, parts: list[str]) -> None:
    assert cut(text, longest) == parts


def test_each_message_has_the_closing_line_whole() -> None:
    text = "word " * 30
    found = cut(text, 60, STOP)
    assert len(found) > 2
    assert all(part.endswith(f"word {STOP}") and len(part) <= 60 for part in found)
    assert cut("How?\n1 Yes\n2 No\n" + text[:-1] + "\n", 60, STOP)[0].endswith(f"\n{STOP}")


def test_a_closing_line_that_leaves_no_room() -> None:
    assert cut("word " * 30, 40, STOP) == []


def test_a_link_counts_as_its_url_and_is_not_cut() -> None:
    text = f"pay here: {LINK_MARK} thanks"
    assert cut(text, 47, link=30) == [text]
    assert cut(text, 46, link=30) == [f"pay here: {LINK_MARK}", "thanks"]
    assert cut(text, 39, link=30) == ["pay here:", f"{LINK_MARK} thanks"]


WORDS = st.lists(
    st.sampled_from(
        ["a", "plan.", "pay\n", LINK_MARK, FAMILY, "e\u0301" * 3, "\U0001f1ec\U0001f1e7"]
    )
    | st.text(min_size=1, max_size=20),
    max_size=60,
).map(" ".join)


@given(WORDS, st.sampled_from(["", STOP]), st.integers(64, 200))
def test_nothing_is_lost_or_out_of_order(text: str, closing: str, longest: int) -> None:
    link = 30
    found = messages(f"{text} ", closing, longest, link)
    for part in found:
        shown = part.replace(LINK_MARK, "x" * link)
        assert len(shown.encode("utf-16-le")) // 2 <= longest
        assert part.endswith(closing)
    bodies = [part.removesuffix(closing).rstrip() for part in found]
    assert "".join("".join(bodies).split()) == "".join(text.split())
    assert "".join(map("".join, map(graphemes, bodies))) == "".join(bodies)
    assert sum(len(graphemes(body)) for body in bodies) == len(graphemes("\n".join(bodies))) - (
        max(len(bodies) - 1, 0)
    )


RESPONSES = """
  utter_echo:
    - text: "You wrote: %s. Pay here: {link}"
      buttons: [{title: "One", payload: /pay_now}, {title: "Two", payload: /hardship}]
  utter_stop: [{text: "Reply STOP to opt out."}]
"""
CLOSED = """
    closing: {response: utter_stop, categories: [reply]}
"""


FLOWS = """
flows:
  echo:
    nlu_trigger: [{intent: thanks}]
    steps:
      - {collect: note, utter: utter_plain}
      - action: utter_echo
"""


def echo(folder: Path, times: int, **how: Any) -> Play:
    """The customer's own words come back so many times."""
    text = RESPONSES % " ".join(["{note}"] * times)
    play = Play(small(folder, text, FLOWS, settings=CLOSED))
    play.says("hi", "thanks", **how)
    play.says("I was ill. " * 27, "out_of_scope", **how)
    return play


def test_a_customers_long_words_come_back_in_several_messages(tmp_path: Path) -> None:
    play = echo(tmp_path, 7)
    assert play.decision is not None
    says: list[Say] = of(play.decision, Say)
    assert len(says) == 2
    assert len({say.id for say in says}) == 2
    assert all(say.content.text.endswith(f"\n{STOP}") for say in says)
    url = "x" * (len(play.context.link_base) + LONGEST_SECRET)
    assert all(len(say.content.text.replace(LINK_MARK, url)) <= 1600 for say in says)
    assert "\n1 One\n2 Two\n" in says[1].content.text
    (link,) = of(play.decision, IssueLink)
    assert [say.link_id for say in says] == [None, link.id]
    assert play.state is not None
    assert len(play.state.options) == 2


def test_it_is_one_mail(tmp_path: Path) -> None:
    play = echo(tmp_path, 7, channel=ChannelKind.EMAIL)
    assert play.decision is not None
    assert len(of(play.decision, Say)) == 1


def test_what_takes_more_than_three_is_for_a_person(tmp_path: Path) -> None:
    decision = echo(tmp_path, 20).decision
    assert decision is not None
    assert of(decision, Say) == []
    assert [order.reason for order in of(decision, Handoff)] == ["too_long"]
    told = [log.payload["rule"] for log in of(decision, Log) if log.type == "message.suppressed"]
    assert told == ["too_long"]
