"""The table of answers: each row is reached, real answers are told apart, nothing makes it fail."""

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email import replies
from channels.email.replies import CLASSES, Refused, error_of, follows, status_of, table
from domain.messages import Reason

SAID = Path(__file__).parent / "cases" / "replies.csv"
"""Answers as servers in the field give them, and what follows each."""


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


@pytest.mark.parametrize("row", rows_of(SAID), ids=lambda row: row["text"][:30])
def test_what_servers_say(row: dict[str, Any]) -> None:
    found = follows(Refused(row["stage"], int(row["code"]), row["text"]))
    said = [found.reason.value, found.retry]
    said += [] if found.after is None else [f"{found.after:g}"]
    said += ["pause"] * found.pause + ["unknown"] * (not found.known)
    assert " ".join(said) == row["follows"]


def test_every_row_can_be_reached() -> None:
    """A row that an earlier one always overtakes would only mislead its readers."""
    for number, row in enumerate(table()):
        code, stage = row.codes[0], "rcpt" if row.stage == "any" else row.stage
        status = row.statuses[0] if row.statuses else None
        words = ("", "greylisted", "relay access denied", "authenticate", "spam")
        text = next(each for each in words if row.says is None or row.says.search(each))
        tried = [(stage, code, status, text)]
        tried += [(each, code, status, text) for each in ("mail", "data")] * (row.stage == "any")
        first = [next(at for at, other in enumerate(table()) if other.fits(*one)) for one in tried]
        assert number in first, f"{row.meaning}: {first}"


def test_the_table_reads_as_it_is_meant() -> None:
    rows = rows_of(Path(replies.__file__).parent / "replies.csv")
    assert len(rows) == len(table())
    for row in rows:
        assert row["stage"] in ("any", "connect", "hello", "login", "mail", "rcpt", "data"), row
        assert row["class"] in CLASSES, row
        assert row["again"] in ("later", "never"), row
        assert row["sender"] in ("-", "pause"), row
        assert bool(row["after"]) == (row["class"] == "temporary" and row["again"] == "later"), row
        assert row["meaning"], row
        assert None not in row, row


@pytest.mark.parametrize(
    ("code", "text", "status"),
    [
        (550, "5.1.1 no", (5, 1, 1)),
        (550, "#5.1.1 no", (5, 1, 1)),
        (451, "4.7.650 busy", (4, 7, 650)),
        (550, "4.1.1 of another class", None),
        (550, "5.1.1000", None),
        (550, "IP 5.1.1.1", None),
        (550, "", None),
    ],
)
def test_a_status(code: int, text: str, status: tuple[int, ...] | None) -> None:
    assert status_of(code, text) == status


STAGES = st.sampled_from(["connect", "hello", "login", "mail", "rcpt", "data"])


@given(stage=STAGES, code=st.integers(-1, 700), text=st.text(max_size=200))
def test_anything_said_has_a_consequence(stage: replies.Stage, code: int, text: str) -> None:
    error = error_of(Refused(stage, code, text))
    assert error.retry in ("later", "never")
    assert not text.strip() or len(text) < 12 or text not in str(error)
    assert len(error.code or "") <= 32
    if 400 <= code <= 499:
        assert (error.reason, error.retry) == (Reason.TEMPORARY, "later"), "4xx never gives up"
    if error.pause:
        assert (error.reason, error.retry) == (Reason.SENDER, "later")
