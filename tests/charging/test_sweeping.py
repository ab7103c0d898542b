"""Payments of which nothing is heard are asked about, less and less often, and not for ever."""

import asyncio

from domain.values import Money
from gateway.clock import SECOND
from gateway.portal.payments import Effect, settle
from payment_links.providers import PaymentState, PaymentStatus
from tests.charging.town import DAY, Town, both_stores

INITIATED, SETTLED, AUTHORISED = (
    PaymentState.INITIATED,
    PaymentState.SETTLED,
    PaymentState.AUTHORISED,
)


async def begun(town: Town, state: PaymentState = INITIATED) -> str:
    await town.settled()
    payment = await town.pays(5_000, INITIATED)
    town.fake.create_known(f"fake-{payment}", Money(5_000, "USD"))
    town.fake.become(f"fake-{payment}", state)
    return payment


async def status(town: Town, payment: str) -> tuple[str, int | None]:
    (row,) = [row for row in await town.rows("payments") if row.id == payment]
    return row.status, row.look_at


@both_stores
async def test_what_was_left_open_is_settled(town: Town) -> None:
    payment = await begun(town, SETTLED)
    await town.sweeper.run()
    assert (await status(town, payment))[0] == "initiated"
    town.clock.forward(121)
    await asyncio.gather(*(town.sweeper.run() for _ in range(4)))
    assert await status(town, payment) == ("settled", None)
    assert await town.kinds("payment.settled") == ["payment.settled"]


async def test_a_page_that_its_provider_has_closed_is_abandoned(town: Town) -> None:
    payment = await begun(town, PaymentState.ABANDONED)
    town.clock.forward(121)
    await town.sweeper.run()
    assert await status(town, payment) == ("abandoned", None)
    assert await town.kinds("payment.abandoned") == ["payment.abandoned"]


async def test_it_is_asked_less_and_less_often(town: Town) -> None:
    payment = await begun(town)
    pauses = []
    for _ in range(8):
        at = (await status(town, payment))[1]
        assert at is not None
        pauses.append((at - town.clock.now) // SECOND)
        town.clock.now = at
        await town.sweeper.run()
    assert pauses == [120, 120, 300, 900, 3600, 10_800, 21_600, 21_600]


async def test_what_nobody_tells_in_a_month_is_a_person_s(town: Town) -> None:
    payment = await begun(town, AUTHORISED)
    for _ in range(140):
        town.clock.forward(DAY / 4)
        await town.sweeper.run()
    assert await status(town, payment) == ("authorised", None)
    asked = [told for _, told in await town.world.told("handoff.requested")]
    assert [(each["reason"], each["payment_id"]) for each in asked] == [("payment_open", payment)]


async def test_a_provider_that_fails_or_is_not_open_is_asked_again(town: Town) -> None:
    payment = await begun(town, SETTLED)
    town.fake.failing = True
    town.clock.forward(121)
    await town.sweeper.run()
    sweeper = town.sweeper
    sweeper.providers = {}
    town.clock.forward(DAY)
    await sweeper.run()
    town.fake.failing = False
    town.clock.forward(DAY)
    await town.sweeper.run()
    assert await status(town, payment) == ("settled", None)


async def test_what_a_notice_has_settled_is_not_asked_about(town: Town) -> None:
    payment = await begun(town)
    await town.says(payment, SETTLED, 5_000)
    assert (await status(town, payment))[1] is None


async def test_a_late_notice_of_a_page_that_was_closed_still_counts(town: Town) -> None:
    payment = await begun(town, PaymentState.ABANDONED)
    town.clock.forward(121)
    await town.sweeper.run()
    await town.says(payment, SETTLED, 5_000)
    assert (await status(town, payment))[0] == "settled"
    await town.says(payment, PaymentState.ABANDONED, 5_000)
    assert (await status(town, payment))[0] == "settled"


async def test_a_notice_by_the_second_name_of_a_payment_finds_it(town: Town) -> None:
    """Money that goes back is told of by the provider's own name of the money alone."""
    payment = await begun(town)
    await town.says(payment, SETTLED, 5_000, money="pi_1")
    back = PaymentStatus(
        "pi_1", PaymentState.REFUNDED, Money(2_000, "USD"), return_id="re_1", money="pi_1"
    )
    stranger = PaymentStatus("pi_2", PaymentState.SETTLED, Money(5_000, "USD"), payment_id="x'y")
    found = await settle(town.store, town.world.directory.client, "fake", [back, back, stranger])
    assert found == [Effect.APPLIED, Effect.KNOWN, Effect.UNKNOWN]
    (row,) = [row for row in await town.rows("payments") if row.id == payment]
    assert row.net_minor == 3_000
