"""Plans on the road: agreed in a turn, looked at when it is time or money moves, told of once."""

from collections.abc import Iterable
from datetime import date, timedelta

from domain.business_days import Calendar
from domain.commands import Command, RecordPlan, RecordPromise, SetTimer
from domain.context import Context
from domain.events import Event, PlanMoved, PlanStep, Said
from domain.options import PlanPast
from domain.plan import Asked, Offered, PlanRules, Schedule, propose
from domain.values import Money
from gateway.clock import DAY
from gateway.ids import new_id
from gateway.ledger.reports import Report, report
from gateway.storage.tables import inbox, plans, promises
from tests.pipeline.world import HARBOR, Person, Scripted, World, client, text_from

TODAY = date(2026, 11, 24)  # in New York, one in the afternoon
PLAN = {"most": 12}
STEPS = (
    "plan.accepted", "plan.instalment_due", "plan.instalment_paid", "plan.instalment_missed",
    "plan.defaulted", "plan.completed",
)  # fmt: skip


def schedule(count: int = 4) -> Schedule:
    """400.00 in 4 months: 100.00 on 1 December, 4 January, 1 February and 1 March."""
    wish = Asked(None, None, count, date(2026, 12, 1))
    found = propose(Money(40_000, "USD"), PlanRules(), wish, TODAY, Calendar.named("US"))
    assert isinstance(found, Offered)
    return found.schedules[0]


class Agreeing(Scripted):
    """The first thing that is said is answered with these commands; contexts are kept."""

    def __init__(self, *commands: Command) -> None:
        super().__init__(self._answer)
        self.left = list(commands)
        self.contexts: list[Context] = []

    def _answer(self, event: Event, context: Context) -> Iterable[Command]:
        self.contexts.append(context)
        if not isinstance(event, Said):
            return ()
        now, self.left = self.left, []
        return tuple(now)

    @property
    def moved(self) -> list[tuple[PlanStep, date | None]]:
        return [(e.step, e.due_date) for e in self.events if isinstance(e, PlanMoved)]


async def agreed(
    world: World, *, first: Command | None = None, again: int = 0
) -> tuple[Person, str]:
    """A customer with a plan of four months; the plan's id."""
    world.restrict(client("harbor", HARBOR.senders[0].address, plan=PLAN))
    person = await world.place()
    plan = new_id()
    world.dialogues = Agreeing(RecordPlan(plan, schedule(), None, again))
    await world.hear(text_from())
    return person, plan


async def pays(world: World, minor: int, reference: str) -> None:
    given = Report(reference, Money(minor, "USD"))
    config = world.directory.client("harbor")
    await world.store.transact("report", lambda tx: report(tx, config, "A-C-1", given))


async def goes_on(world: World, days: int) -> None:
    """Day by day; what is due on each has its turn."""
    for _ in range(days):
        world.clock.forward(24 * 3600)
        await world.turn()


def moved(world: World) -> list[tuple[PlanStep, date | None]]:
    assert isinstance(world.dialogues, Agreeing)
    return world.dialogues.moved


async def test_it_is_kept_and_told_as_it_was_agreed(world: World) -> None:
    person, plan = await agreed(world)
    row = await world.one(plans)
    assert (row.id, row.account_id, row.state, row.version) == (plan, person.account, "active", 1)
    ((_, told),) = await world.told("plan.accepted")
    assert (told["total_minor"], told["frequency"]) == (40_000, "monthly")
    assert sum(each["amount_minor"] for each in told["instalments"]) == 40_000
    assert [each["due_date"] for each in told["instalments"]][:2] == ["2026-12-01", "2027-01-04"]


async def test_nobody_pays(world: World) -> None:
    await agreed(world)
    await goes_on(world, 90)
    # recalled 3 days before; 3 days of grace; the second miss opens 14 days to cure, then default
    assert moved(world) == [
        (PlanStep.DUE, date(2026, 12, 1)),
        (PlanStep.MISSED, date(2026, 12, 1)),
        (PlanStep.DUE, date(2027, 1, 4)),
        (PlanStep.MISSED, date(2027, 1, 4)),
        (PlanStep.DEFAULTED, None),
    ]
    assert [kind for kind, _ in await world.told(*STEPS)] == [
        "plan.accepted", "plan.instalment_due", "plan.instalment_missed", "plan.instalment_due",
        "plan.instalment_missed", "plan.defaulted",
    ]  # fmt: skip
    assert (await world.one(plans)).state == "defaulted"


async def test_all_is_paid_and_then_silence(world: World) -> None:
    await agreed(world)
    for number in range(4):
        await goes_on(world, 30 if number else 8)
        await pays(world, 10_000, f"R-{number}")
        await world.turn()
    await goes_on(world, 60)
    assert moved(world)[-1] == (PlanStep.COMPLETED, None)
    kinds = [kind for kind, _ in await world.told(*STEPS)]
    assert kinds.count("plan.instalment_paid") == 4
    assert kinds.count("plan.completed") == 1
    assert "plan.instalment_missed" not in kinds
    assert (await world.one(plans)).state == "completed"


async def test_the_same_report_again_is_no_news(world: World) -> None:
    await agreed(world)
    for _ in range(3):
        await pays(world, 10_000, "R-1")
        await world.turn()
    kinds = [kind for kind, _ in await world.told(*STEPS)]
    assert kinds.count("plan.instalment_paid") == 1


async def test_everything_at_once_is_told_as_its_end(world: World) -> None:
    await agreed(world)
    await pays(world, 40_000, "R-1")
    await world.turn()
    assert moved(world) == [(PlanStep.COMPLETED, None)]
    kinds = [kind for kind, _ in await world.told(*STEPS)]
    assert kinds == ["plan.accepted", *["plan.instalment_paid"] * 4, "plan.completed"]


async def test_it_goes_by_the_rules_that_were_chosen_for_its_account(world: World) -> None:
    """Three misses and no time to cure, where the client's own are two and 14 days."""
    option = {"when": "context.account.balance > 100", "plan": {"misses": 3, "cure_days": 0}}
    own = client("harbor", HARBOR.senders[0].address, plan=PLAN, options=[option])
    world.restrict(own)
    await world.place()
    world.dialogues = Agreeing(RecordPlan(new_id(), schedule(), None, 0))
    await world.hear(text_from())
    await goes_on(world, 44)  # to 7 January: two are missed
    assert (await world.one(plans)).state == "behind"
    await goes_on(world, 17)
    assert (await world.one(plans)).state == "behind"
    await goes_on(world, 14)  # to 7 February: the third, and nothing to cure it
    assert (await world.one(plans)).state == "defaulted"


async def test_a_promise_keeps_the_grace_and_tolerance_of_its_account(world: World) -> None:
    """Ten days of grace and 80 %, where the client's own are three and all of it; less is owed
    once it is paid, and the option no longer fits."""
    lenient = {"grace_days": 10, "tolerance_percent": 80}
    option = {"when": "context.account.balance > 399", "promise": lenient}
    world.restrict(client("harbor", HARBOR.senders[0].address, options=[option]))
    await world.place()
    promise = new_id()
    order = SetTimer(new_id(), "promise_due", timedelta(days=5), version=1, subject=promise)
    world.dialogues = Agreeing(RecordPromise(promise, Money(5_000, "USD"), TODAY), order)
    await world.hear(text_from())
    await goes_on(world, 8)
    assert (await world.one(promises)).state == "pending"
    await pays(world, 4_000, "R-1")
    assert (await world.one(promises)).state == "kept"


async def test_money_from_before_the_plan_is_not_for_it(world: World) -> None:
    await agreed(world)
    config = world.directory.client("harbor")
    before = Report("R-0", Money(10_000, "USD"), world.clock.now - DAY)
    await world.store.transact("report", lambda tx: report(tx, config, "A-C-1", before))
    assert "plan.instalment_paid" not in await world.types()


async def test_a_pending_promise_is_superseded_by_it(world: World) -> None:
    world.restrict(client("harbor", HARBOR.senders[0].address, plan=PLAN))
    await world.place()
    promise, plan = new_id(), new_id()
    world.dialogues = Agreeing(RecordPromise(promise, Money(5_000, "USD"), TODAY))
    await world.hear(text_from())
    world.dialogues = Agreeing(RecordPlan(plan, schedule(), promise))
    await world.hear(text_from())
    assert (await world.one(promises)).state == "superseded"
    ((_, told),) = await world.told("promise.superseded")
    assert told == {"promise_id": promise, "superseded_by": plan}


async def test_another_plan_takes_the_place_of_the_first(world: World) -> None:
    _, first = await agreed(world)
    second = new_id()
    world.dialogues = Agreeing(RecordPlan(second, schedule(2), None, 1))
    await world.hear(text_from())
    states = {row.id: (row.state, row.reschedules) for row in await world.rows(plans)}
    assert states == {first: ("superseded", 0), second: ("active", 1)}
    await goes_on(world, 9)
    told = [payload["plan_id"] for kind, payload in await world.told("plan.instalment_due")]
    assert told == [second]


async def test_the_turn_knows_that_there_is_one(world: World) -> None:
    await agreed(world, again=1)
    dialogues = Agreeing()
    world.dialogues = dialogues
    await world.hear(text_from())
    situation = dialogues.contexts[-1].situation
    assert situation is not None
    assert situation.history.plan == PlanPast(reschedules=1)
    assert situation.promise_rules(TODAY) is None  # instalments are not promised again
    await goes_on(world, 90)
    await world.hear(text_from())
    situation = dialogues.contexts[-1].situation
    assert situation is not None
    assert situation.history.plan == PlanPast(reschedules=1, defaulted=True)


async def test_what_was_paid_is_off_the_arrears_in_dialogs_as_in_options(world: World) -> None:
    """One name, one value: a condition over arrears means the same in a dialog and in a rule."""
    world.restrict(client("harbor", HARBOR.senders[0].address, plan=PLAN))
    await world.place(arrears_minor=6_000, paid_minor=2_500)
    dialogues = world.dialogues = Agreeing()
    await world.hear(text_from())
    context = dialogues.contexts[-1]
    assert context.account is not None
    assert context.situation is not None
    assert context.account.arrears == Money(3_500, "USD") == context.situation.account.arrears
    assert context.account.balance == Money(37_500, "USD") == context.situation.account.balance


async def test_a_turn_that_fails_tells_it_with_the_next_try(world: World) -> None:
    await agreed(world)
    dialogues = world.dialogues
    assert isinstance(dialogues, Agreeing)
    answer, dialogues.answer = dialogues.answer, _fails
    world.clock.forward(timedelta(days=5).total_seconds())
    await world.turn()
    assert "plan.instalment_due" not in await world.types()
    dialogues.answer = answer
    world.clock.forward(300)
    await world.turn()
    assert [kind for kind, _ in await world.told("plan.instalment_due")] == ["plan.instalment_due"]


def _fails(event: Event, context: Context) -> Iterable[Command]:
    raise RuntimeError("not now")


async def test_nobody_is_told_at_night(world: World) -> None:
    await agreed(world)
    timers = [row for row in await world.rows(inbox, kind="timer") if row.consumed_at is None]
    assert {row.due_at % DAY // (3600 * 1_000_000) for row in timers} == {14}  # 9:00 in New York
