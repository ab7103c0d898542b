"""Any bytes are read as a mail: what programs write, what servers break, what attackers try."""

import base64
import email.policy
import quopri
from datetime import timedelta, timezone
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.files import contents_of, safe_name
from channels.email.mail import Mail
from channels.email.mime.encodings import base64_bytes
from channels.email.mime.flowed import unflowed
from channels.email.mime.tree import Limits
from channels.email.parsing import read


def text_mail(body: bytes, *fields: bytes) -> Mail:
    return read(b"\n".join((b"From: ana@shop.example", *fields, b"", body)))


def multipart(*parts: bytes, kind: bytes = b"mixed", boundary: bytes = b"b") -> bytes:
    inside = b"".join(b"--%b\n%b\n" % (boundary, part) for part in parts)
    head = b"From: ana@shop.example\nContent-Type: multipart/%b; boundary=%b\n\n"
    return head % (kind, boundary) + inside + b"--%b--\n" % boundary


PLAIN = b"Content-Type: text/plain\n\nI can pay on Friday."
HTML = b"Content-Type: text/html\n\n<p>I can pay on <b>Friday</b>.</p>"
PDF = b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBERg=="


@pytest.mark.parametrize(
    "raw",
    [
        b"From ana Mon Dec  1 10:00:00 2026\nFrom: ana@shop.example\nSubject: Hi\n\nbody",
        b"\n \n\r\nFrom: ana@shop.example\nSubject: Hi\n\nbody",
        b"From: ana@shop.example\r\nSubject: Hi\r\n\r\nbody",
        b"From: ana@shop.example\rSubject: Hi\r\rbody",
        b"From : ana@shop.example\nSubject:Hi\n\nbody",
        b"From:\n ana@shop.example\nSubject:\n\tHi\n\nbody",
        b"from: ana@shop.example\nSUBJECT: Hi\nSubject: not this\n\nbody",
        b"Sender: ana@shop.example\nSubject: Hi\n\nbody",
        b"\xef\xbb\xbfFrom: ana@shop.example\nSubject: Hi\n\nbody",
        "\ufeffFrom: ana@shop.example\nSubject: Hi\n\nbody".encode("utf-16-le"),
        b" From: ana@shop.example\nSubject: Hi\n\nbody",
        b"Subject: Hi\n   \nFrom: ana@shop.example\n\nbody",
        b"From: ana@shop.example\r\r\nSubject: Hi\r\r\n\r\r\nbody",
        b">From ana@x Mon Dec  1 10:00:00 2026\nFrom: ana@shop.example\nSubject: Hi\n\nbody",
        b"From: <>\nSender: ana@shop.example\nSubject: H\0i\n\nbody",
        b"From: ana@shop.example\nFrom: bob@shop.example\nSubject: =?utf-8?q?Hi=0D=0A?=\n\nbody",
    ],
)
def test_headers_as_they_come(raw: bytes) -> None:
    mail = read(raw)
    assert (mail.sender, mail.subject, mail.text) == ("ana@shop.example", "Hi", "body")


def test_nothing_encoded_begins_another_field() -> None:
    mail = read(b"X-Note: =?utf-8?q?a=0D=0ABcc:_b=40x.example?=\nSubject: x\n\nbody")
    assert mail.fields[0] == ("X-Note", "a Bcc: b@x.example")


def test_a_folded_field_without_its_space_goes_on() -> None:
    mail = read(b"Subject: one\ntwo\nFrom: ana@shop.example\n\nbody")
    assert (mail.subject, mail.sender, mail.text) == ("one two", "ana@shop.example", "body")


def test_a_body_without_a_blank_line_before_it() -> None:
    mail = read(b"Subject: Hi\nI can pay.\nOn Friday.\n")
    assert (mail.subject, mail.text) == ("Hi", "I can pay.\nOn Friday.\n")
    assert mail.faults


@pytest.mark.parametrize(
    ("value", "meant"), [("café".encode(), "café"), ("café".encode("latin-1"), "café")]
)
def test_a_subject_in_raw_bytes(value: bytes, meant: str) -> None:
    assert read(b"Subject: " + value + b"\n\n").subject == meant


def test_a_subject_in_raw_bytes_is_of_the_mails_own_character_set() -> None:
    head = b"Content-Type: text/plain; charset=koi8-r\nSubject: "
    assert read(head + "оплата".encode("koi8-r") + b"\n\n").subject == "оплата"


@pytest.mark.parametrize(
    ("encoding", "body", "meant"),
    [
        (b"base64", base64.b64encode(b"I can pay."), "I can pay."),
        (b"BASE64", b"SSBjYW4g\ncGF5Lg", "I can pay."),
        (b"base64", b"SSBj*YW4gcGF5Lg==", "I can pay."),
        (b"base64", b"SSBj====YW4gcGF5Lg==", "I can pay."),
        (b"base64", b"It is plain, whatever it says.", "It is plain, whatever it says."),
        (b"quoted-printable", quopri.encodestring("Señor =".encode()), "Señor ="),
        (b"quoted-printable", b"broken =ZZ and =\nsoft", "broken =ZZ and soft"),
        (b"x-uuencode", b"begin 644 a\n#86)C\n`\nend\n", "abc"),
        (b"x-nothing", b"as it is", "as it is"),
        (b"base64;", b"SSBjYW4gcGF5Lg==", "I can pay."),
        (b"(it is) base64, 7bit", b"SSBjYW4gcGF5Lg==", "I can pay."),
        (b"Quoted Printable", b"caf=C3=A9", "café"),
        (b"quoted-printable", b"I can =  \npay.=", "I can pay."),
        (b'"7bit"', b"as it is", "as it is"),
    ],
)
def test_transfer_encodings(encoding: bytes, body: bytes, meant: str) -> None:
    mail = text_mail(
        body, b"Content-Transfer-Encoding: " + encoding, b"Content-Type: text/plain; charset=utf-8"
    )
    assert (mail.text or "").strip() == meant


def test_alternatives_are_one_text_in_two_forms() -> None:
    mail = read(multipart(PLAIN, HTML, kind=b"alternative"))
    assert (mail.text, mail.attachments) == ("I can pay on Friday.", ())
    assert mail.html == "<p>I can pay on <b>Friday</b>.</p>"


def test_an_alternative_whose_text_is_empty_has_the_others() -> None:
    mail = read(multipart(b"Content-Type: text/plain\n\n  ", HTML, kind=b"alternative"))
    assert not (mail.text or "").strip()
    assert "Friday" in (mail.html or "")


def test_alternatives_that_differ_are_all_read() -> None:
    again = b"Content-Type: text/plain\n\nI can  pay on Friday.\n"
    other = b"Content-Type: text/plain; name=a.txt\n\nOr on Monday."
    mail = read(multipart(PLAIN, again, other, kind=b"alternative"))
    assert (mail.text or "").split() == "I can pay on Friday. Or on Monday.".split()


def test_a_part_that_begins_with_words_and_a_colon_has_no_header() -> None:
    mail = read(multipart(b"\n\n<ana@shop.example>: I can pay."))
    assert (mail.text or "").strip() == "<ana@shop.example>: I can pay."


def test_boundaries_used_again_within() -> None:
    inner = b"Content-Type: multipart/alternative; boundary=b\n"
    raw = multipart(inner, PLAIN, HTML).replace(b"--b--", b"--b--\n\n--b\n" + PDF + b"\n--b--")
    mail = read(raw)
    assert mail.text == "I can pay on Friday."
    assert [(file.name, file.part) for file in mail.attachments] == [("a.pdf", 4)]
    assert contents_of(raw, mail.attachments) == (b"%PDF",)


def test_what_lies_too_deep_is_no_text() -> None:
    mail = read(multipart(multipart(PLAIN, boundary=b"x"), boundary=b"y"), Limits(depth=1))
    assert (mail.text, [file.content_type for file in mail.attachments]) == (
        None,
        ["multipart/mixed"],
    )


def test_texts_around_a_picture_are_read_in_their_order() -> None:
    picture = b"Content-Type: image/png; name=a.png\nContent-Disposition: inline\n\nx"
    mail = read(multipart(b"\nabove", picture, b"\nbelow"))
    assert mail.text == "above\nbelow"
    assert [(file.name, file.part) for file in mail.attachments] == [("a.png", 2)]


def test_html_with_a_plain_footer_is_read_in_both_forms() -> None:
    mail = read(multipart(HTML, b"\nSent by <a list>"))
    assert mail.text is not None
    assert mail.html is not None
    assert mail.text.split() == "I can pay on Friday. Sent by <a list>".split()
    assert mail.html.endswith("<div>Sent by &lt;a list&gt;</div>")


def test_a_signed_mail_is_read_inside() -> None:
    signature = b"Content-Type: application/pkcs7-signature; name=smime.p7s\n\nMIIB"
    mail = read(multipart(PLAIN, signature, kind=b"signed"))
    assert mail.text == "I can pay on Friday."
    assert [file.content_type for file in mail.attachments] == ["application/pkcs7-signature"]


@pytest.mark.parametrize(
    "kind", ["application/pkcs7-mime", "application/ms-tnef", "application/x-anything", "image/png"]
)
def test_a_mail_that_is_a_file_has_no_words(kind: str) -> None:
    mail = text_mail(b"MIIB", f"Content-Type: {kind}".encode())
    assert (mail.text, mail.html) == (None, None)
    assert [file.content_type for file in mail.attachments] == [kind]


def test_a_calendars_answer_is_a_file() -> None:
    invite = b"Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR"
    mail = read(multipart(PLAIN, invite, kind=b"alternative"))
    assert mail.text == "I can pay on Friday."
    assert [file.name for file in mail.attachments] == ["attachment.ics"]


def test_a_report_brings_its_fields_and_the_mail_back() -> None:
    status = (
        b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        b"Final-Recipient: rfc822; ana@shop.example\nStatus: 5.1.1\n\n\n"
        b"Final-Recipient: rfc822; bob@shop.example\nStatus: 4.2.2\n"
    )
    back = b"Content-Type: message/rfc822\n\nMessage-ID: <ours@x.example>\nSubject: Yours\n\nold"
    mail = read(multipart(b"\nIt failed.", status, back, kind=b"report"))
    assert mail.text == "It failed."
    assert [dict(block).get("Status") for block in mail.statuses] == [None, "5.1.1", "4.2.2"]
    assert [(one.message_id, one.text) for one in mail.returned] == [("ours@x.example", "old")]
    assert mail.attachments == ()


def test_headers_alone_come_back_too() -> None:
    back = b"Content-Type: text/rfc822-headers\n\nMessage-ID: <ours@x.example>\n"
    (returned,) = read(multipart(b"\nIt failed.", back, kind=b"report")).returned
    assert returned.message_id == "ours@x.example"


def test_a_complaint_brings_its_fields() -> None:
    fields = b"Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n"
    assert dict(read(multipart(b"\n", fields, kind=b"report")).feedback)["Feedback-Type"] == "abuse"


def test_a_forwarded_mail_is_a_file_and_is_read() -> None:
    inner = b"Content-Type: message/rfc822\n\nSubject: Rechnung 7/8\nFrom: bob@x.example\n\nhello"
    mail = read(multipart(b"\nsee below", inner))
    assert mail.text == "see below"
    assert [one.sender for one in mail.returned] == ["bob@x.example"]
    assert [file.name for file in mail.attachments] == ["8.eml"]


@pytest.mark.parametrize(
    "raw",
    [
        multipart(PLAIN).replace(b"; boundary=b", b""),
        multipart(PLAIN).replace(b"boundary=b", b"boundary=other"),
        multipart(PLAIN).replace(b"\n--b--\n", b"\n"),
        multipart(PLAIN).replace(b"boundary=b", b'boundary="b"  '),
        multipart(PLAIN).replace(b"--b\n", b"--b  \n"),
        multipart(multipart(PLAIN, kind=b"alternative").partition(b"example\n")[2]),
        multipart(PLAIN).replace(b"\n", b"\r\n"),
        multipart(b"preface: x\n\n").replace(b"--b--", b"--b\n\nI can pay on Friday.\n--b--"),
    ],
)
def test_boundaries_as_they_come(raw: bytes) -> None:
    assert (read(raw).text or "").strip() == "I can pay on Friday."


def test_a_multipart_without_any_part_is_read_as_text() -> None:
    mail = text_mail(b"I can pay.", b"Content-Type: multipart/mixed; boundary=b")
    assert mail.text == "I can pay."
    assert mail.faults


@pytest.mark.parametrize(
    ("written", "delete_space", "meant"),
    [
        ("I can \npay.", False, "I can pay."),
        ("I can \npay.", True, "I canpay."),
        ("> You \n> owe.\nI can \npay.", False, "> You owe.\nI can pay."),
        (">> a \n> b", False, ">> a \n> b"),
        (" >not quoted", False, ">not quoted"),
        ("me\n-- \nAna", False, "me\n-- \nAna"),
        ("open ", False, "open "),
    ],
)
def test_flowed_text(written: str, delete_space: bool, meant: str) -> None:
    assert unflowed(written, delete_space) == meant


def test_the_nearest_reference_is_the_last() -> None:
    mail = read(b"References: <a@x> <b@x> <c@x>\nIn-Reply-To: <b@x>\n\n")
    assert mail.references == ("a@x", "c@x", "b@x")


def test_addresses_that_it_came_to_are_there_once() -> None:
    mail = read(b"To: a@X.example, b@x.example\nCc: a@x.example\nDelivered-To: c@x.example\n\n")
    assert mail.recipients == ("a@x.example", "b@x.example", "c@x.example")


@pytest.mark.parametrize(
    ("line", "meant"),
    [(b"", None), (b"Return-Path: <>\n", ""), (b"Return-Path: <a@x.example>\n", "a@x.example")],
)
def test_the_return_path(line: bytes, meant: str | None) -> None:
    assert read(line + b"Subject: x\n\n").return_path == meant


NAMES = [
    ("payslip.pdf", "payslip.pdf"),
    ("../../etc/passwd.txt", "passwd.txt"),
    ("C:\\Users\\ana\\payslip.pdf", "payslip.pdf"),
    ("invoice\u202efdp.exe", "invoicefdp.exe"),
    ("a\0b\x1f.pdf", "ab.pdf"),
    ("con.txt", "_con.txt"),
    (".htaccess", "htaccess.bin"),
    ("...", "attachment.bin"),
    ("", "attachment.bin"),
    (None, "attachment.bin"),
    ('a<b>:"c|d?.pdf', "a_b___c_d_.pdf"),
    ("naïve.pdf", "naïve.pdf"),
]


@pytest.mark.parametrize(("written", "meant"), NAMES)
def test_names_of_files(written: str | None, meant: str) -> None:
    assert safe_name(written, "application/octet-stream") == meant


@given(st.text(max_size=400))
def test_any_name_is_safe(written: str) -> None:
    name = safe_name(written, "application/pdf")
    assert 0 < len(name.encode()) <= 255
    assert not set(name) & set('/\\:*?"<>|\0\n\r')
    assert not name.startswith(".")
    assert name.strip() == name
    assert safe_name(name, "application/pdf") == name


LIMITED = [
    (Limits(size=100), multipart(b"\n" + b"x" * 200), "larger"),
    (Limits(parts=3), multipart(*[PLAIN] * 5), "more than 3 parts"),
    (
        Limits(depth=2),
        multipart(multipart(multipart(PLAIN, boundary=b"x"), boundary=b"y")),
        "deeper",
    ),
    (Limits(fields=3), b"A: 1\nB: 2\nC: 3\nD: 4\n\nx", "header fields"),
    (Limits(text=9), multipart(b"\n" + b"x" * 5, b"\n" + b"y" * 5), "more than 9 bytes of text"),
    (Limits(field_bytes=10), b"Subject: " + b"x" * 20 + b"\n\nx", "longer than 10"),
]


@pytest.mark.parametrize(("limits", "raw", "fault"), LIMITED)
def test_what_is_beyond_the_limits_is_named(limits: Limits, raw: bytes, fault: str) -> None:
    assert any(fault in each for each in read(raw, limits).faults)
    assert not any(fault in each for each in read(raw).faults)


HOSTILE = [
    b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(9_000)
    ),
    b"Content-Type: message/rfc822\n\n" * 9_000,
    b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 9_000,
    b"X: y\n" * 9_000,
    b"Subject: " + b"=?utf-8?q?" * 5_000 + b"\n\n",
    b"Content-Type: multipart/mixed; boundary=b\n\n"
    + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 9_000,
    b"Content-Type: multipart/mixed\n\n" + (b"--x" + b" " * 200 + b"y\n") * 9_000,
    b"From: " + b'"' * 9_001 + b"(" * 9_000 + b"<" * 9_000,
    b"To: " + b"a," * 30_000,
    b"Content-Type: text/plain" + b'; a="' * 9_000,
    b"Content-Type: message/delivery-status\n\n" + b"Final-Recipient: rfc822; a@b\n\n" * 9_000,
]


@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_mails_end(raw: bytes) -> None:
    """Each would take minutes, or the interpreter's stack, where work grew faster than the mail."""
    assert isinstance(read(raw), Mail)


def sane(mail: Mail) -> bool:
    """Fit to be kept by any database: no NUL, no lone surrogates."""
    told = [
        mail.sender, mail.sender_name, mail.subject, mail.text or "", mail.html or "",
        mail.message_id or "", *mail.references, *mail.recipients,
        *(file.name for file in mail.attachments), *(value for _, value in mail.fields),
    ]  # fmt: skip
    lines = [mail.sender, mail.sender_name, mail.subject, *mail.recipients, *mail.references]
    assert not any(set(text) & set("\r\n") for text in (*lines, *dict(mail.fields).values()))
    assert mail.date is None or mail.date.astimezone(timezone(timedelta(hours=14)))
    for text in told:
        text.encode()
    return not any("\0" in text for text in told) and all(sane(one) for one in mail.returned)


@given(st.binary(max_size=600))
def test_any_bytes_are_read(raw: bytes) -> None:
    assert sane(read(raw))


PIECES = [
    b"\n", b"\n\n", b"\r\n", b"\r", b"\0", b" ", b"--b\n", b"--b--\n", b"Content-Type: ", b"=",
    b"multipart/mixed; boundary=b\n", b"message/rfc822\n", b"message/delivery-status\n",
    b"charset=", b"text/html\n", b"text/plain; format=flowed\n", b"utf-7",
    b"Content-Transfer-Encoding: base64\n", b"x-uuencode\n", b"Subject: ", b"From: ",
    b"=?utf-8?b?", b"=?x?q?", b"?=", b'"', b"(", b"<", b">", b"@", b"\xe9", b"begin 644 a\n",
    b"filename*0*=utf-8''", b"Content-Disposition: attachment; ", b"\xff\xfe", b"iso-2022-jp",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=60))
def test_any_pieces_of_mails_are_read(pieces: list[bytes]) -> None:
    raw = b"".join(pieces)
    mail = read(raw)
    assert sane(mail)
    contents = contents_of(raw, mail.attachments)
    assert [len(content) for content in contents] == [file.size for file in mail.attachments]


SEEDS = [
    multipart(PLAIN, HTML, PDF, multipart(PLAIN, boundary=b"c")),
    multipart(
        b"\nIt failed.",
        b"Content-Type: message/delivery-status\n\nA: b\n\nFinal-Recipient: rfc822; a@b.example",
        b"Content-Type: message/rfc822\n\nSubject: Yours\n\nold",
        kind=b"report",
    ),
    (
        b'From: "Ruiz, Ana" <ana@shop.example> (me), us: a@b.example;\nSubject: =?utf-8?b?w6k=?=\n'
        b"Date: Fri, 31 Dec 9999 23:59:59 -1200\nReferences: <a@b> <c@d>\n\nbody"
    ),
    (
        b"Content-Type: text/plain; charset=utf-16; format=flowed\n"
        b"Content-Transfer-Encoding: quoted-printable\n\n=FF=FEh=00i=00 =\n"
    ),
]
MENDS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 20), st.sampled_from(PIECES), st.integers(0, 40)),
    min_size=1,
    max_size=6,
)


@given(st.sampled_from(SEEDS), MENDS)
def test_any_damage_to_a_mail_is_borne(
    raw: bytes, mends: list[tuple[float, int, bytes, int]]
) -> None:
    for place, lost, piece, times in mends:
        at = int(place * len(raw))
        raw = raw[:at] + piece * times + raw[at + lost :]
    mail = read(raw)
    assert sane(mail)
    contents = contents_of(raw, mail.attachments)
    assert [len(content) for content in contents] == [file.size for file in mail.attachments]


WRITTEN = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cf", "Cn", "Co", "Zl", "Zp", "Zs"))
    | st.just(" "),
    max_size=60,
)


@settings(max_examples=60)
@given(WRITTEN, WRITTEN, WRITTEN, st.lists(st.tuples(WRITTEN, st.binary(max_size=80)), max_size=3))
def test_what_the_standard_library_writes_is_read_back(
    subject: str, name: str, body: str, files: list[tuple[str, bytes]]
) -> None:
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"] = Address(name.strip(), "ana", "shop.example")
    made["Subject"] = subject
    made.set_content(f"{body}\n> quoted\n")
    made.add_alternative(f"<p>{len(body)}</p>", subtype="html")
    for called, data in files:
        made.add_attachment(data, maintype="application", subtype="pdf", filename=f"{called}.pdf")
    raw = made.as_bytes()
    mail = read(raw)
    assert mail.sender == "ana@shop.example"
    assert mail.subject == " ".join(subject.split())
    assert (mail.text, mail.html) == (f"{body}\n> quoted\n", f"<p>{len(body)}</p>\n")
    assert contents_of(raw, mail.attachments) == tuple(data for _, data in files)
    assert mail.faults == ()


@given(st.binary(max_size=90))
def test_base64_comes_back(data: bytes) -> None:
    packed = base64.b64encode(data)
    assert base64_bytes(packed) == data
    assert base64_bytes(packed.rstrip(b"=")) == data
    assert base64_bytes(b"\n ".join(packed[at : at + 3] for at in range(0, len(packed), 3))) == data
