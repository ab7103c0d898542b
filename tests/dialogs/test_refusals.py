"""Which channels words refuse, and which not; and that hostile words cost nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.refusals import is_of_a_medium, refused_channels
from domain.values import ChannelKind

SMS, EMAIL = ChannelKind.SMS, ChannelKind.EMAIL

REFUSED = [
    ("stop texting, email me", {SMS}),
    ("Stop texting me and email me instead", {SMS}),
    ("please don't text me, email only", {SMS}),
    ("PLEASE DO NOT TEXT MY PHONE", {SMS}),
    ("no more texts please, use email", {SMS}),
    ("use email not sms", {SMS}),
    ("can you email me instead of texting", {SMS}),
    ("Stop texting, I'll pay Friday", {SMS}),
    ("I do not want text messages, email me the details", {SMS}),
    ("only contact me by email", {SMS}),
    ("Please only email me from now on", {SMS}),
    ("unsubscribe me from the text messages", {SMS}),
    ("ya no me manden textos, mejor correo", {SMS}),
    ("don't email me", {EMAIL}),
    ("don’t e-mail me", {EMAIL}),
    ("do not contact me by email", {EMAIL}),
    ("stop emailing me, text me instead", {EMAIL}),
    ("no more emails", {EMAIL}),
    ("I don't want to get any more emails from you", {EMAIL}),
    ("no me escriban al correo", {EMAIL}),
    ("deje de mandarme correos", {EMAIL}),
    ("only text me", {EMAIL}),
    ("texts only please", {EMAIL}),
    ("solo por correo", {SMS}),
    ("stop texting and emailing me", {SMS, EMAIL}),
    ("don't text me or email me", {SMS, EMAIL}),
    ("no texts or emails", {SMS, EMAIL}),
    ("no texts no emails", {SMS, EMAIL}),
    ("stop the texts. stop the emails.", {SMS, EMAIL}),
]
NOT_REFUSED = [
    "stop", "STOP", "unsubscribe", "stop contacting me", "leave me alone",
    "I prefer email", "email is better", "text me instead",
    "don't text me at work", "don't text me after 9pm", "stop texting me so early",
    "don't email me on sundays", "only text me after 5", "don't text me while i'm driving",
    "please don't stop texting me", "never stop emailing me",
    "did you not email me?", "I have not received your email", "why no text",
    "don't call me, text me", "stop calling me", "I never got your email",
    "don't text and drive", "", "   ", "\0", "no",
]  # fmt: skip


@pytest.mark.parametrize(("text", "channels"), REFUSED)
def test_what_is_refused(text: str, channels: set[ChannelKind]) -> None:
    assert refused_channels(text) == channels
    assert refused_channels(f"hello. {text}") == channels


@pytest.mark.parametrize("text", NOT_REFUSED)
def test_what_is_not(text: str) -> None:
    assert refused_channels(text) == frozenset()


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("do not contact me by text", True),
        ("Please do not email me any more.", True),
        ("don't contact me via email again", True),
        ("do not contact me", False),
        ("do not contact me by phone or text", False),
        ("do not contact me by text or I will sue", False),
        ("never contact me again", False),
        ("do not text me. do not contact me at all", False),
    ],
)
def test_what_is_about_one_channel_alone(text: str, alone: bool) -> None:
    assert is_of_a_medium(text) is alone


WORDS = st.sampled_from(
    "stop don't do not no more me us any the text texts texting email emails or , . only by".split()
)


@given(st.lists(WORDS, max_size=60).map(" ".join))
def test_any_words_have_an_answer(text: str) -> None:
    assert refused_channels(text) <= set(ChannelKind)
    is_of_a_medium(text)


@pytest.mark.parametrize(
    "text",
    ["stop " * 10_000, "no me me me " * 5_000, "don't " + "send me " * 5_000 + "texts",
     "text or " * 5_000, "stop texts or emails and " * 2_000, "only " * 10_000, "please " * 9_000],
)  # fmt: skip
def test_only_the_beginning_of_a_long_text_is_read(text: str) -> None:
    assert refused_channels(text) == refused_channels(text[:300])
    assert is_of_a_medium(text) is is_of_a_medium(text[:300])
