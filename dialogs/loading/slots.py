"""`slots.yml`: what a conversation keeps, of which type, and where it comes from."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from dialogs.loading.reading import Reader
from dialogs.loading.source import Entry
from dialogs.pack import (
    CONDITION_TYPES,
    ENTITIES,
    ENTITY_VALUES,
    Mapped,
    Rejection,
    Slot,
    SlotType,
    Source,
)
from dialogs.shapes import MAPPING, REJECTION, SLOT, VALIDATION
from domain.comparison import Value
from domain.intents import INTENTS
from domain.matching import BadPattern, compile_pattern


def declare(reader: Reader, entry: Entry) -> None:
    """First pass: the slots' names and types, so that conditions can be checked."""
    for name, slot in reader.mapping(_slots(entry)).items():
        kind = slot.value.get("type") if isinstance(slot.value, dict) else None
        if kind is not None and kind.value in set(SlotType):
            reader.names[f"slots.{name}"] = CONDITION_TYPES[SlotType(str(kind.value))]


def read_slots(reader: Reader, entry: Entry) -> dict[str, Slot]:
    """Second pass: everything about them."""
    reader.mapping(entry, ("slots",), ("slots",))
    return {
        name: _slot(reader, name, found) for name, found in reader.mapping(_slots(entry)).items()
    }


def _slots(entry: Entry) -> Entry:
    if isinstance(entry.value, dict):
        return entry.value.get("slots", Entry(None, entry.place))
    return Entry(None, entry.place)


def _slot(reader: Reader, name: str, entry: Entry) -> Slot:
    keys = reader.keys(entry, SLOT)
    kind = SlotType(reader.choice(keys.get("type"), list(SlotType), SlotType.ANY))
    values = reader.texts(keys.get("values"))
    if kind is SlotType.CATEGORICAL and not values:
        reader.report(entry.place, "slot-values", f"{name} names no values", "add values: [...]")
    initial = keys.get("initial_value")
    validation = reader.keys(keys.get("validation", Entry(None, entry.place)), VALIDATION)
    return Slot(
        name=name,
        type=kind,
        initial=None if initial is None else constant(reader, initial, kind, values),
        values=values,
        mappings=tuple(
            _mapping(reader, item, kind, values) for item in reader.items(keys.get("mappings"))
        ),
        rejections=read_rejections(reader, validation.get("rejections")),
        refill_utter=reader.text(validation.get("refill_utter")) or None,
        currency_utter=reader.text(validation.get("currency_utter")) or None,
    )


def read_rejections(reader: Reader, entry: Entry | None) -> tuple[Rejection, ...]:
    rejections = []
    for item in reader.items(entry):
        keys = reader.keys(item, REJECTION)
        condition = reader.condition(keys.get("if"))
        if condition is not None:
            rejections.append(Rejection(condition, reader.text(keys.get("utter"))))
    return tuple(rejections)


def _mapping(reader: Reader, entry: Entry, kind: SlotType, values: tuple[str, ...]) -> Mapped:
    keys = reader.keys(entry, MAPPING)
    source = Source(reader.choice(keys.get("type"), list(Source), Source.CONTROLLED))
    value = keys.get("value")
    given = None if value is None else constant(reader, value, kind, values)
    match source:
        case Source.ENTITY:
            entity = reader.choice(keys.get("entity"), ENTITIES, "amount")
            if kind not in (ENTITIES[entity], SlotType.ANY):
                reader.report(
                    entry.place, "slot-mapping", f"{entity} does not fit a {kind} slot",
                    f"use type: {ENTITIES[entity]}",
                )  # fmt: skip
            needed = ENTITY_VALUES.get(entity, frozenset())
            if kind is SlotType.CATEGORICAL and not set(values) >= needed:
                reader.report(
                    entry.place, "slot-values", f"the slot can't hold every {entity}",
                    "values: [" + ", ".join(sorted(needed)) + "]",
                )  # fmt: skip
            return Mapped(source, entity=entity)
        case Source.INTENT:
            return Mapped(source, names=_intents(reader, keys.get("intent"), entry), value=given)
        case Source.TEXT:
            return Mapped(source, pattern=_pattern(reader, keys.get("matches")), value=given)
    return Mapped(source)


def _intents(reader: Reader, entry: Entry | None, mapping: Entry) -> tuple[str, ...]:
    if entry is None:
        reader.report(mapping.place, "missing-key", "intent is missing", "add intent:")
        return ()
    names = reader.texts(entry) if isinstance(entry.value, list) else (reader.text(entry),)
    for name in names:
        if name not in INTENTS:
            reader.report(entry.place, "unknown-intent", f"no intent {name}", "see the intents")
    return names


def _pattern(reader: Reader, entry: Entry | None) -> re.Pattern[str] | None:
    if entry is None:
        return None
    try:
        return compile_pattern(reader.text(entry))
    except BadPattern as error:
        reader.report(entry.place, "pattern", "a pattern that can't be used", str(error))
        return None


def constant(reader: Reader, entry: Entry, kind: SlotType, values: tuple[str, ...] = ()) -> Value:
    """A written value as its slot's type has it; null where it is null or a finding."""
    value = entry.value
    fits: Mapping[SlotType, type | tuple[type, ...]] = {
        SlotType.TEXT: str, SlotType.CATEGORICAL: str, SlotType.BOOL: bool,
        SlotType.FLOAT: (int, Decimal), SlotType.DECIMAL: (int, Decimal),
        SlotType.ANY: (str, bool, int, Decimal),
    }  # fmt: skip
    if value is None:
        return None
    if kind is SlotType.DATE and isinstance(value, str):
        return _date(reader, entry, value)
    if kind is SlotType.LIST and isinstance(value, list):
        return reader.texts(entry)
    numeric = kind in (SlotType.FLOAT, SlotType.DECIMAL)
    if not isinstance(value, fits.get(kind, ())) or (numeric and isinstance(value, bool)):
        reader.report(
            entry.place, "slot-value", f"this is no {kind}",
            "amounts come from the customer or the host" if kind is SlotType.MONEY
            else f"write a {kind}",
        )  # fmt: skip
        return None
    if kind is SlotType.CATEGORICAL and value not in values:
        reader.report(
            entry.place, "slot-value", f"{value!r} is not among the values",
            "one of " + ", ".join(values),
        )  # fmt: skip
        return None
    return value if isinstance(value, str | bool | int | Decimal) else None


def _date(reader: Reader, entry: Entry, text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        reader.report(entry.place, "slot-value", f"{text!r} is no date", 'write "YYYY-MM-DD"')
        return None
