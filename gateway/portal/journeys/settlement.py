"""A settlement: the open offer in its ways to pay, or the customer's own, in writing and agreed.

No answer tells how near an offer was to the least that the client takes; each of the customer's
offers is kept, and only so many are judged (`domain.settlement`).
"""

import hashlib
from collections.abc import Iterator

from domain.commands import CancelQueued, Hold, HoldScope, RecordOffer, RecordSettlement
from domain.events import PortalStep
from domain.ids import derive
from domain.options import Asked, Kind, Options, Settlement
from domain.settlement import Accepted, Countered, SettlementRules, Terms
from domain.settlement import Asked as SettlementAsked
from gateway.portal.deeds import Deed, aside, carry_out
from gateway.portal.entries import amount_of, kept_amount
from gateway.portal.here import Here, Now
from gateway.portal.instalments import by_a_person, kept, kept_table, table_of
from gateway.portal.journey import Away, Form, Journey, Step, View, offers, wrong

OWN = "own"


def mark_of(terms: Terms) -> str:
    """Names terms by all that they promise."""
    parts = [str(terms.amount), str(terms.balance)]
    parts += [f"{one.due}:{one.amount.minor}" for one in terms.instalments]
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:16]


def _option(found: Options) -> Settlement | None:
    option = found.get(Kind.SETTLEMENT)
    return option if isinstance(option, Settlement) else None


def _terms(here: Here, now: Now) -> Iterator[Terms]:
    """All that may be agreed now: the open offer's ways, and the answer to the customer's own offer
    that was judged last."""
    option = _option(now.options)
    if option is None:
        return
    yield from option.terms
    if "amount_minor" in here.answers:
        again = _option(now.asking(Asked(settlement=SettlementAsked(kept_amount(here)))))
        match again and again.answer:
            case Accepted(terms) | Countered(terms):
                yield terms


def _chosen(here: Here, now: Now) -> Terms | None:
    wanted = here.answers.get("mark")
    return next((each for each in _terms(here, now) if mark_of(each) == wanted), None)


def _worded(here: Here, terms: Terms) -> tuple[str, str]:
    count = len(terms.instalments)
    line = here.t("way", amount=here.money(terms.amount), count=count)
    return line, here.t("way_last", last=here.day(terms.instalments[-1].due))


async def _ask_way(here: Here) -> View | str:
    now = await here.now()
    option = _option(now.options)
    if option is None:
        return "person"
    best = option.terms[0]
    await aside(here, _shown(best, now))
    told = {"amount": here.money(best.amount), "balance": here.money(best.balance)}
    choices = [(mark_of(each), *_worded(here, each)) for each in option.terms]
    return View(
        "choose.html",
        {
            "name": "way",
            "label": here.t("title", **told),
            "hint": here.t("title_hint", expires=here.day(best.expires)),
            "choices": [*choices, (OWN, here.t("own"), here.t("own_hint"))],
            "kind": None,
        },
    )


def _shown(best: Terms, now: Now) -> RecordOffer | None:
    """The open offer goes on record when it is first shown: it holds from then on."""
    held = now.situation.history.settlement
    if held.expires == best.expires and held.held == best.amount:
        return None
    about = f"settlement/{now.visit.row.account_id}/{best.amount.minor}/{best.expires}"
    offer = derive(now.visit.row.id, about)
    return RecordOffer(offer, best.amount, best.balance, 1, shown=True, expires=best.expires)


async def _take_way(here: Here, form: Form) -> str:
    now = await here.now()
    option = _option(now.options)
    if option is None:
        return "person"
    chosen = form.get("way", "")
    if chosen == OWN:
        return "own"
    if chosen not in map(mark_of, option.terms):
        raise wrong("way", here.t("way_missing"))
    here.answers |= {"way": chosen, "mark": chosen}
    return "check"


async def _ask_own(here: Here) -> View:
    given = {"kind": "money", "name": "amount", "label": here.t("amount")}
    return View("question.html", given | {"hint": here.t("amount_hint"), "choices": ()})


async def _take_own(here: Here, form: Form) -> str:
    """Judged at once, by what is on record of earlier offers; then it is on record itself."""
    amount = amount_of(here, form, here.visit.balance)
    now = await here.now()
    option = _option(now.asking(Asked(settlement=SettlementAsked(amount))))
    if option is None:
        return "person"
    said = derive(now.visit.row.id, f"said/{amount.minor}/{now.visit.balance.minor}")
    await aside(here, RecordOffer(said, amount, here.visit.balance))
    if not isinstance(option.answer, Accepted | Countered):
        return "person"
    kept = {"amount": form["amount"], "amount_minor": str(amount.minor)}
    here.answers |= kept | {"way": OWN, "offered": mark_of(_answer(option))}
    return "answer"


def _answer(option: Settlement) -> Terms:
    match option.answer:
        case Accepted(terms) | Countered(terms):
            return terms
    raise LookupError("the offer was not answered with terms")


async def _ask_answer(here: Here) -> View | str:
    now = await here.now()
    offered = here.answers.get("offered")
    terms = next((each for each in _terms(here, now) if mark_of(each) == offered), None)
    if terms is None:
        return "way"
    fits = terms.amount == kept_amount(here)
    return View(
        "choose.html",
        {
            "name": "mark",
            "label": here.t("answer_fits" if fits else "answer_near"),
            "hint": "" if fits else here.t("answer_near_hint"),
            "choices": [(mark_of(terms), *_worded(here, terms)), ("no", here.t("answer_no"))],
            "kind": None,
        },
    )


async def _take_answer(here: Here, form: Form) -> str:
    chosen = form.get("mark", "")
    if chosen == "no":
        return "way"
    if chosen != here.answers.get("offered"):
        raise wrong("mark", here.t("answer_missing"))
    here.answers["mark"] = chosen
    return "check"


def _rows(here: Here, terms: Terms) -> list[tuple[str, ...]]:
    return [
        (here.t("row_balance"), here.money(terms.balance)),
        (here.t("row_amount"), here.money(terms.amount), here.path("settlement", "way")),
        (here.t("row_less"), here.money(terms.discount)),
        (here.t("row_first"), here.day(terms.instalments[0].due)),
    ]


async def _check(here: Here) -> View | str:
    terms = _chosen(here, await here.now())
    if terms is None:
        return "way"
    about = [here.t("written", amount=here.money(terms.amount), balance=here.money(terms.balance))]
    about.append(here.t("written_late"))
    given = {"rows": _rows(here, terms), "about": about, "button": here.t("send")}
    return View("check.html", given | table_of(here, terms.instalments))


async def _agree(here: Here, form: Form) -> str:
    if "mark" not in here.answers:
        return "way"
    agreed: list[Terms] = []

    async def make(now: Now, done_id: str) -> Deed:
        terms = _chosen(here, now)
        if terms is None:
            raise wrong("main", here.t("changed"))
        agreed.append(terms)
        first, last = terms.instalments[0], terms.instalments[-1]
        rules = now.situation.terms.settlement or SettlementRules()
        days = (last.due - now.today).days + rules.grace_days + 1
        commands = (
            RecordSettlement(derive(done_id, "settlement"), terms),
            CancelQueued("settled"),
            Hold("promise", HoldScope.ACCOUNT, days),  # nobody chases the balance meanwhile
        )
        return Deed(PortalStep.SETTLED, commands, first.amount, first.due)

    finished = await carry_out(here, form, make)
    here.answers = {"reference": finished.reference}
    if agreed:
        here.answers |= {"agreed": kept(agreed[0].instalments)}
    return "done"


async def _done(here: Here) -> View | Away:
    if "reference" not in here.answers:
        return Away(here.path("account"))
    given = {"title": here.t("done"), "reference": here.answers["reference"], "rows": []}
    about = [here.t("done_about"), here.t("done_next")]
    table = kept_table(here, here.answers.get("agreed", ""))
    return View("done.html", given | table | {"about": about})


JOURNEY = Journey(
    name="settlement",
    purpose="settlement",
    offered=offers(Kind.SETTLEMENT),
    steps={
        "way": Step(_ask_way, _take_way),
        "own": Step(_ask_own, _take_own, back="way"),
        "answer": Step(_ask_answer, _take_answer, back="own"),
        "check": Step(_check, _agree, back="way"),
        "done": Step(_done),
        "person": by_a_person(),
    },
)
