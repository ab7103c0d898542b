"""What became of an experiment's customers, arm by arm."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from dialogs.experiments import HOLDOUT, Arm, Experiment
from gateway.clock import moment
from gateway.sequences.report import MEASURES, Report, report
from gateway.storage import Transaction
from tests.pipeline.world import HARBOR, receipt, text_from
from tests.sequences.scenes import GENTLE, Scenes
from tests.sequences.test_endings import pays

TONE = Experiment("tone", "gentle", {"a": Arm("a", 50), "b": Arm("b", 50)}, holdout=20, horizon=10)


async def made(scenes: Scenes, experiment: Experiment = TONE, days: int = 0) -> Report:
    today = moment(scenes.world.clock.now).date() + timedelta(days)
    work = partial(report, client="harbor", experiment=experiment, today=today)
    found: Report = await scenes.world.store.read(work)
    return found


async def test_everybody_who_was_assigned_counts(scenes: Scenes) -> None:
    await scenes.use(GENTLE, experiments=[TONE])
    people = [await scenes.world.place(f"C-{n}", HARBOR, f"+1212555{n:04}") for n in range(60)]
    await scenes.begin(*people)
    await scenes.step()
    phones = {message.address: message.attempt_id for message in scenes.provider.sent}
    reached = [person for person in people if person.phone in phones]
    held_out = [person for person in people if person.phone not in phones]
    await scenes.world.deliver(*(receipt(f"id-{phones[p.phone]}") for p in reached[:20]))
    scenes.world.clock.forward(60)
    await scenes.world.receive(*(text_from(person.phone) for person in reached[:7]))
    await scenes.world.receive(text_from(reached[0].phone), text_from(reached[9].phone, "STOP"))
    await pays(scenes, reached[3])
    await pays(scenes, held_out[0])
    found = await made(scenes)
    arms = {row.arm: row.counts for row in found.arms}
    assert list(arms) == ["a", "b", HOLDOUT]
    total = {name: sum(counts[name] for counts in arms.values()) for name in MEASURES}
    assert total == {
        "assigned": 60,
        "sent": len(reached),
        "delivered": 20,
        "replied": 8,
        "promised": 0,
        "paid": 2,
        "opted_out": 1,
    }
    assert arms[HOLDOUT]["assigned"] == len(held_out) > 0
    assert (arms[HOLDOUT]["sent"], arms[HOLDOUT]["paid"]) == (0, 1)
    assert not found.suspicious
    assert not found.over


async def test_other_clients_and_experiments_do_not_count(scenes: Scenes) -> None:
    await scenes.use(GENTLE, experiments=[TONE])
    await scenes.begin(await scenes.person())
    assert {row.counts["assigned"] for row in (await made(scenes)).arms} == {0, 1}

    async def work(tx: Transaction) -> Report:
        return await report(tx, "meridian", TONE, date(2026, 11, 24))

    theirs: Report = await scenes.world.store.read(work)
    assert {count for row in theirs.arms for count in row.counts.values()} == {0}
    another = await made(scenes, replace(TONE, name="timing"))
    assert {row.counts["assigned"] for row in another.arms} == {0}


async def test_wrong_shares_are_told_and_arms_that_are_gone_stay(scenes: Scenes) -> None:
    await scenes.use(GENTLE, experiments=[TONE])
    people = [await scenes.world.place(f"C-{n}", HARBOR, f"+1212555{n:04}") for n in range(60)]
    await scenes.begin(*people)
    arms = {"a": Arm("a", 1), "c": Arm("c", 99)}
    found = await made(scenes, replace(TONE, arms=arms))
    assert found.suspicious
    assert [row.arm for row in found.arms] == ["a", "c", HOLDOUT, "b"]


async def test_the_end(scenes: Scenes) -> None:
    await scenes.use(GENTLE, experiments=[TONE])
    assert (await made(scenes)).over_since is None
    await scenes.begin(await scenes.person())
    assert (await made(scenes)).over_since == date(2026, 12, 4)
    assert not (await made(scenes, days=9)).over
    assert (await made(scenes, days=10)).over
    assert (await made(scenes, replace(TONE, horizon=None, until=date(2026, 1, 1)))).over
