"""What conditions allow together: which branches, rejections and variations can ever be taken."""

from collections.abc import Sequence

from dialogs.names import FACTS, VERIFIED
from dialogs.pack import CONDITION_TYPES, Pack, Variation
from domain.conditions import Condition, Type, parse
from domain.reachability import ALWAYS, possible
from domain.values import ChannelKind

MANY = 50
"""Nobody writes so many branches by hand, and each more costs more than the one before."""


class Logic:
    """Answers are kept, since the same conditions meet again and again."""

    def __init__(self, pack: Pack) -> None:
        self.names: dict[str, Type] = {name: fact.type for name, fact in FACTS.items()}
        for slot in pack.slots.values():
            self.names[f"slots.{slot.name}"] = CONDITION_TYPES[slot.type]
        self._certain = {
            name: parse(f"{name} is not null", self.names)
            for name, fact in FACTS.items()
            if fact.type is Type.BOOL
        }
        self.unverified = parse(f"not {VERIFIED}", self.names)
        self._known: dict[tuple[str, ...], bool] = {}

    def may(
        self,
        condition: Condition | None,
        earlier: Sequence[Condition] = (),
        given: Condition | None = None,
    ) -> bool:
        """Whether `condition` may hold where `given` does and none of `earlier`. Facts that are
        true or false are never unknown. After very many conditions everything counts as possible.
        """
        if len(earlier) > MANY:
            return True
        rule = both(condition, given)
        key = (rule.text, *(each.text for each in earlier))
        if key not in self._known:
            named = rule.names.union(*(each.names for each in earlier))
            for name in sorted(self._certain.keys() & named):
                rule = both(rule, self._certain[name])
            self._known[key] = possible(rule, earlier, self.names)
        return self._known[key]

    def is_null(self, name: str) -> Condition:
        return parse(f"{name} is null", self.names)

    def jurisdiction(self, name: str) -> Condition:
        return parse(f'context.jurisdiction = "{name}"', self.names)

    def chosen(
        self,
        variations: Sequence[Variation],
        channel: ChannelKind,
        given: Condition | None = None,
    ) -> list[int]:
        """The numbers of the variations that may be taken on a channel where `given` holds."""
        return [
            number
            for number, each in enumerate(variations)
            if each.channel in (None, channel)
            and self.may(each.condition, stronger(variations, each, channel), given)
        ]


def both(condition: Condition | None, given: Condition | None) -> Condition:
    """A condition that holds where the two do."""
    if condition is None or given is None:
        return condition or given or ALWAYS
    one, other = condition, given
    return Condition(
        f"({one.text}) and ({other.text})",
        one.names | other.names,
        lambda lookup: one.holds(lookup) and other.holds(lookup),
        one.literals | other.literals,
        one.patterned or other.patterned,
        one.searching or other.searching,
    )


def rank(variation: Variation) -> int:
    """As the engine prefers them: condition and channel, channel, condition, plain."""
    return 2 * (variation.channel is not None) + (variation.condition is not None)


def stronger(
    variations: Sequence[Variation], than: Variation, channel: ChannelKind
) -> list[Condition]:
    """The conditions of those that are taken before `than` on a channel."""
    return [
        each.condition or ALWAYS
        for each in variations
        if each.channel in (None, channel) and rank(each) > rank(than)
    ]
