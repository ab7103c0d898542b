"""gateway links: stdout is data, no secret is shown, exit codes say what came of it."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from domain.links import Purpose
from gateway.cli import app
from gateway.clock import DAY, system_clock
from gateway.ids import new_id
from gateway.storage import Store
from gateway.storage.opening import open_store
from gateway.storage.tables import activity, links, verifications
from payment_links.tokens import token_for, token_hash
from tests.links.test_life import row_of
from tests.pipeline.world import KEY, Clock, World

RUNNER = CliRunner()
WHO = ("--by", "Kim", "--reason", "a letter")
CLIENT = ("--client", "harbor")


@pytest.fixture
def placed(pipeline_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with two customers of harbor and the links of the first."""
    url = f"sqlite:///{shutil.copy(pipeline_file, tmp_path / 'gateway.db')}"
    monkeypatch.setenv("GATEWAY_DATABASE_URL", url)
    monkeypatch.setenv("GATEWAY_SECRET", "s" * 32)
    monkeypatch.setenv("GATEWAY_PUBLIC_URL", "https://pay.example")

    async def fill(world: World, now: int) -> None:
        person = await world.place("C-1")
        await world.place("C-2", phone="+12125550143")
        talk = await world.dialogue(person)
        await world.add(
            links,
            row_of(person, talk, Purpose.PAY, now, clicked_at=now),
            row_of(person, talk, Purpose.DISPUTE, now, clicked_at=None),
            row_of(person, talk, Purpose.PLAN, now - 9 * DAY, clicked_at=None),
        )
        lock = {"failures": 5, "locked_until": now + DAY, "updated_at": now}
        await world.add(verifications, {"account_id": person.account, "client": "harbor", **lock})

    over(url, lambda world: fill(world, system_clock()))
    return url


def over(url: str, work: Any) -> Any:
    async def run() -> Any:
        store: Store = await open_store(url, Clock(system_clock()), daemon=False)
        try:
            return await work(await World.over(store, Clock(system_clock())))
        finally:
            await store.close()

    return asyncio.run(run())


def run(*words: str, code: int = 0) -> Any:
    result = RUNNER.invoke(app, ["links", *words])
    assert result.exit_code == code, result.output
    return result


def listed(*words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("list", *CLIENT, *words, "--json").stdout)["links"]
    return found


def test_list_revoke_unlock(placed: str) -> None:
    found = listed("--customer", "C-1")
    assert {row["purpose"]: row["state"] for row in found} == {
        "pay": "live", "dispute": "live", "plan": "expired",
    }  # fmt: skip
    assert listed("--account", "A-C-1") == found
    assert listed("--customer", "C-2") == listed("--account", "nobody") == []
    shown = run("list", *CLIENT, "--account", "A-C-1").stdout
    assert "live pay of account A-C-1 of C-1, until " in shown
    told = shown + run("list", *CLIENT, "--account", "A-C-1", "--json").stdout
    for row in found:
        token = token_for(KEY, row["link_id"])
        assert token.secret not in told
        assert token_hash(token) not in told

    pay = next(row["link_id"] for row in found if row["purpose"] == "pay")
    plan = next(row["link_id"] for row in found if row["purpose"] == "plan")
    assert json.loads(run("revoke", *CLIENT, pay, *WHO, "--json").stdout) == {"revoked": 1}
    for gone in (pay, plan, new_id()):
        refused = run("revoke", *CLIENT, gone, *WHO, code=1)
        assert (refused.stdout, "no live link" in refused.stderr) == ("", True)
    run("revoke", "--client", "meridian", pay, *WHO, code=1)
    assert run("revoke", *CLIENT, "--account", "A-C-1", *WHO).stdout == "revoked: 1\n"
    assert run("revoke", *CLIENT, "--account", "A-C-1", *WHO, code=1).stdout == "revoked: 0\n"
    assert "no account" in run("revoke", *CLIENT, "--account", "x", *WHO, code=1).stderr

    assert run("unlock", "A-C-1", *CLIENT, *WHO).stdout == "unlocked: 1\n"
    assert "not locked" in run("unlock", "A-C-1", *CLIENT, *WHO, code=1).stderr
    assert "no account" in run("unlock", "A-C-9", *CLIENT, *WHO, code=1).stderr
    by = {"by": "Kim", "reason": "a letter"}
    told = over(placed, lambda world: world.told("link.revoked", "portal.unlocked"))
    assert [(kind, {**what} | by == {**what}) for kind, what in told] == [
        ("link.revoked", True), ("link.revoked", True), ("portal.unlocked", True),
    ]  # fmt: skip
    rows = over(placed, lambda world: world.rows(activity, type="portal.unlocked"))
    assert [row.actor for row in rows] == ["agent"]
    (lock,) = over(placed, lambda world: world.rows(verifications))
    assert (lock.failures, lock.locked_until) == (0, None)


WRONG = [
    ("list", *CLIENT),
    ("list", *CLIENT, "--customer", "a", "--account", "b"),
    ("revoke", *CLIENT, *WHO),
    ("revoke", *CLIENT, new_id(), "--account", "a", *WHO),
    ("revoke", *CLIENT, "no-id", *WHO),
    ("revoke", *CLIENT, new_id(), "--by", "Kim"),
    ("unlock", "A", *CLIENT, "--by", " ", "--reason", "x"),
]


@pytest.mark.parametrize("words", WRONG)
def test_usage(words: tuple[str, ...]) -> None:
    assert run(*words, code=2).stdout == ""
