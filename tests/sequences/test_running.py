"""Sequences as days go by: started in bulk, step after step, each of them once."""

from collections import Counter
from dataclasses import replace
from datetime import date, time
from itertools import pairwise

import pytest

from dialogs.experiments import HOLDOUT, Arm, Change, Experiment, assigned
from dialogs.sequences import Schedule, Start, Step, Wait
from domain.conditions import parse
from domain.options import NAMES
from gateway.clock import moment
from gateway.ids import new_id
from gateway.sequences.starting import mark
from gateway.storage import encode
from gateway.storage.tables import (
    accounts,
    addresses,
    conversations,
    inbox,
    outbound,
    sequence_runs,
    sequence_starts,
)
from tests.pipeline.world import HARBOR
from tests.sequences.scenes import DAY, GENTLE, HOUR, SENDS, Scenes


async def test_a_placement_starts_it_and_days_bring_the_steps(scenes: Scenes) -> None:
    person = await scenes.person()
    await scenes.placed(person)
    await scenes.step()
    assert await scenes.said() == ["utter_reminder"]
    await scenes.days(9)
    assert await scenes.said() == list(SENDS)
    run = await scenes.run()
    assert (run.state, run.step, run.reason) == ("finished", 3, None)
    sent = [row for row in await scenes.world.rows(outbound) if row.sent_at]
    assert [row.channel for row in sent] == ["sms", "email", "sms"]
    assert {row.run_id for row in sent} == {run.id}
    local = [moment(row.sent_at) for row in sent]
    assert [(at.day, at.hour) for at in local] == [(24, 18), (27, 15), (1, 19)]
    told = await scenes.world.told("sequence.started", "sequence.finished")
    assert [kind for kind, _ in told] == ["sequence.started", "sequence.finished"]
    assert await scenes.world.rows(sequence_starts) == []


async def test_only_who_meets_it_enters(scenes: Scenes) -> None:
    rich = replace(GENTLE, condition=parse("context.account.balance > 500", NAMES))
    await scenes.use(rich)
    await scenes.person("C-1")
    people = [
        await scenes.person("C-2", "+12125550143", balance_minor=60_000),
        await scenes.person("C-3", "+12125550144", balance_minor=70_000, paid_minor=70_000),
        await scenes.person("C-4", "+12125550145", balance_minor=60_000),
        await scenes.person("C-5", "+12125550146", balance_minor=60_000),
    ]
    await scenes.hold(people[2])
    await scenes.hand_off(people[3])
    results = await scenes.begin(*people)
    assert {each.ref: each.result for each in results} == {
        "A-C-2": "started",
        "A-C-3": "payment",
        "A-C-4": "hold",
        "A-C-5": "handoff",
    }


async def test_the_client_has_a_condition_of_its_own(scenes: Scenes) -> None:
    await scenes.use(
        GENTLE, sequences=[{"name": "gentle", "when": "context.account.balance > 500"}]
    )
    person = await scenes.person()
    assert [each.result for each in await scenes.begin(person)] == ["when"]


async def test_one_runs_at_a_time_and_does_not_come_again(scenes: Scenes) -> None:
    person = await scenes.person()
    assert (await scenes.begin(person))[0].result == "started"
    assert (await scenes.begin(person))[0].result == "running"
    assert (await scenes.begin(person, again=True))[0].result == "running"
    await scenes.days(9, hours=2)
    assert (await scenes.begin(person))[0].result == "ran_before"
    assert (await scenes.begin(person, again=True, dry=True))[0].result == "started"
    assert len(await scenes.world.rows(sequence_runs)) == 1
    await scenes.use(replace(GENTLE, again=2))
    assert (await scenes.begin(person))[0].result == "ran_before"
    scenes.world.clock.forward(2 * DAY)
    assert (await scenes.begin(person))[0].result == "started"
    states = Counter(row.state for row in await scenes.world.rows(sequence_runs))
    assert states == {"finished": 1, "running": 1}


async def test_a_marker_of_many_is_worked_off_in_chunks(scenes: Scenes) -> None:
    people = [await scenes.world.place(f"C-{n}", HARBOR, f"+1212555{n:04}") for n in range(450)]
    await scenes.placed(*people)
    looks = 0
    while await scenes.loop.run():
        looks += 1
    runs = await scenes.world.rows(sequence_runs)
    assert {run.account_id for run in runs} == {person.account for person in people}
    assert looks >= 3
    assert await scenes.world.rows(sequence_starts) == []


async def test_an_update_starts_what_starts_by_updates(scenes: Scenes) -> None:
    later = replace(GENTLE, name="later", start=frozenset({Start.UPDATE}))
    await scenes.use(GENTLE, later)
    new, old = await scenes.person("C-1"), await scenes.person("C-2", "+12125550143")
    await scenes.world.store.transact(
        "mark", lambda tx: mark(tx, scenes.config, [new.account], [old.account])
    )
    await scenes.step()
    runs = await scenes.world.rows(sequence_runs)
    assert {(run.account_id, run.sequence, run.started_by) for run in runs} == {
        (new.account, "gentle", "placement"),
        (old.account, "later", "update"),
    }


async def test_a_client_without_sequences_marks_nothing(scenes: Scenes) -> None:
    person = await scenes.person()
    await scenes.world.store.transact("mark", lambda tx: mark(tx, HARBOR, [person.account], []))
    assert await scenes.world.rows(sequence_starts) == []


async def test_a_schedule_comes_once_a_day_where_the_customer_lives(scenes: Scenes) -> None:
    daily = replace(
        GENTLE,
        steps=GENTLE.steps[:1],
        start=frozenset({Start.SCHEDULE}),
        schedule=Schedule(time(14), frozenset({1, 2})),  # Tuesdays and Wednesdays
    )
    await scenes.use(daily)
    east = await scenes.person("C-1")
    west = await scenes.person("C-2", "+13105550142", timezone="America/Los_Angeles")
    default = await scenes.person("C-3", "+12125550144", timezone=None)
    await scenes.step()  # 13:00 on a Tuesday in New York
    assert await scenes.world.rows(sequence_runs) == []
    scenes.world.clock.forward(HOUR)
    await scenes.step()
    first = {run.account_id for run in await scenes.world.rows(sequence_runs)}
    assert first == {east.account, default.account}
    scenes.world.clock.forward(3 * HOUR)
    await scenes.step()
    runs = await scenes.world.rows(sequence_runs)
    assert {run.account_id for run in runs} == {east.account, west.account, default.account}
    await scenes.days(4, hours=2)
    assert len(await scenes.world.rows(sequence_runs)) == 3
    markers = await scenes.world.rows(sequence_starts)
    assert Counter(row.zone for row in markers) == {
        "America/New_York": 1,
        "America/Los_Angeles": 1,
    }
    assert {row.day for row in markers} == {"2026-11-25"}


async def test_steps_are_skipped_and_told(scenes: Scenes) -> None:
    never = parse('context.account.segment = "x"', NAMES)
    first, second, third = GENTLE.steps
    await scenes.use(replace(GENTLE, steps=(first, replace(second, condition=never), third)))
    person = await scenes.person()
    await scenes.begin(person)
    await scenes.days(9, hours=2)
    assert await scenes.said() == [SENDS[0], SENDS[2]]
    (told,) = await scenes.world.told("sequence.step_skipped")
    assert (told[1]["step"], told[1]["reason"]) == ("second", "condition")


async def test_the_fallback_stands_in(scenes: Scenes) -> None:
    person = await scenes.person()
    key = {"client": "harbor", "channel": "sms", "address": person.phone}
    gone = {**key, "invalid_at": 1}
    await scenes.world.store.transact(
        "gone", lambda tx: tx.update(addresses, [gone], key=("client", "channel", "address"))
    )
    await scenes.begin(person)
    await scenes.days(9, hours=2)
    assert [row.channel for row in await scenes.world.rows(outbound)] == ["email"] * 3


async def test_no_step_follows_while_the_one_before_waits_to_be_sent(scenes: Scenes) -> None:
    """A message is put off to the next day; time jumps far ahead: still one after another."""
    person = await scenes.person()
    scenes.world.clock.forward(10 * HOUR)  # 23:00: nobody is written to
    await scenes.begin(person)
    await scenes.step()
    assert await scenes.said() == []
    scenes.world.clock.forward(20 * DAY)
    await scenes.loop.run()
    assert len(await scenes.world.rows(inbox, kind="campaign")) == 1
    await scenes.days(12, hours=2)
    assert await scenes.said() == list(SENDS)
    sent = [row.sent_at for row in await scenes.world.rows(outbound)]
    assert all(b - a > 2 * DAY * 1_000_000 for a, b in pairwise(sent))


async def test_a_clock_that_jumps(scenes: Scenes) -> None:
    person = await scenes.person()
    await scenes.begin(person)
    await scenes.step()
    scenes.world.clock.forward(40 * DAY)
    await scenes.step()
    scenes.world.clock.forward(-39 * DAY)
    await scenes.days(2, hours=2)
    assert await scenes.said() == list(SENDS[:2])
    await scenes.days(60, hours=6)
    assert await scenes.said() == list(SENDS)


async def test_the_conversation_is_about_the_runs_account(scenes: Scenes) -> None:
    person = await scenes.person()
    second = new_id()
    at = scenes.world.clock.now
    row = {
        "id": second,
        "client": "harbor",
        "customer_id": person.id,
        "ref": "A-second",
        "balance_minor": 5_000,
        "currency": "USD",
        "created_at": at,
        "updated_at": at,
    }
    await scenes.world.add(accounts, row)
    await scenes.begin(replace(person, account=second))
    await scenes.step()
    assert (await scenes.world.one(outbound)).account_id == second
    assert (await scenes.world.one(conversations)).account_id == second


async def test_a_sequence_that_is_gone_stops(scenes: Scenes) -> None:
    person = await scenes.person()
    await scenes.begin(person)
    await scenes.use(replace(GENTLE, name="other"))
    await scenes.step()
    run = await scenes.run()
    assert (run.state, run.reason) == ("stopped", "withdrawn")
    assert await scenes.said() == []


PATIENT = Experiment(
    "tone",
    "gentle",
    {
        "usual": Arm("usual", 50),
        "patient": Arm("patient", 50, {"second": Change("last_reminder", (5, 0))}),
    },
    holdout=20,
    horizon=30,
)


async def test_an_experiment_assigns_holds_out_and_ends(scenes: Scenes) -> None:
    await scenes.use(GENTLE, experiments=[PATIENT])
    people = [await scenes.world.place(f"C-{n}", HARBOR, f"+1212555{n:04}") for n in range(60)]
    results = await scenes.begin(*people)
    runs = {run.customer_id: run for run in await scenes.world.rows(sequence_runs)}
    for person in people:
        run = runs[person.id]
        assert run.arm == assigned(PATIENT, person.id)
        assert run.state == ("finished" if run.arm == HOLDOUT else "running")
    assert set(Counter(run.arm for run in runs.values())) == {"usual", "patient", HOLDOUT}
    assert Counter(each.result for each in results)[HOLDOUT] == sum(
        run.arm == HOLDOUT for run in runs.values()
    )
    assert len(await scenes.world.told("experiment.assigned")) == 60
    await scenes.days(4, hours=4)
    arms = {run.id: run.arm for run in runs.values()}
    seen = {(arms[row.run_id], row.response) for row in await scenes.world.rows(outbound)}
    assert seen == {
        ("usual", SENDS[0]),
        ("patient", SENDS[0]),
        ("usual", SENDS[1]),
    }
    scenes.world.clock.forward(30 * DAY)
    late = await scenes.person("C-late", "+12125559999")
    await scenes.begin(late)
    (run,) = await scenes.world.rows(sequence_runs, customer_id=late.id)
    assert (run.experiment, run.arm, run.state) == (None, None, "running")


async def test_an_arm_stays_although_the_weights_change(scenes: Scenes) -> None:
    await scenes.use(replace(GENTLE, again=1), experiments=[PATIENT])
    people = [await scenes.world.place(f"C-{n}", HARBOR, f"+1212555{n:04}") for n in range(30)]
    await scenes.begin(*people)
    before = {run.customer_id: run.arm for run in await scenes.world.rows(sequence_runs)}
    turned = replace(PATIENT, arms={name: replace(arm, weight=100 * (name == "usual"))
                                    for name, arm in PATIENT.arms.items()}, holdout=0)  # fmt: skip
    await scenes.days(14, hours=4)
    await scenes.use(replace(GENTLE, again=1), experiments=[turned])
    await scenes.begin(*people)
    after = await scenes.world.rows(sequence_runs)
    assert len(after) == 60
    assert {(run.customer_id, run.arm) for run in after} == set(before.items())
    assert len(await scenes.world.told("experiment.assigned")) == 30


async def test_a_step_of_another_kind_of_campaign_is_left_alone(scenes: Scenes) -> None:
    """Outreach that belongs to no run goes on as before."""
    person = await scenes.person()
    talk = await scenes.world.talk(person)
    payload = encode({"channel": "sms", "flow": "reminder"})
    await scenes.world.event(talk, "campaign", payload)
    await scenes.step()
    assert (await scenes.world.one(outbound)).run_id is None


@pytest.mark.parametrize("day", [date(2026, 10, 31), date(2027, 3, 13)])
async def test_a_change_of_the_clock_moves_no_step(scenes: Scenes, day: date) -> None:
    """10:00 stays 10:00 where the customer lives."""
    steps = (Step("a", "reminder"), Step("b", "reminder_again", Wait(1), time(10)))
    await scenes.use(replace(GENTLE, steps=steps))
    start = 1_793_466_000 if day.month == 10 else 1_804_960_800  # 13:00 in New York
    scenes.world.clock.now = start * 1_000_000
    person = await scenes.person()
    await scenes.begin(person)
    await scenes.days(2)
    last = (await scenes.world.rows(outbound))[-1]
    assert moment(last.sent_at).hour == (15 if day.month == 10 else 14)
