"""What a customer asked, what came before, and the options that come out."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from msgspec import Struct, structs

from domain import affordability
from domain import plan as plans
from domain import promise as promises
from domain import settlement as settlements
from domain.options.hosted import Note
from domain.schedule import Frequency
from domain.understanding import Understanding
from domain.values import Money


class Kind(StrEnum):
    PAY_IN_FULL = "pay_in_full"
    PAY_ARREARS = "pay_arrears"
    PROMISE = "promise"
    PLAN = "plan"
    SETTLEMENT = "settlement"
    AFFORDABILITY = "affordability"
    HELP = "help"
    PERSON = "person"


class PlanPast(Struct, frozen=True):
    """A plan that was agreed and is not paid yet, and how often it was rearranged."""

    reschedules: int = 0
    defaulted: bool = False


class History(Struct, frozen=True):
    """What came before on the account; `assessment` is the latest of income and expenditure."""

    promise: promises.History = promises.History()
    plan: PlanPast | None = None
    settlement: settlements.History = settlements.History()
    assessment: affordability.Assessment | None = None


class Asked(Struct, frozen=True):
    """What the customer wants; None where nothing was said of it.

    `amount` and `due` are a promise's. `hardship`: they say that money is short. `open` is what
    they ask for and name nothing of that could be judged.
    """

    amount: Money | None = None
    due: date | None = None
    plan: plans.Asked | None = None
    settlement: settlements.Asked | None = None
    hardship: bool = False
    person: bool = False
    open: tuple[Kind, ...] = ()


def asked_of(understood: Understanding) -> Asked:
    """What a reply asks for, of all that it was understood to mean."""
    amount, day, said = understood.amount, understood.date, understood.instalment
    wants = settles = None
    if understood.has("request_plan"):
        frequency = said.frequency if said and said.frequency in _FREQUENCIES else None
        wants = plans.Asked(
            (said.amount if said else None) or amount,
            Frequency(frequency) if frequency else None,
            said.count if said else None,
            day,
        )
    if understood.has("settlement_offer") and amount is not None:
        settles = settlements.Asked(amount, (said and said.count) or 1, day)
    promises = wants is None and settles is None and understood.has("promise_to_pay")
    return Asked(
        amount if promises else None,
        day if promises else None,
        wants,
        settles,
        hardship=understood.has("hardship", "vulnerability"),
        person=understood.has("agent_request"),
        open=tuple(_open(understood, promises=promises)),
    )


def _open(understood: Understanding, *, promises: bool) -> Iterator[Kind]:
    named = understood.amount is not None
    settles = understood.has("settlement_offer")
    if promises and not settles and not named and understood.date is None:
        yield Kind.PROMISE
    if settles and not named:
        yield Kind.SETTLEMENT


_FREQUENCIES = frozenset(frequency.value for frequency in Frequency)


class Reason(StrEnum):
    """Why something is offered."""

    DUE = "due"  # this much is owed
    WITHIN_RULES = "within_rules"
    AS_ASKED = "as_asked"
    NEAREST = "nearest"  # to what was asked, which the rules do not allow
    HOST = "host"  # the host offers it, within the client's bounds
    ASSESSED = "assessed"  # by what the customer can afford
    ASKED = "asked"
    ASKED_LESS = "asked_less"  # than the rules allow without an assessment
    CIRCUMSTANCES = "circumstances"
    NO_SURPLUS = "no_surplus"
    ALWAYS = "always"
    FLAG = "flag"  # a hold under which a person decides
    REFUSED = "refused"  # the rules leave it to a person
    HOST_DECIDES = "host_decides"  # the host leaves it to a person
    LOOK_UP = "look_up"  # the host could not be asked, or its answer not be used


class _Option(Struct, frozen=True, kw_only=True):
    """`rule` is where it is ruled: a JSON pointer into the client's file, the host's offers
    (/offers/...), or the name of a rule."""

    reason: Reason
    rule: str


class PayInFull(_Option, frozen=True, kw_only=True, tag_field="kind", tag=Kind.PAY_IN_FULL.value):
    amount: Money


class PayArrears(_Option, frozen=True, kw_only=True, tag_field="kind", tag=Kind.PAY_ARREARS.value):
    amount: Money


PromiseAnswer = promises.Accepted | promises.Countered | promises.Refused


class Promise(_Option, frozen=True, kw_only=True, tag_field="kind", tag=Kind.PROMISE.value):
    """Any amount and day of these bounds is accepted; `answer` is to the promise that was asked."""

    minimum: Money
    maximum: Money
    earliest: date
    latest: date
    answer: PromiseAnswer | None = None


class Plan(_Option, frozen=True, kw_only=True, tag_field="kind", tag=Kind.PLAN.value):
    """One to three schedules, each of which is accepted as it stands."""

    schedules: tuple[plans.Schedule, ...]


SettlementAnswer = settlements.Accepted | settlements.Countered | settlements.Refused


class Settlement(_Option, frozen=True, kw_only=True, tag_field="kind", tag=Kind.SETTLEMENT.value):
    """The open offer in its ways to pay; `answer` is to what the customer offered."""

    terms: tuple[settlements.Terms, ...]
    answer: SettlementAnswer | None = None


class Affordability(
    _Option, frozen=True, kw_only=True, tag_field="kind", tag=Kind.AFFORDABILITY.value
):
    """A link to the form of income and expenditure."""


class Help(_Option, frozen=True, kw_only=True, tag_field="kind", tag=Kind.HELP.value):
    """Nothing is affordable: what the client does instead."""

    help: affordability.Help


class Person(_Option, frozen=True, kw_only=True, tag_field="kind", tag=Kind.PERSON.value):
    """Somebody to talk to; the only option where `reason` is none of `always` and `asked`."""


Option = PayInFull | PayArrears | Promise | Plan | Settlement | Affordability | Help | Person


class Withheld(Struct, frozen=True):
    """What is not offered, and the rule that keeps it back."""

    kind: Kind
    rule: str


class Options(Struct, frozen=True):
    """In the order in which they are shown, a person last.

    `withheld` and `notes` are for the client's people: see `for_customer`.
    """

    offered: tuple[Option, ...]
    withheld: tuple[Withheld, ...] = ()
    notes: tuple[Note, ...] = ()

    def get(self, kind: Kind) -> Option | None:
        return next((option for option in self.offered if option_kind(option) is kind), None)


def option_kind(option: Option) -> Kind:
    return Kind(str(option.__struct_config__.tag))


def for_customer(found: Options) -> Options:
    """The same without what is not offered and what the host had wanted."""
    return structs.replace(found, withheld=(), notes=())
