"""The mailboxes of an address field (RFC 5322, 3.4), also broken ones.

Each character is looked at a bounded number of times, and so many mailboxes of a field are kept
at most: senders choose how long their fields are.
"""

import re
from collections.abc import Iterator

from channels.email.mime.words import SPACES, words_of

_PIECE = re.compile(
    r"=\?[^\s?=]{1,60}\?[bBqQ]\?[^?]*\?=|<[^<>]*>|<[^<>,;\s\"]*|[,;:()]|\\.|[^\",;:()<\\=]+|.",
    re.DOTALL,
)
_QUOTED = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_QUOTED_LOCAL = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")@([^\s"@<>,;()]+)', re.DOTALL)
_PAIR = re.compile(r"\\(.)", re.DOTALL)
_WELL_FORMED = re.compile(r"[^\s@]+@[^\s@]+")
_WITHIN = re.compile(r"<\s*([^<>\s@]+@[^<>\s@]+)\s*>")
_EDGES = " \t\"'<>[]"
_LONGEST_NAME = 200
_LONGEST = 320
MOST = 2000
"""Mailboxes that are kept of one field, or of all fields that are read together."""


def mailboxes_of(value: str, most: int = MOST) -> list[tuple[str, str]]:
    """Names and addresses of a field, as they were written but for the case of the domain; groups
    opened, comments taken for names, an unquoted comma in a name forgiven."""
    found: list[tuple[str, str]] = []
    pieces = list(_pieces(value))
    ends = _comments(pieces)
    box = _Box()
    at = 0
    while at < len(pieces) and len(found) < most:
        piece = pieces[at]
        if at in ends:
            box.comment.append("".join(pieces[at + 1 : ends[at]]))
            at = ends[at]
        elif piece in (",", ";"):
            box = _ended(box, found)
        elif piece == ":" and not box.angle and not box.at:
            box.phrase.clear()  # a group's name, or `mailto:`
        elif piece.startswith("<"):
            _angle(box, piece.strip("<>").strip())
        elif piece != ")":
            box.add(piece)
        at += 1
    if len(found) < most:
        _ended(box, found, last=True)
    return found


def _pieces(value: str) -> Iterator[str]:
    """Quoted strings whole, with the address that one begins; a quote that never ends is a sign
    like others."""
    at, closes = 0, True
    while at < len(value):
        if value[at] == '"' and closes:
            found = _QUOTED_LOCAL.match(value, at) or _QUOTED.match(value, at)
            closes = found is not None
        else:
            found = None
        found = found or _PIECE.match(value, at)
        assert found is not None, "any sign is a piece"
        yield found[0]
        at = found.end()


def _comments(pieces: list[str]) -> dict[int, int]:
    """Where each comment begins, and where it ends; a bracket without its other is none."""
    open_at: list[int] = []
    ends: dict[int, int] = {}
    for at, piece in enumerate(pieces):
        if piece == "(":
            open_at.append(at)
        elif piece == ")" and open_at:
            ends[open_at.pop()] = at
    return ends


class _Box:
    """One mailbox while it is read."""

    def __init__(self) -> None:
        self.phrase: list[str] = []
        self.comment: list[str] = []
        self.angle = ""
        self.at = False  # an @ stands in the phrase, outside of quotes

    def add(self, piece: str) -> None:
        self.phrase.append(piece)
        self.at = self.at or ("@" in piece and not _is_quoted(piece))


def _angle(box: _Box, text: str) -> None:
    """The first that is an address counts: names hold such brackets, too."""
    if not box.angle or ("@" in text and "@" not in box.angle):
        if box.angle:
            box.phrase.append(box.angle)
        box.angle = text
    elif "@" not in text:
        box.phrase.append(text)


def _ended(box: _Box, found: list[tuple[str, str]], last: bool = False) -> _Box:
    if box.angle:
        phrase = "".join(_bare(piece) for piece in box.phrase).strip(" \t<>")
        found.append((_name(phrase or "".join(box.comment)), address_of(box.angle)))
        return _Box()
    if box.at:
        found.append(_of_phrase(box))
        return _Box()
    phrase = "".join(_bare(piece) for piece in box.phrase).strip()
    if (hidden := _encoded(phrase)) is not None:
        found.append(hidden)
    elif phrase and not last:
        kept = _Box()
        kept.phrase = [f"{phrase}, "[-_LONGEST_NAME:]]  # `Surname, Name <address>`
        return kept
    elif phrase and " " not in (word := words_of(phrase).strip(", ")):
        found.append(("", address_of(word)))
    return _Box()


def _of_phrase(box: _Box) -> tuple[str, str]:
    """A name and an address without brackets; what stands in quotes is no address."""
    quoted = next((t for t in box.phrase if t.startswith('"') and not _is_quoted(t)), None)
    if quoted is not None:
        return _name("".join(box.comment)), address_of(quoted)
    names = [_bare(piece) for piece in box.phrase if _is_quoted(piece)]
    words = "".join(" " if _is_quoted(t) else _bare(t) for t in box.phrase).split()
    if not any(_WELL_FORMED.fullmatch(word) for word in words):  # `ana @ shop.example`
        words = " ".join(words).replace(" @", "@").replace("@ ", "@").split()
    address = next((w for w in words if _WELL_FORMED.fullmatch(w.strip(_EDGES))), None)
    address = address or next((w for w in words if "@" in w), words[0])
    others = " ".join([*names, *(word for word in words if word is not address)])
    return _name("".join(box.comment) or others), address_of(address)


def _encoded(phrase: str) -> tuple[str, str] | None:
    """A mailbox that was encoded as a whole, against RFC 2047."""
    if "=?" not in phrase:
        return None
    meant = SPACES.sub(" ", words_of(phrase)).strip()
    within = _WITHIN.search(meant)
    if within is not None:
        return _name(meant[: within.start()].strip()), address_of(within[1])
    return ("", address_of(meant)) if _WELL_FORMED.fullmatch(meant) else None


def _is_quoted(piece: str) -> bool:
    return len(piece) > 1 and piece.startswith('"') and piece.endswith('"')


def _bare(piece: str) -> str:
    if _is_quoted(piece):
        return _PAIR.sub(r"\1", piece[1:-1])
    return piece.removeprefix("\\")


def _name(text: str) -> str:
    return SPACES.sub(" ", words_of(text)).strip().strip("'\"").strip()


def address_of(text: str) -> str:
    """`local@Domain` with its domain in lower case, without a route, quotes around or `mailto:`.
    Nothing in it can end a line, also where it was encoded."""
    quoted = _QUOTED_LOCAL.fullmatch(text)
    if quoted is not None:
        local = "".join(char for char in quoted[1] if char.isprintable())
        return f"{local}@{quoted[2].lower()}"[:_LONGEST]
    plain = SPACES.sub("", words_of(SPACES.sub("", text))).strip(_EDGES)
    if not plain.isprintable():
        plain = "".join(char for char in plain if char.isprintable())
    if plain.lower().startswith(("mailto:", "smtp:", "@")):
        plain = plain.partition(":")[2]
    local, at, domain = plain.rpartition("@")
    return f"{local}@{domain.lower()}"[:_LONGEST] if at else plain[:_LONGEST]
