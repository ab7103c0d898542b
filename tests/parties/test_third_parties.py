"""Other people's addresses, over both stores."""

from typing import Any

import pytest

from domain.commands import Command
from domain.events import PartyCleared
from gateway.clock import DAY
from gateway.parties.standing import proven_in
from gateway.parties.wrong import marks, shown
from gateway.pipeline.dialogue import Dialogues
from gateway.pipeline.outreach import Outreach, start_outreach
from gateway.storage.tables import conversations, holds, inbound, outbound, wrong_parties
from tests.parties.given import (
    OTHER_PHONE,
    contact,
    lift_by,
    mark_by,
    mark_wrong,
    prove,
    says,
    someone,
)
from tests.pipeline.world import HARBOR, PHONE, Scripted, World, meant, text_from

NEUTRAL: dict[str, Any] = {"neutral": 1, "text": "Sorry. Reply STOP to opt out"}


class TestWrongParty:
    async def test_their_words_mark_it_and_get_one_neutral_answer(self, world: World) -> None:
        world.dialogues = Dialogues()
        await world.dialogues.library.refresh(world.store, [HARBOR])
        world.reader.known = {"wrong number": meant("wrong_person")}
        person = await world.place()
        await world.hear(text_from(text="wrong number"))
        (row,) = await world.rows(wrong_parties)
        assert (row.customer_id, row.address, row.marked_by) == (person.id, PHONE, "customer")
        assert row.source_id == (await world.one(inbound)).id
        assert await world.rows(holds) == [], "the address may be another customer's"
        await world.send()
        (said,) = world.provider.texts
        assert said.startswith("Sorry for the mix-up")
        assert "debt" not in said
        assert [kind for kind, _ in await world.told("contact.wrong_party")] == [
            "contact.wrong_party"
        ]

    @pytest.mark.parametrize("category", ["outreach", "reply"])
    async def test_nothing_else_about_them_goes_there(self, world: World, category: str) -> None:
        person, talk = await someone(world)
        assert await mark_wrong(world, person)
        row = await says(world, talk, person, "", category=category, **NEUTRAL)
        assert (row.status, row.reason) == ("suppressed", "third_party")

    @pytest.mark.parametrize("category", ["confirmation", "help", "crisis"])
    async def test_what_law_asks_for_does(self, world: World, category: str) -> None:
        person, talk = await someone(world)
        await mark_wrong(world, person)
        await world.receive(text_from(text="STOP"))
        row = await says(world, talk, person, "", category=category, **NEUTRAL)
        assert row.status == "sent"

    async def test_another_customers_messages_go_there(self, world: World) -> None:
        person, _ = await someone(world)
        other = await world.place("C-2")
        talk = await world.talk(other)
        shared = await says(world, talk, other, "", category="outreach", **NEUTRAL)
        assert shared.reason == "third_party"
        await mark_wrong(world, person)
        row = await says(world, talk, other, "", category="outreach", **NEUTRAL)
        assert row.status == "sent", "nobody else's any more"

    async def test_what_comes_from_there_is_the_other_customers(self, world: World) -> None:
        person, _ = await someone(world)
        other = await world.place("C-2")
        await world.receive(text_from(text="hello"))
        assert (await world.one(inbound)).conversation_id is not None
        await mark_wrong(world, person)
        await world.receive(text_from(text="hello again"))
        last = max(await world.rows(inbound), key=lambda row: row.id)
        assert (await world.one(conversations, id=last.conversation_id)).customer_id == other.id

    async def test_it_is_marked_once_and_lifted_once(self, world: World) -> None:
        person, _talk = await someone(world)
        assert [await mark_by(world, person), await mark_by(world, person)] == [True, False]
        assert [await lift_by(world, person), await lift_by(world, person)] == [True, False]
        assert await mark_by(world, person), "it may be wrong again"
        assert await world.told("contact.wrong_party_lifted") == [
            ("contact.wrong_party_lifted", {"by": "Kim", "reason": "a slip"})
        ]
        rows = await world.store.read(lambda tx: marks(tx, "harbor"))
        first, second = map(shown, rows)
        assert (first["lifted_by"], first["lift_reason"]) == ("Kim", "a slip")
        assert (second["customer_ref"], second["lifted_at"]) == ("C-1", None)
        assert await world.store.read(lambda tx: marks(tx, "meridian")) == []

    async def test_lifted_it_gets_messages_again(self, world: World) -> None:
        person, talk = await someone(world)
        await mark_by(world, person)
        await lift_by(world, person)
        assert (await says(world, talk, person, "", **NEUTRAL)).status == "sent"
        scripted = world.dialogues
        assert isinstance(scripted, Scripted)
        await world.turn()
        (event,) = scripted.events
        assert isinstance(event, PartyCleared)
        assert event.channel == "sms"

    async def test_a_proof_from_before_counts_no_more_when_it_is_lifted(self, world: World) -> None:
        person, talk = await someone(world)
        await prove(world, talk, person)
        for step in (mark_by, lift_by):
            world.clock.forward(1)
            await step(world, person)
        assert await world.store.read(lambda tx: proven_in(tx, [talk])) == {}
        world.clock.forward(1)
        await prove(world, talk, person)
        assert await world.store.read(lambda tx: proven_in(tx, [talk])) == {talk: world.clock.now}

    async def test_by_hand_what_is_queued_is_cancelled(self, world: World) -> None:
        person, talk = await someone(world)
        await world.queue(talk, person, category="outreach")
        await world.queue(talk, person, category="help")
        await mark_by(world, person)
        assert [row.status for row in await world.rows(outbound)] == ["cancelled", "queued"]
        assert [payload["reason"] for _, payload in await world.told("message.cancelled")] == [
            "wrong_party"
        ]


class TestReassigned:
    async def test_nothing_goes_before_new_consent(self, world: World) -> None:
        person, talk = await someone(world)
        since = world.clock.now - DAY
        await contact(world, person, reassigned_at=since, consent_at=since - DAY)
        row = await says(world, talk, person, "", **NEUTRAL)
        assert row.reason == "third_party"
        await contact(world, person, consent_at=since)
        assert (await says(world, talk, person, "", **NEUTRAL)).reason == "third_party"
        await contact(world, person, consent_at=since + 1)
        assert (await says(world, talk, person, "", **NEUTRAL)).status == "sent"

    async def test_a_check_of_the_database_is_no_consent(self, world: World) -> None:
        person, talk = await someone(world)
        await contact(
            world, person, reassigned_at=world.clock.now - DAY, reassigned_check_at=world.clock.now
        )
        assert (await says(world, talk, person, "", **NEUTRAL)).reason == "third_party"


class TestWork:
    async def test_nothing_unasked_and_only_answers_to_what_they_wrote(self, world: World) -> None:
        person, talk = await someone(world)
        await contact(world, person, employer_provided=1)
        unasked = await says(world, talk, person, "", category="outreach", **NEUTRAL)
        assert unasked.reason == "third_party"
        assert (await says(world, talk, person, "", **NEUTRAL)).reason == "third_party"
        await world.receive(text_from())
        assert (await says(world, talk, person, "", **NEUTRAL)).status == "sent"
        unasked = await says(world, talk, person, "", category="outreach", **NEUTRAL)
        assert unasked.reason == "third_party"

    @pytest.mark.parametrize("known", [None, 0])
    async def test_what_nobody_calls_the_employers_is_not_barred(
        self, world: World, known: int | None
    ) -> None:
        person, talk = await someone(world)
        await contact(world, person, employer_provided=known)
        row = await says(world, talk, person, "", category="outreach", **NEUTRAL)
        assert row.status == "sent"


class TestShared:
    async def test_it_gets_neutral_answers_alone(self, world: World) -> None:
        person, talk = await someone(world)
        await world.place("C-2")
        unasked = await says(world, talk, person, "", category="outreach", **NEUTRAL)
        assert unasked.reason == "third_party"
        assert (await says(world, talk, person, "Hello.")).reason == "third_party"
        told = await says(world, talk, person, "", neutral=1, text="A debt. Reply STOP")
        assert told.reason == "third_party"
        assert (await says(world, talk, person, "", **NEUTRAL)).status == "sent"

    async def test_a_proof_opens_nothing_there(self, world: World) -> None:
        person, talk = await someone(world)
        await world.place("C-2")
        await prove(world, talk, person)
        row = await says(world, talk, person, "", neutral=1, text="It is $432.19. Reply STOP")
        assert row.reason == "right_party"

    async def test_one_of_another_client_shares_nothing(self, world: World) -> None:
        from tests.pipeline.world import MERIDIAN

        person, talk = await someone(world)
        await world.place("C-2", MERIDIAN)
        row = await says(world, talk, person, "", category="outreach", **NEUTRAL)
        assert row.status == "sent"


@pytest.mark.parametrize(
    "barred", [{"employer_provided": 1}, {"reassigned_at": 1}], ids=["employer", "reassigned"]
)
async def test_outreach_takes_the_next_address(world: World, barred: dict[str, int]) -> None:
    scripted = Scripted(lambda event, context: _nothing())
    world.dialogues = scripted
    person = await world.place()
    await contact(world, person, **barred)
    everyone = Outreach("november", "reminder")
    start = await world.store.transact("out", lambda tx: start_outreach(tx, HARBOR, everyone))
    assert start == {"C-1": "no_contact"}
    await world.reach(person, "sms", OTHER_PHONE, rank=1)
    again = Outreach("december", "reminder")
    start = await world.store.transact("out", lambda tx: start_outreach(tx, HARBOR, again))
    assert start == {"C-1": "started"}
    (talk,) = await world.rows(conversations)
    assert talk.address == OTHER_PHONE


def _nothing() -> tuple[Command, ...]:
    return ()
