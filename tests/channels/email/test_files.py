"""The bytes of attachments: those of the place and size that were told, or none."""

from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from channels.email.files import contents_of
from domain.mail import Attachment

PDF, PNG = b"%PDF-1.7\r\n\0\xff", b"\x89PNG"


def written() -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "My payslip"
    mail.set_content("Here it is.")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename="payslip.pdf")
    mail.add_attachment(PNG, maintype="image", subtype="png", filename="photo.png")
    inner = EmailMessage()
    inner.set_content("inner")
    mail.add_attachment(inner)
    return mail.as_bytes()


def file(size: int, part: int) -> Attachment:
    return Attachment("payslip.pdf", "application/pdf", size, part)


def test_each_is_found_at_its_place() -> None:
    files = [file(len(PNG), 3), file(len(PDF), 2)]
    assert contents_of(written(), files) == (PNG, PDF)


def test_what_stands_elsewhere_or_has_another_size_is_none() -> None:
    files = [file(len(PDF), 3), file(len(PDF) + 1, 2), file(5, 99), file(5, -1), file(6, 4)]
    assert contents_of(written(), files) == (b"",) * 5


def test_a_mail_without_files_is_not_parsed() -> None:
    assert contents_of(b"", ()) == ()


@given(
    st.binary(max_size=300)
    | st.builds(
        lambda encoding, body: b"Content-Transfer-Encoding: " + encoding + b"\n\n" + body,
        st.sampled_from([b"base64", b"quoted-printable", b"x-uuencode", b"8bit", b"\xff"]),
        st.binary(max_size=200),
    ),
    st.integers(0, 3),
    st.integers(0, 40),
)
def test_any_bytes_are_read(raw: bytes, part: int, size: int) -> None:
    (found,) = contents_of(raw, [file(size, part)])
    assert len(found) in (0, size)
