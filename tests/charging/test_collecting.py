"""Instalments are taken when they are due: once, and never when they may not be."""

import asyncio
from typing import Any

import pytest

from domain.values import Money
from gateway.charging import mandates
from gateway.charging.asking import _CLAIM, KEY_LIFE
from gateway.clock import SECOND
from gateway.holds.ending import end_rows
from gateway.ledger.reports import Report, report
from gateway.storage.tables import accounts
from payment_links.providers import PaymentState, ProviderFailed, Unanswered
from tests.charging.town import CHARGING, DAY, LEASE, Town, both_stores
from tests.pipeline.world import HARBOR, client, text_from

DECLINED, SETTLED, AUTHORISED = (
    PaymentState.DECLINED,
    PaymentState.SETTLED,
    PaymentState.AUTHORISED,
)


@both_stores
async def test_a_plan_is_taken_to_its_end(town: Town) -> None:
    await town.settled()
    for _ in range(4):
        await town.goes_on(28)
        await town.world.hear(text_from())  # consent to texts counts for 60 days
    assert await town.taken() == [10_000] * 4
    assert len(town.fake.charges) == 4
    kinds = await town.kinds()
    assert kinds.count("plan.instalment_paid") == 4
    assert "plan.instalment_missed" not in kinds
    assert kinds.count("plan.completed") == 1
    assert [row.reason for row in await town.rows("dues")] == ["paid"] * 4
    assert len(town.world.provider.sent) == 4  # announcements


async def test_it_is_announced_three_days_before_and_taken_in_hours(town: Town) -> None:
    await town.settled()
    await town.goes_on(3.75, step=0.75)  # the morning of 28 November, before nine
    assert town.talk.moved == []
    await town.goes_on(0.25, step=0.25)
    assert [step for step, _ in town.talk.moved] == ["charge"]
    await town.goes_on(2.5, step=0.5)  # one in the night of 1 December
    assert town.fake.charges == []
    await town.goes_on(0.5, step=0.5)
    assert [charge.amount for charge in town.fake.charges] == [Money(10_000, "USD")]
    at = (await town.rows("charges"))[0]
    assert at.day == "2026-12-01"
    ((_, begun),) = [
        each for each in await town.world.told("payment.initiated") if each[1].get("automatic")
    ]
    assert (begun["plan_id"], begun["number"]) == (town.plan, 1)


async def test_less_is_taken_where_less_is_owed(town: Town) -> None:
    await town.settled()
    await town.pays(4_000)
    await town.until_due()
    assert await town.taken() == [6_000]


async def test_nothing_is_taken_where_all_is_paid(town: Town) -> None:
    await town.settled()
    await town.pays(40_000)
    await town.goes_on(110)
    assert town.fake.charges == []


async def test_a_host_s_lower_balance_bounds_it(town: Town) -> None:
    await town.settled()
    changed = {"id": town.person.account, "balance_minor": 3_000}
    await town.act(lambda tx: tx.update(accounts, [changed]))
    await town.until_due()
    assert [charge.amount.minor for charge in town.fake.charges] == [3_000]


async def test_whoever_is_just_paying_is_not_charged_meanwhile(town: Town) -> None:
    await town.settled()
    await town.goes_on(6)
    town.clock.forward(0.99 * DAY)
    payment = await town.pays(10_000, PaymentState.INITIATED)
    await town.goes_on(0.01, step=0.01)
    assert town.fake.charges == []
    assert (await town.due()).reason == "paying"
    await town.says(payment, SETTLED, 10_000)
    await town.goes_on(1)
    assert town.fake.charges == []


@both_stores
@pytest.mark.parametrize(
    ("kind", "account"),
    [("dispute", True), ("bankruptcy", False), ("breathing_space", False), ("odd", True)],
)
async def test_nothing_is_taken_while_a_hold_stands(town: Town, kind: str, account: bool) -> None:
    await town.settled()
    await town.goes_on(6)
    await town.holds(kind, account=account)
    await town.goes_on(4)
    assert town.fake.charges == []
    assert (await town.due()).reason == "held"


async def test_it_is_taken_when_the_hold_has_ended(town: Town) -> None:
    await town.settled()
    await town.goes_on(6)
    await town.holds()
    await town.goes_on(3)
    rows = await town.rows("holds")
    await town.act(lambda tx: end_rows(tx, rows, "resolved"))
    await town.goes_on(2)
    assert await town.taken() == [10_000]


@both_stores
async def test_a_decline_is_tried_again_by_rule_and_told(town: Town) -> None:
    await town.settled()
    town.fake.answers = [(DECLINED, "insufficient_funds", False)] * 3
    await town.goes_on(20)
    days = [row.day for row in await town.rows("charges")]
    assert days == ["2026-12-01", "2026-12-02", "2026-12-05"]
    assert (await town.due()).reason == "tries_over"
    assert [step for step, _ in town.talk.moved].count("charge_failed") == 3
    ((_, stopped),) = await town.world.told("plan.charge_stopped")
    assert (stopped["number"], stopped["reason"]) == (1, "tries_over")
    assert "plan.instalment_missed" in await town.kinds()
    assert await town.kinds("payment.declined") == ["payment.declined"] * 3
    assert town.talk.moved[-1][0] != "charge"  # the plan of the next month is not due yet


async def test_a_try_that_succeeds_in_the_end_is_taken_once(town: Town) -> None:
    await town.settled()
    town.fake.answers = [(DECLINED, "insufficient_funds", False)]
    await town.goes_on(20)
    assert await town.taken() == [10_000]
    assert len(town.fake.charges) == 2


@pytest.mark.parametrize("reason", ["lost_card", "method_removed"])
async def test_a_hard_decline_ends_it(town: Town, reason: str) -> None:
    await town.settled()
    town.fake.answers = [(DECLINED, reason, True)]
    await town.goes_on(60)
    assert len(town.fake.charges) == 1
    ((_, ended),) = await town.world.told("plan.mandate_ended")
    assert ended["reason"] == "declined_for_good"


async def test_whom_the_bank_asks_for_is_asked_by_link_and_not_charged_again(town: Town) -> None:
    await town.settled()
    town.fake.answers = [(DECLINED, "authentication_required", False)]
    await town.goes_on(20)
    assert len(town.fake.charges) == 1
    assert (await town.due()).reason == "customer_asked"
    assert [step for step, _ in town.talk.moved].count("charge_failed") == 1
    await town.goes_on(40)
    assert len(town.fake.charges) == 2  # the next month's, once, though it pays the first one


async def test_consent_that_is_too_old_leaves_it_to_a_person(town: Town) -> None:
    await town.settled()
    await town.goes_on(80)
    reasons = [row.reason for row in await town.rows("dues")]
    assert reasons == ["paid", "paid", "unannounced", "not_due"]


async def test_one_whose_announcement_is_refused_is_left_to_a_person(town: Town) -> None:
    await town.settled()
    town.talk.quiet = True
    await town.until_due()
    assert town.fake.charges == []
    assert (await town.due()).reason == "unannounced"
    asked = [told for _, told in await town.world.told("handoff.requested")]
    assert [(each["reason"], each["stopped"]) for each in asked] == [
        ("charge_stopped", "unannounced")
    ]


async def test_a_client_may_want_it_charged_all_the_same(town: Town) -> None:
    await town.settled(unannounced="charge")
    town.talk.quiet = True
    await town.until_due()
    assert await town.taken() == [10_000]


async def test_an_announcement_that_waits_is_waited_for(town: Town) -> None:
    await town.settled()
    town.world.provider.script.clear()
    await town.goes_on(3)
    town.clock.forward(DAY)
    for _ in range(2):  # the plan is looked at, and then the announcement is worded
        await town.world.turn()
    assert [row.status for row in await town.rows("outbound")] == ["queued"]
    town.clock.forward(3 * DAY)
    await town.collector.run()
    assert (await town.due()).reason == "announcing"
    await town.world.send()
    await town.goes_on(0.15, step=0.05)
    assert town.fake.charges == []  # it was told of today
    await town.goes_on(1)
    assert await town.taken() == [10_000]


async def test_what_was_agreed_the_day_before_needs_no_announcement(town: Town) -> None:
    await town.settled(agree=False)
    await town.goes_on(6)
    await town.agree()
    town.talk.quiet = True
    await town.goes_on(1)
    assert await town.taken() == [10_000]


async def test_money_that_is_on_its_way_is_waited_for(town: Town) -> None:
    await town.settled()
    town.fake.answers = [(AUTHORISED, None, False)]
    await town.until_due()
    await town.goes_on(5)
    assert len(town.fake.charges) == 1
    (charge,) = town.fake.charges
    town.fake.become(f"fake-{charge.id}", SETTLED)
    for _ in range(3):
        town.clock.forward(6 * 3600)
        await town.sweeper.run()
        await town.work()
    assert await town.taken() == [10_000]
    assert len(town.fake.charges) == 1


async def test_money_that_was_charged_back_is_not_taken_again(town: Town) -> None:
    await town.settled()
    await town.until_due()
    (charge,) = town.fake.charges
    await town.says(charge.id, PaymentState.CHARGED_BACK, 10_000, return_id="dp_1")
    await town.goes_on(20)
    assert len(town.fake.charges) == 1


# whoever asks may lose the answer, or his life


async def test_a_lost_answer_is_looked_for_and_never_asked_for_anew(town: Town) -> None:
    await town.settled()
    town.fake.silent = True
    await town.until_due()
    assert len(town.fake.charges) == 1
    await town.goes_on(0.1, step=0.05)
    assert await town.taken() == [10_000]
    assert len(town.fake.charges) == 1


async def test_one_that_is_under_way_is_not_answered_yet(town: Town) -> None:
    await town.settled()
    town.fake.answers = [(PaymentState.INITIATED, None, False)]
    await town.until_due()
    (row,) = await town.rows("charges")
    assert row.state == "asking"
    town.fake.become(f"fake-{row.id}", SETTLED)
    await town.goes_on(0.1, step=0.05)
    assert await town.taken() == [10_000]
    assert len(town.fake.charges) == 1


@both_stores
async def test_a_notice_that_is_first_settles_it(town: Town) -> None:
    await town.settled()
    town.fake.silent = True
    await town.until_due()
    (charge,) = town.fake.charges
    for _ in range(3):
        await town.says(charge.id, SETTLED, 10_000)
    assert await town.taken() == [10_000]
    await town.goes_on(1)
    (row,) = await town.rows("charges")
    assert (row.state, len(town.fake.charges)) == ("answered", 1)
    (payment,) = [row for row in await town.rows("payments") if row.id == charge.id]
    assert (payment.reference, payment.look_at) == (f"fake-{charge.id}", None)
    assert (await town.kinds("payment.settled")) == ["payment.settled"]


async def test_a_provider_that_is_out_of_reach_for_a_day_takes_it_later(town: Town) -> None:
    await town.settled()
    fails = Failing(town, Unanswered("nobody there"))
    fails.begin()
    await town.until_due()
    assert town.fake.charges == []
    fails.end()
    await town.goes_on(1)
    assert await town.taken() == [10_000]


async def test_a_refusal_is_no_decline_and_is_left_to_a_person_in_the_end(town: Town) -> None:
    await town.settled()
    Failing(town, ProviderFailed("the key is wrong")).begin()
    await town.goes_on(12)
    assert (await town.due()).reason == "refused"
    assert await town.kinds("payment.declined") == []
    assert [step for step, _ in town.talk.moved].count("charge_failed") == 0
    assert "handoff.requested" in await town.kinds()


class Failing:
    """A provider whose charges fail in one way, while it is told to."""

    def __init__(self, town: Town, error: Exception) -> None:
        self.fake, self.error = town.fake, error
        self.charge = town.fake.charge

    def begin(self) -> None:
        async def fail(_: Any) -> Any:
            raise self.error

        self.fake.charge = fail  # type: ignore[method-assign]

    def end(self) -> None:
        self.fake.charge = self.charge  # type: ignore[method-assign]


async def recorded(town: Town) -> None:
    """A charge is on record, and whoever wanted to ask for it has died."""
    await town.settled()
    await town.goes_on(6)
    town.clock.forward(DAY)
    await town.collector.run()
    assert [row.state for row in await town.rows("charges")] == ["asking"]
    assert town.fake.charges == []


@both_stores
async def test_another_process_asks_for_what_was_recorded(town: Town) -> None:
    await recorded(town)
    town.clock.forward(5)
    await town.asker.run()
    assert await town.taken() == [10_000]


@both_stores
async def test_a_claim_of_the_dead_is_another_s_after_its_lease(town: Town) -> None:
    await recorded(town)
    until = town.clock.now + int(LEASE * SECOND)
    await town.act(lambda tx: tx.fetch(_CLAIM, now=tx.now, until=until, limit=5))
    await town.asker.run()
    assert town.fake.charges == []
    town.clock.forward(LEASE)
    await asyncio.gather(*(town.asker.run() for _ in range(3)))
    assert await town.taken() == [10_000]
    assert len(town.fake.charges) == 1


@both_stores
@pytest.mark.parametrize("asked", [False, True])
async def test_what_was_not_asked_for_in_time_is_thought_over(town: Town, asked: bool) -> None:
    """A hold began while everything stood still: it is not asked for."""
    await recorded(town)
    if asked:
        until = town.clock.now + int(LEASE * SECOND)
        await town.act(lambda tx: tx.fetch(_CLAIM, now=tx.now, until=until, limit=5))
    await town.holds()
    town.clock.forward(3600)
    await town.asker.run()
    assert town.fake.charges == []
    (row,) = await town.rows("charges")
    assert row.state == ("asking" if asked else "dropped")
    town.clock.forward(KEY_LIFE // SECOND)
    await town.asker.run()
    (row,) = await town.rows("charges")
    assert (row.state, town.fake.charges) == ("dropped", [])


async def test_what_was_paid_meanwhile_is_not_asked_for(town: Town) -> None:
    await recorded(town)
    given = Report("CHQ-1", Money(10_000, "USD"))
    await town.act(lambda tx: report(tx, town.config, "A-C-1", given))
    town.clock.forward(3600)
    await town.goes_on(1)
    assert town.fake.charges == []
    assert (await town.due()).reason == "paid"


@both_stores
async def test_many_processes_at_once_take_it_once(town: Town) -> None:
    await town.settled()
    await town.goes_on(6)
    town.clock.forward(DAY)

    async def process() -> None:
        for _ in range(3):
            await town.collector.run()
            await town.asker.run()

    await asyncio.gather(*(process() for _ in range(8)))
    assert len(town.fake.charges) == 1
    assert await town.taken() == [10_000]


async def test_a_mandate_that_ends_while_it_is_asked_for_changes_nothing_of_it(town: Town) -> None:
    await recorded(town)
    await town.act(lambda tx: mandates.withdraw(tx, town.owner, town.plan))
    await town.asker.run()
    await town.goes_on(40)
    assert await town.taken() == [10_000]
    assert len(town.fake.charges) == 1


async def test_a_client_that_gives_it_up_takes_nothing_more(town: Town) -> None:
    await town.settled()
    town.world.restrict(client("harbor", HARBOR.senders[0].address, plan={"most": 12}))
    await town.goes_on(12)
    assert town.fake.charges == []
    ((_, ended),) = await town.world.told("plan.mandate_ended")
    assert ended["reason"] == "mandate_ended"
    assert {row.state for row in await town.rows("dues")} == {"ended"}


async def test_a_client_that_goes_to_another_provider_takes_nothing_there(town: Town) -> None:
    await town.settled()
    parts = {"provider": "stripe", "charging": CHARGING}
    more = {"plan": {"most": 12}, "payments": parts}
    town.world.restrict(client("harbor", HARBOR.senders[0].address, **more))
    await town.goes_on(12)
    assert town.fake.charges == []
    assert [row.ended_as for row in await town.rows("mandates")] == ["mandate_ended"]
