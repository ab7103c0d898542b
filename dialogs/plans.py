"""Plans in a conversation: what the customer asked, judged by the rules that all roads share.

`plan_...` slots are what the customer named, `offer_...` slots the schedule that comes nearest.
What the customer did not name follows from the balance, so it is secret: a text may show it to a
verified customer only.
"""

from datetime import date
from decimal import Decimal

from dialogs.turn import Turn
from domain.commands import CancelQueued, RecordPlan
from domain.ids import derive
from domain.options import Asked, Kind, Plan, Reason
from domain.plan import Asked as PlanAsked
from domain.plan import Schedule
from domain.schedule import Frequency
from domain.values import Money

WISH_SLOTS = ("plan_amount", "plan_frequency", "plan_count", "plan_first", "plan_verdict")
OFFER_SLOTS = ("offer_amount", "offer_frequency", "offer_first")

AS_ASKED = "as_asked"
"""The customer named an amount, and the rules take it."""
OFFERED = "offered"
"""Another plan is within the rules, or the customer left its amount to us."""
REFUSED = "refused"
"""No plan is agreed automatically."""


def check_plan(turn: Turn) -> None:
    """Sets `plan_verdict`, and the offer where there is one."""
    found = _option(turn)
    if found is None:
        _offer(turn, None, own=False)
        turn.set_slot("plan_verdict", REFUSED)
        return
    own = found.reason is Reason.AS_ASKED and isinstance(turn.slots.get("plan_amount"), Money)
    _offer(turn, found.schedules[0], own=own)
    turn.set_slot("plan_verdict", AS_ASKED if own else OFFERED)


def record_plan(turn: Turn) -> None:
    """Records the plan that was offered where the rules still have it; `plan_id` says whether."""
    shown = tuple(turn.slots.get(name) for name in OFFER_SLOTS)
    check_plan(turn)
    found = _option(turn)
    if found is None or _figures(found.schedules[0]) != shown:
        turn.set_slot("plan_id", None)
        turn.note("that plan is not within the rules any more")
        return
    plan = derive(turn.event.id, "plan")
    turn.set_slot("plan_id", plan)
    turn.note(f"plan recorded: {len(found.schedules[0].instalments)} payments")
    situation = turn.context.situation
    past = situation.history.plan if situation else None
    again = 0 if past is None else past.reschedules + 1
    turn.command(RecordPlan(plan, found.schedules[0], turn.context.history.active, again))
    turn.command(CancelQueued("plan"))


def _option(turn: Turn) -> Plan | None:
    situation = turn.context.situation
    if situation is None:
        return None
    found = situation.options(Asked(plan=_asked(turn)), turn.context.today)
    option = found.get(Kind.PLAN)
    for each in found.withheld:
        if each.kind is Kind.PLAN:
            turn.note(f"no plan: {each.rule}")
    return option if isinstance(option, Plan) else None


def _asked(turn: Turn) -> PlanAsked:
    amount, often, count, first = (turn.slots.get(name) for name in WISH_SLOTS[:4])
    return PlanAsked(
        amount if isinstance(amount, Money) else None,
        Frequency(often) if isinstance(often, str) else None,
        int(count) if isinstance(count, Decimal | int) else None,
        first if isinstance(first, date) else None,
    )


def _figures(schedule: Schedule) -> tuple[Money, str, date]:
    first = schedule.instalments[0]
    return first.amount, schedule.frequency.value, first.due


def _offer(turn: Turn, schedule: Schedule | None, *, own: bool) -> None:
    """How many payments there are is left out: it tells the balance, whoever named their amount."""
    figures = (None,) * len(OFFER_SLOTS) if schedule is None else _figures(schedule)
    for name, value in zip(OFFER_SLOTS, figures, strict=True):
        turn.set_slot(name, value, is_secret=name == "offer_amount" and not own)
