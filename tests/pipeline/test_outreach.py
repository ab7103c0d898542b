"""Outreach: each customer once by its name, and no customer without a way to reach them."""

from domain.events import Campaign
from gateway.clients import ClientConfig
from gateway.ids import new_id
from gateway.pipeline.dialogue import Dialogues
from gateway.pipeline.outreach import Outreach, start_outreach
from gateway.storage.tables import conversations, customers, inbox, outbound
from tests.pipeline.world import HARBOR, MERIDIAN, Scripted, World

MAY = Outreach("may", "reminder")


async def start(
    world: World, outreach: Outreach, refs: list[str] | None, config: ClientConfig = HARBOR
) -> dict[str, str]:
    found: dict[str, str] = await world.store.transact(
        "outreach", lambda tx: start_outreach(tx, config, outreach, refs)
    )
    return found


async def test_it_starts_once_by_its_name(world: World) -> None:
    scripted = world.dialogues = Scripted()
    await world.place()
    assert await start(world, MAY, ["C-1"]) == {"C-1": "started"}
    assert await start(world, MAY, ["C-1"]) == {"C-1": "already_started"}
    assert await world.turn() == 1
    assert await start(world, MAY, None) == {"C-1": "already_started"}
    assert await world.turn() == 0
    (event,) = scripted.events
    assert isinstance(event, Campaign)
    assert (event.flow, event.channel) == ("reminder", "sms")
    assert await start(world, Outreach("june", "reminder"), ["C-1"]) == {"C-1": "started"}


async def test_a_name_given_twice_is_one(world: World) -> None:
    await world.place()
    assert await start(world, MAY, ["C-1", "C-1"]) == {"C-1": "started"}
    assert len(await world.rows(inbox)) == 1


async def test_everyone_is_every_customer_of_that_client(world: World) -> None:
    await world.place("C-1")
    await world.place("C-2", phone="+12125550143")
    await world.place("M-1", MERIDIAN)
    assert await start(world, MAY, None) == {"C-1": "started", "C-2": "started"}
    assert {row.client for row in await world.rows(conversations)} == {"harbor"}


async def test_who_is_not_known_and_who_cannot_be_reached(world: World) -> None:
    await world.place("C-1")
    await world.place("M-1", MERIDIAN)
    at = {"created_at": 1, "updated_at": 1}
    await world.add(customers, {"id": new_id(), "client": "harbor", "ref": "C-3", **at})
    assert await start(world, MAY, ["C-1", "C-3", "M-1", "nobody"]) == {
        "C-1": "started",
        "C-3": "no_contact",
        "M-1": "unknown",
        "nobody": "unknown",
    }
    mail = Outreach("mail", "reminder", "email")
    assert await start(world, mail, ["C-1"]) == {"C-1": "no_contact"}


async def test_a_channel_is_taken_at_its_word(world: World) -> None:
    scripted = world.dialogues = Scripted()
    person = await world.place()
    await world.reach(person, "email", "ada@example.org", rank=1)
    assert await start(world, Outreach("mail", "reminder", "email"), ["C-1"]) == {"C-1": "started"}
    await world.turn()
    (event,) = scripted.events
    assert isinstance(event, Campaign)
    assert event.channel == "email"


async def test_the_first_message_goes_out(world: World) -> None:
    """Through the shipped dialogs and the gate."""
    world.dialogues = Dialogues()
    await world.place()
    await start(world, MAY, ["C-1"])
    await world.turn()
    await world.send()
    (text,) = world.provider.texts
    assert "Harbor Recovery" in text
    assert (await world.one(outbound)).category == "outreach"
