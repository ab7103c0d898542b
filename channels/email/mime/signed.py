"""What an S/MIME mail holds that is signed in one piece (RFC 8551, 3.5.2; RFC 5652, 5.1).

The mail is inside the signature's own structure, in BER. It is taken out; nothing is verified.
"""

SIGNED = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
"""The types of it. What is encrypted or compressed has the same, and stays a file."""

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_SEQUENCE, _SET, _INTEGER, _OID, _ZERO = 0x30, 0x31, 0x02, 0x06, 0xA0
_OCTETS, _PIECES, _CONSTRUCTED = 0x04, 0x24, 0x20
_MOST_ELEMENTS = 1000  # of a list of a few algorithms
_LONGEST_LENGTH = 4  # bytes that say how long an element is


def content_of(data: bytes) -> bytes | None:
    """The signed bytes; None where these are no signed data or hold nothing. Never raises."""
    reader = _Reader(data)
    try:
        reader.enter(_SEQUENCE)
        if reader.value(_OID) != _SIGNED_DATA:
            return None
        reader.enter(_ZERO)
        reader.enter(_SEQUENCE)
        reader.value(_INTEGER)
        reader.skip(_SET)  # digest algorithms
        reader.enter(_SEQUENCE)
        reader.value(_OID)
        reader.enter(_ZERO)
        return reader.octets()
    except _BrokenError:
        return None


class _BrokenError(Exception):
    """Not what should stand here."""


class _Reader:
    """Goes through the elements in their order, each byte once."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def enter(self, tag: int) -> int | None:
        """To the element's inside; where that ends, None where a mark will say so."""
        found, length = self._head()
        if found != tag:
            raise _BrokenError
        return None if length is None else self.at + length

    def value(self, tag: int) -> bytes:
        end = self.enter(tag)
        if end is None:
            raise _BrokenError
        found = self.data[self.at : end]
        self.at = end
        return found

    def skip(self, tag: int) -> None:
        """Behind the element, whatever is inside."""
        end = self.enter(tag)
        if end is not None:
            self.at = end
            return
        depth = 1
        for _ in range(_MOST_ELEMENTS):
            if not depth:
                return
            found, length = self._head()
            if found == 0 and length == 0:
                depth -= 1
            elif length is None:
                depth += 1
            else:
                self.at += length
        raise _BrokenError

    def octets(self) -> bytes:
        """An octet string in one piece or in many."""
        if self.data[self.at : self.at + 1] != bytes((_PIECES,)):
            return self.value(_OCTETS)
        end = self.enter(_PIECES)
        pieces: list[bytes] = []
        while self.at < (len(self.data) if end is None else end):
            if self.data[self.at : self.at + 1] == b"\0":
                break
            pieces.append(self.value(_OCTETS))
        return b"".join(pieces)

    def _head(self) -> tuple[int, int | None]:
        """Tag and length; a length that is None ends with two zero bytes."""
        head = self.data[self.at : self.at + 2 + _LONGEST_LENGTH]
        if len(head) < 2:
            raise _BrokenError
        tag, first = head[0], head[1]
        size = first & 0x7F if first > 0x80 else 0
        if size > _LONGEST_LENGTH or len(head) < 2 + size:
            raise _BrokenError
        self.at += 2 + size
        if first == 0x80:
            if not tag & _CONSTRUCTED:
                raise _BrokenError
            return tag, None
        length = int.from_bytes(head[2 : 2 + size]) if size else first
        if self.at + length > len(self.data):
            length = len(self.data) - self.at  # it was cut off; what is there is read
        return tag, length
