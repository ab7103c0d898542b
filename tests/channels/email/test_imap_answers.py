"""What servers answer, as values; and names as they want them."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.imap_answers import (
    Listed,
    body_in,
    code_in,
    listed_in,
    number_in,
    quoted,
)

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
LINES = st.lists(st.binary(max_size=60) | st.binary(max_size=60).map(bytearray), max_size=6)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            b'1 FETCH (UID 7 RFC822.SIZE 44 INTERNALDATE " 1-Nov-2026 10:00:00 +0100")',
            Listed(7, 44, datetime(2026, 11, 1, 9, 0, tzinfo=UTC)),
        ),
        (
            b'1 FETCH (INTERNALDATE "30-Nov-2026 23:59:59 -0500" RFC822.SIZE 0 UID 4294967295)',
            Listed(4294967295, 0, datetime(2026, 12, 1, 4, 59, 59, tzinfo=UTC)),
        ),
        (
            b'1 FETCH (UID 7 RFC822.SIZE 44 INTERNALDATE "01-Dec-2036 10:00:00 +0000")',
            Listed(7, 44, NOW),
        ),
        (b'1 FETCH (UID 7 RFC822.SIZE 44 INTERNALDATE "soon")', Listed(7, 44, NOW)),
        (b"1 FETCH (UID 7 RFC822.SIZE 44)", Listed(7, 44, NOW)),
        (b"1 FETCH (FLAGS (\\Seen) UID 7)", None),
        (b"1 FETCH (FLAGS (\\Seen))", None),
    ],
)
def test_listed(line: bytes, expected: Listed | None) -> None:
    assert listed_in(line, NOW) == expected


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"[AUTHENTICATIONFAILED] no [OTHER]", "AUTHENTICATIONFAILED"),
        (b" [UIDVALIDITY 3] ok", "UIDVALIDITY"),
        (b"no [SUCH] thing", ""),
        (b"", ""),
    ],
)
def test_codes(line: bytes, code: str) -> None:
    assert code_in(line) == code


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        ([b"1 FETCH (UID 5 BODY[] {3}", bytearray(b"a)("), b")", b"done"], b"a)("),
        ([b"1 FETCH (BODY[] {0}", bytearray(), b" UID 5)", b"done"], b""),
        ([b'1 FETCH (UID 5 BODY[] "a\\"b\\\\c")', b"done"], b'a"b\\c'),
        ([b'1 FETCH (UID 5 BODY[] "")', b"done"], b""),
        ([b"1 FETCH (UID 5 BODY[] NIL)", b"done"], b""),
        ([b"2 FETCH (FLAGS (\\Seen))", b"1 FETCH (BODY[] {1}", bytearray(b"x"), b")", b"d"], b"x"),
        ([b"1 FETCH (FLAGS (\\Seen))", b"done"], None),
        ([b"done"], None),
    ],
)
def test_bodies(lines: list[bytes | bytearray], body: bytes | None) -> None:
    assert body_in(lines) == body


@given(LINES)
def test_no_answer_breaks_it(lines: list[bytes | bytearray]) -> None:
    body_in(lines)
    number_in("UIDNEXT", lines)
    for line in lines:
        code_in(line)
        listed_in(line, NOW)


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("INBOX", '"INBOX"'),
        ("R&D", '"R&-D"'),
        ("Gelöscht", '"Gel&APY-scht"'),
        ("台北/日本語", '"&U,BTFw-/&ZeVnLIqe-"'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("Work|Bills/'x' %", "\"Work|Bills/'x' %\""),
    ],
)
def test_names(name: str, wire: str) -> None:
    """The examples of RFC 3501 among them."""
    assert quoted(name) == wire


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_names_come_back(name: str) -> None:
    wire = quoted(name)
    assert wire.isascii()
    assert all(" " <= char <= "~" for char in wire)
    inner = wire[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    plain, shifted = "", False
    for part in _parts(inner):
        if part.startswith("&") and part != "&-":
            coded = part[1:-1].replace(",", "/")
            plain += base64.b64decode(coded + "=" * (-len(coded) % 4)).decode("utf-16-be")
            shifted = True
        else:
            plain += "&" if part == "&-" else part
    assert plain == name
    assert shifted or name.isascii()


def _parts(inner: str) -> list[str]:
    found, rest = [], inner
    while rest:
        if rest[0] == "&":
            end = rest.index("-") + 1
            found.append(rest[:end])
            rest = rest[end:]
        else:
            found.append(rest[0])
            rest = rest[1:]
    return found
