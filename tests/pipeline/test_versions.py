"""Which version of the dialogs a conversation runs on, in every process, on both stores."""

import base64
from collections.abc import MutableMapping
from typing import Any

import msgspec
import pytest
from sqlalchemy import update

from dialogs.state import State
from domain.values import Money
from gateway.packs.library import Library
from gateway.packs.mapping import map_version
from gateway.packs.publishing import Signed, roll_back, withdraw_version
from gateway.pipeline.dialogue import Dialogues
from gateway.pipeline.models import Understanders
from gateway.pipeline.understand import understand
from gateway.storage.pack_tables import pack_versions, packs
from gateway.storage.tables import conversations, handoffs, inbound, outbound
from nlu.model import SHIPPED as MODEL
from tests.packs.given import ADA, SPANISH, TEXTS, asking, edited, put
from tests.pipeline.world import HARBOR, Reader, World, client, meant, text_from

PACK = "collections-us"
OTHER = "+12125550143"
READER = Reader(
    {
        "50": meant("promise_to_pay", Money(5000, "USD")),
        "stop": meant("opt_out"),
        "thanks": meant("thanks"),
    }
)
Logged = list[MutableMapping[str, Any]]


async def process(world: World, kept: int = 32) -> Dialogues:
    """A process that has just started: it knows what is in force."""
    dialogues = Dialogues(Library(kept))
    await dialogues.library.refresh(world.store, world.directory.clients)
    return dialogues


@pytest.fixture
async def world(world: World) -> World:
    world.reader = READER
    await put(world.store, asking("First day"))
    world.dialogues = await process(world)
    await world.place()
    await world.place("C-2", phone=OTHER)
    return world


async def refreshed(world: World) -> None:
    """What each process does once a second."""
    await world.dialogues.library.refresh(world.store, world.directory.clients)


async def state(world: World, phone: str = text_from().address) -> State:
    row = await world.one(conversations, address=phone)
    return msgspec.json.decode(row.state, type=State)


async def said(world: World, text: str, phone: str = text_from().address) -> str:
    """What is answered to a text; empty for silence."""
    before = len(await world.rows(outbound))
    await world.hear(text_from(phone, text))
    return " ".join(row.text for row in (await world.rows(outbound))[before:])


async def test_a_running_conversation_stays_and_the_others_move_on(world: World) -> None:
    assert "First day" in await said(world, "50")
    assert "You are welcome" in await said(world, "thanks", OTHER)
    assert (await state(world, OTHER)).pack_version == "v1"

    changed = asking("Second day", (TEXTS, "You are welcome.", "Any time."))
    await put(world.store, changed)
    assert "You are welcome" in await said(world, "thanks", OTHER), "not before it is taken over"
    await refreshed(world)

    assert "First day" in await said(world, "50"), "pinned where it runs"
    assert (await state(world)).pack_version == "v1"
    assert "Any time." in await said(world, "thanks", OTHER), "an idle one moves on"
    assert (await state(world, OTHER)).pack_version == "v2"
    assert "Second day" in await said(world, "50", OTHER)


async def test_a_version_that_this_process_has_not_read_is_fetched_for_the_turn(
    world: World, logged: Logged
) -> None:
    await said(world, "50")
    await put(world.store, asking("Second day"))
    world.dialogues = await process(world)
    assert "First day" in await said(world, "50")
    assert "Second day" in await said(world, "50", OTHER)
    assert [line["event"] for line in logged if line["log_level"] == "error"] == []


async def test_a_process_that_is_behind_does_not_turn_a_conversation_back(world: World) -> None:
    """Another process has published to and talked with this conversation meanwhile."""
    behind = world.dialogues
    await put(world.store, asking("Second day"))
    world.dialogues = await process(world)
    assert "Second day" in await said(world, "50")
    world.dialogues = behind
    assert "Second day" in await said(world, "50")
    assert (await state(world)).pack_version == "v2"


async def test_a_conversation_on_the_shipped_pack_stays_on_it(world: World) -> None:
    await withdraw_version(world.store, PACK, 1, ADA)
    await refreshed(world)
    assert "What day can you pay" in await said(world, "50")
    assert (await state(world)).pack_version == "1"
    await put(world.store, asking("Second day"))
    await refreshed(world)
    assert "What day can you pay" in await said(world, "50")
    assert "Second day" in await said(world, "50", OTHER)


async def test_a_withdrawn_version_hands_its_running_conversations_to_a_person(
    world: World,
) -> None:
    await said(world, "50")
    await put(world.store, asking("Second day"))
    await withdraw_version(world.store, PACK, 1, ADA)
    await refreshed(world)
    await said(world, "50")
    assert (await world.one(handoffs)).reason == "dialog_version"
    assert (await state(world)).pack_version == "v2"
    assert "Second day" in await said(world, "50", OTHER)
    assert len(await world.rows(handoffs)) == 1


MOVES = """\
flows:
  promise_to_pay:
    to: agree
    steps: {ask_date: day}
slots:
  promise_amount: promise_amount
"""


async def renamed(world: World) -> None:
    """A version in which the promise is another flow, and its question another step."""
    flow = "flows/payment.yml"
    await put(
        world.store,
        asking(
            "Second day",
            (flow, "  promise_to_pay:\n    name", "  agree:\n    name"),
            (flow, "ask_date", "day"),
            (flow, "link: promise_to_pay", "link: agree"),
        ),
    )


async def test_a_mapping_leads_them_to_another_version(world: World, tmp_path: Any) -> None:
    await said(world, "50")
    await renamed(world)
    file = tmp_path / "moves.yml"
    file.write_text(MOVES)
    followed = await map_version(world.store, PACK, 1, 2, file, ADA)
    assert (followed.follow, followed.stay) == (1, {})
    await withdraw_version(world.store, PACK, 1, ADA)
    world.dialogues = await process(world)
    assert "Second day" in await said(world, "something else")
    now = await state(world)
    assert (now.pack_version, now.stack[-1].flow, now.stack[-1].step) == ("v2", "agree", "day")
    assert now.slots["promise_amount"].minor == 5000  # type: ignore[union-attr]
    assert await world.rows(handoffs) == []


async def test_where_the_mapping_names_nothing_they_stay(world: World, tmp_path: Any) -> None:
    await said(world, "50")
    await renamed(world)
    file = tmp_path / "moves.yml"
    file.write_text("flows: {already_paid: {steps: {claim_details: claim_details}}}\n")
    followed = await map_version(world.store, PACK, 1, 2, file, ADA)
    assert (followed.follow, followed.stay) == (0, {"promise_to_pay/ask_date": 1})
    await refreshed(world)
    assert "First day" in await said(world, "50")
    assert (await state(world)).pack_version == "v1"


async def introduce(world: World) -> None:
    """What was said goes, with the initial disclosure in it."""
    await world.send()
    assert len(world.provider.sent) == 1


async def test_what_law_asks_for_is_the_newest_in_a_pinned_conversation(world: World) -> None:
    await said(world, "50")
    await introduce(world)
    changed = asking(
        "Second day",
        (TEXTS, "you are opted out and will get no more texts", "we stop. No more texts"),
        (TEXTS, "{brand}, debt collector. Reply STOP", "{brand}, a debt collector. Say STOP"),
    )
    await put(world.store, changed)
    await refreshed(world)
    reply = await said(world, "50")
    assert "First day" in reply
    assert "a debt collector. Say STOP" in reply
    assert "we stop. No more texts" in await said(world, "stop")


async def test_the_closing_line_is_the_newest_where_its_response_has_another_name(
    world: World,
) -> None:
    await said(world, "50")
    await introduce(world)
    changed = asking(
        "Second day",
        *((file, "  utter_closing:", "  utter_disclosure:") for file in (TEXTS, SPANISH)),
        (TEXTS, "{brand}, debt collector.", "This is {brand}, debt collector."),
        ("pack.yml", "response: utter_closing", "response: utter_disclosure"),
    )
    await put(world.store, changed)
    await refreshed(world)
    reply = await said(world, "50")
    assert "First day" in reply
    assert "This is Harbor" in reply


async def test_a_rolled_back_version_is_a_new_one_that_names_its_origin(world: World) -> None:
    await put(world.store, asking("Second day"))
    made = await roll_back(world.store, PACK, 1, Signed("bob", "too curt"))
    assert (made.version, made.new, made.clients) == (3, True, ("harbor", "meridian"))
    await refreshed(world)
    assert "First day" in await said(world, "50")
    assert (await state(world)).pack_version == "v3"
    kept = await world.one(pack_versions, version=3)
    assert (kept.origin, kept.author, kept.note) == (1, "bob", "too curt")


async def test_a_client_may_name_the_version_that_it_tested(world: World) -> None:
    await put(world.store, asking("Second day"))
    world.restrict(client("harbor", HARBOR.senders[0].address, pack_version="v1"))
    await refreshed(world)
    assert "First day" in await said(world, "50")
    await withdraw_version(world.store, PACK, 1, ADA)
    await refreshed(world)
    assert "Second day" in await said(world, "50", OTHER), "nobody starts on a withdrawn one"


async def test_a_version_that_cannot_be_read_fails_its_own_turns_only(
    world: World, logged: Logged
) -> None:
    await said(world, "50")
    await put(world.store, asking("Second day"))
    damage = update(pack_versions).where(pack_versions.c.version == 1).values(content="{}")
    await world.store.transact("damage", lambda tx: tx.execute(damage))
    world.dialogues = await process(world)
    assert await said(world, "50") == ""
    assert (await world.one(conversations, address=text_from().address)).failures == 1
    assert "Second day" in await said(world, "50", OTHER)
    told = [line for line in logged if line["event"] == "dialogs.version_not_read"]
    assert [(line["pack"], line["version"]) for line in told] == [(PACK, "v1")]
    assert "not the one that was published" in told[0]["error"]


async def test_an_unreadable_newest_version_does_not_take_the_pinned_ones_along(
    world: World,
) -> None:
    await said(world, "50")
    await put(world.store, asking("Second day"))
    damage = update(pack_versions).where(pack_versions.c.version == 2).values(content="{}")
    await world.store.transact("damage", lambda tx: tx.execute(damage))
    await refreshed(world)
    assert "First day" in await said(world, "50")
    assert await said(world, "50", OTHER) == ""


async def test_a_version_that_is_gone_from_the_store_goes_to_a_person(world: World) -> None:
    """As after a restored backup: asked for once, and never again."""
    await said(world, "50")
    await put(world.store, asking("Second day"))
    lost = pack_versions.delete().where(pack_versions.c.version == 1)
    await world.store.transact("lose", lambda tx: tx.execute(lost))
    world.dialogues = await process(world)
    await said(world, "50")
    assert (await world.one(handoffs)).reason == "dialog_version"


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)  # dear, and the same on any store
async def test_few_old_versions_stay_in_memory(world: World) -> None:
    people = [(f"P-{number}", f"+1212555{number:04}") for number in range(200, 206)]
    for number, (ref, phone) in enumerate(people):
        await put(world.store, asking(f"Day {number}"))
        await refreshed(world)
        await world.place(ref, phone=phone)
        await said(world, "50", phone)
    world.dialogues = await process(world, kept=2)
    await world.receive(*(text_from(phone, "50") for _, phone in people))
    await world.understand()
    for _ in people:
        await world.turn()
    answers = {row.address: row.text for row in await world.rows(outbound)}
    for number, (_, phone) in enumerate(people):
        assert f"Day {number}" in answers[phone]
    library = world.dialogues.library
    assert len([v for v in library._loaded if v not in library._held]) <= 2


async def test_a_reply_is_read_with_the_model_of_its_version(world: World) -> None:
    """The first version has none of its own, the second has."""
    await said(world, "50")
    await put(world.store, asking("Second day"))
    own = base64.b64encode(MODEL.read_bytes()).decode()
    add = update(pack_versions).where(pack_versions.c.version == 2).values(model=own)
    await world.store.transact("teach", lambda tx: tx.execute(add))
    world.dialogues = await process(world)
    await world.receive(text_from(text="50"), text_from(OTHER, "STOP please"))
    understanders = Understanders(world.reader, world.directory)
    await understand(world.store, world.directory, understanders, world.dialogues)
    read = {row.address: row.understanding for row in await world.rows(inbound)}
    assert '"test"' in read[text_from().address]
    assert "keyword" in read[OTHER] or "model" in read[OTHER]
    assert '"test"' not in read[OTHER]


async def test_every_edit_of_a_revision_is_seen_and_nothing_is_read_in_vain(world: World) -> None:
    library = world.dialogues.library
    configs = world.directory.clients
    assert not await library.refresh(world.store, configs)
    await put(world.store, asking("Second day"))
    assert await library.refresh(world.store, configs)
    assert not await library.refresh(world.store, configs)
    await withdraw_version(world.store, PACK, 2, ADA)
    assert await library.refresh(world.store, configs)
    assert (await world.one(packs)).revision == 3


async def test_hosts_are_told_which_version_is_in_force(world: World) -> None:
    await put(world.store, edited((TEXTS, "You are welcome.", "Any time.")), "kinder")
    told = [payload for kind, payload in await world.told("config.changed") if "pack" in payload]
    assert told[-2:] == 2 * [
        {
            "version": 1, "author": "ada", "note": "kinder", "changed": ["/pack"],
            "pack": PACK, "pack_version": "v2",
        }
    ]  # fmt: skip
