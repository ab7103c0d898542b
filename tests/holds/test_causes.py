"""What starts and ends holds besides people: files, balances, promises, what customers write."""

from datetime import date
from itertools import count
from typing import Any

import pytest

from domain.commands import Hold, HoldScope
from domain.values import Money
from gateway.batch.placement import load_placement
from gateway.clock import moment
from gateway.holds.ending import end_expired
from gateway.ids import new_id
from gateway.ledger.reports import Report, report
from gateway.pipeline.dialogue import Dialogues
from gateway.storage import encode
from gateway.storage.tables import accounts, customers, holds, outbound, promises
from tests.batch.files import file, record
from tests.pipeline.world import CLIENTS, HARBOR, Person, Scripted, World, client, meant, text_from

NUMBERS = count(1)


async def place(world: World, *records: dict[str, Any]) -> Any:
    number = next(NUMBERS)
    data = file(*records, client_id="harbor", file_id=f"f{number}", sequence_no=number)
    made = await load_placement(world.store, CLIENTS.__getitem__, data)
    assert made.status == "accepted", made.errors
    return made


def flagged(**flags: Any) -> dict[str, Any]:
    return record(1, flags=flags)


async def held(world: World) -> list[tuple[str, str, str | None]]:
    rows = await world.rows(holds, ended_at=None)
    return sorted((r.kind, r.scope, r.until and moment(r.until).isoformat()) for r in rows)


class TestFiles:
    async def test_flags_cancel_what_is_queued(self, world: World) -> None:
        await place(world, record(1))
        customer, account = await world.one(customers), await world.one(accounts)
        person = Person("harbor", customer.ref, customer.id, account.id, "+13125550101")
        await world.queue(await world.dialogue(person), person, category="outreach", demand=1)
        await place(world, flagged(attorney=True))
        row = await world.one(outbound)
        assert (row.status, row.reason) == ("cancelled", "hold_attorney")
        ((_, told),) = await world.told("hold.started")
        assert told["kind"] == "attorney"
        assert (await world.one(holds)).started_by == "host"

    async def test_a_kind_has_its_own_end_and_its_own_subject(self, world: World) -> None:
        await place(world, flagged(hold_type="breathing_space"))
        assert await held(world) == [("breathing_space", "customer", "2027-01-24T06:00:00+00:00")]
        await place(world, flagged(hold_type="breathing_space", hold_until="2027-03-01"))
        assert await held(world) == [("breathing_space", "customer", "2027-03-02T06:00:00+00:00")]
        await place(world, flagged(hold_type="breathing_space"))
        assert len(await world.told("hold.started")) == 2

    async def test_an_end_that_is_past_starts_nothing(self, world: World) -> None:
        await place(world, flagged(hold_type="hardship", hold_until="2026-11-01"))
        assert await world.rows(holds) == []

    async def test_a_notice_starts_its_validation_period(self, world: World) -> None:
        """Sent on a Friday: received on 30 November at the latest, Thanksgiving left out."""
        await place(world, flagged(validation_notice_date="2026-11-20"))
        await place(world, flagged(validation_notice_date="2026-11-20"))
        assert await held(world) == [("validation_period", "account", "2026-12-31T06:00:00+00:00")]
        assert len(await world.told("hold.started")) == 1

    async def test_a_notice_of_long_ago_starts_nothing(self, world: World) -> None:
        await place(world, flagged(validation_notice_date="2026-01-05"))
        assert await world.rows(holds) == []

    async def test_an_unknown_kind_is_a_warning_and_stops_everything(self, world: World) -> None:
        made = await place(world, flagged(hold_type="breathingspace"))
        (warning,) = made.warnings
        assert (warning.code.value, warning.pointer) == (
            "unknown_hold",
            "/records/0/flags/hold_type",
        )
        assert "breathing_space" in warning.message
        assert "breathingspace" not in warning.message
        customer, account = await world.one(customers), await world.one(accounts)
        person = Person("harbor", customer.ref, customer.id, account.id, "+13125550101")
        await world.queue(await world.dialogue(person), person)
        await world.send()
        assert (await world.one(outbound)).status == "suppressed"


class TestBalance:
    async def test_what_is_paid_is_held_until_it_is_owed_on_again(self, world: World) -> None:
        await place(world, record(1))
        assert await held(world) == []
        for _ in range(2):
            await place(world, record(1, account__balance="0.00", account__minimum_due=...))
        assert await held(world) == [("paid", "account", None)]
        await place(world, record(1))
        assert await held(world) == []
        row = await world.one(holds)
        assert (row.ended_by, row.end_reason) == ("host", "owing")
        kinds = [kind for kind, _ in await world.told("hold.started", "hold.ended")]
        assert kinds == ["hold.started", "hold.ended"]

    async def test_a_payment_holds_and_its_correction_ends_it(self, world: World) -> None:
        await world.place()

        async def paid(minor: int, day: str) -> None:
            given = Report("R1", Money(minor, "USD"), id=day)
            await world.store.transact("report", lambda tx: report(tx, HARBOR, "A-C-1", given))

        await paid(39_999, "one")
        assert await held(world) == []
        await paid(40_000, "two")
        assert await held(world) == [("paid", "account", None)]
        await paid(100, "three")
        assert await held(world) == []


class TestPromise:
    @pytest.mark.parametrize("rest", [None, 5])
    async def test_a_broken_one_is_followed_by_the_clients_rest(
        self, world: World, rest: int | None
    ) -> None:
        if rest is not None:
            contact = {"holds": {"rest_days": rest, "source": "our own policy"}}
            world.restrict(client("harbor", HARBOR.senders[0].address, contact=contact))
        person = await world.place()
        talk = await world.dialogue(person)
        promise = new_id()
        row = {
            "id": promise, "client": "harbor", "customer_id": person.id,
            "account_id": person.account, "conversation_id": talk, "amount_minor": 5000,
            "currency": "USD", "due_date": "2026-11-20", "state": "pending", "created_at": 1,
            "updated_at": 1,
        }  # fmt: skip
        await world.add(promises, row)
        due = encode({"kind": "promise_due", "version": 1, "subject": promise})
        await world.event(talk, "timer", due)
        await world.turn()
        until = "2026-11-30T05:00:00+00:00"
        assert await held(world) == ([("broken_promise", "account", until)] if rest else [])
        if rest:
            kept = await world.one(holds)
            assert (kept.started_by, kept.reason) == ("system", f"promise {promise} was broken")


class TestConversation:
    """By the shipped dialogs."""

    async def test_it_is_suspended_while_a_hold_lasts(self, world: World) -> None:
        world.dialogues = Dialogues()
        world.reader.known = {"it is not mine": meant("dispute"), "how do I pay": meant("pay_now")}
        await world.place()
        await world.hear(text_from(text="it is not mine"))
        assert await held(world) == [("dispute", "account", None)]
        await world.send()
        await world.hear(text_from(text="how do I pay"))
        said = [(row.response, row.demand) for row in await world.rows(outbound)]
        assert [demand for _, demand in said] == [0, 0]
        assert "utter_pay_link" not in said[-1][0]
        row = await world.one(holds)
        await world.change(holds, id=row.id, until=world.clock.now)
        assert await end_expired(world.store) == 1
        await world.turn()
        assert len(await world.rows(outbound)) == 2, "its end starts nothing"
        await world.hear(text_from(text="how do I pay"))
        last = (await world.rows(outbound))[-1]
        assert ("utter_pay_link" in last.response, last.demand) == (True, 1)

    async def test_what_a_host_has_told_suspends_it_too(self, world: World) -> None:
        world.dialogues = Dialogues()
        world.reader.known = {"how do I pay": meant("pay_now")}
        person = await world.place()
        row = {
            "id": new_id(), "client": "harbor", "scope": "customer", "customer_id": person.id,
            "kind": "insolvency", "started_at": 1, "started_by": "host",
        }  # fmt: skip
        await world.add(holds, row)
        await world.hear(text_from(text="how do I pay"))
        message = await world.one(outbound)
        assert ("utter_handoff" in message.response, message.demand) == (True, 0)
        await world.send()
        assert (await world.one(outbound)).status == "sent"

    async def test_an_advisers_days_are_the_rules(self, world: World) -> None:
        """The dialog names none, or others; asked for again they are as many more."""
        world.dialogues = Scripted(lambda *_: [Hold("debt_adviser", HoldScope.CUSTOMER, days=3)])
        await world.place()
        await world.hear(text_from())
        assert await held(world) == [("debt_adviser", "customer", "2026-12-25T05:00:00+00:00")]
        world.clock.forward(20 * 86_400)
        await world.hear(text_from())
        assert await held(world) == [("debt_adviser", "customer", "2027-01-14T05:00:00+00:00")]
        assert moment((await world.one(holds)).started_at).date() == date(2026, 11, 24)
