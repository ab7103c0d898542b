"""What a mail costs to read, in time and memory, grows with its size alone."""

import time
import tracemalloc
from collections.abc import Callable
from typing import TypeVar

import pytest

from channels.email.mime.boxes import MOST, mailboxes_of
from channels.email.mime.words import id_of, ids_of, parameters_of, words_of
from channels.email.parsing import read
from channels.email.plain import lines_of

Given = TypeVar("Given", str, bytes)
SMALL, GROWS = 400, 16
"""Signs of the small input, and how often the large one has as many."""
MOST_COPIES = 60  # a list of single signs takes that much
MOST_GROWTH = 6 * GROWS  # in proportion it is GROWS; in its square it would be 256

UNITS = [
    '"', '\\"', "\\", ",", ";", ":", "(", ")", "<", ">", "@", "a,", "a ", "a@", "a@:", '"a"', '"a',
    '"a"@ ', '"\\"', '<"', '<\\"', "(,", "(a)", "()", "a@b,", "a b, ", "=?a?q?", "=?a?q?=",
    "=?a?b?a?=", "?=", "=", "a=", "a=b;", "a*0*='';", "x@ ", "'", " ", "\t ", "é", "<a@b>", "><",
]  # fmt: skip
FIRSTS = ["", '"', "(", "<", "x@", "=?a?q?", "a/b;a="]


def parameters(value: str) -> object:
    return parameters_of(f"a/b;{value}")


def cost(function: Callable[[Given], object], value: Given) -> float:
    """The least CPU time of three, in seconds."""
    found = []
    for _ in range(3):
        begun = time.process_time()
        function(value)
        found.append(time.process_time() - begun)
    return min(found)


@pytest.mark.parametrize("function", [mailboxes_of, words_of, parameters, ids_of, id_of])
def test_fields_are_read_in_time_that_grows_with_their_length(
    function: Callable[[str], object],
) -> None:
    grown: dict[str, float] = {}
    for first in FIRSTS:
        for unit in UNITS:
            many = SMALL // len(unit)
            small = cost(function, first + unit * many)
            begun = time.process_time()
            function(first + unit * many * GROWS)
            once = time.process_time() - begun
            if once > MOST_GROWTH * small:  # it may have been another's noise
                once = cost(function, first + unit * many * GROWS)
            grown[first + unit] = once / max(small, 1e-5)
    assert {unit: ratio for unit, ratio in grown.items() if ratio > MOST_GROWTH} == {}


def test_no_more_mailboxes_are_kept_than_anybody_writes_to() -> None:
    assert len(mailboxes_of("a@b.example," * 9_000)) == MOST
    many = b",".join(b"a%d@b.example" % n for n in range(3_000))
    mail = read(b"To: " + many + b"\nCc: " + many + b"\nFrom: c@b.example\n\n")
    assert (len(mail.recipients), mail.sender) == (MOST, "c@b.example")


def with_head(head: bytes, unit: bytes) -> Callable[[int], bytes]:
    return lambda size: head + unit * (size // len(unit))


PARTS = b"Content-Type: multipart/mixed; boundary=b\n\n"
DEEP = b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(40)
)
QUOTED = b"Content-Transfer-Encoding: quoted-printable\n\n"
BASE64 = b"Content-Transfer-Encoding: base64\n\n"
SHAPES = {
    "newlines": with_head(b"", b"\n"),
    "returns": with_head(b"A: b\n\n", b"\r"),
    "spaces": with_head(b"A: b\n", b" "),
    "blank lines": with_head(b"A: b\n", b" \n"),
    "fields": with_head(b"", b"A: b\n"),
    "folds": with_head(b"A: b", b"\n c"),
    "parts": with_head(PARTS, b"--b\n\nx\n"),
    "parts of the same": with_head(PARTS, b"--b\n" + PARTS),
    "no parts": with_head(PARTS, b"--x y  \n"),
    "one mark": with_head(PARTS + b"--b", b" "),
    "depth": with_head(DEEP, b"x\n"),
    "messages": with_head(b"Content-Type: message/rfc822\n\n" * 30, b"x\n"),
    "soft breaks": with_head(QUOTED, b"= "),
    "ends": with_head(BASE64, b"=A"),
    "uuencode": with_head(b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n", b"#86)C\n"),
    "flowed": with_head(b"Content-Type: text/plain; format=flowed\n\n", b"> a \n"),
    "statuses": with_head(b"Content-Type: message/delivery-status\n\n", b"A: b\n\n"),
    "addresses": with_head(b"", b'To: "\\"\\"\\",,<<((\n'),
    "ids": with_head(b"", b"References: @@ <a@b> <<@\n"),
    "words": with_head(b"", b"Subject: =?utf-8?q?=C3?= =?utf-8?b?=?=\n"),
    "comments": with_head(b"Content-Type: text/html\n\n", b"<!--<a"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_mails_are_read_in_time_and_memory_that_grow_with_their_size(shape: str) -> None:
    made = SHAPES[shape]
    small, large = made(8_000), made(8_000 * GROWS)

    def whole(raw: bytes) -> None:
        lines_of(read(raw).html or "")

    least = cost(whole, small)
    most = cost(whole, large)
    assert most < MOST_GROWTH * max(least, 1e-4)
    tracemalloc.start()
    try:
        whole(large)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MOST_COPIES * len(large)
