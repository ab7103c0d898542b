"""`gateway handoffs` as an agent uses it: lines and JSON, exit codes, a worker that answers."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner, Result

from gateway.cli import app
from gateway.clock import DAY, system_clock
from gateway.pipeline.dialogue import Dialogues
from gateway.storage.opening import open_store
from gateway.storage.tables import handoff_notes, handoffs, inbox
from tests.handoffs.given import asked
from tests.pipeline.conftest import _empty
from tests.pipeline.world import NOON, World, meant, text_from

KEPT = {"GATEWAY_SECRET": "a server secret of more than 32 characters"}
DISPUTE = "this is not my debt"


@pytest.fixture
def logged() -> None:
    """The command's own logs are left alone."""


@pytest.fixture
def house(url: str, monkeypatch: pytest.MonkeyPatch) -> "House":
    for name, value in KEPT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GATEWAY_DATABASE_URL", url)
    monkeypatch.setenv("GATEWAY_PUBLIC_URL", "https://pay.example")
    made = House(url)
    made.run(_placed)
    return made


async def _placed(world: World) -> None:
    await world.place()


class House:
    """A world that a test's own loop opens for a moment, for the command has a loop of its own."""

    def __init__(self, url: str) -> None:
        self.url = url

    def run(self, work: Any) -> Any:
        async def inside() -> Any:
            clock: Any = Afternoon()
            store = await open_store(self.url, clock, daemon=False)
            try:
                if work is _placed:
                    await store.transact("empty", _empty)
                world = await World.over(store, clock)
                world.dialogues = Dialogues()
                world.reader.known = {DISPUTE: meant("dispute")}
                return await work(world)
            finally:
                await store.close()

        return asyncio.run(inside())

    def disputed(self) -> str:
        """The customer has disputed the debt; the hand-off's id."""

        async def work(world: World) -> str:
            await world.hear(text_from(text=DISPUTE))
            await world.send()
            return str((await world.one(handoffs, reason="dispute")).id)

        found: str = self.run(work)
        return found

    @contextmanager
    def worker(self) -> Iterator[list[str]]:
        """Turns and sends in a thread of its own; what it has sent."""
        stop, texts = threading.Event(), list[str]()

        async def work(world: World) -> None:
            while not stop.is_set():
                await world.turn()
                await world.send()
                texts[:] = world.provider.texts
                await asyncio.sleep(0.02)

        thread = threading.Thread(target=self.run, args=(work,))
        thread.start()
        try:
            yield texts
        finally:
            stop.set()
            thread.join()


class Afternoon:
    """The clock of whoever sends, ahead of the command's: one in the afternoon in New York."""

    def __init__(self) -> None:
        day = (system_clock() - NOON) // DAY + 1
        self.ahead = NOON + day * DAY - system_clock()

    @property
    def now(self) -> int:
        return system_clock() + self.ahead

    def __call__(self) -> int:
        return self.now


def gateway(*words: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["handoffs", *words], input=stdin)


def said(result: Result, code: int = 0) -> str:
    assert result.exit_code == code, result.output
    return result.stdout


def refused(result: Result) -> str:
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    (line,) = result.stderr.splitlines()
    return line


def test_one_afternoon(house: House) -> None:
    assert said(gateway("list")) == ""
    one = house.disputed()
    line = said(gateway("list"))
    assert line.startswith(f"{one}  day    due ")
    assert " open " in line
    assert line.endswith("harbor  C-1  dispute\n")
    row = msgspec.json.decode(said(gateway("list", "--json")))
    assert (row["handoff_id"], row["state"], row["overdue"]) == (one, "open", False)
    assert said(gateway("list", "--client", "meridian")) == ""
    assert DISPUTE in said(gateway("show", one))
    assert said(gateway("take", one, "--agent", "ann")) == f"{one} dispute: ann has it\n"
    assert "ann has this conversation" in refused(gateway("take", one, "--agent", "bob"))
    assert "by ann" in said(gateway("list"))
    said(gateway("note", one, "--file", "-", stdin="sounded upset\n"))
    with house.worker() as sent:
        assert said(gateway("reply", one, "Ann here.", "--wait", "60")) == "sent\n"
        assert sent[-1].startswith("Ann here. Harbor Recovery")
    assert "note by ann: sounded upset" in said(gateway("show", one))
    assert (
        said(gateway("close", one, "--resume", "--note", "done")) == f"{one} closed; handed back\n"
    )
    assert said(gateway("list")) == ""
    assert "it is closed" in refused(gateway("release", one))


def test_without_a_worker_the_reply_waits(house: House) -> None:
    one = house.disputed()
    said(gateway("take", one, "--agent", "ann"))
    assert said(gateway("reply", one, "Hello", "--wait", "0")) == (
        "queued: its turn has not come yet; is a worker running?\n"
    )
    found = msgspec.json.decode(said(gateway("reply", one, "Hello", "--wait", "0", "--json")))
    assert found == {"stage": "queued", "rule": None, "why": None, "until": None}


def test_what_will_not_go_is_exit_one_and_says_the_rule(house: House) -> None:
    one = house.disputed()
    said(gateway("take", one, "--agent", "ann"))

    async def stop(world: World) -> None:
        await world.hear(text_from(text="STOP"))

    house.run(stop)
    with house.worker():
        result = gateway("reply", one, "One more thing", "--wait", "60")
        assert said(result, 1).startswith("suppressed by opt_out: opted out of this address since")
        result = gateway("reply", one, "Another", "--wait", "60", "--json")
        assert msgspec.json.decode(said(result, 1))["rule"] == "opt_out"


def test_refusals_are_one_line(house: House) -> None:
    one = house.disputed()
    assert "comes first" in refused(gateway("reply", one, "Hello"))
    said(gateway("take", one, "--agent", "ann"))
    assert "is not filled in" in refused(gateway("reply", one, "Hello {name}"))
    assert "--verified-by-me" in refused(gateway("reply", one, "You owe $400.00"))
    assert "there is no hand-off" in refused(gateway("show", "nonsense"))
    assert (
        gateway("reply", one, "You owe $400.00", "--verified-by-me", "--wait", "0").exit_code == 0
    )


@pytest.mark.parametrize(
    "words",
    [
        ("reply", "ID"),
        ("reply", "ID", "text", "--file", "-"),
        ("note", "ID", "--file", "/nowhere/at/all"),
        ("close", "ID", "--resume", "--restart"),
        ("take", "ID"),
    ],
)
def test_usage_is_exit_two(house: House, words: tuple[str, ...]) -> None:
    assert gateway(*words).exit_code == 2


def test_a_text_that_is_not_utf8(house: House, tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"\xff\xfe")
    result = gateway("reply", "ID", "--file", str(tmp_path / "text"))
    assert result.exit_code == 2
    assert "not UTF-8" in " ".join(result.output.replace("│", "").split())
    assert gateway("reply", "ID", "--file", "-", stdin=b"\xff").exit_code == 2


def test_overdue_is_a_finding(house: House) -> None:
    one = house.disputed()

    async def late(world: World) -> None:
        await world.change(handoffs, id=one, due_at=1)

    house.run(late)
    assert "OVERDUE" in said(gateway("list"), 1)


def test_a_note_that_can_not_be_kept_closes_nothing(house: House) -> None:
    one = house.disputed()
    said(gateway("take", one, "--agent", "ann"))
    assert "the note is empty" in refused(gateway("close", one, "--note", " "))

    async def rows(world: World) -> tuple[Any, Any]:
        return await world.one(handoffs), await world.rows(handoff_notes)

    row, notes = house.run(rows)
    assert (row.closed_at, notes) == (None, [])


def test_others_there_are_said(house: House) -> None:
    one = house.disputed()

    async def more(world: World) -> None:
        await asked(world, (await world.one(handoffs)).conversation_id, "complaint")

    house.run(more)
    said(gateway("take", one, "--agent", "ann"))
    assert said(gateway("close", one)) == f"{one} closed; you have others there still\n"

    async def kinds(world: World) -> list[str]:
        return [row.kind for row in await world.rows(inbox)]

    assert house.run(kinds)[-1] == "person_took"
