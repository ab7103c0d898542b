"""The benchmarks of mails, scaled down; and that a wrong result prints no figure."""

import subprocess
import sys
from typing import Any

import msgspec
import pytest

from benchmarks import mail, mailbox

COMMAND = (sys.executable, "-m", "gateway.cli", "benchmark")


def run(*more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *more], capture_output=True, text=True, timeout=120)


def test_mails_are_parsed_and_stored() -> None:
    done = run("mail", "--mails", "40", "--large", "0")
    assert done.returncode == 0, done.stderr
    found = msgspec.json.decode(done.stdout)
    assert found["mails"] == 40
    assert {"per_s", "per_core_s", "floor_per_core_s", "of_floor"} <= found.keys()


def test_a_mailbox_that_is_cut_loses_and_doubles_nothing() -> None:
    given = ("--mails", "40", "--most", "60000", "--server", "pymap", "--seconds", "1")
    done = run("mailbox", *given)
    assert done.returncode == 0, done.stderr
    found = msgspec.json.decode(done.stdout)
    assert (found["stored"], found["lost"], found["doubled"], found["set_aside"]) == (40, 0, 0, 0)
    assert found["cuts"] > 0


def test_a_mail_that_is_missing_prints_no_figure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fewer(_: Any) -> int:
        return 9

    monkeypatch.setattr(mail, "stored", fewer)
    with pytest.raises(SystemExit, match="10 mails"):
        mail.main(["--mails", "10", "--large", "0"])
    assert capsys.readouterr().out == ""


def test_a_mail_that_is_there_twice_prints_no_figure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    counted = mailbox.subjects

    async def doubled(store: Any) -> Any:
        found = await counted(store)
        return found + found

    monkeypatch.setattr(mailbox, "subjects", doubled)
    with pytest.raises(SystemExit, match="4 of 4 mails, 4 twice, 0 aside"):
        mailbox.main(["--mails", "4", "--server", "pymap", "--least", "100000"])
    assert capsys.readouterr().out == ""
