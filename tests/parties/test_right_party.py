"""The right party, over both stores: what the gate reads, and what it lets through."""

import pytest

from gateway.clock import DAY
from gateway.storage import decode
from gateway.storage.tables import handoffs, outbound, promises, proofs
from tests.parties.given import (
    CLOSING,
    FIRST,
    introduce,
    mark_wrong,
    prove,
    says,
    someone,
    wrote,
)
from tests.pipeline.world import World

FACTS = [
    "Your balance is $432.19.",
    "Your balance is 4 3 2 . 1 9.",
    "About $432.",
    "It is 43219 cents.",
    "The least is $77.00.",
    "It is due on December 4.",
    "It is due on 4 de diciembre.",
    "For Zebra Bank.",
    "For zebra\u200bbank.",
    "For the store card.",
    "It was with Old Shop.",
    "Dear Ms Quizzenbury.",
    "\u0410da Quizzenbury!",
    "Born 05/03/1980.",
    "At 10001.",
    "Opened 2019-01-02.",
    "See https://x.example/?q=%243%342.19&b=Zebra%20Bank.",
]


@pytest.mark.parametrize("text", FACTS)
async def test_a_fact_goes_only_once_the_party_is_proven(world: World, text: str) -> None:
    person, talk = await someone(world)
    await introduce(world, talk, person)
    before = await says(world, talk, person, text)
    assert (before.status, before.reason) == ("suppressed", "right_party")
    (held,) = await world.rows(handoffs)
    assert held.reason == "reply_held"
    await prove(world, talk, person)
    after = await says(world, talk, person, text)
    assert after.status == "sent"


async def test_what_stops_it_names_the_kind_and_never_the_fact(world: World) -> None:
    person, talk = await someone(world)
    await introduce(world, talk, person)
    row = await says(world, talk, person, "For Ada Quizzenbury: $432.19 to Zebra Bank.")
    assert "before the right party is proven" in row.verdict
    for fact in ("432", "Quizzenbury", "Zebra", "1980"):
        assert fact not in row.verdict


@pytest.mark.parametrize("part", ["subject", "html"])
async def test_the_subject_and_the_html_of_an_email_count_too(world: World, part: str) -> None:
    person, talk = await someone(world)
    await world.reach(person, "email", "ada@example.org")
    parts = {"subject": "Hello", "html": f"<p>{FIRST}</p>"}
    told = {"subject": "Zebra Bank", "html": f"<p>Ze<b>bra</b> Bank {FIRST}</p>"}[part]
    where = {"channel": "email", "address": "ada@example.org", "sender": "care@harbor.example"}
    plain = await says(world, talk, person, "", text=FIRST, **where, **parts)
    assert (plain.status, plain.reason) == ("sent", None)
    row = await says(world, talk, person, "", text=FIRST, **where, **parts | {part: told})
    assert (row.status, row.reason) == ("suppressed", "right_party")


async def test_a_proof_counts_for_its_days_and_not_after_a_wrong_person(world: World) -> None:
    person, talk = await someone(world)
    await introduce(world, talk, person)
    await prove(world, talk, person)
    world.clock.forward(29 * DAY / 1_000_000)
    assert (await says(world, talk, person, FACTS[0])).status == "sent"
    world.clock.forward(2 * DAY / 1_000_000)
    assert (await says(world, talk, person, FACTS[0])).reason == "right_party"
    await prove(world, talk, person)
    assert (await says(world, talk, person, FACTS[0])).status == "sent"
    world.clock.forward(1)
    await mark_wrong(world, person)
    assert (await says(world, talk, person, FACTS[0])).reason == "third_party"
    elsewhere = await says(world, talk, person, FACTS[0], address="+12125550177")
    assert elsewhere.reason == "right_party", "whoever proved it may be who was wrong"


async def test_another_conversations_proof_is_none(world: World) -> None:
    person, talk = await someone(world)
    other = await world.place("C-2", phone="+12125550143")
    await prove(world, await world.talk(other), other)
    await introduce(world, talk, person)
    assert (await says(world, talk, person, FACTS[0])).reason == "right_party"
    assert len(await world.rows(proofs)) == 1


@pytest.mark.parametrize(
    "theirs", ["I can pay 432.19 on friday", "my 432,19 is paid", "the $432.19 by dec 4"]
)
async def test_what_the_customer_wrote_may_be_said_back(world: World, theirs: str) -> None:
    person, talk = await someone(world)
    await introduce(world, talk, person)
    assert (await says(world, talk, person, FACTS[0])).reason == "right_party"
    await wrote(world, talk, theirs)
    assert (await says(world, talk, person, "You named $432.19.")).status == "sent"
    for fact in FACTS[7:11]:
        assert (await says(world, talk, person, fact)).reason == "right_party"


async def test_a_name_that_they_wrote_is_not_said_back(world: World) -> None:
    person, talk = await someone(world)
    await introduce(world, talk, person)
    await wrote(world, talk, "this is Ada Quizzenbury of 10001, about Zebra Bank")
    for text in ("Ada Quizzenbury", "Zebra Bank", "10001"):
        assert (await says(world, talk, person, text)).reason == "right_party"


async def test_what_was_agreed_may_be_repeated(world: World) -> None:
    person, talk = await someone(world)
    await introduce(world, talk, person)
    promised = {
        "id": "0198c000-0000-7000-8000-0000000000bb",
        "client": "harbor",
        "customer_id": person.id,
        "account_id": person.account,
        "conversation_id": talk,
        "amount_minor": 43_219,
        "currency": "USD",
        "due_date": "2026-12-04",
        "state": "pending",
        "created_at": world.clock.now,
        "updated_at": world.clock.now,
    }
    reminder = "You chose to pay $432.19 on Friday, December 4."
    assert (await says(world, talk, person, reminder)).reason == "right_party"
    await world.add(promises, promised)
    assert (await says(world, talk, person, reminder)).status == "sent"


async def test_the_brand_may_be_named_where_it_is_the_creditor(world: World) -> None:
    person, talk = await someone(world, creditor="Harbor Recovery", minimum_due_minor=55_500)
    await introduce(world, talk, person)
    row = await says(world, talk, person, "Harbor Recovery: call +1 800 555 0100.")
    assert row.status == "sent"


async def test_of_several_accounts_only_its_own_reference_is_said(world: World) -> None:
    person, talk = await someone(world, ref="AC-778899")
    await introduce(world, talk, person)
    row = await says(world, talk, person, "Your reference is AC-778899.")
    assert row.status == "sent"
    row = await says(world, talk, person, "Your reference is ac 778 899.", account_id=None)
    assert row.reason == "right_party"


class TestDisclosures:
    async def test_the_initial_one_counts_once_it_was_really_sent(self, world: World) -> None:
        person, talk = await someone(world)
        early = await says(world, talk, person, "Hello.")
        assert (early.status, early.reason) == ("suppressed", "disclosure")
        first = await says(world, talk, person, "Hello.", text=f"Hello. {FIRST}")
        assert (first.status, first.disclosure) == ("sent", "initial")
        later = await says(world, talk, person, "Hello again.")
        assert (later.status, later.disclosure) == ("sent", None)

    @pytest.mark.parametrize("status", ["failed", "undelivered", "cancelled", "queued"])
    async def test_one_that_never_arrived_told_nobody(self, world: World, status: str) -> None:
        person, talk = await someone(world)
        await introduce(world, talk, person)
        row = await world.one(outbound)
        due = world.clock.now + DAY
        await world.change(outbound, id=row.id, status=status, due_at=due)
        assert (await says(world, talk, person, "Hello.")).reason == "disclosure"

    async def test_a_customer_is_introduced_by_each_client(self, world: World) -> None:
        person, talk = await someone(world)
        await introduce(world, talk, person)
        other = await world.place("C-2", phone="+12125550143")
        row = await says(world, await world.talk(other), other, "Hello.")
        assert row.reason == "disclosure"

    @pytest.mark.parametrize("language", [None, "fr-FR", "zz"])
    async def test_a_language_without_approved_words_sends_nothing(
        self, world: World, language: str | None
    ) -> None:
        person, talk = await someone(world)
        row = await says(world, talk, person, "", text=FIRST, language=language)
        assert row.reason == "disclosure"

    async def test_spanish_is_asked_of_spanish(self, world: World) -> None:
        person, talk = await someone(world)
        assert (
            await says(world, talk, person, "", text=FIRST, language="es-US")
        ).reason == "disclosure"
        spanish = (
            "Hola. Harbor Recovery, cobrador de deudas, trata de cobrar una deuda; los datos que"
            " obtengamos se usan para ese fin. Responda STOP para darse de baja"
        )
        row = await says(world, talk, person, "", text=spanish, language="es-US")
        assert (row.status, row.disclosure) == ("sent", "initial")

    async def test_the_verdict_is_kept_with_what_was_known(self, world: World) -> None:
        person, talk = await someone(world)
        row = await says(world, talk, person, "Hello.")
        assert "disclosure" in row.verdict
        assert decode(row.verdict)["facts"]["party"]["introduced"] is False
        assert CLOSING in row.text
