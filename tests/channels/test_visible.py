"""What a person wrote in a plain mail, whatever his program put around it."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.visible import visible_reply
from tests.channels.visible_html import BODY
from tests.channels.visible_mails import ATTRIBUTIONS, HEADERS, SENT_FROM, TITLES

OWN = "I can pay 50 on Friday.\nIs that all right?\n\nAnn"
OURS = """Dear Ann,

your account 4711 is past due by 120.00.
Please pay by 15 May 2026, or tell us what you can do.

Harbour Credit"""
MARKED = "\n".join(f"> {line}" for line in OURS.split("\n"))
OUTLOOK = "From: Harbour <care@h.example>\nSent: Mon, 4 May 2026 10:15\nTo: Ann\nSubject: Due"
NO_CUT = {"ca gmail"}  # too many small words to be sure of, where nothing is marked


def folded(text: str) -> str:
    """White space folded, as answers are compared."""
    return " ".join(text.split())


@pytest.mark.parametrize("name", ATTRIBUTIONS)
def test_an_answer_above_a_marked_quote(name: str) -> None:
    assert visible_reply(f"{OWN}\n\n{ATTRIBUTIONS[name]}\n\n{MARKED}\n", None) == OWN
    assert visible_reply(f"{OWN}\n{ATTRIBUTIONS[name]}\n{MARKED}", None) == OWN


@pytest.mark.parametrize("name", [name for name in ATTRIBUTIONS if name not in NO_CUT])
def test_an_answer_above_a_bare_quote(name: str) -> None:
    assert visible_reply(f"{OWN}\n\n{ATTRIBUTIONS[name]}\n\n{OURS}\n", None) == OWN


@pytest.mark.parametrize("name", ATTRIBUTIONS)
def test_an_answer_below_a_marked_quote(name: str) -> None:
    assert visible_reply(f"{ATTRIBUTIONS[name]}\n{MARKED}\n\n{OWN}\n", None) == OWN


@pytest.mark.parametrize("name", ATTRIBUTIONS)
def test_answers_between_marked_quotes_keep_their_order(name: str) -> None:
    mail = f"{ATTRIBUTIONS[name]}\n> When?\n\nOn Friday.\n\n> How much?\n> In dollars?\n\n50.\n"
    assert folded(visible_reply(mail, None)) == "On Friday. 50."


@pytest.mark.parametrize("star", ["", "*"])
@pytest.mark.parametrize("name", HEADERS)
def test_an_answer_above_a_block_of_fields(name: str, star: str) -> None:
    values = ("Harbour Credit <care@harbour.example>", "4 May 2026 10:15", "Ann Pike", "Due")
    block = "\n".join(
        f"{star}{field}:{star} {value}" for field, value in zip(HEADERS[name], values, strict=True)
    )
    assert visible_reply(f"{OWN}\n\n{block}\n\n{OURS}", None) == OWN
    assert visible_reply(f"{OWN}\n\n{'_' * 32}\n{block}\n\n{OURS}", None) == OWN
    spaced = block.replace("\n", "\n\n")
    assert visible_reply(f"{OWN}\n\n{spaced}\n\n{OURS}", None) == OWN


@pytest.mark.parametrize("title", TITLES)
def test_an_answer_above_a_title(title: str) -> None:
    assert visible_reply(f"{OWN}\n\n{title}\n{OURS}", None) == OWN
    assert visible_reply(f"{OWN}\n\n{title}\n{OUTLOOK}\n\n{OURS}", None) == OWN


@pytest.mark.parametrize("line", SENT_FROM)
def test_what_phones_add_goes(line: str) -> None:
    assert visible_reply(f"{OWN}\n\n{line}", None) == OWN
    assert visible_reply(f"{OWN}\n\n{line}\n\n{OUTLOOK}\n\n{OURS}", None) == OWN
    assert visible_reply(f"{OWN}\n\n{line}\n\n{ATTRIBUTIONS['en gmail']}\n\n{MARKED}", None) == OWN


CLOSED = {
    "signature": "-- \nAnn Pike\nPotter\n1 Kiln Lane, Leeds",
    "signature without its space": "--\nAnn Pike\nPotter",
    "signature that speaks of me": "--\nAnn Pike\nTel. 0113 496 0000\nI collect stamps",
    "list": "__________________________________\npots mailing list\npots@lists.example",
    "group": 'You received this message because you are subscribed to the Google Group "x".',
    "disclaimer": "This e-mail and any attachments are confidential and intended solely for the "
    "intended recipient.\nAny unauthorised disclosure is prohibited.\n\nAcme Ltd, registered.",
    "disclaimer under a rule": "__________\n\nDiese E-Mail enthält vertrauliche Informationen. "
    "Wenn Sie nicht der richtige Adressat sind,\nist unbefugtes Kopieren nicht gestattet.",
    "notice": "CONFIDENTIALITY NOTICE: the contents of this email message are privileged and for "
    "the intended recipient only.",
    "scanner": "This email has been checked for viruses by Avast.\nwww.avast.com",
    "above": "##- Please type your reply above this line -##\n\nDear Ann, pay.",
}


@pytest.mark.parametrize("name", CLOSED)
def test_what_closes_a_mail_goes(name: str) -> None:
    assert visible_reply(f"{OWN}\n\n{CLOSED[name]}", None) == OWN
    assert visible_reply(f"{OWN}\n\n{CLOSED[name]}\n\n{OUTLOOK}\n\n{OURS}", None) == OWN


def test_a_card_goes_and_the_name_above_it_stays() -> None:
    card = "Best regards,\nAnn Pike\nPotter\nTel: +44 113 496 0000\nwww.pike.example"
    assert visible_reply(f"Yes.\n\n{card}", None) == "Yes.\n\nBest regards,\nAnn Pike"
    bare = "Thanks\nAnn\n0113 496 0000\nann@pike.example"
    assert visible_reply(f"Call me.\n\n{bare}", None) == f"Call me.\n\n{bare}"


KEPT = {
    "a greeting alone": "Thanks,\nBob",
    "an attribution of his own": "On 4 May 2026 you wrote:\nI owe 120.\nThat is wrong.",
    "a lawyer": "On 4 May 2026 my lawyer wrote:\nThe debt is not mine.",
    "a letter told of": "I wrote to care@harbour.example on 4 May 2026 at 10:15:\nI do not owe it.",
    "on": "On Friday I can pay 50.\nOn Monday, 4 May 2026 I get my wages.",
    "fields of a form": "Date: 5 May\nAmount: 50\nTo: you",
    "fields without an address": "From: May\nTo: June\nSubject: my holiday\nI will pay after.",
    "from in a sentence": "From: nobody\nI have never heard from: you or them.",
    "his own list": "I can do either:\n> 50 on Friday\n> 100 in June",
    "a list for a day": "This is what I can pay on 5 May 2026:\n> 50\n> and 20 more",
    "more than": "I have 50.\n> 20 is too much for me.",
    "arrows": "Look here\n>>> http://pots.example <<<\nfor my pots",
    "rules between": "First.\n\n________________\n\nSecond, which matters more.\n\n----\n\nThird.",
    "sent from": "I sent it.\n\nSent from my desk, which is much slower than my phone ever was.",
    "a dash": "Yes - on Friday.\n- 50 now\n- 50 then",
    "times": "2026-05-04 10:15\n04.05.2026 10:15\nMay 4, 2026 at 10:15\nwere when I called.",
    "a notice of his own": "This communication is confidential and privileged: I dispute the debt, "
    "deny any liability and will take legal advice.\nMy address is unchanged.",
    "confidential": "This message is to say that I will pay.",
    "original message": "Your original message said 120.",
    "answers below two dashes": "See below\n--\n1. The 5th\n2. No",
    "words below two dashes": "Hello\n--\nI can pay 50 on Friday.\nCall me then.",
    "a question below two dashes": "Hello\n--\nWhen is it due?",
    "many lines below two dashes": "First.\n--\n" + "\n".join(["so it was"] * 11),
    "a long text below two dashes": f"First.\n--\n{'I will pay what I can. ' * 10}",
    "all marked": "> I will pay\n> on Friday",
}


@pytest.mark.parametrize("name", KEPT)
def test_in_doubt_it_stays(name: str) -> None:
    text = KEPT[name]
    assert folded(visible_reply(text, None)) in {folded(text), folded(text.replace("> ", ""))}


def test_an_attribution_behind_his_words_on_one_line() -> None:
    assert visible_reply(f"Thanks! {ATTRIBUTIONS['en gmail']}\n{MARKED}", None) == "Thanks!"
    flat = f"Yes.\n{ATTRIBUTIONS['en gmail']} Dear Ann, your account is past due."
    assert visible_reply(flat, None) == "Yes."


def test_a_wrapped_quote_whose_rest_lost_its_mark() -> None:
    long = "> a line of ours that is so long that some program on the way wrapped it and then"
    mail = f"Yes.\n\n{ATTRIBUTIONS['en gmail']}\n{long}\nforgot the mark\n> of the rest."
    assert visible_reply(mail, None) == "Yes."


def test_nothing_written_above_a_forward_leaves_what_it_brings() -> None:
    assert visible_reply(f"{TITLES[0]}\n{OUTLOOK}\n\nI did pay.\n", None) == "I did pay."
    assert visible_reply(f"{ATTRIBUTIONS['en gmail']}\n\n{MARKED}", None) == ""


def test_plain_text_is_preferred_where_it_says_something() -> None:
    assert visible_reply("Plain", "<p>Rich</p>") == "Plain"
    assert visible_reply(" \n", "<p>Rich</p>") == "Rich"
    assert visible_reply(None, "<p>Rich</p>") == "Rich"
    stub = "This message is in HTML format. Please use another program."
    assert visible_reply(stub, "<p>Rich</p>") == "Rich"
    assert visible_reply(MARKED.replace("> ", "> > "), None) != ""
    assert visible_reply(f"{ATTRIBUTIONS['en gmail']}\n{MARKED}", "<p>Rich</p>") == "Rich"
    assert visible_reply(None, None) == ""


DATA = Path(__file__).parents[2] / "nlu" / "data"
SAID = [
    line.strip().removeprefix("- ").strip("\"'")
    for file in sorted(DATA.glob("*.yml"))
    for line in file.read_text(encoding="utf-8").splitlines()[::7]
    if line.lstrip().startswith("- ") and "sent from my" not in line.lower()
]
"""What customers say, every seventh line of what the classifier learns from."""


def test_nothing_that_customers_say_is_lost() -> None:
    assert len(SAID) > 1000
    changed = [text for text in SAID if folded(visible_reply(text, None)) != folded(text)]
    assert changed == []
    for at in range(0, len(SAID) - 4, 40):
        text = "\n".join(SAID[at : at + 4])
        assert folded(visible_reply(text, None)) == folded(text)


WORDS = st.sampled_from(
    "I you we they can will pay wrote on from to sent Friday 50 dollars May account the a not debt"
    " mine and said original message iPhone regards thanks please date subject".split()
)
SENTENCE = st.lists(WORDS, min_size=1, max_size=9).map(lambda words: " ".join(words) + ".")
PROSE = st.lists(SENTENCE, min_size=1, max_size=6).map("\n".join)


@settings(max_examples=150)
@given(PROSE)
def test_own_words_alone_come_back_unchanged(text: str) -> None:
    assert visible_reply(text, None) == text
    assert folded(visible_reply(None, f"<p>{text}</p>")) == folded(text)


@settings(max_examples=80)
@given(PROSE, st.sampled_from(sorted(ATTRIBUTIONS)), st.booleans())
def test_any_words_above_any_quote_are_all_that_is_left(text: str, name: str, marked: bool) -> None:
    quote = MARKED if marked or name in NO_CUT else OURS
    assert visible_reply(f"{text}\n\n{ATTRIBUTIONS[name]}\n{quote}", None) == text


PIECES = st.sampled_from(
    [
        *(
            "\n",
            "> ",
            ">",
            "-- ",
            "On ",
            "wrote:",
            "From: ",
            "Sent: 4 May 2026 10:15",
            "a@b.c",
            " ",
        ),
        *("<div>", "</div>", "<blockquote", "<", ">", "<!--", "-->", '"', "<style>", "&#", "&amp;"),
        *(
            "Sent from my iPhone",
            "----- Original Message -----",
            "\u202b",
            "ΣΑΣ",
            "İ",
            "\x00",
            "\ud800",
        ),
    ]
)


@settings(max_examples=200)
@given(st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join), st.text(max_size=30))
def test_it_never_raises(text: str, ours: str) -> None:
    for sent in ((), (ours,), (text, ours)):
        assert isinstance(visible_reply(text, text, sent), str)
        assert isinstance(visible_reply(None, text, sent), str)


def calls(work: Callable[[], object]) -> int:
    """How many calls a piece of work makes: its length, without a clock."""
    count = 0

    def counted(_frame: FrameType, _event: str, _what: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


HOSTILE = (
    *(
        "> ",
        "<",
        "<!--",
        '<a "',
        "</",
        "&",
        "-- \n",
        "--\n",
        "On 4 May 2026 wrote:\n",
        "a:\n",
        "\n",
    ),
    *("From: a@b.c\n", "Sent from my iPhone\n", "This message confidential\n", "<blockquote>", "["),
    *("x\n>y\n", "<style>", "(", "wrote\n", "<div>", "From: To: Sent: ", "___\n", "<http://a\n>"),
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_work_grows_with_length_only(piece: str) -> None:
    def work(size: int) -> int:
        text = piece * size
        return calls(lambda: (visible_reply(text, None, (text,)), visible_reply(None, text)))

    assert work(1200) < 2.6 * work(600) + 2000


def test_a_megabyte_of_unclosed_markup_is_read() -> None:
    for piece in ("<!--", '<a "', "<x ", "</", "<div>", BODY):
        assert isinstance(visible_reply(None, piece * (300_000 // len(piece))), str)
