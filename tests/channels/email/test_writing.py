"""Any content becomes a mail that says the same when it is read, and whose signature holds."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import cast

import dkim
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec import structs

from channels.email.signing import Signer, signer_of
from channels.email.writing import Unwritable, Written, one_line, plain_lines, write
from domain.mail import Posting
from domain.messages import Content, Outbound, Reason
from domain.values import ChannelKind
from tests.standins.certificates import DkimKey, key_in

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=timezone(timedelta(hours=-5)))
TOKEN = "abcdefghijklmnopqrstuvwxyz234567abcdefghij"
UNSUBSCRIBE = f"https://pay.example/u/{TOKEN}"


def message(content: Content, posting: Posting | None = None, **more: str) -> Outbound:
    given = {"sender": "care@agency.example", "address": "jo@mail.example"} | more
    kind = ChannelKind.EMAIL
    attempt = "0198c000-0000-7000-8000-000000000001"
    return Outbound(attempt, kind, content=content, posting=posting or Posting(TOKEN), **given)


def read(mail: Written) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(mail.raw, policy=default))


def said(part: EmailMessage) -> str:
    return str(part.get_content()).replace("\r\n", "\n")


def sound(mail: Written) -> None:
    """What every mail keeps to, on the wire: RFC 5321, 4.5.3.1.6, and RFC 5322, 2.1.1."""
    assert mail.raw.isascii()
    assert mail.raw.endswith(b"\r\n")
    assert mail.raw.count(b"\r") == mail.raw.count(b"\n") == mail.raw.count(b"\r\n")
    assert b"\0" not in mail.raw
    assert max(map(len, mail.raw.split(b"\r\n"))) <= 998


def names_of(mail: Written) -> list[str]:
    head, _, _ = mail.raw.partition(b"\r\n\r\n")
    return [
        line.partition(b":")[0].decode() for line in head.split(b"\r\n") if line[:1] not in b" \t"
    ]


PLAIN_HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Reply-To", "Auto-Submitted",
                 "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
                 "Content-Transfer-Encoding"]  # fmt: skip


def test_a_mail_of_text_alone() -> None:
    mail = write(message(Content("Hello.\n", "Your account")), NOW)
    sound(mail)
    assert names_of(mail) == PLAIN_HEADERS
    found = read(mail)
    assert found.get_content_type() == "text/plain"
    assert (found["Subject"], said(found)) == ("Your account", "Hello.\n")
    assert parsedate_to_datetime(found["Date"]) == NOW
    assert found["Auto-Submitted"] == "auto-generated"
    assert "All" not in found["X-Auto-Response-Suppress"], "delivery reports must come back"


def test_a_mail_of_both() -> None:
    mail = write(message(Content("Hello.", "Hi", "<p>Hello.</p>")), NOW)
    sound(mail)
    found = read(mail)
    assert found.get_content_type() == "multipart/alternative"
    text, html = cast(list[EmailMessage], list(found.iter_parts()))
    assert (text.get_content_type(), said(text)) == ("text/plain", "Hello.\n")
    assert (html.get_content_type(), said(html)) == ("text/html", "<p>Hello.</p>\n")
    assert found.preamble is None
    assert not found.defects


def test_a_thread() -> None:
    references = ("first@mail.example", "a@x", "last+1@agency.example")
    found = read(write(message(Content("Hi"), Posting(TOKEN, references)), NOW))
    assert found["In-Reply-To"] == "<last+1@agency.example>"
    assert found["References"].split() == [f"<{each}>" for each in references]
    assert found["Auto-Submitted"] == "auto-replied"


def test_a_long_thread_keeps_its_ends() -> None:
    references = tuple(f"{number}@mail.example" for number in range(100))
    mail = write(message(Content("Hi"), Posting(TOKEN, references)), NOW)
    sound(mail)
    ids = read(mail)["References"].split()
    assert (len(ids), ids[0], ids[-1]) == (20, "<0@mail.example>", "<99@mail.example>")


HOSTILE_IDS = ["", "x", "<a@x>", "a@x\r\nBcc: b@x", "a b@x", "a@x>", "é@x", "a" * 300 + "@x"]


@pytest.mark.parametrize("odd", HOSTILE_IDS)
def test_ids_that_are_none_are_left_out(odd: str) -> None:
    mail = write(message(Content("Hi"), Posting(TOKEN, (odd,))), NOW)
    assert names_of(mail) == PLAIN_HEADERS
    found = read(write(message(Content("Hi"), Posting(TOKEN, (odd, "a@x"))), NOW))
    assert found["References"] == found["In-Reply-To"] == "<a@x>"


def test_one_click() -> None:
    found = read(write(message(Content("Hi"), Posting(TOKEN, unsubscribe_url=UNSUBSCRIBE)), NOW))
    assert found["List-Unsubscribe"] == f"<{UNSUBSCRIBE}>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_without_https_there_is_no_one_click() -> None:
    """A gateway that is tried out on one machine."""
    url = "http://127.0.0.1:8080/u/x"
    found = read(write(message(Content("Hi"), Posting(TOKEN, unsubscribe_url=url)), NOW))
    assert found["List-Unsubscribe"] == f"<{url}>"
    assert found["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize("url", ["", "pay.example/u", "https://x/u>,<y", "https://x/\r\nBcc: b@x"])
def test_an_unsubscribe_address_that_is_none(url: str) -> None:
    with pytest.raises(Unwritable) as caught:
        write(message(Content("Hi"), Posting(TOKEN, unsubscribe_url=url)), NOW)
    assert caught.value.reason is Reason.SENDER


@pytest.mark.parametrize("token", ["", "a b", "a\r\nb", "a@b", "a" * 65, "é", "a>b", "a.b"])
def test_a_token_that_is_none(token: str) -> None:
    with pytest.raises(Unwritable, match="token"):
        write(message(Content("Hi"), Posting(token)), NOW)


@pytest.mark.parametrize(
    "sender", ["care", "a b@x.example", "a@x.example\r\nBcc: b@y", "@x", "é@x"]
)
def test_a_sender_that_is_none(sender: str) -> None:
    with pytest.raises(Unwritable) as caught:
        write(message(Content("Hi"), sender=sender), NOW)
    assert caught.value.reason is Reason.SENDER
    assert sender not in str(caught.value)


@pytest.mark.parametrize(
    "name",
    ["Harbor", 'Dr. "No" \\ Ltd, <x@y>', "Bücher & Söhne", "=?utf-8?q?x?=", "a\r\nBcc: b@x", "",
     "(comment)", "🏦" * 40, "x" * 500, "  ", "\\", '"', "名" * 200],
)  # fmt: skip
def test_a_brand(name: str) -> None:
    mail = write(message(Content("Hi"), Posting(TOKEN, sender_name=name)), NOW)
    sound(mail)
    assert names_of(mail) == PLAIN_HEADERS
    [sender] = read(mail)["From"].addresses
    assert sender.addr_spec == "care@agency.example"
    # Python's reader keeps the blanks between encoded words of a name, which RFC 2047 calls none.
    assert sender.display_name.replace(" ", "") == one_line(name)[:100].replace(" ", "")


any_text = st.text(st.characters(codec=None), max_size=300)
texts = any_text | st.text(
    st.sampled_from(" \t\r\n.=aß🏦\x0b\x0c\x1c\x85\u2028\0\ud83d-_"), max_size=300
)
words = st.lists(st.text("abcdefgh=?_ .,ü🏦", max_size=120), max_size=12).map(" ".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=texts, subject=texts | words, html=st.none() | texts, name=st.none() | texts)
@example(text=".\r\n.", subject="", html=None, name=None)
@example(
    text="From here\n--=_" + TOKEN, subject="=?utf-8?q?no?=", html="--=_" + TOKEN + "--", name=""
)
@example(text="x" * 5000, subject="x" * 5000, html="é" * 5000, name="x" * 5000)
def test_any_content_reads_back(
    text: str, subject: str, html: str | None, name: str | None
) -> None:
    posting = Posting(TOKEN, ("a@x",), UNSUBSCRIBE, name)
    mail = write(message(Content(text, subject, html), posting), NOW)
    sound(mail)
    kept = {
        *PLAIN_HEADERS,
        "In-Reply-To",
        "References",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
    }
    assert set(names_of(mail)) == kept - (
        {"Content-Transfer-Encoding"} if html is not None else set()
    )
    assert len(names_of(mail)) == len(set(names_of(mail)))
    found = read(mail)
    assert found["Subject"] == one_line(subject)
    parts = cast(list[EmailMessage], list(found.iter_parts())) if html is not None else [found]
    assert [said(part) for part in parts] == [
        plain_lines(each) for each in (text, html) if each is not None
    ]


# --- signatures ---


@pytest.fixture(scope="module")
def signer(dkim_key: DkimKey) -> Signer:
    made = signer_of("mail1", "", str(dkim_key.file))
    assert made is not None
    return made


def holds(raw: bytes, key: DkimKey) -> bool:
    return bool(dkim.verify(raw, dnsfunc=key.dns))


FULL = Posting(TOKEN, ("a@x", "b@x"), UNSUBSCRIBE, "Harbor")


def test_the_unsubscribe_headers_are_signed(signer: Signer, dkim_key: DkimKey) -> None:
    """RFC 8058, 4: both of them; and all else that a reader sees."""
    mail = write(message(Content("Hello.", "Hi", "<p>Hello.</p>"), FULL), NOW)
    raw = signer.signed(mail)
    assert holds(raw, dkim_key)
    assert raw.endswith(mail.raw)
    signature = re.sub(r"\s", "", read(structs.replace(mail, raw=raw))["DKIM-Signature"])
    tags = dict(tag.split("=", 1) for tag in signature.split(";"))
    assert tags["d"] == "agency.example"
    signed = tags["h"].split(":")
    unsigned = {name.lower() for name in names_of(mail)} - set(signed)
    assert unsigned == {"x-auto-response-suppress"}
    assert {"list-unsubscribe", "list-unsubscribe-post"} <= set(signed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject: Hi", b"Subject: Ho"),
        (b"To: jo@", b"To: jx@"),
        (b"From: ", b"From: evil@x.example\r\nFrom: "),
        (b"Subject: ", b"Subject: You won\r\nSubject: "),
        (b"Reply-To: ", b"Reply-To: evil@x.example\r\nReply-To: "),
        (b"List-Unsubscribe: <https://pay", b"List-Unsubscribe: <https://evil"),
        (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b""),
        (b"Hello.\r\n", b"Hello!\r\n"),
        (b"Date: Tue", b"Date: Wed"),
    ],
)
def test_what_is_changed_or_added_breaks_it(
    signer: Signer, dkim_key: DkimKey, old: bytes, new: bytes
) -> None:
    raw = signer.signed(write(message(Content("Hello.", "Hi", "<p>Hello.</p>"), FULL), NOW))
    assert old in raw
    assert not holds(raw.replace(old, new, 1), dkim_key)


def test_folding_on_the_way_does_not_break_it(signer: Signer, dkim_key: DkimKey) -> None:
    """Relays fold anew and trim blanks at the ends of lines."""
    raw = signer.signed(write(message(Content("Hello.  \n\n", "Hi  there"), FULL), NOW))
    folded = raw.replace(b"Subject: Hi there", b"SUBJECT:\r\n Hi \t there ") + b"\r\n\r\n"
    assert folded.startswith(raw[:40])
    assert holds(folded, dkim_key)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=texts, subject=texts | words, html=st.none() | texts, name=st.none() | texts)
@example(text="", subject="", html=None, name=None)
@example(text="\n\n\n", subject=" ", html="\n", name=" ")
def test_any_mail_is_signed(
    signer: Signer, dkim_key: DkimKey, text: str, subject: str, html: str | None, name: str | None
) -> None:
    mail = write(
        message(Content(text, subject, html), structs.replace(FULL, sender_name=name)), NOW
    )
    raw = signer.signed(mail)
    assert holds(raw, dkim_key)
    sound(structs.replace(mail, raw=raw))


def test_a_domain_of_its_own(dkim_key: DkimKey) -> None:
    signer = signer_of("mail1", "mail.agency.example", str(dkim_key.file))
    assert signer is not None
    assert b"d=mail.agency.example;" in signer.signed(write(message(Content("Hi")), NOW))
    assert "PRIVATE" not in repr(signer)


def test_keys_that_are_of_no_use(tmp_path: Path) -> None:
    short = key_in(tmp_path / "short.pem", 1024)
    text = short.file.read_bytes()
    assert signer_of("mail1", "", str(short.file)) is not None
    for number, broken in enumerate([b"", text[:200], text.replace(b"A", b"!"), b"\xff" * 99]):
        file = tmp_path / f"{number}.pem"
        file.write_bytes(broken)
        with pytest.raises(ValueError, match=r"^dkim_key_file: give an RSA"):
            signer_of("mail1", "", str(file))
    with pytest.raises(ValueError, match=r"^dkim_key_file: give a file that can be read"):
        signer_of("mail1", "", str(tmp_path))


def test_a_key_with_the_line_ends_of_windows(tmp_path: Path, dkim_key: DkimKey) -> None:
    file = tmp_path / "windows.pem"
    file.write_bytes(dkim_key.file.read_bytes().replace(b"\n", b"\r\n"))
    signer = signer_of("mail1", "", str(file))
    assert signer is not None
    assert holds(signer.signed(write(message(Content("Hi")), NOW)), dkim_key)


def test_the_same_message_is_the_same_mail_at_every_try() -> None:
    one, other = (
        write(message(Content("Hi", "x", "<p>"), FULL), at) for at in (NOW, datetime.now(UTC))
    )
    assert (one.sender, one.message_id) == (other.sender, other.message_id)
    dated = re.compile(rb"\r\nDate: [^\r]*")
    assert dated.sub(b"", one.raw) == dated.sub(b"", other.raw)
