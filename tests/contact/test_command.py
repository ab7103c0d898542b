"""`gateway contact explain` and `check` as a compliance officer uses them."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from compliance.checks import TABLE
from compliance.explaining import SEEN_IN_TEXT
from gateway.cli import app
from gateway.pipeline.identity import conversation_with
from gateway.storage.opening import open_store
from tests.pipeline.conftest import _empty
from tests.pipeline.world import PHONE, Clock, World

NOON = "2027-06-09T12:00:00-04:00"
NIGHT = "2027-06-09T23:00:00-04:00"


@pytest.fixture
def logged() -> None:
    """The command's own logs are left alone."""


@pytest.fixture
def placed(url: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Ada in New York, written to once; a second message was refused, a third nobody asked about.

    The ids of the messages by what became of them.
    """
    monkeypatch.setenv("GATEWAY_SECRET", "a server secret of more than 32 characters")
    monkeypatch.setenv("GATEWAY_DATABASE_URL", url)
    monkeypatch.setenv("GATEWAY_PUBLIC_URL", "https://pay.example")

    async def work(world: World) -> dict[str, str]:
        person = await world.place(postcode="10001")
        talk = await world.talk(person, id=conversation_with(person.id))
        sent = await world.queue(talk, person)
        await world.send()
        world.clock.forward(60)
        refused = await world.queue(talk, person, text="No way to stop it.")
        await world.send()
        return {"sent": sent, "refused": refused, "new": await world.queue(talk, person)}

    return dict(within(url, work))


def within(url: str, work: Callable[[World], Awaitable[Any]]) -> Any:
    """In a loop of its own, as the command has one."""

    async def inside() -> Any:
        clock = Clock()
        store = await open_store(url, clock, daemon=False)
        try:
            await store.transact("empty", _empty)
            return await work(await World.over(store, clock))
        finally:
            await store.close()

    return asyncio.run(inside())


def run(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, ["contact", *words])
    assert result.exit_code == code, result.output
    return result


def check(*words: str, code: int = 0) -> Result:
    asked = ("--client", "harbor", "--customer", "C-1", "--channel", "sms")
    return run("check", *asked, *words, code=code)


class TestExplain:
    def test_a_message_that_went(self, placed: dict[str, str]) -> None:
        found = json.loads(run("explain", placed["sent"], "--json").stdout)
        assert found["message"]["customer"] == "C-1"
        assert found["message"]["status"] == "sent"
        assert PHONE not in json.dumps(found), "the address is masked"
        events = [each["event"] for each in found["history"]]
        assert events == ["message.sending", "message.sent"]
        verdict = found["verdict"]
        assert (verdict["verdict"], verdict["rule"]) == ("allowed", None)
        assert [rule["rule"] for rule in verdict["rules"]] == [name for name, _ in TABLE]
        assert all(rule["source"] and rule["version"] for rule in verdict["rules"])
        hours = next(rule for rule in verdict["rules"] if rule["rule"] == "hours")
        assert hours["facts"]["zones"] == ["America/New_York"]

    def test_one_that_did_not(self, placed: dict[str, str]) -> None:
        text = run("explain", placed["refused"]).stdout
        assert "suppressed by opt_out_line" in text
        assert "the text has no opt-out line" in text
        assert "source: 12 CFR 1006.6(e)" in text
        assert "message.suppressed" in text

    def test_one_that_nobody_has_asked_about(self, placed: dict[str, str]) -> None:
        assert "nobody has asked" in run("explain", placed["new"]).stdout
        assert json.loads(run("explain", placed["new"], "--json").stdout)["verdict"] is None

    @pytest.mark.parametrize("id_", ["", "x" * 400, "\u2603", "' or 1=1 --"])
    def test_one_that_there_is_not(self, placed: dict[str, str], id_: str) -> None:
        result = run("explain", id_, code=1)
        assert "no message" in result.stderr
        assert result.stdout == ""


class TestCheck:
    def test_when_it_may_go(self, placed: dict[str, str]) -> None:
        found = json.loads(check("--at", NOON, "--json").stdout)
        (answer,) = found["answers"]
        assert answer["verdict"] == "allowed"
        asked = {rule["rule"] for rule in answer["rules"]}
        assert asked == {name for name, _ in TABLE} - SEEN_IN_TEXT

    def test_when_it_must_wait(self, placed: dict[str, str]) -> None:
        (answer,) = json.loads(check("--at", NIGHT, "--json", code=1).stdout)["answers"]
        assert (answer["verdict"], answer["rule"]) == ("deferred", "hours")
        assert answer["until"].startswith("2027-06-10T12:00:00")
        assert "deferred by hours until 2027-06-10T12:00:00" in check("--at", NIGHT, code=1).stdout

    def test_with_its_text(self, placed: dict[str, str]) -> None:
        text = check("--at", NOON, "--text", "Call us.", code=1).stdout
        assert "suppressed  opt_out_line" in text or "suppressed opt_out_line" in text

    def test_it_changes_nothing(self, url: str, placed: dict[str, str]) -> None:
        before = run("explain", placed["sent"], "--json").stdout
        check("--at", NOON)
        assert run("explain", placed["sent"], "--json").stdout == before

    @pytest.mark.parametrize(
        ("words", "mend"),
        [
            (("--at", "noon"), "write a time with its offset"),
            (("--at", "2027-06-09T12:00:00"), "write a time with its offset"),
            (("--at", "2020-06-09T12:00:00Z"), "gateway contact explain"),
            (("--account", "A-9"), "it has: A-C-1"),
            (("--customer", "C-9"), "no customer 'C-9'"),
            (("--channel", "email"), "no contact of email"),
        ],
    )
    def test_a_question_that_can_not_be_asked(
        self, placed: dict[str, str], words: tuple[str, ...], mend: str
    ) -> None:
        result = check(*words, code=2)
        assert mend in " ".join(result.stderr.replace("│", " ").split())
        assert result.stdout == ""
