"""Income and spending, a page for each heading of the client's table, and what they leave.

The sums are `domain.affordability`'s; nothing here is kept until it is sent.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from domain.affordability import (
    Affordable,
    Answer,
    Answers,
    Assessment,
    Debt,
    Help,
    HelpKind,
    Period,
    assess,
)
from domain.affordability_tables import SHIPPED, Heading, Household, Table, shipped
from domain.commands import CancelQueued, Command, Handoff, Hold, HoldScope, Log, RecordAssessment
from domain.events import PortalStep
from domain.ids import derive
from domain.values import Invalid, Money
from gateway.portal.deeds import Deed, aside, carry_out
from gateway.portal.forms import Problem
from gateway.portal.here import Here, Now
from gateway.portal.journey import Away, Form, Journey, Step, View, Wrong, wrong
from nlu.redaction import redact
from payment_links.amounts import parse_amount

MOST_PEOPLE = 30
MOST_MINOR = 10**12
HOUSEHOLD = ("adults", "children", "over_64", "vehicles")
FIRST = {"adults": "1", "children": "0", "over_64": "0", "vehicles": "0"}
COMMENT = 500  # characters


def _table(here: Here) -> Table:
    part = here.config.affordability
    return shipped(part.table if part is not None else SHIPPED[0])


def _offered(now: Now) -> bool:
    return now.config.affordability is not None and now.visit.balance.minor > 0


def _headings(here: Here) -> tuple[str, ...]:
    return tuple(heading.id for heading in _table(here).headings)


def _after(here: Here, heading: str) -> str:
    ids = (*_headings(here), "others")
    return ids[ids.index(heading) + 1]


def _label(here: Here, labels: Mapping[str, str]) -> str:
    return labels.get(here.texts.language.partition("-")[0]) or labels["en"]


async def _start(here: Here) -> View:
    lines = [here.t("start_about"), here.t("start_time"), here.t("start_kept")]
    given = {"title": here.t("start"), "lines": lines, "button": here.t("begin")}
    return View("start.html", given)


async def _begin(here: Here, _: Form) -> str:
    if not here.answers:
        await aside(here, Log("ie.started", {"link_id": here.visit.row.id}))
        here.answers["begun"] = "yes"
    return "household"


async def _ask_household(here: Here) -> View:
    fields = [(name, here.t(name)) for name in HOUSEHOLD]
    given = {"title": here.t("household"), "hint": here.t("household_hint"), "fields": fields}
    return View("numbers.html", given | {"given": FIRST | here.answers})


async def _take_household(here: Here, form: Form) -> str:
    found = {name: form.get(name, "") or FIRST[name] for name in HOUSEHOLD}
    problems = [
        Problem(name, name, here.t("number"))
        for name, text in found.items()
        if not (text.isascii() and text.isdecimal() and int(text[:9]) <= MOST_PEOPLE)
    ]
    if problems:
        raise Wrong(*problems)
    if int(found["adults"]) < 1 or int(found["over_64"]) > int(found["adults"]):
        raise wrong("adults", here.t("adults_wrong"))
    here.answers |= found
    return _headings(here)[0]


def _before(here: Here, name: str) -> str:
    ids = ("household", *_headings(here), "others")
    return here.path("affordability", ids[ids.index(name) - 1])


def _step(heading_id: str) -> Step:
    """The page of one heading: each of its lines with an amount and how often."""

    async def show(here: Here) -> View | str:
        heading = _heading(here, heading_id)
        if heading is None:
            return "start"
        entered = _typed(here, heading_id)
        rows = [
            (line.id, _label(here, line.labels), *entered.get(line.id, ("", Period.MONTHLY.value)))
            for line in heading.lines
        ]
        return View(
            "budget.html",
            {
                "title": _label(here, heading.labels),
                "hint": here.t(f"hint_{heading.kind}"),
                "lines": rows,
                "back": _before(here, heading_id),
                "periods": [(each.value, here.t(f"every_{each}")) for each in Period],
            },
        )

    async def take(here: Here, form: Form) -> str:
        heading = _heading(here, heading_id)
        if heading is None:
            return "start"
        kept: dict[str, tuple[str, str]] = {}
        problems = []
        for line in heading.lines:
            typed, period = form.get(line.id, ""), form.get(f"{line.id}-period", "")
            if not typed:
                continue
            try:
                _amount(here, typed)
            except Invalid as error:
                told = here.t(f"amount.{error}", most=here.money(_most(here)))
                problems.append(Problem(line.id, line.id, told))
            kept[line.id] = (typed[:20], period if period in set(Period) else Period.MONTHLY.value)
        if problems:
            raise Wrong(*problems)
        here.answers[heading_id] = msgspec.json.encode(kept).decode()
        return _after(here, heading_id)

    return Step(show, take)


def _heading(here: Here, heading_id: str) -> Heading | None:
    return next((each for each in _table(here).headings if each.id == heading_id), None)


def _typed(here: Here, heading_id: str) -> dict[str, tuple[str, str]]:
    """What was entered, by line: the amount as it was typed, and how often."""
    text = here.answers.get(heading_id)
    return msgspec.json.decode(text, type=dict[str, tuple[str, str]]) if text else {}


def _most(here: Here) -> Money:
    return Money(MOST_MINOR, here.visit.balance.currency)


def _amount(here: Here, typed: str) -> Money:
    """Nothing at all may be written as 0. Raises Invalid."""
    currency = here.visit.balance.currency
    try:
        amount = parse_amount(typed, currency)
    except Invalid as error:
        if str(error) == "not_positive" and not typed.strip().startswith("-"):
            return Money(0, currency)
        raise
    if amount.minor > MOST_MINOR:
        raise Invalid("too_much")
    return amount


async def _ask_others(here: Here) -> View:
    given: dict[str, Any] = {"kind": "money", "name": "others", "label": here.t("others")}
    given |= {"hint": here.t("others_hint"), "choices": (), "back": _before(here, "others")}
    return View("question.html", given)


async def _take_others(here: Here, form: Form) -> str:
    try:
        amount = _amount(here, form.get("others", "") or "0")
    except Invalid as error:
        told = here.t(f"amount.{error}", most=here.money(_most(here)))
        raise wrong("others", told) from None
    here.answers |= {"others": form.get("others", ""), "others_minor": str(amount.minor)}
    return "comments" if _assessed(here, await here.now()).asks else "check"


async def _ask_comments(here: Here) -> View | str:
    if _missing(here):
        return "start"
    asks = _assessed(here, await here.now()).asks
    names = [heading for heading in _table(here).headings if heading.id in asks]
    if not names:
        return "check"
    fields = [(f"comment-{each.id}", _label(here, each.labels)) for each in names]
    given = {"title": here.t("comments"), "hint": here.t("comments_hint"), "fields": fields}
    return View("comments.html", given)


async def _take_comments(here: Here, form: Form) -> str:
    for heading in _headings(here):
        text = redact(form.get(f"comment-{heading}", "")[:COMMENT])
        if text:
            here.answers[f"comment-{heading}"] = text
    return "check"


def _missing(here: Here) -> bool:
    wanted = ("adults", "others_minor", *_headings(here))
    return any(name not in here.answers for name in wanted)


def _answers(here: Here) -> Answers:
    lines = tuple(
        Answer(line, _amount(here, typed), Period(period))
        for heading in _headings(here)
        for line, (typed, period) in _typed(here, heading).items()
    )
    adults, children, over_64, vehicles = (int(here.answers[name]) for name in HOUSEHOLD)
    household = Household(adults, children, over_64, vehicles)
    comments = {
        heading: here.answers[f"comment-{heading}"]
        for heading in _headings(here)
        if f"comment-{heading}" in here.answers
    }
    return Answers(_with_required(here, lines), household, comments)


def _with_required(here: Here, lines: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """A page that was left empty says that there is nothing: its first line, as 0."""
    answered = {line.line for line in lines}
    nothing = Money(0, here.visit.balance.currency)
    return lines + tuple(
        Answer(heading.lines[0].id, nothing)
        for heading in _table(here).headings
        if not answered & {line.id for line in heading.lines}
    )


def _debts(here: Here, now: Now) -> tuple[Debt, ...]:
    """All that the customer owes this client, and what they say they owe others."""
    currency = now.visit.balance.currency
    found = [
        Debt(row.ref, Money(max(row.balance_minor - row.paid_minor, 0), currency), ours=True)
        for row in now.facts.accounts[now.visit.row.customer_id]
        if row.currency == currency
    ]
    others = int(here.answers["others_minor"])
    return (*found, Debt("others", Money(others, currency)))


def _assessed(here: Here, now: Now) -> Assessment:
    """Raises Wrong where the rules can't work it out."""
    rules = here.config.affordability_rules
    if rules is None:
        raise wrong("main", here.t("refused"))
    found = assess(_answers(here), _table(here), _debts(here, now), rules, now.today)
    if not isinstance(found, Assessment):
        raise wrong("main", here.t("refused"))
    return found


def _totals(here: Here, found: Assessment) -> Iterator[tuple[str, ...]]:
    """A month's sums, by kind, each with the way to its first page."""
    firsts = {heading.kind.value: heading.id for heading in reversed(_table(here).headings)}
    for step in found.steps:
        if step.what.value == "total" and step.of in firsts:
            where = here.path("affordability", firsts[step.of])
            yield here.t(f"total_{step.of}"), here.money(step.amount), where
    yield here.t("total_left"), here.money(found.surplus)


async def _check(here: Here) -> View | str:
    if _missing(here):
        return "start"
    found = _assessed(here, await here.now())
    given = {"rows": list(_totals(here, found)), "button": here.t("send")}
    return View("check.html", given | {"about": [here.t("send_about")]})


def _commands(here: Here, found: Assessment, done_id: str) -> Iterator[Command]:
    yield RecordAssessment(derive(done_id, "assessment"), _answers(here), found)
    yield CancelQueued("assessment")
    if not isinstance(found.outcome, Help):
        return
    match found.outcome.kind:
        case HelpKind.HOLD:
            rules = here.config.affordability_rules
            yield Hold("hardship", HoldScope.ACCOUNT, rules.hold_days if rules else None)
        case HelpKind.NO_PLAN:
            yield Handoff("nothing_affordable")


async def _send(here: Here, form: Form) -> str:
    if _missing(here):
        return "start"
    kept: dict[str, str] = {}

    async def make(now: Now, done_id: str) -> Deed:
        found = _assessed(here, now)
        amount = found.outcome.total if isinstance(found.outcome, Affordable) else None
        kept.update(_kept(found))
        return Deed(PortalStep.ASSESSED, tuple(_commands(here, found, done_id)), amount)

    finished = await carry_out(here, form, make)
    here.answers = {"reference": finished.reference} | kept
    return "done"


def _kept(found: Assessment) -> dict[str, str]:
    """What the last page tells."""
    outcome = found.outcome
    if isinstance(outcome, Affordable):
        return {"result": "affordable", "minor": str(outcome.total.minor)}
    kept = {"result": outcome.kind.value}
    if outcome.token is not None:
        kept["minor"] = str(outcome.token.minor)
    if outcome.hold_until is not None:
        kept["until"] = outcome.hold_until.isoformat()
    return kept


async def _done(here: Here) -> View | Away:
    answers = here.answers
    if "result" not in answers:
        return Away(here.path("account"))
    told = {}
    if "minor" in answers:
        told["amount"] = here.money(Money(int(answers["minor"]), here.visit.balance.currency))
    if "until" in answers:
        told["until"] = here.iso_day(answers["until"])
    result = answers["result"]
    lines = [here.t(f"result_{result}", **told)]
    if result != "affordable":
        lines.append(here.t(f"struggling.advice_{here.config.jurisdiction.lower()}"))
    way = ("plan", "way_plan") if result == "affordable" else ("struggling", "way_struggling")
    given = {"title": here.t("done"), "reference": answers["reference"], "rows": []}
    ways = [(here.path(way[0]), here.t(way[1]))]
    return View("done.html", given | {"about": lines, "ways": ways})


def _steps() -> dict[str, Step]:
    """A page for each heading of each table that is shipped; a client's table has some of them."""
    found = {"start": Step(_start, _begin), "household": Step(_ask_household, _take_household)}
    for table in SHIPPED:
        for heading in shipped(table).headings:
            if heading.id not in found:
                found[heading.id] = _step(heading.id)
    found["others"] = Step(_ask_others, _take_others)
    found["comments"] = Step(_ask_comments, _take_comments, back="others")
    found["check"] = Step(_check, _send, back="others")
    found["done"] = Step(_done)
    return found


JOURNEY = Journey(name="affordability", purpose="affordability", offered=_offered, steps=_steps())
