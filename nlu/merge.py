"""Several texts sent in one breath, understood as one."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from domain.intents import NAMING_ORDER
from domain.understanding import Score, Understanding

Value = TypeVar("Value")
_RANK = {name: rank for rank, name in enumerate(NAMING_ORDER)}
_FILLERS = frozenset({"out_of_scope", "greeting", "thanks"})


def merge(understandings: Sequence[Understanding]) -> Understanding:
    """All intents of a burst, the primary by the naming order; a later entity wins over an earlier.

    What was not understood, and mere courtesies, do not count beside something that was. Raises
    ValueError for an empty burst.
    """
    if not understandings:
        raise ValueError("a burst has at least one text")
    if len(understandings) == 1:
        return understandings[0]
    best: dict[str, float] = {}
    for understanding in understandings:
        for score in understanding.intents:
            best[score.name] = max(score.confidence, best.get(score.name, 0.0))
    if len(best) > 1 and not best.keys() <= _FILLERS:
        best.pop("out_of_scope", None)
    found = tuple(Score(name, best[name]) for name in sorted(best, key=_RANK.__getitem__))
    primary = found[0]
    deciding = next(each for each in reversed(understandings) if each.has(primary.name))
    return Understanding(
        intent=primary.name,
        confidence=primary.confidence,
        intents=found,
        decided_by=deciding.decided_by,
        amount=_last(each.amount for each in understandings),
        date=_last(each.date for each in understandings),
        instalment=_last(each.instalment for each in understandings),
        choice=_last(each.choice for each in understandings),
        ambiguous=tuple(sorted({name for each in understandings for name in each.ambiguous})),
    )


def _last(values: Iterable[Value | None]) -> Value | None:
    said = [value for value in values if value is not None]
    return said[-1] if said else None
