"""What an intent sets off, told on the portal: the same stop, outcome and person as in a text."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from dialogs.effects import EFFECTS
from domain.commands import CancelQueued, Command, Handoff, Hold, Log

Said = Mapping[str, Any]


def commands_of(intent: str, told: Said, deadline: date | None = None) -> tuple[Command, ...]:
    """`told` is the outcome's payload: codes, and words of the customer's under `words`."""
    return tuple(_commands(intent, told, deadline))


def suspends(intent: str) -> str | None:
    """The hold under which nothing is asked for from then on."""
    effect = EFFECTS[intent]
    return effect.kind if effect.suspends else None


def _commands(intent: str, told: Said, deadline: date | None) -> Iterator[Command]:
    effect = EFFECTS[intent]
    if effect.pause:
        yield CancelQueued(intent, all=effect.suspends)
    if effect.scope is not None and effect.kind is not None:
        yield Hold(effect.kind, effect.scope, effect.days)
    if effect.event is not None:
        kept = {name: value for name, value in told.items() if value not in (None, "")}
        yield Log(effect.event, kept)
    if effect.person:
        yield Handoff(intent, effect.urgent, deadline)
