"""What becomes of each thing that a customer asked for, told of the options that came out."""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from domain import promise, settlement
from domain.options import Asked, Kind, Options, Plan, Promise, Reason, Settlement
from domain.options.results import PromiseAnswer, SettlementAnswer


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    COUNTERED = "countered"  # not so, but the option says what is the nearest
    REFUSED = "refused"
    OFFERED = "offered"  # nothing was said that could be judged, and this is there


class Answer(Struct, frozen=True):
    """`rule` is the one that decided: a JSON pointer, or the name of a bound."""

    asked: Kind
    verdict: Verdict
    rule: str


def answers(asked: Asked, found: Options) -> tuple[Answer, ...]:
    """In the order in which options are shown; empty where nothing was asked."""
    return tuple(_answers(asked, found))


def _answers(asked: Asked, found: Options) -> Iterator[Answer]:
    if asked.amount is not None or asked.due is not None:
        yield _judged(Kind.PROMISE, found)
    elif Kind.PROMISE in asked.open:
        yield _there(Kind.PROMISE, found)
    if asked.plan is not None:
        yield _plan(found)
    if asked.settlement is not None:
        yield _judged(Kind.SETTLEMENT, found)
    elif Kind.SETTLEMENT in asked.open:
        yield _there(Kind.SETTLEMENT, found)
    if asked.hardship:
        kind = Kind.HELP if found.get(Kind.HELP) else Kind.AFFORDABILITY
        yield _there(kind, found)
    if asked.person:
        yield _there(Kind.PERSON, found)


def _judged(kind: Kind, found: Options) -> Answer:
    match found.get(kind):
        case Promise(answer=answer, rule=place) | Settlement(answer=answer, rule=place):
            return _verdict(kind, answer, place)
    return _refused(kind, found)


def _verdict(kind: Kind, answer: PromiseAnswer | SettlementAnswer | None, place: str) -> Answer:
    match answer:
        case promise.Accepted() | settlement.Accepted():
            return Answer(kind, Verdict.ACCEPTED, place)
        case promise.Countered(rule=rule) | settlement.Countered(rule=rule):
            return Answer(kind, Verdict.COUNTERED, f"{kind}.{rule}")
        case promise.Refused(rule=rule) | settlement.Refused(rule=rule):
            return Answer(kind, Verdict.REFUSED, f"{kind}.{rule}")
    return Answer(kind, Verdict.OFFERED, place)


def _plan(found: Options) -> Answer:
    match found.get(Kind.PLAN):
        case Plan(reason=Reason.AS_ASKED, rule=place):
            return Answer(Kind.PLAN, Verdict.ACCEPTED, place)
        case Plan(reason=Reason.NEAREST, rule=place, schedules=schedules):
            missed = [f"plan.{each.rule}" for each in schedules[0].differs]
            return Answer(Kind.PLAN, Verdict.COUNTERED, missed[0] if missed else place)
        case Plan(rule=place):
            return Answer(Kind.PLAN, Verdict.OFFERED, place)
    return _refused(Kind.PLAN, found)


def _there(kind: Kind, found: Options) -> Answer:
    option = found.get(kind)
    if option is None:
        return _refused(kind, found)
    return Answer(kind, Verdict.OFFERED, option.rule)


def _refused(kind: Kind, found: Options) -> Answer:
    rules = [each.rule for each in found.withheld if each.kind is kind]
    return Answer(kind, Verdict.REFUSED, rules[0] if rules else "not_offered")
