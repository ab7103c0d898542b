"""Files of mails: kept for people, fetched by command, removed when they are past."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from domain.mail import Attachment, MailKind
from gateway.commands.contact import app
from gateway.handoffs.queue import handoff
from gateway.handoffs.telling import told as told_of
from gateway.mail import attachments
from gateway.mail.attachments import LONGEST_NAME, MOST_FILES
from gateway.storage.retention import Kept, prune
from gateway.storage.tables import (
    accounts,
    conversations,
    handoffs,
    inbound,
    machine_mails,
    mail_attachments,
    mail_bounces,
)
from tests.mail.given import ADA, EVE, mail, mailed, token
from tests.mail.test_machines import bounce, sent
from tests.pipeline.world import KEY, World

PDF, PNG = b"%PDF-1.7 payslip", b"\x89PNG\r\n\x1a\n" + b"\0" * 9
YEAR = 366 * 86_400 * 1_000_000


def file(name: str = "payslip.pdf", kind: str = "application/pdf", size: int = 16) -> Attachment:
    return Attachment(name, kind, size, 1)


def with_files(*bodies: bytes, address: str = ADA, **more: Any) -> Any:
    files = tuple(file(f"file {number}.pdf") for number in range(len(bodies)))
    return mail(address, attachments=files, contents=bodies, **more)


async def kept(world: World) -> list[Any]:
    """Whether each has its content, in the order of the numbers."""
    rows = sorted(await world.rows(mail_attachments), key=lambda row: (row.mail_id, row.number))
    return [row.content is not None for row in rows]


async def test_a_customers_files_are_kept_with_the_mail(world: World) -> None:
    await mailed(world)
    given = with_files(PDF, b"", PNG)
    await world.receive(given, given)
    await world.receive(given)
    assert await kept(world) == [True, False, True]
    row = await world.one(inbound)
    assert [json.loads(row.media)[0][name] for name in ("name", "size")] == ["file 0.pdf", 16]


async def test_a_strangers_files_are_only_named(world: World) -> None:
    await world.receive(with_files(PDF, address=EVE))
    assert await kept(world) == [False]


async def test_large_ones_are_only_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "LARGEST", 10)
    monkeypatch.setattr(attachments, "LARGEST_TOGETHER", 25)
    await mailed(world)
    await world.receive(with_files(b"x" * 11, b"x" * 10, b"x" * 10, b"x" * 6, b"x" * 5))
    assert await kept(world) == [False, True, True, False, True]


async def test_there_is_an_end_to_them(world: World) -> None:
    await mailed(world)
    await world.receive(with_files(*[b"x"] * (MOST_FILES + 5)))
    assert len(await world.rows(mail_attachments)) == MOST_FILES


async def test_any_name_can_be_kept(world: World) -> None:
    await mailed(world)
    names = ["x" * 5000 + ".pdf", "." + "y" * 5000, "a\0b.pdf", "half \ud83d", "z" * 5000]
    files = tuple(file(name, kind="t" * 500) for name in names)
    await world.receive(mail(attachments=files))
    rows = sorted(await world.rows(mail_attachments), key=lambda row: row.number)
    assert all(0 < len(row.name) <= LONGEST_NAME for row in rows)
    assert rows[0].name.endswith("xxx.pdf")


@pytest.fixture
async def command(world: World, url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("GATEWAY_DATABASE_URL", url)
    monkeypatch.setenv("GATEWAY_SECRET", KEY.decode())
    monkeypatch.setenv("GATEWAY_PUBLIC_URL", "https://pay.example")

    async def run(*more: str) -> tuple[int, list[dict[str, Any]]]:
        done = await asyncio.to_thread(CliRunner().invoke, app, ["media", *more])
        return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]

    return run


async def test_a_person_gets_one_by_command(world: World, command: Any, tmp_path: Path) -> None:
    await mailed(world)
    folder = tmp_path / "files"
    folder.mkdir()
    bodies = (PDF, b"MZ an executable", b"<html>", PNG)
    files = tuple(file(name) for name in ("../../etc/passwd", "run.exe", "page.pdf", "picture"))
    await world.receive(mail(attachments=files, contents=bodies))
    message = (await world.one(inbound)).id
    code, listed = await command("harbor", message)
    assert (code, [one["number"] for one in listed]) == (0, [1, 2, 3, 4])
    assert listed[0] == {
        "number": 1, "name": "../../etc/passwd", "content_type": "application/pdf", "size": 16
    }  # fmt: skip
    code, fetched = await command("harbor", message, "--save", str(folder))
    assert code == 1, "two are of no type that is fetched"
    assert ["error" in one for one in fetched] == [False, True, True, False]
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{message}-1.pdf", f"{message}-4.png"
    ]  # fmt: skip
    assert (folder / f"{message}-1.pdf").read_bytes() == PDF
    assert fetched[3]["content_type"] == "image/png", "what it is, its bytes say"
    again, _ = await command("harbor", message, "--save", str(folder))
    assert (again, (await command("meridian", message))[0]) == (1, 2)


async def test_what_is_not_kept_says_so(world: World, command: Any, tmp_path: Path) -> None:
    await world.receive(with_files(PDF, address=EVE))
    message = (await world.one(inbound)).id
    code, [one] = await command("harbor", message, "--save", str(tmp_path))
    assert (code, "only its name" in one["error"]) == (1, True)


async def test_a_wordless_mails_files_are_fetched_too(
    world: World, command: Any, tmp_path: Path
) -> None:
    await sent(world)
    await world.receive(with_files(PDF, kind=MailKind.OTHER))
    message = (await world.one(machine_mails)).id
    code, [one] = await command("harbor", message, "--save", str(tmp_path))
    assert (code, Path(one["file"]).read_bytes()) == (0, PDF)
    lines = await _shown(world)
    assert f"1 picture(s) or file(s): gateway contact media {message}" in lines


async def test_a_hand_off_shows_that_there_are_files(world: World) -> None:
    await sent(world)
    await world.receive(with_files(PDF, PDF), mail(text=""))
    message = next(row.id for row in await world.rows(inbound) if row.media)
    assert f"[2 picture(s) or file(s): gateway contact media {message}]" in await _shown(world)


async def _shown(world: World) -> str:
    open_one = await world.one(handoffs)

    async def work(tx: Any) -> list[str]:
        return await told_of(tx, await handoff(tx, open_one.id), "America/New_York")

    return "\n".join(await world.store.read(work))


class TestRetention:
    async def test_what_is_past_goes_with_its_conversation(self, world: World) -> None:
        person, talk, id_ = await sent(world)
        await world.change(accounts, id=person.account, balance_minor=0)
        await world.receive(
            with_files(PDF),
            bounce(tokens=(token(id_),)),
            mail(kind=MailKind.AUTO_REPLY),
            bounce(attachments=(file(),)),
            mail(
                EVE, kind=MailKind.LIST, attachments=(file(),), to=world.directory.client("harbor")
            ),
        )
        await world.understand()
        await world.turn()
        tables = (machine_mails, mail_attachments, mail_bounces)
        full = [len(await world.rows(table)) for table in tables]
        assert full == [4, 3, 1]
        bound = [Kept("harbor", world.clock.now - YEAR), Kept("meridian", world.clock.now + YEAR)]
        assert (await prune(world.store, bound))["harbor"] == {}
        world.clock.now += 4 * YEAR
        past = [Kept("harbor", world.clock.now - 3 * YEAR)]
        told = (await prune(world.store, past, dry_run=True))["harbor"]
        counted = {table.name: told[table.name] for table in tables}
        assert counted == dict(zip([table.name for table in tables], full, strict=True))
        assert [len(await world.rows(table)) for table in tables] == full
        assert (await prune(world.store, past))["harbor"] == told
        assert [len(await world.rows(table)) for table in tables] == [0, 0, 0]
        assert (await world.one(conversations, id=talk)).customer_id == person.id
