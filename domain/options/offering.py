"""What may be offered now, and why."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from domain import plan, promise, settlement
from domain.affordability import Help as HelpOutcome
from domain.options.attributes import OPEN_FLAGS, Attributes, Source
from domain.options.case import HOST, Case, Findings, Found
from domain.options.hosted import HostOffers, Note, NoteRule, read_offers
from domain.options.plans import plan_option
from domain.options.promises import bar, narrowed, promise_option
from domain.options.results import (
    Affordability,
    Asked,
    Help,
    History,
    Kind,
    Options,
    PayArrears,
    PayInFull,
    Person,
    Plan,
    Promise,
    Reason,
    Settlement,
    Withheld,
)
from domain.options.settlements import settlement_option
from domain.options.terms import Terms
from domain.promise import PromiseRules

AUTOMATIC = (
    Kind.PAY_IN_FULL,
    Kind.PAY_ARREARS,
    Kind.PROMISE,
    Kind.PLAN,
    Kind.SETTLEMENT,
    Kind.AFFORDABILITY,
)
_TO_A_PERSON = frozenset({"promise.broken", "settlement.offers", "settlement.lapsed"})
"""Rules that end what is automatic."""

_HARMLESS = frozenset({NoteRule.HELD.value, NoteRule.EXPIRED.value, NoteRule.UNAFFORDABLE.value})
"""What can be said of a look-up's answer without anything being wrong with it."""


class Situation(Struct, frozen=True):
    """What decides the options of one account, whatever is asked."""

    account: Attributes
    terms: Terms
    history: History

    def options(self, asked: Asked, today: date) -> Options:
        return options(self.account, self.terms, self.history, asked, today)

    def promise_rules(self, today: date) -> PromiseRules | None:
        return promise_rules(self.account, self.terms, self.history, today)


def options(
    account: Attributes, terms: Terms, history: History, asked: Asked, today: date
) -> Options:
    """Everything that may be offered today, each with its reason and rule; a person always.

    Whatever is offered is accepted by the same rules on the same day. A look-up that failed, or
    whose answer goes beyond the client's bounds, leaves only a person.
    """
    offers = read_offers(account.hosted.given, account.balance.currency, today)
    closed = _closed(account, offers)
    if closed is not None:
        return _only_a_person(*closed, offers.notes)
    if account.balance.minor <= 0:
        return _only_a_person(Reason.ALWAYS, "nothing_due", offers.notes)
    found = list(_found(Case(account, terms, history, asked, today, offers)))
    notes = offers.notes + tuple(each for each in found if isinstance(each, Note))
    if account.hosted.source is Source.LOOK_UP and any(n.rule not in _HARMLESS for n in notes):
        return _only_a_person(Reason.LOOK_UP, NoteRule.OUT_OF_BOUNDS.value, notes)
    withheld = tuple(each for each in found if isinstance(each, Withheld))
    offered = tuple(each for each in found if not isinstance(each, Withheld | Note))
    return Options((*offered, _person(asked, found)), withheld, notes)


def promise_rules(
    account: Attributes, terms: Terms, history: History, today: date
) -> PromiseRules | None:
    """The rules that a promise on this account is judged by: the client's, as narrow as the host
    has them. None where no promise is taken automatically."""
    offers = read_offers(account.hosted.given, account.balance.currency, today)
    case = Case(account, terms, history, Asked(), today, offers)
    if _closed(account, offers) is not None or bar(case) is not None:
        return None
    return narrowed(account.balance, terms.promise, offers, today)[0]


def _closed(account: Attributes, offers: HostOffers) -> tuple[Reason, str] | None:
    """Why only a person may help, with the rule."""
    if account.hosted.failure is not None:
        return Reason.LOOK_UP, account.hosted.failure
    flag = next((flag for flag in account.flags if flag not in OPEN_FLAGS), None)
    if flag is not None:
        return Reason.FLAG, flag
    return (Reason.HOST_DECIDES, f"{HOST}/person") if offers.person else None


def _only_a_person(reason: Reason, rule: str, notes: tuple[Note, ...]) -> Options:
    withheld = tuple(Withheld(kind, rule) for kind in AUTOMATIC)
    return Options((Person(reason=reason, rule=rule),), withheld, notes)


def _found(case: Case) -> Findings:
    """Options in the order of showing, what is withheld, and notes."""
    yield PayInFull(reason=Reason.DUE, rule="balance", amount=case.account.balance)
    yield _arrears(case)
    made = [*promise_option(case), *plan_option(case)]
    yield from made
    yield from settlement_option(case)
    yield from _affordability(case, made)


def _arrears(case: Case) -> Found:
    balance, arrears = case.account.balance, case.account.arrears
    if arrears is None or arrears.minor <= 0:
        return Withheld(Kind.PAY_ARREARS, "no_arrears")
    if arrears.currency != balance.currency:
        return Withheld(Kind.PAY_ARREARS, "currency")
    if arrears >= balance:
        return Withheld(Kind.PAY_ARREARS, "all_is_arrears")
    return PayArrears(reason=Reason.DUE, rule="arrears", amount=arrears)


def _affordability(case: Case, made: Sequence[Found]) -> Findings:
    place, known = case.terms.place("affordability"), case.assessment
    withheld = case.not_wanted(Kind.AFFORDABILITY)
    if known is not None:
        withheld = "affordability.assessed"
        if isinstance(known.outcome, HelpOutcome):
            yield Help(reason=Reason.NO_SURPLUS, rule=place, help=known.outcome)
    elif case.terms.affordability is None:
        withheld = withheld or NoteRule.NOT_OFFERED.value
    if withheld is not None:
        yield Withheld(Kind.AFFORDABILITY, withheld)
        return
    reason = Reason.ASKED_LESS if any(map(_asked_less, made)) else Reason.CIRCUMSTANCES
    yield Affordability(reason=Reason.ASKED if case.asked.hardship else reason, rule=place)


def _asked_less(made: Found) -> bool:
    """Whether the customer asked to pay less, or more slowly, than the rules allow."""
    match made:
        case Promise(answer=promise.Countered(rule=rule)):
            return rule in (promise.Rule.TOO_SMALL, promise.Rule.TOO_LATE)
        case Plan(schedules=schedules):
            slower = (plan.Rule.TOO_MANY, plan.Rule.TOO_SMALL)
            return any(each.rule in slower for each in schedules[0].differs)
    return False


def _person(asked: Asked, found: Sequence[Found]) -> Person:
    if asked.person:
        return Person(reason=Reason.ASKED, rule=Kind.PERSON.value)
    for rule in map(_ended, found):
        if rule in _TO_A_PERSON:
            return Person(reason=Reason.REFUSED, rule=rule)
    return Person(reason=Reason.ALWAYS, rule=Kind.PERSON.value)


def _ended(made: Found) -> str:
    """The rule by which something is not offered, or the customer's own offer not judged."""
    match made:
        case Withheld(rule=rule):
            return rule
        case Settlement(answer=settlement.Refused(rule=refused)):
            return f"settlement.{refused}"
    return ""
