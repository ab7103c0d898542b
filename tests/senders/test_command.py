"""`gateway senders`: what an operator sees and does, and what it does to a running gateway."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from prometheus_client import generate_latest
from typer.testing import CliRunner, Result

from gateway.cli import app
from gateway.clock import system_clock
from gateway.metrics import registry
from gateway.storage.clients import apply_client
from gateway.storage.opening import open_store
from gateway.storage.tables import outbound
from tests.pipeline.conftest import _empty
from tests.pipeline.world import HARBOR, Clock, World, client, sender

ONE, TWO = HARBOR.senders[0].address, "+12125550107"
POOL = client(
    "harbor",
    ONE,
    senders=[
        sender(ONE, pace=4.0, daily_cap={"limit": 2000}),
        {"channel": "sms", "address": TWO, "via": "twilio"},
        {"channel": "email", "address": "care@harbor.example", "via": "simulated-email"},
    ],
)


@pytest.fixture
def logged() -> None:
    """The command's own logs are left alone."""


def inside(url: str, work: Callable[[World], Awaitable[Any]]) -> Any:
    """The command has a loop of its own, so the world is opened for a moment."""

    async def run() -> Any:
        clock = Clock(system_clock())
        store = await open_store(url, clock, daemon=False)
        try:
            return await work(await World.over(store, clock))
        finally:
            await store.close()

    return asyncio.run(run())


@pytest.fixture
def house(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("GATEWAY_DATABASE_URL", url)
    monkeypatch.setenv("GATEWAY_SECRET", "a server secret of more than 32 characters")
    monkeypatch.setenv("GATEWAY_PUBLIC_URL", "https://pay.example")

    async def clean(world: World) -> None:
        await world.store.transact("empty", _empty)
        await world.store.transact("apply", lambda tx: apply_client(tx, POOL))

    inside(url, clean)
    return url


def gateway(*words: str, code: int = 0) -> str:
    result: Result = CliRunner().invoke(app, ["senders", *words])
    assert result.exit_code == code, result.output
    return result.output


def test_it_lists_pauses_and_resumes(house: str) -> None:
    rows = [msgspec.json.decode(line) for line in gateway("list", "--json", code=1).splitlines()]
    states = {row["address"]: row["state"] for row in rows}
    assert states == {ONE: "live", TWO: "unregistered", "care@harbor.example": "simulated"}
    assert (rows[0]["cap"], rows[0]["used"], rows[0]["unit"]) == (2000, 0, "segments")
    assert rows[0]["registration"] == "10dlc CM1 2026-01-05"
    assert f"harbor  sms  {ONE}  phone  live  4/s  0 of 2000 segments today" in gateway(
        "list", "harbor", code=1
    )
    said = gateway("pause", "harbor", ONE, "--note", "looked\nat", "--author", "ada")
    assert said == f"{ONE} is paused\n"
    gateway("pause", "harbor", ONE, "--author", "bob", code=1)
    [line] = [line for line in gateway("list", code=1).splitlines() if ONE in line]
    assert "paused" in line
    assert "(manual by ada since" in line
    assert line.endswith(": looked at)")
    gateway("resume", "harbor", ONE, "--author", "ada")
    gateway("resume", "harbor", ONE, "--author", "ada", code=1)


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        (("list", "nobody"), "gateway clients show"),
        (("pause", "nobody", ONE), "gateway clients show"),
        (("pause", "harbor", "+12125550199"), "gateway senders list harbor"),
        (("resume", "harbor", "care@other.example"), "gateway senders list harbor"),
        (("pause", "harbor"), "Missing argument"),
    ],
)
def test_what_is_wrong_is_said_with_its_mend(house: str, words: tuple[str, ...], mend: str) -> None:
    said = " ".join(gateway(*words, code=2).replace("│", " ").split())
    assert mend in said


def test_a_running_gateway_hears_of_it_and_shows_it(house: str) -> None:
    gateway("pause", "harbor", ONE, "--author", "ada")

    async def look(world: World) -> set[tuple[str, str]]:
        found = set(world.directory.paused)
        world.directory.measure()
        return found

    assert inside(house, look) == {("sms", ONE)}
    shown = generate_latest(registry).decode()
    assert 'gateway_senders_paused{client="harbor",reason="manual"} 1.0' in shown


def test_what_has_waited_goes_once_it_is_resumed(house: str) -> None:
    async def wait(world: World) -> None:
        person = await world.place()
        talk = await world.talk(person)
        more = {"category": "outreach", "reason": "sender_paused", "due_at": 2 * world.clock()}
        await world.queue(talk, person, **more)

    gateway("pause", "harbor", ONE, "--author", "ada")
    inside(house, wait)
    gateway("resume", "harbor", ONE, "--author", "ada")

    async def due(world: World) -> bool:
        row = await world.one(outbound)
        return bool(row.due_at <= system_clock() and row.reason is None)

    assert inside(house, due)
