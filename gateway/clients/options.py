"""The rules of some accounts: the client's own with the keys changed that an option names."""

from typing import NamedTuple, TypeVar

from domain.conditions import Condition, parse
from domain.options import NAMES
from gateway.clients.model import ClientConfig
from gateway.clients.part import Part
from gateway.clients.rules import OptionPart, PlanPart, PromisePart, SettlementPart

P = TypeVar("P", bound=Part)


class Choice(NamedTuple):
    """The rules of accounts that meet `when`; None means that it is not offered at all."""

    when: Condition
    promise: PromisePart
    plan: PlanPart | None
    settlement: SettlementPart | None


def choices(config: ClientConfig) -> tuple[Choice, ...]:
    """In order, the first that fits decides; the last fits every account.

    Raises domain.conditions.ConditionError.
    """
    found = [Choice(parse(option.when, NAMES), *parts(config, option)) for option in config.options]
    default = Choice(parse("true", {}), config.promise, config.plan, config.settlement)
    return (*found, default)


def parts(
    config: ClientConfig, option: OptionPart
) -> tuple[PromisePart, PlanPart | None, SettlementPart | None]:
    """The promise, plan and settlement parts with what the option changes in them."""
    named = option.model_fields_set
    return (
        changed(config.promise, option.promise) or config.promise,
        changed(config.plan, option.plan) if "plan" in named else config.plan,
        changed(config.settlement, option.settlement)
        if "settlement" in named
        else config.settlement,
    )


def changed(own: P | None, change: P | None) -> P | None:
    """`own` with the keys that `change` names; all of `change` where there is nothing to change."""
    if own is None or change is None:
        return change
    values = {name: getattr(change, name) for name in change.model_fields_set}
    return own.model_copy(update=values)
