"""Which answers change from one model to another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.understanding import Understanding
from nlu.evaluation import SAFETY, Case, shown, wrong_in


@dataclass(frozen=True, slots=True)
class Change:
    """`safety` holds the safety intents that only one of the two answers found; `wrong` says in
    what each is wrong, where the case says what is right. Card and identity numbers are hidden.
    """

    id: str
    text: str
    before: Understanding
    after: Understanding
    safety: tuple[str, ...]
    wrong: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def verdict(self) -> str | None:
        """ "better", "worse", or None where as much is wrong before and after, or not judged."""
        before, after = map(len, self.wrong)
        return None if before == after else "better" if after < before else "worse"


def changes(
    cases: Sequence[Case], before: Sequence[Understanding], after: Sequence[Understanding]
) -> list[Change]:
    """The replies whose answers differ in anything but confidence, safety first."""
    found = list(_changes(cases, before, after))
    return sorted(found, key=lambda change: not change.safety)


def _changes(
    cases: Sequence[Case], before: Sequence[Understanding], after: Sequence[Understanding]
) -> Iterator[Change]:
    for case, old, new in zip(cases, before, after, strict=True):
        if meaning(old) != meaning(new):
            yield Change(
                *shown(case.reply),
                old,
                new,
                tuple(sorted(SAFETY & (_names(old) ^ _names(new)))),
                (tuple(wrong_in(case, old)), tuple(wrong_in(case, new))),
            )


def meaning(found: Understanding) -> tuple[object, ...]:
    """All that an answer says but how sure it is and what decided it."""
    return found.intent, _names(found), found.amount, found.date, found.instalment


def _names(found: Understanding) -> frozenset[str]:
    return frozenset(score.name for score in found.intents)
