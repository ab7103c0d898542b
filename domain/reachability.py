"""Rules of which the first that fits is taken: whether one of them can ever be.

A condition compares names with constants and with each other, so all values between two constants
make no difference to it. Trying one of each such region, and as many as there are names so that
these can stand in any order, therefore tries everything. What can't be tried so (patterns, more
than `MOST` combinations) counts as possible: what is called impossible is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import combinations, islice, pairwise, product
from math import prod

from domain.comparison import Value
from domain.conditions import Condition, Type, parse

MOST = 20_000
_MOST_TEXTS = 6
_OTHER = "\x1f"
"""A text that no condition names; it also separates those that one does."""
_ANY_DAY = date(2026, 1, 1)
ALWAYS = parse("true", {})


class Never(StrEnum):
    """Why a rule is never taken."""

    CONTRADICTION = "contradiction"
    SHADOWED = "shadowed"


def never(rules: Sequence[Condition], names: Mapping[str, Type]) -> Iterator[tuple[int, Never]]:
    """The numbers of the rules that no values of `names` can lead to, with why."""
    for number, rule in enumerate(rules):
        if not possible(rule, (), names):
            yield number, Never.CONTRADICTION
        elif number and not possible(rule, rules[:number], names):
            yield number, Never.SHADOWED


def possible(rule: Condition, earlier: Sequence[Condition], names: Mapping[str, Type]) -> bool:
    """Whether `rule` may hold where none of `earlier` does. False only where that is proven."""
    if any(each.text == rule.text for each in earlier):
        return False
    earlier = [each for each in earlier if not each.patterned]
    if rule.patterned:
        rule = ALWAYS  # for all that is known of its patterns
    involved = (rule, *earlier)
    literals = frozenset[Value]().union(*(each.literals for each in involved))
    searching = any(each.searching for each in involved)
    if searching and sum(isinstance(literal, str) for literal in literals) > _MOST_TEXTS:
        return True
    used = sorted(frozenset[str]().union(*(each.names for each in involved)))
    # Names that only earlier rules ask for are first tried as unknown: those then rarely hold.
    used.sort(key=lambda name: name in rule.names)
    tried = [_values(names[name], literals, len(used), searching=searching) for name in used]
    for values in islice(product(*tried), MOST):
        lookup = dict(zip(used, values, strict=True)).__getitem__
        if rule.holds(lookup) and not any(each.holds(lookup) for each in earlier):
            return True
    return prod(map(len, tried)) > MOST


def _values(kind: Type, literals: Iterable[Value], names: int, *, searching: bool) -> list[Value]:
    """Nothing, and values of every region that the constants leave: `names` of it where values
    have an order. Texts and lists need to be combined only where conditions search in them."""
    numbers = sorted(each for each in literals if isinstance(each, Decimal))
    texts = sorted(each for each in literals if isinstance(each, str))
    sets = list(_subsets(texts)) if searching else [(), *((text,) for text in (*texts, _OTHER))]
    of: dict[Type, Callable[[], Iterable[Value]]] = {
        Type.BOOL: lambda: (True, False),
        Type.NUMBER: lambda: _numbers(numbers, names),
        Type.MONEY: lambda: _numbers(numbers, names),
        Type.DATE: lambda: _dates(texts, names),
        Type.TEXT: lambda: _texts(sets, names),
        Type.LIST: lambda: sets,
    }
    kinds = of if kind is Type.ANY else {kind} & of.keys()
    return [None, *(value for each in kinds for value in of[each]())]


def _numbers(constants: Sequence[Decimal], names: int) -> Iterator[Value]:
    """The constants, and `names` numbers between each two of them, below and above all."""
    constants = constants or [Decimal(0)]
    yield from constants
    for number in range(1, names + 1):
        yield constants[0] - number
        yield constants[-1] + number
    for low, high in pairwise(constants):
        for number in range(1, names + 1):
            yield low + (high - low) * number / (names + 1)


def _dates(texts: Iterable[str], names: int) -> Sequence[Value]:
    days = [day for day in map(_date, texts) if day is not None] or [_ANY_DAY]
    return sorted({day + timedelta(days=n) for day in days for n in range(-names, names + 1)})


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2 <= found.year <= 9998 else None


def _texts(sets: Iterable[tuple[str, ...]], names: int) -> Iterator[Value]:
    """The constants, alone and together in one text, what comes right after each, and others."""
    for number in range(1, names + 1):
        yield _OTHER * number
    for some in sets:
        whole = _OTHER.join(some)
        yield whole
        yield whole + _OTHER


def _subsets(constants: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for size in range(len(constants) + 1):
        yield from combinations(constants, size)
