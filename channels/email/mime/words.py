"""What stands in a header field: encoded words, parameters, message ids."""

import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from channels.email.mail import Fields
from channels.email.mime.charsets import decode
from channels.email.mime.encodings import base64_bytes

_OPENER = re.compile(r"=\?([^\s?*]{1,60})(?:\*[^?\s]{0,40})?\?([bqBQ])\?")
_JAPANESE = b"\x1b$"  # ISO-2022-JP without a word that says so
_LONGEST_ID = 998  # a line of RFC 5322
_ID = re.compile(r"<([^<>]{1,998})>")
_BARE = re.compile(r"[^\s<>,;()]+")
SPACES = re.compile(r"\s+")
_MOST_PARAMETERS = 100


def text_of(value: bytes, otherwise: str | None = None) -> str:
    """An unfolded field as it stands: raw bytes are UTF-8, or what the mail itself is in."""
    if _JAPANESE in value:
        return decode(value, "iso-2022-jp")
    return decode(value, None, otherwise)


def words_of(value: str) -> str:
    """With its encoded words read (RFC 2047), broken ones as far as can be: spaces in them, letters
    split between two, quotes around."""
    if "=?" not in value:
        return value
    out: list[str] = []
    waiting: list[bytes] = []  # of one character set, which a letter may be split over
    charset = ""
    at = 0
    for opener, end in _encoded(value):
        between = value[at : opener.start()]
        if waiting and (between.strip() or opener[1].lower() != charset):
            out.append(decode(b"".join(waiting), charset))
            waiting = []
            between = between if between.strip() else ""
        elif waiting:
            between = ""
        out.append(between)
        charset = opener[1].lower()
        waiting.append(_word(opener[2], value[opener.end() : end]))
        at = end + 2
    if waiting:
        out.append(decode(b"".join(waiting), charset))
    return "".join(out) + value[at:]


def _encoded(value: str) -> Iterator[tuple[re.Match[str], int]]:
    """Each encoded word's beginning, and where its `?=` stands."""
    at = 0
    while (opener := _OPENER.search(value, at)) is not None:
        end = value.find("?=", opener.end())
        if end < 0:
            return
        yield opener, end
        at = end + 2


def _word(kind: str, inside: str) -> bytes:
    data = inside.encode("utf-8", "replace")
    if kind in "bB":
        return base64_bytes(data)
    return binascii.a2b_qp(data.replace(b" ", b"_"), header=True)


def parameters_of(value: str) -> tuple[str, Fields]:
    """`text/plain; charset=x` as its first word in lower case, and its parameters: RFC 2231's
    pieces joined, encoded words read."""
    first, _, rest = value.partition(";")
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, given in _pairs(rest):
        base, star, order = name.partition("*")
        coded = name.endswith("*")
        digits = order.rstrip("*")
        place = int(digits) if star and digits.isascii() and digits.isdigit() else 0
        if base and place < _MOST_PARAMETERS:
            pieces.setdefault(base, {}).setdefault(place, (given, coded))
    return first.strip().lower(), tuple((name, _joined(found)) for name, found in pieces.items())


def _joined(found: dict[int, tuple[str, bool]]) -> str:
    """A parameter of its pieces; the first coded one names the character set."""
    ordered = [found[place] for place in sorted(found)]
    if not any(coded for _, coded in ordered):
        return words_of("".join(given for given, _ in ordered))
    charset: str | None = None
    if ordered[0][1] and ordered[0][0].count("'") >= 2:
        charset, _, rest = ordered[0][0].split("'", 2)
        ordered[0] = (rest, True)
    data = [
        unquote_to_bytes(given) if coded else given.encode("utf-8", "replace")
        for given, coded in ordered
    ]
    return decode(b"".join(data), charset)


_PAIR = re.compile(r'\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)[^;]*;?|[^;]*;?')


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    for _ in range(_MOST_PARAMETERS):
        found = _PAIR.match(text, at)
        if found is None or found.end() == at:
            return
        at = found.end()
        if found[1]:
            given = found[2].strip()
            if given.startswith('"'):
                given = re.sub(r"\\(.)", r"\1", given[1:].removesuffix('"'))
            yield found[1].lower(), given


def id_of(value: str) -> str | None:
    """A Message-ID without its brackets, whatever stands around."""
    found = _ID.search(value)
    bare = SPACES.sub("", found[1] if found else value.strip().strip("<>"))
    return bare[:_LONGEST_ID] or None


def ids_of(value: str) -> list[str]:
    """All message ids of a field, in their order; without brackets where nobody wrote any."""
    found = _ID.findall(value) or [word for word in _BARE.findall(value) if _is_id(word)]
    return list(dict.fromkeys(SPACES.sub("", each) for each in found))


def _is_id(word: str) -> bool:
    return "@" in word[1:-1] and len(word) <= _LONGEST_ID
