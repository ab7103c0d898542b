"""The terms that a client's configuration has for each account, read once per version."""

from datetime import date

from domain.business_days import Calendar
from domain.options import Attributes, Choice, Terms, choose
from gateway.clients import ClientConfig
from gateway.clients.options import choices as parts_of

PARTS = ("promise", "plan", "settlement")
MOST_KEPT = 1024

_kept: dict[int, tuple[ClientConfig, tuple[Choice, ...]]] = {}
"""By the configuration's identity; it is kept, too, so that no other takes its place in memory."""


def choices_of(config: ClientConfig) -> tuple[Choice, ...]:
    """In order, the first that holds decides; the last holds for every account."""
    known = _kept.get(id(config))
    if known is None:
        while len(_kept) >= MOST_KEPT:
            del _kept[next(iter(_kept))]
        known = _kept[id(config)] = config, _choices(config)
    return known[1]


def terms_of(config: ClientConfig, account: Attributes, broken_in_a_row: int, today: date) -> Terms:
    return choose(choices_of(config), account, broken_in_a_row, today)


def _choices(config: ClientConfig) -> tuple[Choice, ...]:
    calendar = Calendar.named(config.calendar or config.jurisdiction)
    made = []
    for number, parts in enumerate(parts_of(config)):
        of_option = number < len(config.options)
        named = config.options[number].model_fields_set if of_option else frozenset[str]()
        terms = Terms(
            calendar,
            parts.promise.rules,
            None if parts.plan is None else parts.plan.rules,
            None if parts.settlement is None else parts.settlement.rules,
            config.affordability_rules,
            {part: f"/options/{number}/{part}" for part in PARTS if part in named},
        )
        made.append(Choice(parts.when, terms))
    return tuple(made)
