"""What we sent is found in what came back, whatever became of it on the way."""

import re
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.quoting.parent import SHORT, words
from channels.email.visible import passed_on, visible_reply

OURS = """Dear Ann Pike,

your account 4711 with Northwind Energy is past due. The balance today is 120.00 dollars.

You can pay it at https://pay.harbour.example/l/abc123 or tell us what you can do. Reply YES to pay
the full amount, or STOP to hear no more from us.

Harbour Credit
1 Harbour Road, Leeds"""
OWN = "I can pay 50 on Friday.\nIs that all right?\n\nAnn"


def wrapped(text: str, width: int) -> str:
    return "\n".join(
        textwrap.fill(line, width, break_long_words=False) for line in text.split("\n")
    )


STYLES = {
    "bare": OURS,
    "wrapped": wrapped(OURS, 60),
    "narrow": wrapped(OURS, 25),
    "links rewritten": re.sub(r"https:\S+", "<https://safe.example/?u=https%3A%2F%2Fpay>", OURS),
    "in one line": OURS.replace("\n", " "),
    "with bars": textwrap.indent(OURS, "| ", lambda _line: True),
    "indented": textwrap.indent(OURS, "    "),
    "spaced": OURS.replace("\n", "\n\n"),
    "marked": textwrap.indent(OURS, "> ", lambda _line: True),
    "in capitals": OURS.upper(),
    "an unknown line above": f"Harbour zwxqt 4/5/2026 <care@harbour.example>:\n{OURS}",
}


@pytest.mark.parametrize("style", STYLES)
def test_what_we_sent_goes_above_and_below(style: str) -> None:
    assert visible_reply(f"{OWN}\n\n{STYLES[style]}", None, (OURS,)) == OWN
    assert visible_reply(f"{STYLES[style]}\n\n{OWN}", None, ("Other.", OURS)) == OWN


def test_answers_between_our_lines_stay() -> None:
    mail = OURS.replace("\n\nYou can", "\n\nThat is not mine!\n\nYou can") + "\n\nAnn"
    assert visible_reply(mail, None, (OURS,)).split() == "That is not mine! Ann".split()


@pytest.mark.parametrize("answer", ["YES", "Stop", "Dear Harbour Credit,\nyes", "the full amount"])
def test_short_answers_in_our_words_stay(answer: str) -> None:
    assert visible_reply(answer, None, (OURS,)) == answer
    assert visible_reply(f"{answer}\n\n{OURS}", None, (OURS,)) == answer
    assert visible_reply(f"{OURS}\n\n{answer}", None, (OURS,)) == answer


def test_where_all_would_vanish_a_few_words_stay() -> None:
    """A customer says "tell us what you can do" after us; nobody types a whole mail of ours."""
    few = "Reply YES to pay the full amount, or STOP"
    assert visible_reply(few, None, (OURS,)) == few
    assert visible_reply(OURS, None, (OURS,)) == ""


@pytest.mark.parametrize(
    "head",
    [
        "---------- Forwarded message ---------\nFrom: Care <care@harbour.example>\nTo: Ann",
        "Begin forwarded message:\n\nFrom: Care <care@harbour.example>\nSubject: Your account",
        "-----Original Message-----\nFrom: Care <care@harbour.example>\nSent: Monday\nTo: Ann",
    ],
)
def test_our_mail_passed_on_without_a_word_says_nothing(head: str) -> None:
    """What we offer is nobody's consent to it."""
    assert visible_reply(f"{head}\n\n{OURS}", None, (OURS,)) == ""
    html = f"<div>{head}</div><div>{OURS}</div>".replace("\n", "<br>")
    assert visible_reply(None, html, (OURS,)) == ""
    assert visible_reply(f"{head}\n\nReply YES to pay the full amount", None, (OURS,)) == ""
    assert visible_reply(f"yes\n\n{head}\n\n{OURS}", None, (OURS,)) == "yes"


def test_marks_of_his_own_are_kept_where_we_never_sent_that() -> None:
    mail = "My plan:\n\n> pay fifty in June\n> and the rest in July"
    assert visible_reply(mail, None, (OURS,)) == mail
    quoted = "> Reply YES to pay the full\n> amount\n\nyes"
    assert visible_reply(quoted, None, (OURS,)) == "yes"


def test_html_that_no_rule_knows() -> None:
    html = f"<p>{OWN}</p><table><tr><td>{OURS}</td></tr></table>"
    assert visible_reply(None, html, (OURS,)).split() == OWN.split()


WORDS = st.lists(st.sampled_from("pay can not mine June fifty please why who".split()), max_size=12)


@settings(max_examples=100)
@given(WORDS.filter(bool).map(" ".join), st.sampled_from(sorted(STYLES)))
def test_quoting_us_returns_exactly_the_reply(own: str, style: str) -> None:
    assert visible_reply(f"{own}\n\n{STYLES[style]}", None, (OURS,)) == own


@settings(max_examples=100)
@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=3))
def test_what_we_sent_never_takes_the_last_words(text: str, sent: list[str]) -> None:
    if visible_reply(text, None) and len(words(text)) <= SHORT:
        assert visible_reply(text, None, sent)


HEAD = "-----Original Message-----\nFrom: Bo <bo@x.example>\nSent: Monday\nTo: Ann\nSubject: Offer"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{HEAD}\n\nReply YES to accept.", True),
        (f"{HEAD}\n\nReply YES to accept.\n\nOn 1 May 2026, Al <al@x.example> wrote:\n> Hi", True),
        (f"I accept.\n\n{HEAD}\n\nReply YES to accept.", False),
        (f"{HEAD}\n\n> Reply YES to accept.\n\nYes, I accept.", False),
        (HEAD, False),
        ("I accept.", False),
        ("", False),
    ],
)
def test_what_only_passes_another_mail_on(text: str, expected: bool) -> None:
    assert passed_on(text, None) is expected
    assert not passed_on(f"{HEAD}\n\n{OURS}\n\nI accept.", None, (OURS,))
    assert passed_on(None, text.replace("<", "&lt;").replace("\n", "<br>")) is expected
