"""Rules that can't be read stop sending, never checking; mended ones let go what has waited."""

from collections.abc import MutableMapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from channels.email.server import MailServer
from compliance.loading import DEFAULT, FILES, BadPack
from compliance.pack import Book, NoRules
from gateway.handoffs.mail import Mailer
from gateway.metrics import registry
from gateway.rulebook import Rulebook, read_book
from gateway.rules_watch import RulesWatch
from gateway.storage import decode
from gateway.storage.tables import activity, attempts, outbound
from gateway.wake import Signals
from tests.handoffs.mailbox import Mailbox, listening
from tests.pipeline.rulebooks import broken
from tests.pipeline.world import HARBOR, Clock, World, client

SHIPPED = files("compliance.packs")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The packs as they are shipped, in a folder of their own."""
    made = tmp_path / "rules"
    made.mkdir()
    for name in FILES:
        (made / name).write_text(SHIPPED.joinpath(name).read_text("utf-8"), "utf-8")
    return made


def usable() -> float | None:
    return registry.get_sample_value("gateway_contact_rules_usable")


async def queued(world: World, *categories: str, **more: Any) -> None:
    person = await world.place(**more)
    talk = await world.talk(person)
    for category in categories:
        await world.queue(talk, person, category=category)


SPOILERS = {
    "gone": lambda file: file.unlink(),
    "cut off": lambda file: file.write_text(file.read_text("utf-8")[:400], "utf-8"),
    "no YAML": lambda file: file.write_text("rules: [", "utf-8"),
    "not UTF-8": lambda file: file.write_bytes(b"\xff\xfe\x00"),
    "empty": lambda file: file.write_text("", "utf-8"),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
    "without a source": lambda file: file.write_text(
        "\n".join(line for line in file.read_text("utf-8").splitlines() if "source:" not in line),
        "utf-8",
    ),
    "another's": lambda file: file.write_text(
        SHIPPED.joinpath("uk.yml" if file.name == "us.yml" else "us.yml").read_text("utf-8"),
        "utf-8",
    ),
}


@pytest.mark.parametrize("spoiler", SPOILERS)
async def test_a_spoilt_file_stops_sending_until_it_is_mended(
    world: World, folder: Path, spoiler: str, logged: list[MutableMapping[str, Any]]
) -> None:
    """Crisis texts too: nobody knows what may go."""
    world.rules = Rulebook(folder)
    await world.rules.refresh()
    await queued(world, "outreach", "reply", "crisis")
    before = await world.rows(outbound)
    file = folder / ("us.yml" if spoiler != "gone" else DEFAULT)
    whole = SHIPPED.joinpath(file.name).read_text("utf-8")

    SPOILERS[spoiler](file)
    assert await world.rules.refresh() is True
    assert await world.rules.refresh() is False, "told once"
    assert await world.send() == 0
    assert await world.rows(outbound) == before
    assert await world.rows(attempts) == []
    assert world.provider.sent == []
    assert usable() == 0
    assert file.name in (world.rules.trouble or "")
    (entry,) = [each for each in logged if each["event"] == "contact_rules.unusable"]
    assert (entry["log_level"], entry["effect"]) == ("error", "nothing is sent")

    if file.is_dir():
        file.rmdir()
    file.write_text(whole, "utf-8")
    assert await world.rules.refresh() is True
    assert (usable(), world.rules.trouble) == (1, None)
    while await world.send():
        pass
    assert len(world.provider.sent) == 3


async def test_rules_that_were_never_read_send_nothing(world: World) -> None:
    world.rules = broken()
    await queued(world, "reply")
    assert await world.send() == 0
    assert (await world.one(outbound)).status == "queued"
    assert world.rules.trouble == "us.yml:1: no rules"
    with pytest.raises(NoRules):
        _ = world.rules.book


async def test_whatever_breaks_in_reading_stops_sending(world: World, folder: Path) -> None:
    """Also after rules were in force: they are not gone by any longer."""
    broken_now: list[bool] = []

    def load() -> Book:
        if broken_now:
            raise MemoryError
        return read_book(folder)

    world.rules = Rulebook(folder, load)
    await world.rules.refresh()
    await queued(world, "reply")
    broken_now.append(True)
    (folder / "us.yml").touch()
    await world.rules.refresh()
    assert await world.send() == 0
    assert "MemoryError" in (world.rules.trouble or "")
    broken_now.clear()
    (folder / "us.yml").touch()
    await world.rules.refresh()
    assert await world.send() == 1


async def test_a_changed_pack_is_in_force_at_once(world: World, folder: Path) -> None:
    world.rules = Rulebook(folder)
    await world.rules.refresh()
    assert await world.rules.refresh() is False
    file = folder / "us.yml"
    later = file.read_text("utf-8").replace('opens: "08:00"', 'opens: "14:00"')
    file.write_text(later.replace("us-2026.12.1", "us-mine.2"), "utf-8")
    assert await world.rules.refresh() is True
    await queued(world, "outreach")
    assert await world.send() == 0  # it is one o'clock in New York
    row = await world.one(outbound)
    kept = decode(row.verdict)
    assert (kept["rule"], kept["version"]) == ("hours", "us-mine.2")
    (told,) = await world.rows(activity, type="message.deferred")
    assert told.rule_version == "us-mine.2"


async def test_a_day_without_rules_defers(world: World) -> None:
    """The pack is whole, but begins later: who asks on a day before it is told so."""
    world.clock.now -= 400 * 86_400_000_000
    await queued(world, "reply")
    assert await world.send() == 0
    row = await world.one(outbound)
    kept = decode(row.verdict)
    assert (row.status, kept["rule"]) == ("queued", "rules")
    assert "begins on 2026-01-01" in kept["results"][0][3]
    assert row.due_at > world.clock.now
    (told,) = await world.rows(activity, type="message.deferred")
    assert decode(told.payload)["rule"] == "rules"


async def test_one_country_without_rules_holds_up_no_other(world: World) -> None:
    await queued(world, "reply", ref="C-1", country="ZZ")
    await queued(world, "reply", ref="C-2", phone="+12125550177")
    while await world.send():
        pass
    assert [message.address for message in world.provider.sent] == ["+12125550177"]


async def test_each_message_carries_the_version_of_its_rules(world: World) -> None:
    own = {"daily_cap": {"limit": 1, "source": "the client"}}
    world.restrict(client("harbor", HARBOR.senders[0].address, contact=own))
    await queued(world, "outreach", "outreach")
    while await world.send():
        pass
    versions = {
        row.type: row.rule_version
        for kind in ("message.sending", "message.sent", "message.deferred")
        for row in await world.rows(activity, type=kind)
    }
    assert len(versions) == 3
    [version] = set(versions.values())
    assert version.startswith("us-")
    assert "+own." in version
    sent = await world.rows(outbound, status="sent")
    assert decode(sent[0].verdict)["facts"]["zones"] == ["America/New_York"]


# The folder by itself


def test_all_faults_of_a_folder_are_named(folder: Path) -> None:
    (folder / "uk.yml").unlink()
    (folder / "us.yml").write_bytes(b"\xff")
    with pytest.raises(BadPack) as caught:
        read_book(folder)
    first, second = map(str, caught.value.faults)
    assert first.startswith(str(folder / "us.yml"))
    assert "not UTF-8" in first
    assert "No such file" in second
    assert "must hold us.yml, uk.yml, default.yml" in second


def test_a_whole_folder_is_read(folder: Path) -> None:
    book = read_book(folder)
    assert isinstance(book, Book)
    assert book.of("US").version.startswith("us-")


# People are told


async def test_the_operator_is_told_once_and_again_of_another_reason() -> None:
    clock, mailbox, reasons = Clock(), Mailbox(), ["us.yml:3: rules: one"]

    def load() -> Book:
        raise NoRules(reasons[-1])

    rules = Rulebook(load=load)
    async with listening(mailbox) as port:
        mailer = Mailer(MailServer("127.0.0.1", port, tls=False), "gateway@gateway.example")
        watch = RulesWatch(rules, Signals(), clock, mailer, ("duty@gateway.example",))
        mailbox.answer = "451 later"
        await watch.run()
        assert mailbox.letters == []
        mailbox.answer = "250 OK"
        await watch.run()
        assert mailbox.letters == [], "not before a minute has gone"
        for _ in range(3):
            clock.forward(61)
            await watch.run()
        [letter] = mailbox.letters
        assert letter["Subject"] == "Nothing is sent: the contact rules can't be read"
        assert "us.yml:3: rules: one" in letter.get_content()
        reasons.append("us.yml:9: rules: other")
        clock.forward(61)
        await watch.run()
        assert "us.yml:9: rules: other" in mailbox.letters[1].get_content()


async def test_what_has_waited_is_woken(folder: Path) -> None:
    signals, rules = Signals(), Rulebook(folder)
    watch = RulesWatch(rules, signals, Clock())
    (folder / "us.yml").rename(folder / "away.yml")
    await watch.run()
    woken: list[str] = []
    signals.wake = woken.append  # type: ignore[method-assign]
    (folder / "away.yml").rename(folder / "us.yml")
    await watch.run()
    await watch.run()
    assert woken == ["send"]
