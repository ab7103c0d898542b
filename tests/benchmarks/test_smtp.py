"""The benchmark of mails, scaled down: each is counted, and a missing one is seen."""

import json

import pytest

from benchmarks import smtp

FIGURES = {"floor_per_s", "plain_per_s", "signed_per_s", "plain_ratio", "mail_bytes"}


def test_every_mail_is_counted(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "WARM", 2)
    assert smtp.main(["--mails", "20"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert found["mails"] == 20
    assert all(found[name] > 0 for name in FIGURES)


def test_a_lost_mail_gives_no_figure(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lose(*_: object) -> dict[str, object]:
        return {}

    monkeypatch.setattr(smtp, "measure", lose)
    assert smtp.main(["--mails", "1"]) == 1
    said = capfd.readouterr()
    assert said.out == ""
    assert "0 came" in said.err
