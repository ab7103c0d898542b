"""Comparing the values of conditions: exact, and unknown rather than wrong."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from domain.values import Money

Value = bool | str | int | float | Decimal | Money | date | tuple[str, ...] | None
"""What slots and facts hold."""


def same(left: Value, right: Value) -> bool:
    """What `is` asks: two nulls are the same, null and a value are not."""
    return left is right or equal(left, right) is True


def equal(left: Value, right: Value) -> bool | None:
    """None where either is null or they can't be compared."""
    if left is None or right is None:
        return None
    pair = _comparable(left, right)
    return None if pair is None else pair[0] == pair[1]


def ordered(compare: Callable[[Any, Any], bool], left: Value, right: Value) -> bool | None:
    if left is None or right is None:
        return None
    pair = _comparable(left, right)
    return None if pair is None else compare(*pair)


def _comparable(left: Value, right: Value) -> tuple[object, object] | None:
    """Both in a form that Python compares, or None for different kinds or currencies."""
    if type(left) is type(right):
        if isinstance(left, Money) and isinstance(right, Money):
            return (left.minor, right.minor) if left.currency == right.currency else None
        return left, right
    one = left.decimal if isinstance(left, Money) else _number(left)
    other = right.decimal if isinstance(right, Money) else _number(right)
    return None if one is None or other is None else (one, other)


def _number(value: Value) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    return Decimal(str(value)) if isinstance(value, float) else None
