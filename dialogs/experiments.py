"""Experiments on sequences: who gets which arm, until when, and whether the shares came out right.

Each customer is assigned by a hash of customer and experiment: the same arm for each of their
accounts, in every process, and in a replay. Arms change steps, never disclosures: those belong to
the pack's closing line and are no part of an arm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2b
from math import erfc, exp, pi, sqrt

HOLDOUT = "holdout"
"""The arm of those who are not written to, so that the others can be compared with them."""
SUSPICIOUS = 0.001
"""Shares that come out so rarely by chance say that something is wrong with the assignment."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an arm has instead in one step; `wait` in days and hours."""

    flow: str | None = None
    wait: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Arm:
    """`weight` is the arm's share, in percent of those who are not held out."""

    name: str
    weight: int
    changes: Mapping[str, Change] = field(default_factory=dict)  # by the id of a step


@dataclass(frozen=True, slots=True)
class Experiment:
    """`holdout` is in percent of all. It takes nobody in after the day `until`, or `horizon` days
    after its first customer."""

    name: str
    sequence: str
    arms: Mapping[str, Arm]
    holdout: int = 0
    until: date | None = None
    horizon: int | None = None

    def shares(self) -> dict[str, float]:
        """By arm, the share of customers that it should get."""
        treated = 100 - self.holdout
        shares = {name: treated * arm.weight / 10_000 for name, arm in self.arms.items()}
        return shares | ({HOLDOUT: self.holdout / 100} if self.holdout else {})


def assigned(experiment: Experiment, customer_id: str, before: str | None = None) -> str:
    """The customer's arm. `before`: the one they had got already; it stays while there is one of
    that name. Who is held out does not depend on the weights, so that those can be changed."""
    if before is not None and before in (HOLDOUT, *experiment.arms):
        return before
    if _share(experiment.name, customer_id, HOLDOUT) < experiment.holdout:
        return HOLDOUT
    at = _share(experiment.name, customer_id, "arm")
    for name, arm in experiment.arms.items():
        if at < arm.weight:
            return name
        at -= arm.weight
    return name


def _share(experiment: str, customer_id: str, what: str) -> float:
    """Evenly from 0 to 100."""
    text = f"{experiment}/{customer_id}/{what}"
    digest = blake2b(text.encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big") * 100 / 2**48


def over_since(experiment: Experiment, first: date | None) -> date | None:
    """The first day on which nobody is taken in; `first` is the day of the first assignment. None
    where there has been none and no end is fixed."""
    if experiment.until is not None:
        return experiment.until + timedelta(days=1)
    if first is None or experiment.horizon is None:
        return None
    return first + timedelta(days=experiment.horizon)


def over(experiment: Experiment, today: date, first: date | None) -> bool:
    end = over_since(experiment, first)
    return end is not None and today >= end


def sample_ratio(counts: Sequence[int], shares: Sequence[float]) -> float:
    """How likely counts so far from their shares are by chance (Pearson's chi-square). 1 where
    there is nothing to compare."""
    total = sum(counts)
    if total == 0 or len(counts) < 2:
        return 1.0
    expected = [total * share for share in shares]
    statistic = sum((c - e) ** 2 / e for c, e in zip(counts, expected, strict=True) if e)
    return beyond(statistic, len(counts) - 1)


def beyond(statistic: float, freedom: int) -> float:
    """The chance that chi-square with `freedom` degrees is greater: its closed form, which is a
    finite sum for whole degrees."""
    half = statistic / 2
    if freedom % 2 == 0:
        term = total = exp(-half)
        for number in range(1, freedom // 2):
            term *= half / number
            total += term
        return min(total, 1.0)
    total = erfc(sqrt(half))
    term = exp(-half) * sqrt(half / pi) * 2
    for number in range(1, (freedom + 1) // 2):
        total += term
        term *= half / (number + 0.5)
    return min(total, 1.0)
