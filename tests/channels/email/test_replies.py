"""The table of answers: each row is reached, real answers are told apart, nothing makes it fail."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email import replies
from channels.email.replies import CLASSES, Refused, error_of, follows, status_of, table
from domain.messages import Reason

SAID = [
    # As servers in the field say it; the last column is what follows.
    ("rcpt", 550, "5.1.1 <jo@x.example>: Recipient address rejected: User unknown in relay recipient table", "bad_address never"),
    ("rcpt", 550, "5.1.1 The email account that you tried to reach does not exist.", "bad_address never"),
    ("rcpt", 550, "5.4.1 Recipient address rejected: Access denied.", "bad_address never"),
    ("rcpt", 550, "5.5.0 Requested action not taken: mailbox unavailable (S2017062302).", "bad_address never"),
    ("rcpt", 550, "No such user here", "bad_address never"),
    ("rcpt", 553, "sorry, that domain isn't in my list of allowed rcpthosts", "bad_address never"),
    ("rcpt", 556, "5.1.10 Recipient address has a null MX", "bad_address never"),
    ("rcpt", 550, "5.2.1 The email account that you tried to reach is inactive.", "bad_address never"),
    ("rcpt", 552, "5.2.2 The recipient's inbox is out of storage space.", "temporary never"),
    ("rcpt", 452, "4.2.2 The email account that you tried to reach is over quota.", "temporary later 3600"),
    ("rcpt", 554, "5.7.1 <jo@x.example>: Relay access denied", "sender later pause"),
    ("rcpt", 550, "5.7.54 SMTP; Unable to relay recipient in non-accepted domain", "sender later pause"),
    ("rcpt", 550, "relay not permitted", "sender later pause"),
    ("rcpt", 454, "4.7.1 <jo@x.example>: Relay access denied", "temporary later 300"),
    ("rcpt", 450, "4.7.1 <jo@x.example>: Recipient address rejected: Greylisted", "temporary later 300"),
    ("rcpt", 451, "Graylisting in effect, please come back later", "temporary later 300"),
    ("rcpt", 450, "4.1.8 <care@a.example>: Sender address rejected: Domain not found", "temporary later 60"),
    ("rcpt", 554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "blocked never"),
    ("rcpt", 550, "High probability of spam", "blocked never"),
    ("rcpt", 530, "5.7.1 Client was not authenticated", "sender later pause"),
    ("mail", 530, "5.7.57 Client not authenticated to send mail.", "sender later pause"),
    ("mail", 550, "5.7.60 SMTP; Client does not have permissions to send as this sender", "sender later pause"),
    ("mail", 553, "5.7.1 Sender address rejected: not owned by user care", "sender later pause"),
    ("mail", 501, "5.1.7 Bad sender address syntax", "sender later pause"),
    ("mail", 552, "Message size exceeds fixed limit", "sender never"),
    ("data", 550, "5.7.26 This mail has been blocked because the sender is unauthenticated.", "sender later pause"),
    ("data", 550, "5.7.1 Our system has detected that this message is likely unsolicited mail.", "blocked never"),
    ("data", 554, "Transaction failed", "blocked never"),
    ("data", 552, "5.3.4 Message size exceeds fixed maximum", "sender never"),
    ("data", 421, "4.7.0 [192.0.2.1] Our system has detected an unusual rate", "temporary later 60"),
    ("data", 451, "4.3.0 Temporary local problem", "temporary later 60"),
    ("login", 535, "5.7.8 Username and Password not accepted.", "sender later pause"),
    ("login", 535, "5.7.3 Authentication unsuccessful", "sender later pause"),
    ("login", 454, "4.7.0 Temporary authentication failure", "temporary later 60"),
    ("login", 504, "5.5.4 Unrecognized authentication type", "sender later pause"),
    ("connect", 554, "no SMTP service here", "sender later pause"),
    ("connect", 421, "Too many connections", "temporary later 60"),
    ("hello", 454, "4.7.0 TLS not available due to local problem", "temporary later 300"),
    ("rcpt", 599, "who knows", "unknown never unknown"),
    ("rcpt", 250, "what?", "temporary later unknown"),
    ("data", -1, "Malformed", "temporary later unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("stage", "code", "text", "expected"), SAID)
def test_what_servers_say(stage: replies.Stage, code: int, text: str, expected: str) -> None:
    found = follows(Refused(stage, code, text))
    said = [found.reason.value, found.retry]
    said += [] if found.after is None else [f"{found.after:g}"]
    said += ["pause"] * found.pause + ["unknown"] * (not found.known)
    assert " ".join(said) == expected


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
    with (Path(replies.__file__).parent / "replies.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
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
