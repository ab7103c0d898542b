"""What a mail server's refusals mean, and what follows each.

The codes are in replies.csv, which reads as a table: the first row that fits decides. Its `stage`
is the part of the talk (connect, hello, login, mail: our address, rcpt: the customer's, data: the
mail), its `code` RFC 5321's, its `status` RFC 3463's at the beginning of the text, `says` a pattern
for the text where codes alone don't tell. `after` are seconds, `sender: pause` a fault that every
mail of the sender would meet.
"""

import csv
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from msgspec import Struct

from channels.contract import SendError
from domain.messages import Reason, Retry, Trouble

Stage = Literal["connect", "hello", "login", "mail", "rcpt", "data"]

CLASSES = {
    "bad-address": Reason.BAD_ADDRESS,
    "temporary": Reason.TEMPORARY,
    "blocked": Reason.BLOCKED,
    "sender": Reason.SENDER,
    "unknown": Reason.UNKNOWN,
}
NO_ROW = Trouble(Reason.UNKNOWN, "never", known=False)
ODD = Trouble(Reason.TEMPORARY, "later", known=False)
"""An answer that is neither yes nor no, before anything was handed over."""

_STATUS = re.compile(r"\s*#?([245])\.(\d{1,3})\.(\d{1,3})\b")
_MOST_TEXT = 2000

Numbers = tuple[int, ...]


class Refused(Exception):
    """An answer other than the one that was hoped for; `text` may hold addresses."""

    def __init__(self, stage: Stage, code: int, text: str) -> None:
        super().__init__(f"{code} at {stage}")
        self.stage = stage
        self.code = code
        self.text = text


class Row(Struct, frozen=True):
    """A row of replies.csv. Codes and statuses are ranges with both ends; None: any."""

    stage: str
    codes: tuple[int, int]
    statuses: tuple[Numbers, Numbers] | None
    says: re.Pattern[str] | None
    trouble: Trouble
    meaning: str

    def fits(self, stage: str, code: int, status: Numbers | None, text: str) -> bool:
        if self.stage not in ("any", stage) or not self.codes[0] <= code <= self.codes[1]:
            return False
        if self.statuses is not None:
            first, last = self.statuses
            if status is None or not first <= status[: len(first)] <= last:
                return False
        return self.says is None or self.says.search(text) is not None


@lru_cache(maxsize=1)
def table() -> tuple[Row, ...]:
    with (Path(__file__).parent / "replies.csv").open(encoding="utf-8", newline="") as file:
        return tuple(map(_row, csv.DictReader(file)))


def _row(row: Mapping[str, str]) -> Row:
    first, _, last = row["code"].partition("-")
    codes = (int(first.replace("x", "0")), int((last or first).replace("x", "9")))
    retry: Retry = "never" if row["again"] == "never" else "later"
    after = float(row["after"]) if row["after"] else None
    return Row(
        stage=row["stage"],
        codes=codes,
        statuses=None if row["status"] == "*" else _range(row["status"]),
        says=None if row["says"] == "-" else re.compile(row["says"], re.IGNORECASE),
        trouble=Trouble(CLASSES[row["class"]], retry, after, pause=row["sender"] == "pause"),
        meaning=row["meaning"],
    )


def _range(text: str) -> tuple[Numbers, Numbers]:
    """Of `5.7.*`, `5.7.8` or `5.7.8-5.7.14`."""
    first, _, last = text.removesuffix(".*").partition("-")
    return _numbers(first), _numbers(last or first)


def _numbers(text: str) -> Numbers:
    return tuple(map(int, text.split(".")))


def status_of(code: int, text: str) -> Numbers | None:
    """RFC 3463's status at the beginning of a text (RFC 2034), where it goes with the code."""
    found = _STATUS.match(text)
    if found is None or int(found[1]) != code // 100:
        return None
    return tuple(map(int, found.groups()))


def follows(refused: Refused) -> Trouble:
    """What an answer says of the mail, its address and its sender; never raises."""
    if not 400 <= refused.code <= 599:
        return ODD
    text = refused.text[:_MOST_TEXT]
    status = status_of(refused.code, text)
    found = (row for row in table() if row.fits(refused.stage, refused.code, status, text))
    return next((row.trouble for row in found), NO_ROW)


def error_of(refused: Refused) -> SendError:
    """Its detail never quotes the server, which may name addresses."""
    trouble = follows(refused)
    status = status_of(refused.code, refused.text)
    code = str(refused.code) + (f" {'.'.join(map(str, status))}" if status else "")
    return SendError(
        trouble.reason,
        trouble.retry,
        code=code,
        after=trouble.after,
        pause=trouble.pause,
        known=trouble.known,
        detail=f"the mail server answered {code} at {refused.stage}",
    )
