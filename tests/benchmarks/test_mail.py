"""The benchmarks of mails, scaled down; and that a wrong result prints no figure."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from benchmarks import mail, mailbox

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Lost connections are what this is about."""
    with capture_logs():
        yield


def test_mails_are_parsed_and_stored(capsys: Said) -> None:
    assert mail.main(["--mails", "40", "--large", "0"]) == 0
    found = msgspec.json.decode(capsys.readouterr().out)
    assert found["mails"] == 40
    assert {"per_s", "per_core_s", "floor_per_core_s", "of_floor"} <= found.keys()


def test_a_mailbox_that_is_cut_loses_and_doubles_nothing(capsys: Said) -> None:
    given = ["--mails", "16", "--most", "40000", "--server", "pymap", "--seconds", "3"]
    assert mailbox.main(given) == 0
    found = msgspec.json.decode(capsys.readouterr().out)
    assert (found["stored"], found["lost"], found["doubled"], found["set_aside"]) == (16, 0, 0, 0)
    assert found["cuts"] > 0


def test_a_mail_that_is_missing_prints_no_figure(
    monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    async def fewer(_: Any) -> int:
        return 9

    monkeypatch.setattr(mail, "stored", fewer)
    with pytest.raises(SystemExit, match="10 mails"):
        mail.main(["--mails", "10", "--large", "0"])
    assert capsys.readouterr().out == ""


def test_a_mail_that_is_there_twice_prints_no_figure(
    monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    counted = mailbox.subjects

    async def doubled(store: Any) -> Any:
        found = await counted(store)
        return found + found

    monkeypatch.setattr(mailbox, "subjects", doubled)
    with pytest.raises(SystemExit, match="4 of 4 mails, 4 twice, 0 aside"):
        mailbox.main(["--mails", "4", "--server", "pymap", "--least", "100000"])
    assert capsys.readouterr().out == ""
