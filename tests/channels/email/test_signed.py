"""Mails that are signed in one piece are read; what is encrypted stays a file."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.mime.signed import content_of
from channels.email.parsing import read

WORDS = b"Content-Type: text/plain; charset=utf-8\r\n\r\nI can pay on Friday.\r\n"
SIGNED = bytes.fromhex("06092a864886f70d010702")
ENVELOPED = bytes.fromhex("06092a864886f70d010703")
DATA = bytes.fromhex("06092a864886f70d010701")
VERSION, ALGORITHMS = bytes.fromhex("020101"), bytes.fromhex("310b300906052b0e03021a0500")
OPEN_ALGORITHMS = bytes.fromhex("3180300906052b0e03021a05000000")


def told(tag: int, inside: bytes) -> bytes:
    """An element that says how long it is."""
    size = len(inside)
    return (
        bytes((tag,)) + (bytes((size,)) if size < 128 else b"\x82%c%c" % divmod(size, 256)) + inside
    )


def ended(tag: int, inside: bytes) -> bytes:
    """One that says where it ends, as those do that sign while they read."""
    return bytes((tag, 0x80)) + inside + b"\0\0"


def definite(kind: bytes, inside: bytes = WORDS) -> bytes:
    held = told(0x30, DATA + told(0xA0, told(0x04, inside)))
    return told(0x30, kind + told(0xA0, told(0x30, VERSION + ALGORITHMS + held + told(0x31, b""))))


def indefinite(kind: bytes) -> bytes:
    pieces = told(0x04, WORDS[:9]) + told(0x04, b"") + told(0x04, WORDS[9:])
    held = ended(0x30, DATA + ended(0xA0, ended(0x24, pieces)))
    return ended(0x30, kind + ended(0xA0, ended(0x30, VERSION + OPEN_ALGORITHMS + held)))


def mail(inside: bytes, kind: bytes = b"application/pkcs7-mime; smime-type=signed-data") -> bytes:
    head = b"From: ana@shop.example\nContent-Transfer-Encoding: base64\nContent-Type: "
    return head + kind + b"; name=smime.p7m\n\n" + base64.encodebytes(inside)


@pytest.mark.parametrize("inside", [definite(SIGNED), indefinite(SIGNED)])
def test_what_is_signed_is_read(inside: bytes) -> None:
    for kind in (b"application/pkcs7-mime", b"Application/X-PKCS7-MIME; smime-type=signed-data"):
        found = read(mail(inside, kind))
        assert (found.sender, found.text) == ("ana@shop.example", "I can pay on Friday.\n")
        assert (found.attachments, found.faults) == ((), ())


@pytest.mark.parametrize(
    "inside", [definite(ENVELOPED), indefinite(ENVELOPED), definite(SIGNED, b""), b"", b"MIIB"]
)
def test_what_is_not_stays_a_file(inside: bytes) -> None:
    found = read(mail(inside))
    assert (found.text, found.html) == (None, None)
    assert [file.name for file in found.attachments] == ["smime.p7m"]


def test_signed_in_signed_ends() -> None:
    inside = WORDS
    for _ in range(60):
        head = b"Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: binary\n\n"
        inside = head + definite(SIGNED, inside)
    assert "its parts lie deeper than 20" in read(inside).faults


@given(st.integers(0, 200), st.integers(0, 255), st.booleans())
def test_any_damage_is_borne(at: int, byte: int, short: bool) -> None:
    for whole in (definite(SIGNED), indefinite(SIGNED)):
        broken = bytearray(whole)
        if short:
            del broken[at % len(broken) :]
        else:
            broken[at % len(broken)] = byte
        found = content_of(bytes(broken))
        assert found is None or len(found) <= len(whole)


@given(
    st.lists(
        st.sampled_from(
            [
                b"\x30\x80",
                SIGNED,
                b"\xa0\x80",
                VERSION,
                b"\x31\x80",
                b"\0\0",
                b"\x24\x80",
                b"\x04\x84\xff\xff\xff\xff",
                b"\x04\x01a",
                DATA,
            ]
        )
    )
)
def test_any_elements_are_borne(pieces: list[bytes]) -> None:
    found = content_of(b"".join(pieces))
    assert found is None or isinstance(found, bytes)
