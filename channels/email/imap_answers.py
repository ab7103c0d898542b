"""What an IMAP server answers, and names as it wants them (RFC 3501). Pure; nothing here raises."""

import base64
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from msgspec import Struct

Line = bytes | bytearray
"""A bytearray is a literal."""

_CODE = re.compile(rb"\[([A-Z][A-Z0-9-]{0,40})")
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,18})\b")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]{1,40})"')
_BODY = re.compile(rb'BODY\[\] (?:"((?:[^"\\]|\\.)*)"|NIL)')
_BEYOND_ASCII = re.compile(r"&|[^ -~]+")


class Listed(Struct, frozen=True):
    """A mail in the folder, before it is fetched."""

    uid: int
    size: int
    received_at: datetime


def code_in(line: Line) -> str:
    """The response code of an answer, without what follows it; empty where there is none."""
    found = _CODE.match(line.lstrip())
    return found[1].decode() if found else ""


def number_in(name: str, lines: Sequence[Line]) -> int | None:
    """Of a response code such as `[UIDNEXT 12]`."""
    wanted = re.compile(rb"\[" + name.encode() + rb" (\d{1,10})\]")
    return next((int(at[1]) for line in lines if (at := wanted.search(line))), None)


def listed_in(line: Line, now: datetime) -> Listed | None:
    """None where it speaks of something else. No mail came after `now`, whatever is said."""
    uid, size, date = _UID.search(line), _SIZE.search(line), _DATE.search(line)
    if uid is None or size is None:
        return None
    return Listed(int(uid[1]), int(size[1]), _moment(date[1], now) if date else now)


def body_in(lines: Sequence[Line]) -> bytes | None:
    """The one mail of an answer to BODY.PEEK[]: a literal, or quoted where it is short."""
    for number, line in enumerate(lines):
        if isinstance(line, bytearray) or b"BODY[]" not in line:
            continue
        for following in lines[number + 1 : number + 2]:
            if isinstance(following, bytearray):
                return bytes(following)
        short = _BODY.search(line)
        if short is not None:
            return re.sub(rb"\\(.)", rb"\1", short[1] or b"")
    return None


def quoted(name: str) -> str:
    """A folder's name: modified UTF-7 (RFC 3501, 5.1.3), in quotes."""

    def shifted(found: re.Match[str]) -> str:
        if found[0] == "&":
            return "&-"
        coded = base64.b64encode(found[0].encode("utf-16-be", "replace")).decode()
        return f"&{coded.rstrip('=').replace('/', ',')}-"

    plain = _BEYOND_ASCII.sub(shifted, name).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


def _moment(text: bytes, now: datetime) -> datetime:
    try:
        said = parsedate_to_datetime(text.decode("ascii").replace("-", " ", 2))
        return min(said if said.tzinfo else said.replace(tzinfo=UTC), now).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return now
