"""Plans: what was asked, the host's and the client's own, as far as they are affordable."""

from collections.abc import Iterator, Sequence

from domain.affordability import A_YEAR, Affordable
from domain.options.case import HOST, Case, Findings
from domain.options.hosted import Note, NoteRule
from domain.options.results import Kind, Plan, Reason, Withheld
from domain.plan import (
    MOST_OFFERED,
    Asked,
    Offered,
    PlanRefused,
    PlanRules,
    Rule,
    Schedule,
    propose,
)
from domain.schedule import PER_YEAR
from domain.values import Money

UNAFFORDABLE = "affordability.unaffordable"


def plan_option(case: Case) -> Findings:
    rules, past = case.terms.plan, case.history.plan
    rule = case.barred(Kind.PLAN)
    if rule is None and past and past.defaulted:
        rule = f"plan.{Rule.DEFAULTED}"
    if rule is None and rules is not None and past and past.reschedules >= rules.reschedules:
        rule = f"plan.{Rule.RESCHEDULES}"
    if rule is not None or rules is None:
        for pointer, _ in case.offers.plans:
            yield Note(pointer, NoteRule.NOT_OFFERED.value)
        yield Withheld(Kind.PLAN, rule or NoteRule.NOT_OFFERED.value)
        return
    cap = _cap(case)
    rules = rules if cap is None else rules.assessed
    hosted: list[Schedule] = []
    for pointer, wish in case.offers.plans:
        schedule = _hosted(case, wish, rules, cap)
        if isinstance(schedule, str):
            yield Note(pointer, schedule)
        else:
            hosted.append(schedule)
    yield _option(case, rules, hosted, cap)


def within(schedule: Schedule, cap: int | None) -> bool:
    """Whether a year of the usual instalment is within `cap` minor units."""
    if cap is None:
        return True
    return schedule.instalments[0].amount.minor * PER_YEAR[schedule.frequency] <= cap


def _cap(case: Case) -> int | None:
    """What the customer can pay on this account in a year, in minor units, by a valid assessment.
    0 where it was assessed without this account; None where nothing was assessed."""
    known = case.assessment
    if known is None or not isinstance(known.outcome, Affordable):
        return None
    shares = known.outcome.instalments
    mine = sum(share.amount.minor for share in shares if share.debt == case.account.ref)
    return mine * A_YEAR[known.outcome.frequency]


def _hosted(case: Case, wish: Asked, rules: PlanRules, cap: int | None) -> Schedule | str:
    """The host's plan exactly as it has it, or the rule that it meets."""
    found = propose(case.account.balance, rules, wish, case.today, case.terms.calendar)
    if isinstance(found, PlanRefused):
        return f"plan.{found.rule}"
    first = found.schedules[0]
    if first.differs:
        return f"plan.{first.differs[0].rule}"
    return first if within(first, cap) else NoteRule.UNAFFORDABLE.value


def _option(
    case: Case, rules: PlanRules, hosted: list[Schedule], cap: int | None
) -> Plan | Withheld:
    """What was asked comes first, then the host's; the client's own where neither is."""
    asked = _meant(case.asked.plan, case.account.balance)
    own: tuple[Schedule, ...] = ()
    if asked is not None or not hosted:
        found = _proposed(case, _capped(asked, cap, rules, case.account.balance), rules, cap)
        if isinstance(found, Offered):
            own = found.schedules
        elif not hosted:
            return Withheld(Kind.PLAN, f"plan.{found.rule}")
    ranked = [*own[:1], *hosted, *own[1:]]
    schedules = tuple(_different(ranked))[:MOST_OFFERED]
    if not schedules:
        return Withheld(Kind.PLAN, UNAFFORDABLE)
    rule = case.terms.place("plan") if own else f"{HOST}/plans"
    return Plan(reason=_reason(asked, schedules[0], own, cap), rule=rule, schedules=schedules)


def _meant(asked: Asked | None, balance: Money) -> Asked | None:
    """None for a wish that says nothing about this debt: of another currency, or nothing at all."""
    if asked is None or (asked.amount is not None and asked.amount.currency != balance.currency):
        return None
    nothing = (asked.amount and asked.amount.minor <= 0) or (asked.count or 1) <= 0
    return None if nothing or asked == Asked() else asked


def _reason(
    asked: Asked | None, first: Schedule, own: Sequence[Schedule], cap: int | None
) -> Reason:
    if not own:
        return Reason.HOST
    if asked is None:
        return Reason.WITHIN_RULES if cap is None else Reason.ASSESSED
    wanted = asked.amount is None or asked.amount == first.instalments[0].amount
    return Reason.AS_ASKED if wanted and not first.differs else Reason.NEAREST


def _proposed(case: Case, wish: Asked, rules: PlanRules, cap: int | None) -> Offered | PlanRefused:
    """Proposals that are affordable, or the affordable instalment itself where none of them is."""
    balance, calendar = case.account.balance, case.terms.calendar
    found = propose(balance, rules, wish, case.today, calendar)
    if cap is None or isinstance(found, PlanRefused):
        return found
    fit = tuple(each for each in found.schedules if within(each, cap))
    if not fit:
        second = propose(balance, rules, _at(cap, wish, rules, balance), case.today, calendar)
        if isinstance(second, Offered):
            fit = tuple(each for each in second.schedules if within(each, cap))
    return Offered(fit)


def _capped(wish: Asked | None, cap: int | None, rules: PlanRules, balance: Money) -> Asked:
    """The wish; where nothing was said, or more than is affordable, the affordable instalment."""
    wish = wish or Asked()
    if cap is None:
        return wish
    most = _at(cap, wish, rules, balance)
    if wish.amount is None:
        return wish if wish.count is not None else most
    too_much = most.amount is not None and wish.amount > most.amount
    return most if too_much else wish


def _at(cap: int, wish: Asked, rules: PlanRules, balance: Money) -> Asked:
    """As much as is affordable, at the frequency that was asked or is offered first."""
    frequency = wish.frequency or rules.frequencies[0]
    minor = max(1, cap // PER_YEAR[frequency])
    return Asked(Money(minor, balance.currency), frequency, None, wish.first_date)


def _different(schedules: Sequence[Schedule]) -> Iterator[Schedule]:
    """Without those that are the same payments again."""
    seen = set()
    for schedule in schedules:
        if schedule.instalments not in seen:
            seen.add(schedule.instalments)
            yield schedule
