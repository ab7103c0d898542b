"""What a rule is, and how a table of them is asked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
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

    def holds(self, plain_text: str) -> bool:
        if _compiled(self.pattern).search(plain_text) is None:
            return False
        return self.unless is None or _compiled(self.unless).search(plain_text) is None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """On first use: most processes meet few of the rules."""
    return re.compile(pattern)


STEM = 4


class RuleBook:
    """All rules, found by the first letters of the words in a text."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._by_stem: dict[str, list[int]] = {}
        for place, rule in enumerate(self.rules):
            for stem in rule.on.split():
                self._by_stem.setdefault(stem[:STEM], []).append(place)

    def matching(self, plain_text: str, words: Sequence[str]) -> list[Rule]:
        """The rules that hold, in table order."""
        stems = {word[:STEM] for word in words} & self._by_stem.keys()
        asked = {place for stem in stems for place in self._by_stem[stem]}
        return [
            rule for rule in map(self.rules.__getitem__, sorted(asked)) if rule.holds(plain_text)
        ]
