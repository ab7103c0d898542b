"""What a rule is, and how a table of them is asked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Rule:
    """`intent` is meant where `pattern` is found in a plain text and `unless` is not.

    `on` lists beginnings of words (up to 4 letters): a text without any of them is not looked at.
    `yes` and `no` are examples and counter-examples; the tests hold the rule to them.
    """

    name: str
    intent: str
    on: str
    pattern: str
    unless: str | None = None
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    confidence: float = 0.97

    @cached_property
    def _found(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    @cached_property
    def _barred(self) -> re.Pattern[str] | None:
        return re.compile(self.unless) if self.unless else None

    def holds(self, plain_text: str) -> bool:
        if self._found.search(plain_text) is None:
            return False
        return self._barred is None or self._barred.search(plain_text) is None


STEM = 4


class RuleBook:
    """All rules, found by the first letters of the words in a text."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._by_stem: dict[str, list[Rule]] = {}
        for rule in self.rules:
            for stem in rule.on.split():
                self._by_stem.setdefault(stem[:STEM], []).append(rule)

    def matching(self, plain_text: str, words: Sequence[str]) -> list[Rule]:
        """The rules that hold, in table order."""
        stems = {word[:STEM] for word in words}
        asked = {rule.name for stem in stems for rule in self._by_stem.get(stem, ())}
        if not asked:
            return []
        return [rule for rule in self.rules if rule.name in asked and rule.holds(plain_text)]
