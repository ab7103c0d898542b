"""What may be offered: hand-computed cases, and that nothing is offered which would be refused."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json, structs
from ruamel.yaml import YAML

from domain import plan, promise, settlement
from domain.affordability import (
    AffordabilityRules,
    Affordable,
    Assessment,
    HelpKind,
    Share,
)
from domain.affordability import (
    Help as HelpOutcome,
)
from domain.affordability import Reason as HelpReason
from domain.business_days import Calendar
from domain.conditions import parse
from domain.options import (
    NAMES,
    Affordability,
    Asked,
    Attributes,
    Choice,
    Help,
    History,
    Hosted,
    Kind,
    Options,
    PayArrears,
    PayInFull,
    Person,
    Plan,
    PlanPast,
    Promise,
    Reason,
    Settlement,
    Source,
    Terms,
    asked_of,
    choose,
    for_customer,
    options,
    promise_rules,
)
from domain.options.results import option_kind
from domain.plan import PlanRules
from domain.promise import PromiseRules
from domain.schedule import PER_YEAR, Frequency
from domain.settlement import Cell, Floor, SettlementRules, Way
from domain.understanding import Instalment, Score, Understanding
from domain.values import Money

TODAY = date(2026, 11, 23)
US = Calendar("US")
CASES = YAML(typ="safe").load(Path(__file__).with_name("options_cases.yml"))


def usd(text: str, currency: str = "USD") -> Money:
    return Money.of(text, currency)


def terms_of(grid_from: int = 0) -> Terms:
    cell = Cell(20, from_days=grid_from, floor=Floor(60))
    return Terms(
        US,
        PromiseRules(),
        PlanRules(),
        SettlementRules(grid=(cell,), ways=(Way(3, 5),)),
        AffordabilityRules(),
    )


def account_of(case: dict[str, Any]) -> Attributes:
    return Attributes(
        ref="A-1",
        balance=usd(case.get("balance", "480.00")),
        jurisdiction="US",
        arrears=usd(case["arrears"]) if "arrears" in case else None,
        due_date=case.get("due_date", date(2026, 5, 7)),
        segment="standard",
        product="card",
        flags=tuple(case.get("flags", ())),
        hosted=Hosted(
            case.get("offers", {}), Source(case.get("source", "placement")), case.get("failure")
        ),
    )


def asked_in(case: dict[str, Any]) -> Asked:
    said = case.get("asked", {})
    currency = said.get("currency", "USD")
    wish = said.get("plan")
    return Asked(
        amount=usd(said["amount"], currency) if "amount" in said else None,
        due=said.get("due"),
        plan=None
        if wish is None
        else plan.Asked(
            usd(wish["amount"], currency) if "amount" in wish else None,
            Frequency(wish["frequency"]) if "frequency" in wish else None,
            wish.get("count"),
        ),
        settlement=settlement.Asked(usd(said["settlement"])) if "settlement" in said else None,
        hardship=said.get("hardship", False),
        person=said.get("person", False),
    )


def history_of(case: dict[str, Any]) -> History:
    assessment = None
    until = case.get("assessed_until", date(2027, 1, 1))
    if "affordable" in case:
        outcome = Affordable(Frequency.MONTHLY, (Share("A-1", usd(case["affordable"]), 1),))
        assessment = Assessment(outcome, usd(case["affordable"]), (), (), (), until)
    elif "help" in case:
        held = HelpOutcome(HelpReason.NO_SURPLUS, HelpKind.HOLD, hold_until=date(2026, 12, 23))
        assessment = Assessment(held, usd("0"), (), (), (), until)
    return History(
        promise=promise.History(broken_in_a_row=case.get("broken", 0)),
        plan=PlanPast(case["plan_reschedules"]) if "plan_reschedules" in case else None,
        settlement=settlement.History(agreed=case.get("settled", False)),
        assessment=assessment,
    )


def what(option: Any) -> str:
    """An option's amounts and days as the cases write them."""
    match option:
        case PayInFull(amount=amount) | PayArrears(amount=amount):
            return str(amount.decimal)
        case Promise():
            told = f"{option.minimum.decimal}-{option.maximum.decimal}"
            told += f" {option.earliest}..{option.latest}"
            match option.answer:
                case promise.Accepted(amount, due):
                    told += f" accepted {amount.decimal} {due}"
                case promise.Countered(nearest):
                    told += f" countered {nearest.amount.decimal} {nearest.due}"
                case promise.Refused(rule):
                    told += f" refused {rule}"
            return told
        case Plan(schedules=schedules):
            return " ".join(
                f"{len(each.instalments)}x{each.instalments[0].amount.decimal}"
                for each in schedules
            )
        case Settlement(terms=terms, answer=answer):
            told = " ".join(f"{one.amount.decimal}/{len(one.instalments)}" for one in terms)
            match answer:
                case settlement.Accepted(agreed):
                    told += f" accepted {agreed.amount.decimal}"
                case settlement.Countered(nearest):
                    told += f" countered {nearest.amount.decimal}"
            return told
        case Help(help=outcome):
            return str(outcome.hold_until)
    return ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    found = options(
        account_of(case),
        terms_of(case.get("grid_from", 0)),
        history_of(case),
        asked_in(case),
        TODAY,
    )
    shown = {
        option_kind(option).value: [option.reason.value, option.rule, what(option)]
        for option in found.offered
    }
    for kind, expected in case.get("offered", {}).items():
        assert shown.get(kind) == expected
    withheld = {each.kind.value: each.rule for each in found.withheld}
    for kind, rule in case.get("withheld", {}).items():
        assert withheld.get(kind) == rule
        assert kind not in shown
    assert {note.pointer: note.rule for note in found.notes}.items() >= case.get(
        "notes", {}
    ).items()
    if "notes" not in case:
        assert case.get("source") or not found.notes
    if "only" in case:
        assert list(shown) == case["only"]
    if "expires" in case:
        offer = found.get(Kind.SETTLEMENT)
        assert isinstance(offer, Settlement)
        assert {one.expires for one in offer.terms} == {case["expires"]}


def test_every_kind_is_offered_or_withheld_once() -> None:
    for case in CASES:
        found = options(account_of(case), terms_of(), history_of(case), asked_in(case), TODAY)
        kinds = [option_kind(option) for option in found.offered]
        kinds += [each.kind for each in found.withheld]
        assert (
            sorted(set(kinds) - {Kind.HELP})
            == sorted(kinds_but(kinds))
            == sorted(set(Kind) - {Kind.HELP})
        )


def kinds_but(kinds: list[Kind]) -> list[Kind]:
    return [kind for kind in kinds if kind is not Kind.HELP]


# Choosing terms

RICH, OLD, CARD = PromiseRules(latest_days=7), PromiseRules(latest_days=8), PromiseRules()


def choices(*rules: tuple[str, PromiseRules]) -> list[Choice]:
    return [Choice(parse(when, NAMES), Terms(US, rule)) for when, rule in (*rules, ("true", CARD))]


CHOSEN = choices(
    ("context.account.balance > 500", RICH),
    ('context.account.age_days >= 90 and context.account.segment = "standard"', OLD),
)


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ({"balance": "500.01"}, RICH),  # more than 500, whatever its age
        ({"balance": "500.00"}, OLD),  # not more; 200 days old
        ({"due_date": date(2026, 8, 25)}, OLD),  # 90 days before 23 November
        ({"due_date": date(2026, 8, 26)}, CARD),  # 89 days
        ({"due_date": None}, CARD),  # an unknown age is not surely 90
        ({"due_date": date(2026, 12, 1)}, CARD),  # not due yet
    ],
)
def test_the_first_that_surely_holds_decides(
    account: dict[str, Any], expected: PromiseRules
) -> None:
    assert choose(CHOSEN, account_of(account), 0, TODAY).promise == expected


@pytest.mark.parametrize(
    "when",
    [
        "context.account.arrears > 50",
        "context.account.minimum_due is null",
        'context.account.product = "card"',
        'context.account.flags contains "hardship"',
        'context.account.due_date < "2026-06-01"',
        "context.account.creditor is null",
        'context.currency = "USD"',
        'context.jurisdiction = "US"',
        "context.promise.broken_in_a_row = 1",
        'context.today = "2026-11-23"',
    ],
)
def test_every_attribute_can_be_asked_for(when: str) -> None:
    account = account_of({"arrears": "60.00", "flags": ["hardship"]})
    assert choose(choices((when, RICH)), account, 1, TODAY).promise is RICH


def test_no_choice_is_an_error() -> None:
    with pytest.raises(LookupError):
        choose([Choice(parse("false", NAMES), Terms(US))], account_of({}), 0, TODAY)


# What a reply asks for


def understood(*intents: str, **entities: Any) -> Understanding:
    scores = tuple(Score(name, 0.9) for name in intents)
    return Understanding(intents[0], 0.9, scores, "rule", **entities)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (
            understood("promise_to_pay", amount=usd("50"), date=TODAY),
            Asked(usd("50"), TODAY),
        ),
        (
            understood("request_plan", instalment=Instalment(usd("30"), "monthly")),
            Asked(plan=plan.Asked(usd("30"), Frequency.MONTHLY)),
        ),
        (
            understood("request_plan", "promise_to_pay", amount=usd("30"), date=TODAY),
            Asked(plan=plan.Asked(usd("30"), first_date=TODAY)),
        ),
        (
            understood("request_plan", instalment=Instalment(None, "yearly", 4)),
            Asked(plan=plan.Asked(count=4)),
        ),
        (
            understood("settlement_offer", amount=usd("300")),
            Asked(settlement=settlement.Asked(usd("300"))),
        ),
        (understood("settlement_offer"), Asked(open=(Kind.SETTLEMENT,))),
        (understood("promise_to_pay"), Asked(open=(Kind.PROMISE,))),
        (understood("settlement_offer", "promise_to_pay"), Asked(open=(Kind.SETTLEMENT,))),
        (
            understood("promise_to_pay", "settlement_offer", date=TODAY),
            Asked(due=TODAY, open=(Kind.SETTLEMENT,)),
        ),
        (understood("hardship", "agent_request"), Asked(hardship=True, person=True)),
        (understood("dispute", amount=usd("30")), Asked()),
    ],
)
def test_what_a_reply_asks_for(reply: Understanding, expected: Asked) -> None:
    assert asked_of(reply) == expected


# Properties

ZONES = st.sampled_from(["USD", "JPY", "KWD"])
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


def money(currency: str, least: int = 0, most: int = 10**7) -> st.SearchStrategy[Money]:
    return st.integers(least, most).map(lambda minor: Money(minor, currency))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def rarely(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 4).flatmap(lambda chance: strategy if chance == 0 else st.none())


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@st.composite
def offers(draw: Callable[..., Any], today: date) -> dict[str, Any]:
    """Mostly well-formed, in and out of bounds; at times anything at all."""
    amount = st.integers(0, 10**7).map(lambda minor: str(minor // 100))
    day = st.integers(-3, 60).map(lambda days: str(today + timedelta(days=days)))
    one = {"amount": amount, "frequency": st.sampled_from(list(Frequency)).map(str)}
    one |= {"count": st.integers(2, 40), "first_date": day}
    known = {
        "promise": st.fixed_dictionaries({}, optional={"minimum": amount, "latest": day}),
        "plans": st.lists(st.fixed_dictionaries({}, optional=one), max_size=4),
        "settlement": st.fixed_dictionaries(
            {}, optional={"amount": amount, "percent": st.integers(1, 99), "until": day}
        ),
        "not_offered": st.lists(st.sampled_from(["promise", "plan", "settlement"]), max_size=2),
        "person": st.just(False),
        "expires": day,
        "other": ANYTHING,
    }
    dict.fromkeys(known, ANYTHING)
    if draw(st.integers(0, 9)) == 0:
        known = dict.fromkeys(known, ANYTHING)
    elif draw(st.booleans()):
        del known["other"], known["person"], known["not_offered"], known["expires"]
    return dict(draw(st.fixed_dictionaries({}, optional=known)))


@st.composite
def situations(draw: Callable[..., Any]) -> tuple[Attributes, Terms, History, Asked, date]:
    currency, today = draw(ZONES), draw(DAYS)
    balance = draw(money(currency))
    floor = draw(maybe(st.integers(1, 70)))
    cell = Cell(draw(st.integers(0, 30)), floor=floor and Floor(floor))
    fewest = draw(st.integers(2, 6))
    most = draw(st.integers(fewest, 36))
    smallest = draw(st.integers(1, 5000))
    terms = Terms(
        draw(st.sampled_from([US, Calendar("GB", "SCT")])),
        draw(
            maybe(
                st.builds(
                    PromiseRules,
                    minimum_percent=st.integers(0, 100),
                    minimum_minor=st.integers(0, 10**5),
                    latest_days=st.integers(0, 30),
                    reschedules=st.integers(0, 3),
                )
            )
        ),
        draw(
            maybe(
                st.just(
                    PlanRules(
                        smallest_minor=smallest,
                        smallest_last_minor=min(smallest, 100),
                        fewest=fewest,
                        most=most,
                    )
                )
            )
        ),
        draw(maybe(st.just(SettlementRules(grid=(cell,), ways=(Way(3, 5),))))),
        draw(maybe(st.just(AffordabilityRules()))),
    )
    account = Attributes(
        "A-1",
        balance,
        "US",
        arrears=draw(maybe(money(currency))),
        due_date=draw(maybe(DAYS)),
        flags=tuple(
            draw(st.lists(st.sampled_from(["promise", "hardship"] * 4 + ["dispute"]), max_size=1))
        ),
        hosted=Hosted(draw(offers(today)), draw(st.sampled_from(Source))),
    )
    near = st.integers(-3, 60).map(lambda days: today + timedelta(days=days))
    asked = Asked(
        draw(maybe(money(currency))),
        draw(maybe(near)),
        draw(
            maybe(
                st.builds(
                    plan.Asked,
                    maybe(money(currency)),
                    maybe(st.sampled_from(Frequency)),
                    maybe(st.integers(-1, 50)),
                    maybe(near),
                )
            )
        ),
        draw(maybe(st.builds(settlement.Asked, money(currency), st.integers(-1, 5), maybe(near)))),
        draw(st.booleans()),
        draw(st.booleans()),
    )
    share = Share("A-1", draw(money(currency, 1, 10**6)), 1)
    outcome = draw(
        st.just(Affordable(draw(st.sampled_from(Frequency)), (share,)))
        | st.just(HelpOutcome(HelpReason.NO_SURPLUS, HelpKind.NO_PLAN))
    )
    history = History(
        promise.History(
            active=draw(st.sampled_from([None, None, "p"])),
            active_amount=balance,
            active_date=today,
            reschedules=draw(st.integers(0, 3)),
            broken_in_a_row=draw(st.sampled_from([0] * 6 + [1, 2])),
        ),
        draw(rarely(st.builds(PlanPast, st.integers(0, 2)))),
        settlement.History(
            expires=draw(rarely(near)),
            held=draw(rarely(money(currency))),
            agreed=bool(draw(rarely(st.just(True)))),
        ),
        draw(rarely(st.just(Assessment(outcome, balance, (), (), (), draw(near))))),
    )
    return account, terms, history, asked, today


SITUATIONS = situations()


@given(SITUATIONS)
def test_nothing_is_offered_that_the_rules_would_refuse(
    situation: tuple[Attributes, Terms, History, Asked, date],
) -> None:
    account, terms, history, _asked, today = situation
    found = options(*situation)
    assert isinstance(found.offered[-1], Person)
    for option in found.offered:
        match option:
            case PayInFull(amount=amount) | PayArrears(amount=amount):
                assert 0 < amount.minor <= account.balance.minor
                assert amount.currency == account.balance.currency
            case Promise():
                assert terms.promise is not None
                check_promise(option, situation)
            case Plan(schedules=schedules):
                assert terms.plan is not None
                assert 1 <= len(schedules) <= plan.MOST_OFFERED
                valid = history.assessment and today <= history.assessment.valid_until
                rules = terms.plan.assessed if valid else terms.plan
                for each in schedules:
                    broken = plan.allowed(each, account.balance, rules, today, terms.calendar)
                    assert broken is None
                    assert not valid or affordable(each, history.assessment)
            case Settlement():
                check_settlement(option, situation)
            case Affordability():
                assert terms.affordability is not None
            case Help(help=outcome):
                assert history.assessment is not None
                assert history.assessment.outcome == outcome


def check_promise(option: Promise, situation: Any) -> None:
    """Every corner of the bounds is accepted, by the client's rules and the narrower ones."""
    account, terms, history, _, today = situation
    narrow = promise_rules(account, terms, history, today)
    assert narrow is not None
    for amount in {option.minimum, option.maximum}:
        for due in {option.earliest, option.latest}:
            for rules in (terms.promise, narrow):
                if repeats_only(option):
                    continue
                judged = promise.evaluate(
                    amount, due, account.balance, today, rules, history.promise
                )
                assert judged == promise.Accepted(amount, due)
    match option.answer:
        case promise.Accepted() as given:
            assert option.minimum <= given.amount <= option.maximum
            assert option.earliest <= given.due <= option.latest
        case promise.Countered(nearest):
            assert option.minimum <= nearest.amount <= option.maximum
            assert option.earliest <= nearest.due <= option.latest


def repeats_only(option: Promise) -> bool:
    """The bounds are one promise, the pending one itself."""
    return option.minimum == option.maximum and option.earliest == option.latest


def check_settlement(option: Settlement, situation: Any) -> None:
    """What is shown is accepted when it is asked for."""
    account, terms, history, _, today = situation
    first = option.terms[0].amount
    hosted = first if option.rule.startswith("/offers") else None
    debt = settlement.Debt(account.balance, account.due_date, account.segment, hosted)
    for one in option.terms:
        assert 0 < one.amount.minor < account.balance.minor
        assert sum(part.amount.minor for part in one.instalments) == one.amount.minor
        wish = settlement.Asked(one.amount, len(one.instalments))
        judged = settlement.judge(
            wish, debt, terms.settlement, history.settlement, today, terms.calendar
        )
        assert isinstance(judged, settlement.Accepted)
        assert judged.terms.amount == one.amount


def affordable(schedule: plan.Schedule, assessment: Assessment | None) -> bool:
    assert assessment is not None
    if not isinstance(assessment.outcome, Affordable):
        return False
    a_year = assessment.outcome.total.minor * PER_YEAR[assessment.outcome.frequency]
    return schedule.instalments[0].amount.minor * PER_YEAR[schedule.frequency] <= a_year


@given(SITUATIONS)
def test_the_same_facts_give_the_same_options(situation: Any) -> None:
    assert options(*situation) == options(*situation)


@given(SITUATIONS)
def test_options_can_be_written_and_hold_no_rules(situation: Any) -> None:
    """No floor can come out: rules hold it, and no option holds rules."""
    found = options(*situation)
    text = json.encode(found).decode()
    for secret in ("floor", "grid", "discount_percent", "step_percent"):
        assert f'"{secret}"' not in text
    told = for_customer(found)
    assert (told.withheld, told.notes) == ((), ())
    assert told.offered == found.offered


@given(SITUATIONS, st.integers(1, 70))
def test_the_floor_changes_nothing_where_nobody_offers(situation: Any, floor: int) -> None:
    account, terms, history, asked, today = situation
    asked, account = structs.replace(asked, settlement=None), unhosted(account)
    if terms.settlement is None:
        return
    [cell] = terms.settlement.grid
    grid = (structs.replace(cell, floor=Floor(floor)),)
    other = structs.replace(terms, settlement=structs.replace(terms.settlement, grid=grid))
    assert options(account, terms, history, asked, today) == options(
        account, other, history, asked, today
    )


def unhosted(account: Attributes) -> Attributes:
    return structs.replace(account, hosted=Hosted())


@given(SITUATIONS)
def test_the_host_never_widens_a_promise(situation: Any) -> None:
    account, terms, history, asked, today = situation
    own = options(unhosted(account), terms, history, asked, today).get(Kind.PROMISE)
    hosted = options(*situation).get(Kind.PROMISE)
    if hosted is not None:
        assert isinstance(own, Promise)
        assert isinstance(hosted, Promise)
        assert own.minimum <= hosted.minimum
        assert hosted.latest <= own.latest


@given(SITUATIONS, st.sampled_from(["look_up.no_answer", "look_up.status"]))
def test_a_failed_look_up_leaves_only_a_person(situation: Any, failure: str) -> None:
    account, *rest = situation
    closed = structs.replace(account, hosted=Hosted({}, Source.LOOK_UP, failure))
    found: Options = options(closed, *rest)
    assert found.offered == (Person(reason=Reason.LOOK_UP, rule=failure),)


@given(SITUATIONS)
def test_a_look_up_is_honoured_as_a_whole_or_not_at_all(situation: Any) -> None:
    account, *rest = situation
    asked_host = structs.replace(
        account, hosted=structs.replace(account.hosted, source=Source.LOOK_UP)
    )
    found: Options = options(asked_host, *rest)
    harmless = {"held", "expired", "unaffordable"}
    if any(note.rule not in harmless for note in found.notes):
        assert len(found.offered) == 1
