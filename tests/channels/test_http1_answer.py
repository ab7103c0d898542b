"""Answers as servers and proxies write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.http1_answer import Answer, Garbled, Reader

OK = b"HTTP/1.1 200 OK\r\n"

# name, bytes, answer, whether the connection may carry another request
WHOLE = [
    ("length", OK + b"Content-Length: 2\r\n\r\nhi", (200, b"hi"), True),
    ("no phrase", b"HTTP/1.1 201\r\nContent-Length: 0\r\n\r\n", (201, b""), True),
    ("no content", b"HTTP/1.1 204 No Content\r\n\r\n", (204, b""), True),
    (
        "chunks",
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n",
        (200, b"hi0123456789"),
        True,
    ),
    (
        "chunks and a trailer",
        OK + b"transfer-encoding: Chunked\r\n\r\n1\r\nx\r\n0\r\nA: b\r\n\r\n",
        (200, b"x"),
        True,
    ),
    ("close", OK + b"Connection: close\r\nContent-Length: 2\r\n\r\nhi", (200, b"hi"), False),
    (
        "http/1.0",
        b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi",
        (200, b"hi"),
        False,
    ),
    (
        "continue first",
        b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 1\r\n\r\nx",
        (200, b"x"),
        True,
    ),
    ("more than asked for", OK + b"Content-Length: 1\r\n\r\nxHTTP/1.1", (200, b"x"), False),
]

GARBLED = [
    ("another protocol", b"SSH-2.0-OpenSSH\r\n\r\n"),
    ("http/2", b"HTTP/2 200 OK\r\n\r\n"),
    ("no status", b"HTTP/1.1 OK\r\n\r\n"),
    ("status in other digits", "HTTP/1.1 ²³⁴ OK\r\n\r\n".encode("latin-1", "replace")),
    ("header without a colon", OK + b"nonsense\r\n\r\n"),
    ("header with a space", OK + b"Content-Length : 1\r\n\r\nx"),
    ("folded header", OK + b"A: b\r\n c: d\r\n\r\n"),
    ("length that is none", OK + b"Content-Length: two\r\n\r\n"),
    ("length below nothing", OK + b"Content-Length: -1\r\n\r\n"),
    ("length beyond reason", OK + b"Content-Length: 99999999999\r\n\r\n"),
    ("gzip", OK + b"Transfer-Encoding: gzip\r\n\r\n"),
    ("chunk size that is none", OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n"),
    ("chunk too long", OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n"),
    ("endless head", OK + b"a: " + b"x" * 70_000 + b"\r\n\r\n"),
    ("endless head, unfinished", b"x" * 70_000),
]


@pytest.mark.parametrize(
    ("data", "answer", "reusable"), [case[1:] for case in WHOLE], ids=[case[0] for case in WHOLE]
)
def test_whole(data: bytes, answer: tuple[int, bytes], reusable: bool) -> None:
    reader = Reader()
    found = reader.feed(data)
    assert found is not None
    assert ((found.status, found.body), reader.reusable) == (answer, reusable)


@given(st.sampled_from(WHOLE), st.data())
def test_it_comes_in_any_pieces(
    case: tuple[str, bytes, tuple[int, bytes], bool], data: st.DataObject
) -> None:
    whole = case[1].removesuffix(b"HTTP/1.1") if case[0].startswith("more") else case[1]
    reader, answers = Reader(), []
    rest = whole
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        answers.append(reader.feed(rest[:size]))
        rest = rest[size:]
    *early, last = answers
    assert early == [None] * len(early)
    assert last is not None
    assert (last.status, last.body) == case[2]


@pytest.mark.parametrize("data", [case[1] for case in GARBLED], ids=[case[0] for case in GARBLED])
def test_garbled(data: bytes) -> None:
    with pytest.raises(Garbled):
        Reader().feed(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        OK,
        OK + b"Content-Length: 3\r\n\r\nhi",
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
    ],
)
def test_cut_short(data: bytes) -> None:
    reader = Reader()
    assert reader.feed(data) is None
    with pytest.raises(Garbled):
        reader.end()


def test_an_answer_may_end_with_its_connection() -> None:
    reader = Reader()
    assert reader.feed(OK + b"A: b\r\n\r\nhel") is None
    assert reader.feed(b"lo") is None
    assert reader.end() == Answer(200, {"a": "b"}, b"hello")
    assert not reader.reusable


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_garbled(data: bytes) -> None:
    reader = Reader()
    try:
        answer = reader.feed(OK + data)
    except Garbled:
        return
    assert answer is None or answer.status == 200
