"""gateway inspect email: files in, one JSON line a mail out."""

import json
import mailbox
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.cli import app

REPLY = (
    b"From: Ana Ruiz <ana@shop.example>\nTo: collect+k7q2@bank.example\nSubject: Re: Your bill\n"
    b"Message-ID: <m1@shop.example>\n\nI will pay on Friday.\n"
)
BOUNCE = (
    b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example (Mail Delivery System)\n"
    b"To: collect+k7q2@bank.example\nSubject: Undelivered Mail Returned to Sender\n"
    b"MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;"
    b' boundary="b"\n\n--b\nContent-Type: text/plain\n\nIt could not be delivered.\n\n--b\n'
    b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
    b"Final-Recipient: rfc822; ana@shop.example\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
)
COMPLAINT = (
    b"From: fbl@isp.example\nTo: abuse@bank.example\nSubject: FW: Your bill\nMIME-Version: 1.0\n"
    b'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n--b\n'
    b"Content-Type: text/plain\n\nAn abuse report.\n\n--b\n"
    b"Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n"
    b"Original-Rcpt-To: <ana@shop.example>\n\n--b--\n"
)
READ = {
    "kind": "reply",
    "from": "ana@shop.example",
    "subject": "Re: Your bill",
    "text": "I will pay on Friday.",
    "bounces": [],
    "complaint": None,
}


def inspect(*files: Any, given: bytes | None = None) -> tuple[list[dict[str, Any]], str, int]:
    """The lines on stdout, stderr, and the exit code."""
    ended = CliRunner().invoke(app, ["inspect", "email", *map(str, files)], input=given)
    lines = [json.loads(line) for line in ended.stdout_bytes.splitlines()]
    return lines, ended.stderr, ended.exit_code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, raw in (("a.eml", REPLY), ("b.eml", BOUNCE), ("c.eml", COMPLAINT)):
        (tmp_path / name).write_bytes(raw)
    return tmp_path


def test_one_line_a_file_in_their_order(folder: Path) -> None:
    found, said, code = inspect(folder / "c.eml", folder / "a.eml", folder / "b.eml")
    assert (said, code) == ("", 0)
    complaint, reply, bounce = found
    assert list(reply) == ["file", "kind", "from", "subject", "text", "bounces", "complaint"]
    assert reply == READ | {"file": str(folder / "a.eml")}
    assert (bounce["kind"], bounce["from"]) == ("bounce", "MAILER-DAEMON@mx.example")
    assert bounce["bounces"] == [
        {"address": "ana@shop.example", "permanent": True, "status": "5.1.1"}
    ]
    assert complaint["complaint"] == {"feedback_type": "abuse", "address": "ana@shop.example"}


def test_standard_input() -> None:
    assert inspect("-", given=REPLY) == ([READ | {"file": "-"}], "", 0)


def test_a_sender_that_is_no_address_is_none() -> None:
    ((found,), _, _) = inspect("-", given=b"From: MAILER-DAEMON\n\nIt failed.")
    assert found["from"] == ""


def test_a_folder_and_a_maildir_hold_one_mail_a_file(folder: Path) -> None:
    (folder / "sub").mkdir()
    assert [one["kind"] for one in inspect(folder)[0]] == ["reply", "bounce", "complaint"]
    box = mailbox.Maildir(folder / "box")
    box.add(REPLY)
    seen = mailbox.MaildirMessage(BOUNCE)
    seen.set_subdir("cur")
    box.add(seen)
    assert sorted(one["kind"] for one in inspect(folder / "box")[0]) == ["bounce", "reply"]


def test_an_mbox_counts_its_mails_and_is_not_written_to(folder: Path) -> None:
    path = folder / "box.mbox"
    box = mailbox.mbox(path)
    for raw in (REPLY, BOUNCE):
        box.add(raw)
    box.close()
    before = path.read_bytes()
    found, _, code = inspect(path)
    assert [(one["file"], one["kind"]) for one in found] == [
        (f"{path}:1", "reply"),
        (f"{path}:2", "bounce"),
    ]
    assert (code, path.read_bytes()) == (0, before)


def test_what_cannot_be_read_is_named_and_the_others_are_printed(folder: Path) -> None:
    gone, box = folder / "gone.eml", folder / "gone.mbox"
    (folder / "b.eml").unlink()
    (folder / "b.eml").symlink_to(folder / "nowhere")
    found, said, code = inspect(gone, folder, box, folder / "a.eml")
    assert [Path(one["file"]).name for one in found] == ["a.eml", "c.eml", "a.eml"]
    assert said.splitlines() == [
        f"gateway: {path}: No such file or directory" for path in (gone, folder / "b.eml", box)
    ]
    assert (code, box.exists()) == (2, False)


def test_any_bytes_are_a_mail(folder: Path) -> None:
    (folder / "odd").write_bytes(bytes(range(256)))
    found, said, code = inspect(folder / "odd", "-", given=b"")
    assert (len(found), said, code) == (2, "", 0)
    assert all(one["kind"] in ("reply", "other") for one in found)


def test_a_file_needs_a_name() -> None:
    assert inspect()[2] == 2


def test_an_mbox_is_known_by_what_it_holds(tmp_path: Path) -> None:
    line = b"From ana@shop.example Mon Nov  2 10:00:00 2026\n"
    (tmp_path / "Inbox").write_bytes(line + REPLY + b"\n" + line + BOUNCE)
    found, said, code = inspect(tmp_path / "Inbox")
    assert [each["file"] for each in found] == [f"{tmp_path}/Inbox:{n}" for n in (1, 2)]
    assert ([each["kind"] for each in found], said, code) == (["reply", "bounce"], "", 0)
    copy = b"\n--b\nContent-Type: message/rfc822\n\n" + line + REPLY + b"\n--b--"
    copied = BOUNCE.replace(b"\n--b--", copy)
    (tmp_path / "saved").write_bytes(line + copied)
    (tmp_path / "one").write_bytes(line + REPLY)
    found, _, _ = inspect(tmp_path / "saved", tmp_path / "one")
    assert [(Path(each["file"]).name, each["kind"]) for each in found] == [
        ("saved", "bounce"),
        ("one", "reply"),
    ]
