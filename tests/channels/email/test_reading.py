"""A mail as one Inbound with its Letter: tokens, ids, files, bounds."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from channels.email import reading
from channels.email.mail import Mail
from channels.email.reading import inbound, inbound_of, provider_id
from domain.mail import Attachment, Letter, MailKind
from domain.messages import Inbound
from domain.values import ChannelKind
from tests.channels.email.mails import CUSTOMER, US, daemon, fields, mail, notice, ours

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
TOKEN = "k7q2"
PLUS = f"collect+{TOKEN}@bank.example"


def read(written: Mail, mailbox: str = US) -> Inbound:
    return inbound_of(written, b"raw", mailbox=mailbox, received_at=AT)


def letter_of(written: Mail, mailbox: str = US) -> Letter:
    letter = read(written, mailbox).letter
    assert letter is not None
    return letter


def test_a_reply_with_all_that_it_has() -> None:
    slip = Attachment("slip.pdf", "application/pdf", 900, 2)
    written = mail(
        "I will pay.",
        subject="Re: Your bill",
        to=(PLUS, "bo@shop.example"),
        references=("q0@bank.example", "q1@bank.example"),
        message_id="m1@shop.example",
        html="<p>I will pay.</p>",
        attachments=(slip,),
    )
    assert read(written) == Inbound(
        channel=ChannelKind.EMAIL,
        provider_id=provider_id(US, b"raw"),
        sender=US,
        address=CUSTOMER,
        text="I will pay.",
        received_at=AT,
        subject="Re: Your bill",
        letter=Letter(
            kind=MailKind.REPLY,
            message_id="m1@shop.example",
            references=("q0@bank.example", "q1@bank.example"),
            tokens=(TOKEN,),
            html="<p>I will pay.</p>",
            attachments=(slip,),
            contents=(b"",),
        ),
    )


@pytest.mark.parametrize(
    ("text", "html", "read_as"),
    [
        ("plain", "<p>rich</p>", "plain"),
        (" \n", "<p>rich &amp; more</p><p>two</p>", "\nrich & more\n\ntwo"),
        (None, "<style>p {}</style>one<br>two<script>x()</script>", "one\ntwo"),
        (None, None, ""),
    ],
)
def test_the_text_is_the_plain_part_or_the_words_of_the_html(
    text: str | None, html: str | None, read_as: str
) -> None:
    assert read(mail(text, html=html)).text == read_as
    assert letter_of(mail(text, html=html)).flattened is (text != "plain" and html is not None)


def test_the_token_of_this_mailbox_stands_first() -> None:
    to = ("bo+news@shop.example", "COLLECT+Abc@BANK.example", "x+@y.example", "plain@y.example")
    assert letter_of(mail("", to=to)).tokens == ("Abc", "news")


def test_a_report_names_the_mail_that_it_brings_back() -> None:
    told = letter_of(notice("Action: failed\nStatus: 5.1.1", back=(ours(token=TOKEN),)))
    assert (told.kind, told.tokens) == (MailKind.BOUNCE, (TOKEN,))
    assert told.returned == (f"{TOKEN}@bank.example",)
    assert [one.address for one in told.bounces] == [CUSTOMER]


def test_a_wrapped_report_names_the_innermost_mail_too() -> None:
    inner = notice("Action: failed\nStatus: 5.1.1", back=(ours(token=TOKEN),))
    assert letter_of(daemon("Delivery failed", back=(inner,))).tokens == (TOKEN,)


def test_ids_in_fields_and_in_a_copy_within_the_words() -> None:
    google = notice(f"Final-Recipient: rfc822; {CUSTOMER}\nAction: failed\nStatus: 5.1.1")
    google = replace(
        google,
        statuses=(fields("X-Original-Message-ID: <q1@bank.example>"), *google.statuses),
        text="It failed.\n> Message-Id: <q2@bank.example>\nMessage-ID: <q1@bank.example>",
    )
    assert letter_of(google).returned == ("q1@bank.example", "q2@bank.example")


def test_what_a_person_passes_on_does_not_say_whose_conversation_it_is() -> None:
    passed_on = mail(
        "Message-ID: <q1@bank.example>\nWho are they?", subject="Fwd:", returned=(ours(token="t"),)
    )
    told = letter_of(passed_on)
    assert (told.kind, told.tokens, told.returned) == (MailKind.REPLY, (), ())


def test_a_group_of_our_mailbox_reads_as_a_person() -> None:
    written = mail("I will pay", headers={"List-Post": f"<mailto:{US}>", "Precedence": "list"})
    assert letter_of(written).kind is MailKind.REPLY
    assert letter_of(written, "other@bank.example").kind is MailKind.LIST


def test_the_same_bytes_in_another_mailbox_are_another_mail() -> None:
    assert provider_id(US, b"raw") == provider_id(US.upper(), b"raw")
    assert len({provider_id(US, b"raw"), provider_id(US, b"rew"), provider_id("o@b", b"raw")}) == 3
    assert len(provider_id("x" * 254, b"")) == 64


def test_what_is_too_long_is_cut_and_says_so() -> None:
    long = read(
        mail("x" * 100_001, subject="s" * 2000, references=tuple(f"r{n}" for n in range(500)))
    )
    assert (len(long.text), long.truncated) == (100_000, True)
    assert long.subject is not None
    assert len(long.subject) == 998
    assert long.letter is not None
    assert (len(long.letter.references), long.letter.references[-1]) == (100, "r499")
    exact = read(mail("x" * 100_000))
    assert (len(exact.text), exact.truncated, exact.subject) == (100_000, False, None)


def test_bytes_are_parsed_and_read() -> None:
    raw = (
        b"From: Ana <ana@shop.example>\r\nTo: collect+k7q2@bank.example\r\nSubject: Re: Bill\r\n"
        b"In-Reply-To: <q1@bank.example>\r\n\r\nI will pay.\r\n"
    )
    told = inbound(raw, mailbox=US, received_at=AT)
    assert told.letter is not None
    assert (told.address, told.text.strip(), told.provider_id) == (
        CUSTOMER,
        "I will pay.",
        provider_id(US, raw),
    )
    assert (told.letter.tokens, told.letter.references) == ((TOKEN,), ("q1@bank.example",))
    assert inbound(b"\x00\xff", mailbox=US, received_at=AT).letter is not None


def test_line_ends_are_no_part_of_a_mail() -> None:
    """The same one comes by IMAP with CRLF, and from a file, or a hook, with LF."""
    known = provider_id(US, b"Subject: a\n\nI will pay.\n")
    for same in (b"Subject: a\r\n\r\nI will pay.\r\n", b"Subject: a\r\n\nI will pay.\r\n\r\n"):
        assert provider_id(US, same) == known
    for length in range(reading._PIECE - 3, reading._PIECE + 3):
        long = b"x" * length + b"\n\ny\r\rz\n"
        assert provider_id(US, long) == provider_id(US, long.replace(b"\n", b"\r\n"))
    for other in (b"Subject: a\n\nI will\n pay.\n", b"Subject: a\n\nI will\rpay.\n"):
        assert provider_id(US, other) != known
    assert provider_id("other@bank.example", b"Subject: a\n\nI will pay.\n") != known
