"""What a rule is, and how a table of them is asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from nlu.rules.phrases import STEM, Phrase, Said, compiled, phrases
from nlu.rules.spoken import english, in_form, spanish, tokens

Language = Literal["en", "es"]
SAID: dict[Language, Said] = {"en": english, "es": spanish}
MOST_FINDS = 20
"""Places in one text where a phrase is looked at; a text that has more repeats itself."""


@dataclass(frozen=True)
class Rule:
    """`intent` is meant where one of the phrases of `says` is found and none that forbids it.

    `says`, `unless` and `nowhere` hold phrases, one a line, in the notation of
    `nlu.rules.phrases`. One of `unless` forbids what is said in its own sentence, one of `nowhere`
    in the whole text. The tests hold each rule to examples and counter-examples.
    """

    name: str
    intent: str
    says: str
    unless: str = ""
    nowhere: str = ""
    confidence: float = 0.97
    language: Language = "en"

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        return phrases(self.says, SAID[self.language])

    @cached_property
    def _unless(self) -> str:
        return _any_of(phrases(self.unless, SAID[self.language]))

    @cached_property
    def _nowhere(self) -> str:
        return _any_of(phrases(self.nowhere, SAID[self.language]))

    def holds(self, plain_text: str) -> bool:
        return self.holds_in(in_form(tokens(plain_text), SAID[self.language]), self.phrases)

    def holds_in(self, form: str, said: Iterable[Phrase]) -> bool:
        """Whether one of these of its phrases counts in a text in the form of its language."""
        found = any(self._counts(phrase, form) for phrase in said)
        return found and not (self.nowhere and compiled(self._nowhere).search(form))

    def _counts(self, phrase: Phrase, form: str) -> bool:
        for match, _ in zip(
            compiled(phrase.pattern).finditer(form), range(MOST_FINDS), strict=False
        ):
            if not self.unless or not compiled(self._unless).search(
                form, *_sentence(form, match.start(), match.end())
            ):
                return True
        return False


def _any_of(found: tuple[Phrase, ...]) -> str:
    return "|".join(phrase.pattern for phrase in found)


def _sentence(form: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around a place begins and ends, the marks beside it included."""
    begin = max(form.rfind(mark, 0, start) for mark in (" . ", " ? ", " ( "))
    ends = [at for mark in (" . ", " ? ") if (at := form.find(mark, max(end - 1, 0))) >= 0]
    return max(begin, 0), min(ends) + 3 if ends else len(form)


COVERED = {"opt_out": "cease_contact"}
"""What need not be said of a text beside the other: all contact includes this channel."""


_Place = tuple[frozenset[str], tuple[frozenset[str], ...], int, Phrase]
_ANY = frozenset("(")
"""What every form has."""


class RuleBook:
    """All rules, found by the first letters of the rarest word that each phrase needs."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._by_stem: dict[Language, dict[str, list[_Place]]] = {"en": {}, "es": {}}
        for place, rule in enumerate(self.rules):
            by_stem = self._by_stem[rule.language]
            for phrase in rule.phrases:
                rarest, second, *others = (*phrase.needs, _ANY)
                entry = (second, tuple(others), place, phrase)
                for stem in rarest:
                    by_stem.setdefault(stem, []).append(entry)

    def matching(self, plain_text: str, words: Sequence[str]) -> list[Rule]:
        """The rules that hold, in table order; none for a text without `words`."""
        if not words:
            return []
        said = tokens(plain_text)
        found: list[int] = []
        for language, by_stem in self._by_stem.items():
            form = in_form(said, SAID[language])
            stems = {word[:STEM] for word in form.split()}
            asked: dict[int, list[Phrase]] = {}
            for stem in stems & by_stem.keys():
                for second, others, place, phrase in by_stem[stem]:
                    if not stems.isdisjoint(second) and not any(map(stems.isdisjoint, others)):
                        asked.setdefault(place, []).append(phrase)
            found += [place for place in asked if self.rules[place].holds_in(form, asked[place])]
        rules = [self.rules[place] for place in sorted(found)]
        meant = {rule.intent for rule in rules}
        return [rule for rule in rules if COVERED.get(rule.intent) not in meant]
