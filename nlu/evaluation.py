"""Answers held against what people say is right: every figure that a release is judged by."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

import msgspec
from msgspec import UNSET, UnsetType

from domain.intents import NAMING_ORDER
from domain.understanding import Reply, Understanding
from nlu.redaction import redact

SAFETY = frozenset(NAMING_ORDER[: NAMING_ORDER.index("vulnerability")])
"""The ten intents that a person must hear of or that end contact."""
OPT_OUTS = frozenset({"opt_out", "cease_contact"})
TRAP = "keyword-trap"
"""The tag of replies that hold a carrier keyword or its like and mean something else."""
PRECISE = 0.95
BINS = 10


class Plan(msgspec.Struct, frozen=True):
    amount: Decimal | None = None
    frequency: str | None = None
    count: int | None = None


class Expected(msgspec.Struct, frozen=True):
    """What is right. `intents`: any of them may be the primary one, the first names the row of the
    confusion matrix. What is left out is not judged; None says that nothing is to be found.
    """

    intents: tuple[str, ...] = ()
    amount: Decimal | UnsetType | None = UNSET
    date: datetime.date | UnsetType | None = UNSET
    instalment: Plan | UnsetType | None = UNSET


@dataclass(frozen=True, slots=True)
class Case:
    reply: Reply
    expected: Expected
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many."""

    right: int
    of: int

    @property
    def share(self) -> float | None:
        return self.right / self.of if self.of else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Between these the true share lies in 95 of 100 such samples (Wilson's interval)."""
        if not self.of:
            return None
        z, n, share = 1.96, self.of, self.right / self.of
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True, slots=True)
class IntentFigures:
    """`asked` replies are rightly so called, `named` were so called, `right` are both."""

    name: str
    asked: int
    named: int
    right: int

    @property
    def precision(self) -> float | None:
        return self.right / self.named if self.named else None

    @property
    def recall(self) -> float | None:
        return self.right / self.asked if self.asked else None

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.asked + self.named) if self.right else 0.0


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers with a confidence in [low, low + 0.1)."""

    low: float
    answers: int
    confidence: float  # their mean
    right: float  # the share that is right


@dataclass(frozen=True, slots=True)
class Miss:
    """A reply answered wrongly; `wrong` names in what. Card and identity numbers are hidden."""

    id: str
    text: str
    wrong: tuple[str, ...]
    expected: Expected
    found: Understanding


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`entities` holds a rate for every kind that some case judges; see `entities_right`."""

    replies: int
    judged: int
    accuracy: Rate
    macro_f1: float | None
    safety: Rate
    false_opt_outs: Rate
    trap_opt_outs: Rate
    coverage: Rate
    threshold: float | None  # the confidence from which answers are PRECISE
    calibration_error: float | None
    entities: dict[str, Rate]
    intents: tuple[IntentFigures, ...]
    confusion: dict[tuple[str, str], int]  # (expected, found): replies
    bins: tuple[Bin, ...]
    locales: dict[str, Rate]
    misses: tuple[Miss, ...]

    @property
    def rates(self) -> dict[str, Rate]:
        """The headline figures that count something, by name."""
        return {
            "accuracy": self.accuracy,
            "safety_recall": self.safety,
            "false_opt_outs": self.false_opt_outs,
            "false_opt_outs_of_traps": self.trap_opt_outs,
            "coverage_at_95_precision": self.coverage,
            **{f"{name}_exact": rate for name, rate in self.entities.items()},
        }

    @property
    def figures(self) -> dict[str, float | None]:
        """All headline figures; None where no case asks for one."""
        counted = {name: rate.share for name, rate in self.rates.items()}
        rest = {"macro_f1": self.macro_f1, "expected_calibration_error": self.calibration_error}
        return {"accuracy": self.accuracy.share, **rest, **counted}


SMALL_IS_GOOD = frozenset({
    "false_opt_outs", "false_opt_outs_of_traps", "expected_calibration_error",
})  # fmt: skip


def evaluate(cases: Sequence[Case], answers: Sequence[Understanding]) -> Evaluation:
    """`answers[i]` is held against `cases[i]`."""
    pairs = list(zip(cases, answers, strict=True))
    judged = [(case, found) for case, found in pairs if case.expected.intents]
    right = [found.intent in case.expected.intents for case, found in judged]
    confusion = _confusion(judged)
    intents = _intents(confusion)
    asked = [each.f1 for each in intents if each.asked]
    sure = [(found.confidence, good) for (_, found), good in zip(judged, right, strict=True)]
    covered, threshold = coverage(sure)
    found_bins = bins(sure)
    return Evaluation(
        replies=len(pairs),
        judged=len(judged),
        accuracy=Rate(sum(right), len(right)),
        macro_f1=sum(asked) / len(asked) if asked else None,
        safety=_safety(judged),
        false_opt_outs=_false_opt_outs(judged),
        trap_opt_outs=_false_opt_outs([pair for pair in judged if TRAP in pair[0].tags]),
        coverage=Rate(covered, len(sure)),
        threshold=threshold,
        calibration_error=calibration_error(found_bins),
        entities=_entities(pairs),
        intents=intents,
        confusion=confusion,
        bins=found_bins,
        locales=_by_locale(judged),
        misses=tuple(_misses(pairs)),
    )


_Pairs = Iterable[tuple[Case, Understanding]]


def _confusion(pairs: _Pairs) -> dict[tuple[str, str], int]:
    """A primary intent that is any of the expected ones counts for the first of these."""
    found: Counter[tuple[str, str]] = Counter()
    for case, answer in pairs:
        expected = case.expected.intents
        found[expected[0], expected[0] if answer.intent in expected else answer.intent] += 1
    return dict(found)


def _intents(confusion: dict[tuple[str, str], int]) -> tuple[IntentFigures, ...]:
    asked: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for (expected, found), count in confusion.items():
        asked[expected] += count
        named[found] += count
    names = [name for name in NAMING_ORDER if asked[name] or named[name]]
    return tuple(
        IntentFigures(name, asked[name], named[name], confusion.get((name, name), 0))
        for name in names
    )


def _safety(pairs: _Pairs) -> Rate:
    """Of every safety intent that is expected: whether it is among those found."""
    right = of = 0
    for case, answer in pairs:
        for name in SAFETY.intersection(case.expected.intents):
            of += 1
            right += answer.has(name)
    return Rate(right, of)


def falsely_out(case: Case, answer: Understanding) -> bool:
    return answer.has(*OPT_OUTS) and OPT_OUTS.isdisjoint(case.expected.intents)


def _false_opt_outs(pairs: _Pairs) -> Rate:
    wrong = [falsely_out(case, answer) for case, answer in pairs]
    return Rate(sum(wrong), len(wrong))


def coverage(answers: Iterable[tuple[float, bool]]) -> tuple[int, float | None]:
    """How many answers can be acted on where PRECISE of these must be right, and from which
    confidence on: the lowest that is precise. `answers`: confidence, right.
    """
    by_confidence: dict[float, list[bool]] = defaultdict(list)
    for confidence, good in answers:
        by_confidence[confidence].append(good)
    taken = right = covered = 0
    threshold = None
    for confidence in sorted(by_confidence, reverse=True):
        taken += len(by_confidence[confidence])
        right += sum(by_confidence[confidence])
        if right / taken >= PRECISE:
            covered, threshold = taken, confidence
    return covered, threshold


def bins(answers: Iterable[tuple[float, bool]]) -> tuple[Bin, ...]:
    """The answers by tenths of confidence; tenths without any are left out."""
    tenths: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, good in answers:
        tenths[min(int(confidence * BINS), BINS - 1)].append((confidence, good))
    return tuple(
        Bin(
            at / BINS,
            len(inside),
            sum(confidence for confidence, _ in inside) / len(inside),
            sum(good for _, good in inside) / len(inside),
        )
        for at, inside in sorted(tenths.items())
    )


def calibration_error(found: Sequence[Bin]) -> float | None:
    """By how much confidence and rightness differ on average (expected calibration error)."""
    total = sum(each.answers for each in found)
    if not total:
        return None
    return sum(each.answers * abs(each.confidence - each.right) for each in found) / total


def entities_right(expected: Expected, found: Understanding) -> dict[str, bool]:
    """Which of the judged entities were found exactly.

    Kinds: `date`, `amount`, `instalment`; the first two once more as `promise_date` and
    `promise_amount` where a promise is expected, as `paid_date` where a payment that was made is;
    the last as `plan` where there is one to be found.
    """
    right: dict[str, bool] = {}
    if expected.date is not UNSET:
        right["date"] = found.date == expected.date
    if expected.amount is not UNSET:
        amount = found.amount.decimal if found.amount else None
        right["amount"] = amount == expected.amount
    if expected.instalment is not UNSET:
        right["instalment"] = plan_of(found) == expected.instalment
        if expected.instalment is not None:
            right["plan"] = right["instalment"]
    if "promise_to_pay" in expected.intents:
        right |= {f"promise_{name}": right[name] for name in ("date", "amount") if name in right}
    elif "already_paid" in expected.intents and "date" in right:
        right["paid_date"] = right["date"]
    return right


def plan_of(found: Understanding) -> Plan | None:
    plan = found.instalment
    if plan is None:
        return None
    return Plan(plan.amount.decimal if plan.amount else None, plan.frequency, plan.count)


def _entities(pairs: _Pairs) -> dict[str, Rate]:
    right: Counter[str] = Counter()
    of: Counter[str] = Counter()
    for case, answer in pairs:
        for name, good in entities_right(case.expected, answer).items():
            of[name] += 1
            right[name] += good
    return {name: Rate(right[name], of[name]) for name in sorted(of)}


def _by_locale(pairs: _Pairs) -> dict[str, Rate]:
    right: dict[str, list[bool]] = defaultdict(list)
    for case, answer in pairs:
        right[case.reply.locale].append(answer.intent in case.expected.intents)
    return {name: Rate(sum(each), len(each)) for name, each in sorted(right.items())}


def _misses(pairs: _Pairs) -> Iterable[Miss]:
    for case, answer in pairs:
        if wrong := tuple(wrong_in(case, answer)):
            name, text = shown(case.reply)
            yield Miss(name, text, wrong, case.expected, answer)


def shown(reply: Reply) -> tuple[str, str]:
    """Id and text as a report may hold them: card and identity numbers hidden, in valid Unicode."""
    name, text = (
        each.encode("utf-8", "replace").decode() for each in (reply.id, redact(reply.text))
    )
    return name, text


def wrong_in(case: Case, answer: Understanding) -> Iterable[str]:
    """What is wrong of an answer: intent, safety, opt_out, date, amount, instalment."""
    expected = case.expected
    if expected.intents:
        if answer.intent not in expected.intents:
            yield "intent"
        if any(not answer.has(name) for name in SAFETY.intersection(expected.intents)):
            yield "safety"
        if falsely_out(case, answer):
            yield "opt_out"
    right = entities_right(expected, answer)
    yield from (name for name in ("date", "amount", "instalment") if not right.get(name, True))
