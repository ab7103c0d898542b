"""A promise to pay an amount by a day, within the client's rules."""

from collections.abc import Iterator
from datetime import date, timedelta

from dialogs.actions import promise_timers
from domain.commands import CancelQueued, Command, RecordPromise
from domain.events import PortalStep
from domain.ids import derive
from domain.options import Asked, Kind, Options, Promise
from domain.promise import Accepted, Countered
from domain.values import Money
from gateway.clock import moment
from gateway.portal.deeds import Deed, carry_out
from gateway.portal.entries import amount_of, day_of, kept_amount, kept_day
from gateway.portal.here import Here, Now
from gateway.portal.instalments import by_a_person
from gateway.portal.journey import Form, Journey, Step, View, offers, wrong
from gateway.portal.questions import done

SUGGESTED = 4
FRIDAY = 4
NEEDS = ("amount_minor", "date")


def _option(found: Options) -> Promise | None:
    option = found.get(Kind.PROMISE)
    return option if isinstance(option, Promise) else None


def _asked(now: Now, amount: Money, day: date) -> Promise | None:
    return _option(now.asking(Asked(amount=amount, due=day)))


async def _bounds(here: Here) -> Promise | None:
    return _option((await here.now()).options)


def suggested(earliest: date, latest: date) -> list[date]:
    """Days on which people have money: Fridays, the first and the fifteenth; and the last day that
    the rules allow."""
    span = [earliest + timedelta(days=n) for n in range((latest - earliest).days + 1)]
    likely = [day for day in span if day.weekday() == FRIDAY or day.day in (1, 15)]
    return sorted({*likely[: SUGGESTED - 1], latest})


async def _ask_amount(here: Here) -> View | str:
    option = await _bounds(here)
    if option is None:
        return "person"
    bounds = {"least": here.money(option.minimum), "most": here.money(option.maximum)}
    balance = here.visit.balance
    return View(
        "choose.html",
        {
            "name": "choice",
            "label": here.t("amount"),
            "hint": here.t("amount_hint"),
            "choices": [
                ("all", here.t("amount_all", balance=here.money(balance))),
                ("other", here.t("amount_other")),
            ],
            "kind": "money",
            "other_label": here.t("amount_which"),
            "other_hint": here.t("amount_which_hint", **bounds),
        },
    )


async def _take_amount(here: Here, form: Form) -> str:
    option = await _bounds(here)
    if option is None:
        return "person"
    match form.get("choice"):
        case "all":
            amount = option.maximum
        case "other":
            amount = amount_of(here, form, option.maximum)
            if amount < option.minimum:
                raise wrong("amount", here.t("amount.too_little", least=here.money(option.minimum)))
        case _:
            raise wrong("choice", here.t("amount_missing"))
    here.answers |= {
        "choice": form["choice"],
        "amount": form.get("amount", ""),
        "amount_minor": str(amount.minor),
    }
    return "date"


async def _ask_day(here: Here) -> View | str:
    option = await _bounds(here)
    if option is None or "amount_minor" not in here.answers:
        return "amount" if option is not None else "person"
    days = suggested(option.earliest, option.latest)
    return View(
        "choose.html",
        {
            "name": "day",
            "label": here.t("date", amount=here.money(kept_amount(here))),
            "hint": "",
            "choices": [
                *((day.isoformat(), here.weekday(day)) for day in days),
                ("other", here.t("date_other")),
            ],
            "kind": "date",
            "other_label": here.t("date_which"),
            "other_hint": here.t("date_which_hint", latest=here.day(option.latest)),
        },
    )


async def _take_day(here: Here, form: Form) -> str:
    now = await here.now()
    option = _option(now.options)
    if option is None:
        return "person"
    if "amount_minor" not in here.answers:
        return "amount"
    chosen = form.get("day", "")
    if chosen == "other":
        day = day_of(here, form)
    elif chosen in {day.isoformat() for day in suggested(option.earliest, option.latest)}:
        day = date.fromisoformat(chosen)
    else:
        raise wrong("day", here.t("date_missing"))
    here.answers |= {"day": chosen, "date": day.isoformat()}
    judged = _asked(now, kept_amount(here), day)
    if judged is None:
        return "person"
    return "nearest" if isinstance(judged.answer, Countered) else "check"


async def _ask_nearest(here: Here) -> View | str:
    if any(name not in here.answers for name in NEEDS):
        return "amount"
    judged = _asked(await here.now(), kept_amount(here), kept_day(here))
    if judged is None or not isinstance(judged.answer, Countered):
        return "check"
    nearest = judged.answer.nearest
    told = {"amount": here.money(nearest.amount), "due": here.day(nearest.due)}
    return View(
        "choose.html",
        {
            "name": "instead",
            "label": here.t("nearest", **told),
            "hint": here.t(f"why_{judged.answer.rule}"),
            "choices": [
                (f"{nearest.amount.minor}/{nearest.due}", here.t("nearest_yes", **told)),
                ("no", here.t("nearest_no")),
            ],
            "kind": None,
        },
    )


async def _take_nearest(here: Here, form: Form) -> str:
    """What was offered is read from the form, and judged anew before anything comes of it."""
    chosen = form.get("instead", "")
    if chosen == "no":
        return "amount"
    minor, _, day = chosen.partition("/")
    if not (minor.isascii() and minor.isdecimal() and len(minor) < 16):
        raise wrong("instead", here.t("nearest_missing"))
    try:
        here.answers |= {"amount_minor": minor, "date": date.fromisoformat(day).isoformat()}
    except ValueError:
        raise wrong("instead", here.t("nearest_missing")) from None
    return "check"


def _rows(here: Here) -> Iterator[tuple[str, ...]]:
    yield here.t("row_amount"), here.money(kept_amount(here)), here.path("promise", "amount")
    yield here.t("row_date"), here.day(kept_day(here)), here.path("promise", "date")


async def _check(here: Here) -> View | str:
    if any(name not in here.answers for name in NEEDS):
        return "amount"
    now = await here.now()
    about = [here.t("send_about")]
    before = now.context.history
    if before.active and before.active_amount is not None and before.active_date is not None:
        told = {"amount": here.money(before.active_amount), "due": here.day(before.active_date)}
        about.insert(0, here.t("replaces", **told))
    return View("check.html", {"rows": list(_rows(here)), "button": here.t("send"), "about": about})


async def _promise(here: Here, form: Form) -> str:
    if any(name not in here.answers for name in NEEDS):
        return "amount"
    wanted = Accepted(kept_amount(here), kept_day(here))

    async def make(now: Now, done_id: str) -> Deed:
        option = _asked(now, wanted.amount, wanted.due)
        if option is None:
            raise wrong("main", here.t("refused"))
        if option.answer != wanted:
            raise wrong("main", here.t("changed"))
        promise = derive(done_id, "promise")
        before, at = now.context.history, moment(now.at).astimezone(here.zone)
        timers = promise_timers(promise, wanted, now.context.rules, at, reminds=True)
        commands: tuple[Command, ...] = (
            RecordPromise(promise, wanted.amount, wanted.due, before.active),
            CancelQueued("promise"),
            *timers,
        )
        return Deed(PortalStep.PROMISED, commands, wanted.amount, wanted.due)

    finished = await carry_out(here, form, make)
    told = {"amount_minor": str(wanted.amount.minor), "date": wanted.due.isoformat()}
    here.answers.clear()
    here.answers |= {"reference": finished.reference} | told
    return "done"


def _next(here: Here) -> list[str]:
    told = {"amount": here.money(kept_amount(here)), "due": here.day(kept_day(here))}
    return [here.t("done_about", **told), here.t("done_next")]


JOURNEY = Journey(
    name="promise",
    purpose="promise",
    offered=offers(Kind.PROMISE),
    steps={
        "amount": Step(_ask_amount, _take_amount),
        "date": Step(_ask_day, _take_day, back="amount"),
        "nearest": Step(_ask_nearest, _take_nearest, back="date"),
        "check": Step(_check, _promise, back="date"),
        "done": done(_next),
        "person": by_a_person(),
    },
)
