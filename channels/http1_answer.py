"""Reading one HTTP/1.1 answer from bytes as they come (RFC 9112)."""

from dataclasses import dataclass, field

MAX_HEAD = 64 * 1024
MAX_BODY = 16 * 1024 * 1024


class Garbled(Exception):
    """What came is no whole HTTP/1.1 answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Header names in lower case."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Reader:
    """Reads the one answer, of `most` bytes; `reusable` says afterwards whether the connection may
    carry another."""

    def __init__(self, most: int = MAX_BODY) -> None:
        self.reusable = False
        self._most = most
        self._buffer = b""
        self._status = 0
        self._persistent = False
        self._headers: dict[str, str] | None = None

    def feed(self, data: bytes) -> Answer | None:
        """The answer once it is whole. Raises Garbled."""
        self._buffer += data
        while self._headers is None:
            if not self._read_head():
                return None
        body, rest = self._read_body(self._headers)
        if body is None:
            return None
        kept = self._persistent and "close" not in self._headers.get("connection", "").lower()
        self.reusable = kept and rest == b""
        return Answer(self._status, self._headers, body)

    def end(self) -> Answer:
        """The answer whose end is the connection's. Raises Garbled where it is cut short."""
        if self._headers is None or _framed(self._status, self._headers):
            raise Garbled("the connection ended before the answer did")
        if len(self._buffer) > self._most:
            raise Garbled("the answer is too long")
        return Answer(self._status, self._headers, self._buffer)

    def _read_head(self) -> bool:
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if len(head) > MAX_HEAD:
            raise Garbled("the answer's head is too long")
        if not found:
            return False
        self._buffer = rest
        first, *lines = head.decode("latin-1").split("\r\n")
        self._status = _status(first)
        self._persistent = not first.startswith("HTTP/1.0")
        if self._status >= 200:  # those below announce the real one
            self._headers = dict(_field(line) for line in lines)
        return True

    def _read_body(self, headers: dict[str, str]) -> tuple[bytes | None, bytes]:
        if len(self._buffer) > self._most + MAX_HEAD:
            raise Garbled("the answer is too long")
        if self._status in {204, 304}:
            return b"", self._buffer
        if "transfer-encoding" in headers:
            body, rest = _unchunked(headers["transfer-encoding"], self._buffer)
            if body is not None and len(body) > self._most:
                raise Garbled("the answer is too long")
            return body, rest
        if "content-length" in headers:
            length = _number(headers["content-length"], 10)
            if length > self._most:
                raise Garbled("the answer is too long")
            if len(self._buffer) >= length:
                return self._buffer[:length], self._buffer[length:]
        return None, b""


def _status(line: str) -> int:
    version, _, rest = line.partition(" ")
    code = rest[:3]
    if (
        version not in {"HTTP/1.1", "HTTP/1.0"}
        or len(code) != 3
        or not (code.isascii() and code.isdigit())
    ):
        raise Garbled("the answer is not HTTP/1")
    return int(code)


def _field(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name or name != name.strip():
        raise Garbled("the answer has a malformed header")
    return name.lower(), value.strip()


def _number(text: str, base: int) -> int:
    try:
        number = int(text, base)
    except ValueError:
        number = -1
    if number < 0:
        raise Garbled("the answer's length is no number")
    return number


def _framed(status: int, headers: dict[str, str]) -> bool:
    return status in {204, 304} or "transfer-encoding" in headers or "content-length" in headers


def _unchunked(coding: str, data: bytes) -> tuple[bytes | None, bytes]:
    """The body and what follows it; no body while its end has not come."""
    if coding.lower() != "chunked":
        raise Garbled("the answer has a transfer coding that was not asked for")
    body: list[bytes] = []
    while True:
        line, found, rest = data.partition(b"\r\n")
        if not found:
            return None, b""
        size = _number(line.partition(b";")[0].decode("latin-1").strip(), 16)
        if size == 0:
            return _trailed(b"".join(body), rest)
        if len(rest) < size + 2:
            return None, b""
        if rest[size : size + 2] != b"\r\n":
            raise Garbled("a chunk does not end where it says")
        body.append(rest[:size])
        data = rest[size + 2 :]


def _trailed(body: bytes, data: bytes) -> tuple[bytes | None, bytes]:
    """Passes over the trailer, which ends with an empty line."""
    if data.startswith(b"\r\n"):
        return body, data[2:]
    _, found, rest = data.partition(b"\r\n\r\n")
    return (body, rest) if found else (None, b"")
