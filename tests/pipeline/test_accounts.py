"""Two clients with an account each, through one gateway: neither reaches what is the other's."""

from collections.abc import Sequence

import pytest

from domain.messages import Status
from gateway.pipeline.arriving import UnknownSender
from gateway.storage.tables import attempts, inbound, outbound, receipts
from tests.pipeline.world import HARBOR, MERIDIAN, VIA, World, client, receipt, sender, text_from

OTHER = "phone.other"
APART = client(
    "meridian",
    MERIDIAN.senders[0].address,
    senders=[sender(MERIDIAN.senders[0].address, via=OTHER)],
)


@pytest.fixture
def apart(world: World) -> World:
    """Meridian's number is in an account of its own."""
    world.restrict(APART)
    return world


async def test_the_same_id_of_two_accounts_is_two_messages(apart: World) -> None:
    await apart.receive(text_from(provider_id="same"))
    await apart.receive(text_from(provider_id="same", to=APART), via=OTHER)
    await apart.receive(text_from(provider_id="same", to=APART), via=OTHER)
    rows = await apart.rows(inbound)
    assert {(row.client, row.via) for row in rows} == {("harbor", VIA), ("meridian", OTHER)}
    assert len(rows) == 2


@pytest.mark.parametrize(
    ("to", "via"), [(HARBOR, OTHER), (APART, VIA), (APART, "phone.third"), (HARBOR, "")]
)
async def test_an_account_brings_nothing_for_anothers_number(
    apart: World, to: object, via: str
) -> None:
    with pytest.raises(UnknownSender):
        await apart.receive(text_from(to=to), via=via)  # type: ignore[arg-type]
    assert await apart.rows(inbound) == []


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.FAILED])
@pytest.mark.parametrize("named", [True, False], ids=["by_attempt", "by_provider_id"])
async def test_an_account_says_nothing_of_anothers_message(
    apart: World, status: Status, named: bool
) -> None:
    """Not even whoever can sign for the one account, and has seen ids of the other."""
    person = await apart.place()
    await apart.queue(await apart.talk(person), person)
    await apart.send()
    (attempt,) = await apart.rows(attempts)
    forged = receipt(attempt.provider_id, status, attempt_id=attempt.id if named else None)
    await apart.deliver(forged, via=OTHER)
    assert (await apart.one(outbound)).status == "sent"
    assert (await apart.one(receipts)).matched_at is None
    await apart.deliver(receipt(attempt.provider_id, status, attempt_id=attempt.id))
    assert (await apart.one(outbound)).status == status


async def test_what_went_by_one_account_is_looked_up_there(apart: World) -> None:
    """Though the number has moved to another since."""
    person = await apart.place()
    await apart.queue(await apart.talk(person), person)
    await apart.send()
    moved: Sequence[object] = [HARBOR.senders[0].model_copy(update={"via": OTHER})]
    apart.restrict(HARBOR.model_copy(update={"senders": moved}))
    (attempt,) = await apart.rows(attempts)
    await apart.deliver(receipt(attempt.provider_id))
    assert (attempt.via, (await apart.one(outbound)).status) == (VIA, "delivered")
