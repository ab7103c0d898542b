"""Texts that law and care ask for, always from the newest version, whichever one a conversation
is pinned to; and what an idle conversation takes with it when it moves there."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from msgspec import structs

from dialogs.pack import LOCKED, Flow, Pack, Slot, SlotType, Utter, Variation
from dialogs.state import Kept, State, initial, recall
from domain.comparison import Value
from domain.values import Money

KINDS: Mapping[SlotType, tuple[type, ...]] = {
    SlotType.TEXT: (str,),
    SlotType.BOOL: (bool,),
    SlotType.CATEGORICAL: (str,),
    SlotType.FLOAT: (Decimal, int, float),
    SlotType.DECIMAL: (Decimal, int, float),
    SlotType.MONEY: (Money,),
    SlotType.DATE: (date,),
    SlotType.LIST: (tuple,),
}
"""What a slot of each type holds; one of type any holds anything."""


def with_newest(pinned: Pack, newest: Pack) -> Pack:
    """The pinned version with the newest one's opt-out, safety, wrong-person and stranger patterns
    and closing lines. A text of theirs is the newest wherever the pinned version uses it."""
    names = set(_always_newest(pinned, newest))
    return replace(
        pinned,
        flows={**pinned.flows, **{name: newest.flows[name] for name in _locked(newest)}},
        responses={
            locale: {**texts, **_texts(newest, locale, names, texts)}
            for locale, texts in pinned.responses.items()
        },
        settings=replace(
            pinned.settings,
            closing=newest.settings.closing,
            closing_first=newest.settings.closing_first,
            closing_others=newest.settings.closing_others,
            closing_on=newest.settings.closing_on,
        ),
        slots={**newest.slots, **pinned.slots},
        facts=pinned.facts | newest.facts,
    )


def _locked(pack: Pack) -> Iterator[str]:
    return (name for name in LOCKED if name in pack.flows)


def _always_newest(pinned: Pack, newest: Pack) -> Iterator[str]:
    for name in _locked(newest):
        yield from _said(newest.flows[name])
    for pack in (pinned, newest):
        yield from pack.settings.closings
        for texts in pack.responses.values():
            for variations in texts.values():
                yield from (each.closing for each in variations if each.closing)


def _said(flow: Flow) -> Iterator[str]:
    for step in flow.steps:
        if isinstance(step.deed, Utter):
            yield step.deed.response


def _texts(
    newest: Pack, locale: str, names: set[str], known: Mapping[str, tuple[Variation, ...]]
) -> dict[str, tuple[Variation, ...]]:
    """In the locale where the newest version has it; else what is known, or its own locale's."""
    here, own = newest.responses.get(locale, {}), newest.responses[newest.locale]
    found = {name: here.get(name) or known.get(name) or own.get(name) for name in names}
    return {name: variations for name, variations in found.items() if variations}


def fits(slot: Slot, value: Value) -> bool:
    """True where the slot, as declared, may hold the value."""
    kinds = KINDS.get(slot.type)
    if kinds is None:
        return True
    if isinstance(value, bool) and bool not in kinds:
        return False
    return isinstance(value, kinds) and (not slot.values or value in slot.values)


def carried(slots: Mapping[str, Kept], pack: Pack) -> dict[str, Kept]:
    """The slots as `pack` keeps them: what it declares and the value still fits."""
    kept = {
        name: value
        for name, value in slots.items()
        if name in pack.slots and fits(pack.slots[name], recall(value))
    }
    return {**initial(pack), **kept}


def moved(state: State, pack: Pack) -> State:
    """An idle conversation's state in another version: nothing runs, and what is remembered of the
    customer stays."""
    slots = carried(state.slots, pack)
    return structs.replace(
        state,
        pack=pack.name,
        pack_version=pack.version,
        slots=slots,
        secrets=tuple(name for name in state.secrets if name in slots),
        options=(),
    )


def is_running(state: State) -> bool:
    """True where a flow runs or a question is out: such a conversation keeps its version."""
    return bool(state.stack) or state.question is not None
