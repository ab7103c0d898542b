"""Changes to slots: how they are filled, what they hold at first, what they refuse."""

from collections.abc import Iterator

from dialogs.loading.source import Tree
from dialogs.mutation.mutant import Mutant, Theme
from dialogs.mutation.source import SLOTS
from dialogs.mutation.source import Source as Given
from dialogs.mutation.spots import Edit, Spot, top
from dialogs.mutation.wording import negated, other
from dialogs.pack import Source


def in_slots(source: Given) -> Iterator[Mutant]:
    slots = top(source.trees, SLOTS).get("slots")
    for name, spot in (slots.keys() if slots else {}).items():
        yield from _mappings(name, spot)
        yield from _initial(name, spot)
        yield from _validation(name, spot)


def _mutant(slot: str, operator: str, at: Spot, change: str, edit: Edit) -> Mutant:
    return Mutant(Theme.SLOT, operator, ("slot", slot), at.place, change, (edit,))


def _mappings(name: str, spot: Spot) -> Iterator[Mutant]:
    for mapping in spot.list("mappings"):
        if _controlled(mapping):
            continue  # says only that no mapping is meant
        words = ", ".join(
            f"{key} {each.words or each.value}"
            for key, each in mapping.keys().items()
            if not isinstance(each.value, list)
        )
        yield _mutant(name, "mapping-out", mapping, f"mapping of {words}: removed", mapping.out())
        value = mapping.get("value")
        if value is not None:
            for new in _others(spot, value.value):
                change = f"mapping of {words}: becomes {new}"
                yield _mutant(name, "mapping-changed", value, change, value.becomes(new))
        for intent in mapping.list("intent"):
            change = f"mapping: no more from {intent.words}"
            yield _mutant(name, "mapping-intent-out", intent, change, intent.out())


def _controlled(mapping: Spot) -> bool:
    kind = mapping.get("type")
    return kind is not None and kind.value == Source.CONTROLLED


def _others(slot: Spot, value: Tree) -> list[Tree]:
    """Values that the slot may hold as well: one is enough."""
    known = [item.value for item in slot.list("values") if item.value != value]
    new = known[0] if known else other(value)
    return [] if new is None else [new]


def _initial(name: str, spot: Spot) -> Iterator[Mutant]:
    initial, kind = spot.get("initial_value"), spot.get("type")
    if initial is not None:
        change = f"initial_value: {initial.value}, removed"
        yield _mutant(name, "initial-out", initial, change, initial.out())
        news = _others(spot, initial.value)
    elif all(_controlled(mapping) for mapping in spot.list("mappings")):
        return  # an action sets it before anything reads it
    else:
        first = [item.value for item in spot.list("values")[:1]]
        news = [True] if kind is not None and kind.value == "bool" else first
    for new in news:
        at = initial or spot
        change = f"initial_value: {new}"
        yield _mutant(name, "initial-changed", at, change, spot.put("initial_value", new))


def _validation(name: str, spot: Spot) -> Iterator[Mutant]:
    validation = spot.get("validation")
    keys = validation.keys() if validation else {}
    for key in ("refill_utter", "currency_utter"):
        if key in keys:
            change = f"{key}: {keys[key].words}, removed"
            yield _mutant(name, f"{key}-out", keys[key], change, keys[key].out())
    for rejection in validation.list("rejections") if validation else []:
        condition = rejection.get("if")
        if condition is not None and condition.words:
            words = f"rejection if {condition.words}"
            yield _mutant(name, "rejection-out", rejection, f"{words}: removed", rejection.out())
            edit = condition.becomes(negated(condition.words))
            yield _mutant(name, "rejection-negated", rejection, f"{words}: negated", edit)
