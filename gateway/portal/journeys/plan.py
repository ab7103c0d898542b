"""A payment plan: one that the rules offer, or the customer's own as near as the rules allow."""

import hashlib
from datetime import date

from domain.commands import CancelQueued, RecordPlan
from domain.events import PortalStep
from domain.ids import derive
from domain.options import Asked, Kind, Options, Plan
from domain.plan import Asked as PlanAsked
from domain.plan import Rule, Schedule
from domain.schedule import Frequency
from gateway.portal.deeds import Deed, carry_out
from gateway.portal.entries import amount_of, day_of, kept_amount
from gateway.portal.here import Here, Now
from gateway.portal.instalments import by_a_person, kept, kept_table, table_of
from gateway.portal.journey import Away, Form, Journey, Step, View, offers, wrong

OWN = "own"
WISH = ("amount_minor", "often", "first")


def mark_of(schedule: Schedule) -> str:
    """Names a schedule by all that it promises."""
    parts = [schedule.frequency.value]
    parts += [f"{one.due}:{one.amount.minor}" for one in schedule.instalments]
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:16]


def _option(found: Options) -> Plan | None:
    option = found.get(Kind.PLAN)
    return option if isinstance(option, Plan) else None


def _asked(here: Here) -> PlanAsked | None:
    """The customer's own proposal; None where they have made none."""
    answers = here.answers
    if any(name not in answers for name in WISH):
        return None
    first = date.fromisoformat(answers["first"])
    return PlanAsked(kept_amount(here), Frequency(answers["often"]), None, first)


def _schedules(here: Here, now: Now) -> tuple[Schedule, ...]:
    """Those that are offered: on the customer's own proposal where that is what they look at."""
    asked = _asked(here) if here.answers.get("plan") == OWN else None
    found = _option(now.options if asked is None else now.asking(Asked(plan=asked)))
    return () if found is None else found.schedules


def _chosen(here: Here, now: Now) -> Schedule | None:
    wanted = here.answers.get("mark")
    return next((each for each in _schedules(here, now) if mark_of(each) == wanted), None)


def _worded(here: Here, schedule: Schedule) -> tuple[str, str]:
    """A schedule in one line, and when it ends."""
    first, last = schedule.instalments[0], schedule.instalments[-1]
    line = here.t(
        f"offer_{schedule.frequency}",
        amount=here.money(first.amount),
        count=len(schedule.instalments),
    )
    told = {"first": here.day(first.due), "last": here.day(last.due)}
    return line, here.t("offer_dates", **told)


async def _ask_plan(here: Here) -> View | str:
    now = await here.now()
    option = _option(now.options)
    if option is None:
        return "person"
    choices = [(mark_of(each), *_worded(here, each)) for each in option.schedules]
    return View(
        "choose.html",
        {
            "name": "plan",
            "label": here.t("plan"),
            "hint": here.t("plan_hint"),
            "choices": [*choices, (OWN, here.t("plan_own"), here.t("plan_own_hint"))],
            "kind": None,
            "inset": here.t("again") if now.situation.history.plan else None,
        },
    )


async def _take_plan(here: Here, form: Form) -> str:
    option = _option((await here.now()).options)
    if option is None:
        return "person"
    chosen = form.get("plan", "")
    if chosen == OWN:
        here.answers |= {"plan": OWN}
        return "amount"
    if chosen not in map(mark_of, option.schedules):
        raise wrong("plan", here.t("plan_missing"))
    here.answers |= {"plan": chosen, "mark": chosen}
    return "check"


async def _ask_amount(here: Here) -> View:
    given = {"kind": "money", "name": "amount", "label": here.t("amount")}
    return View("question.html", given | {"hint": here.t("amount_hint"), "choices": ()})


async def _take_amount(here: Here, form: Form) -> str:
    amount = amount_of(here, form, here.visit.balance)
    here.answers |= {"amount": form["amount"], "amount_minor": str(amount.minor), "plan": OWN}
    return "often"


def _frequencies(now: Now) -> tuple[Frequency, ...]:
    rules = now.situation.terms.plan
    return () if rules is None else rules.frequencies


async def _ask_often(here: Here) -> View:
    choices = [(each.value, here.t(f"often_{each}")) for each in _frequencies(await here.now())]
    given = {"kind": "radios", "name": "often", "label": here.t("often"), "hint": ""}
    return View("question.html", given | {"choices": choices})


async def _take_often(here: Here, form: Form) -> str:
    chosen = form.get("often", "")
    if chosen not in _frequencies(await here.now()):
        raise wrong("often", here.t("often_missing"))
    here.answers["often"] = chosen
    return "first"


async def _ask_first(here: Here) -> View:
    given = {"kind": "date", "name": "first", "label": here.t("first")}
    return View("question.html", given | {"hint": here.t("first_hint"), "choices": ()})


async def _take_first(here: Here, form: Form) -> str:
    here.answers["first"] = day_of(here, form, "first").isoformat()
    return "answer"


def _why(here: Here, rule: Rule) -> str:
    return here.t(f"why_{rule}" if f"why_{rule}" in here else "why_other")


async def _ask_answer(here: Here) -> View | str:
    """The nearest that the rules allow, with why it is not what was asked for."""
    if _asked(here) is None:
        return "amount"
    here.answers["plan"] = OWN
    found = _schedules(here, await here.now())
    if not found:
        return "person"
    why = [_why(here, each.rule) for each in found[0].differs]
    choices = [(mark_of(each), *_worded(here, each)) for each in found]
    return View(
        "choose.html",
        {
            "name": "mark",
            "label": here.t("answer_near" if why else "answer_fits"),
            "hint": " ".join(dict.fromkeys(why)),
            "choices": [*choices, ("change", here.t("answer_change"))],
            "kind": None,
        },
    )


async def _take_answer(here: Here, form: Form) -> str:
    here.answers["plan"] = OWN
    chosen = form.get("mark", "")
    if chosen == "change":
        return "amount"
    if chosen not in map(mark_of, _schedules(here, await here.now())):
        raise wrong("mark", here.t("answer_missing"))
    here.answers["mark"] = chosen
    return "check"


def _shown(here: Here, schedule: Schedule) -> dict[str, object]:
    line, dates = _worded(here, schedule)
    rows = [
        (here.t("row_plan"), line, here.path("plan", "plan")),
        (here.t("row_dates"), dates),
        (here.t("row_total"), here.money(schedule.total)),
    ]
    return {"rows": rows, **table_of(here, schedule.instalments)}


async def _check(here: Here) -> View | str:
    schedule = _chosen(here, await here.now())
    if schedule is None:
        return "plan"
    given = _shown(here, schedule) | {"button": here.t("send"), "about": [here.t("send_about")]}
    return View("check.html", given)


async def _agree(here: Here, form: Form) -> str:
    agreed: list[Schedule] = []

    async def make(now: Now, done_id: str) -> Deed:
        schedule = _chosen(here, now)
        if schedule is None:
            raise wrong("main", here.t("changed"))
        past = now.situation.history.plan
        again = 0 if past is None else past.reschedules + 1
        plan = RecordPlan(derive(done_id, "plan"), schedule, now.context.history.active, again)
        agreed.append(schedule)
        first = schedule.instalments[0]
        commands = (plan, CancelQueued("plan"))
        return Deed(PortalStep.PLANNED, commands, first.amount, first.due)

    if "mark" not in here.answers:
        return "plan"
    finished = await carry_out(here, form, make)
    here.answers = {"reference": finished.reference}
    if agreed:
        here.answers["agreed"] = kept(agreed[0].instalments)
    return "done"


async def _done(here: Here) -> View | Away:
    if "reference" not in here.answers:
        return Away(here.path("account"))
    return View(
        "done.html",
        {
            "title": here.t("done"),
            "reference": here.answers["reference"],
            "rows": [],
            **kept_table(here, here.answers.get("agreed", "")),
            "about": [here.t("done_about"), here.t("done_next")],
            "ways": [(here.path("wallet"), here.t("done_wallet"))],
        },
    )


JOURNEY = Journey(
    name="plan",
    purpose="plan",
    offered=offers(Kind.PLAN),
    steps={
        "plan": Step(_ask_plan, _take_plan),
        "amount": Step(_ask_amount, _take_amount, back="plan"),
        "often": Step(_ask_often, _take_often, back="amount"),
        "first": Step(_ask_first, _take_first, back="often"),
        "answer": Step(_ask_answer, _take_answer, back="first"),
        "check": Step(_check, _agree, back="plan"),
        "done": Step(_done),
        "person": by_a_person(),
    },
)
