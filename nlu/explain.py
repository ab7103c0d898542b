"""Why a reply was understood as it was, in words that a strategist can check."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from domain.understanding import Reply, Understanding
from nlu.amounts import AmountMention
from nlu.cascade import BuiltIn
from nlu.dates import DayMention
from nlu.features import words_of
from nlu.judging import probabilities
from nlu.keywords import keyword_of
from nlu.model import Classifier
from nlu.reading import Reading

MOST_GUESSES = 5
MOST_FEATURES = 8
MOST_WORDS = 400
"""Words of a text whose weight is asked for."""


@dataclass(frozen=True, slots=True)
class Held:
    """A rule that holds, and the words of the text that are enough for it."""

    name: str
    intent: str
    confidence: float
    words: str


@dataclass(frozen=True, slots=True)
class Guess:
    """What the classifier makes of a text, or of a part of it: `raw` is the margin of the intent,
    positive where it is rather said than not; `calibrated` the probability made of it.
    """

    intent: str
    raw: float
    calibrated: float


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    guess: Guess


@dataclass(frozen=True, slots=True)
class Feature:
    """`weight`: by how much the margin of the intent falls where the word is left out."""

    word: str
    weight: float


@dataclass(frozen=True, slots=True)
class Mention:
    """A day or an amount at [start, end) of `read_as`, by which rule, and what it stands for.

    A day has a `value` where it may lie ahead and a `past` where it may lie behind; `ambiguous`
    where day and month could be exchanged. A vague time has neither.
    """

    kind: str
    words: str
    start: int
    end: int
    rule: str
    value: str | None
    past: str | None = None
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """`plain` is the normalised text, `matter` what is left of it without courtesies, `read_as`
    that with numbers as figures; spans of entities are places in it.
    """

    plain: str
    matter: str
    read_as: str
    keyword: str | None
    rules: tuple[Held, ...]
    guesses: tuple[Guess, ...]
    parts: tuple[Part, ...]
    features: dict[str, tuple[Feature, ...]]
    entities: tuple[Mention, ...]
    answer: Understanding
    model: str


def explain(reply: Reply, classifier: Classifier) -> Explanation:
    """Never raises for any text; slower than understanding it, by the number of its words."""
    reading = Reading(reply)
    (answer,) = BuiltIn(classifier).parse([reply])
    found = guesses(classifier, reading.matter, reading.parts)
    named = dict.fromkeys([*(score.name for score in answer.intents), found[0].intent])
    return Explanation(
        plain=reading.text,
        matter=reading.matter,
        read_as=reading.found.text,
        keyword=keyword_of(reading.text),
        rules=tuple(
            Held(rule.name, rule.intent, rule.confidence, enough_for(rule.holds, reading.text))
            for rule in reading.rules
        ),
        guesses=found,
        parts=tuple(Part(part, guesses(classifier, part)[0]) for part in reading.parts),
        features=features(classifier, reading.matter, [*named]),
        entities=tuple(_entities(reading)),
        answer=answer,
        model=classifier.version,
    )


def guesses(
    classifier: Classifier, plain_text: str, parts: Sequence[str] = ()
) -> tuple[Guess, ...]:
    """The likeliest intents of a plain text with these clauses, best first."""
    words = words_of(plain_text)
    (margins,) = classifier.margins([words]).tolist()
    (likely,) = probabilities(classifier, [words], [list(map(words_of, parts))]).tolist()
    ranked = sorted(zip(likely, margins, classifier.labels, strict=True), reverse=True)
    return tuple(
        Guess(name, round(raw, 3), round(share, 4)) for share, raw, name in ranked[:MOST_GUESSES]
    )


def features(
    classifier: Classifier, plain_text: str, intents: Sequence[str]
) -> dict[str, tuple[Feature, ...]]:
    """The words that speak most for and against each intent: the text is asked again without each.

    A word counts with its letters and with its neighbours, as the model knows it by these.
    """
    every = plain_text.split()[:MOST_WORDS]
    words = list(dict.fromkeys(every))
    without = [words_of(" ".join(each for each in every if each != word)) for word in words]
    whole, *rest = classifier.margins([words_of(plain_text), *without]).tolist()
    found = {}
    for at, intent in enumerate(classifier.labels):
        if intent in intents:
            falls = [round(whole[at] - margins[at], 3) for margins in rest]
            weighed = [Feature(word, fall) for word, fall in zip(words, falls, strict=True) if fall]
            weighed.sort(key=lambda feature: -abs(feature.weight))
            found[intent] = tuple(weighed[:MOST_FEATURES])
    return {intent: found[intent] for intent in intents if intent in found}


def enough_for(holds: Callable[[str], bool], plain_text: str) -> str:
    """What is left when words that a rule does not need are cut from the end and from the start."""
    words = plain_text.split()
    start, end = 0, len(words)
    while end - start > 1 and holds(" ".join(words[start : end - 1])):
        end -= 1
    while end - start > 1 and holds(" ".join(words[start + 1 : end])):
        start += 1
    return " ".join(words[start:end])


def _entities(reading: Reading) -> Iterator[Mention]:
    found = reading.found
    days = [_day(each, found.text) for each in found.days]
    amounts = [_amount(each, found.text) for each in found.amounts]
    yield from sorted([*days, *amounts], key=lambda mention: mention.start)


def _day(found: DayMention, text: str) -> Mention:
    future, past = (day.isoformat() if day else None for day in (found.future, found.past))
    words = text[found.start : found.end]
    return Mention("date", words, found.start, found.end, found.rule, future, past, found.ambiguous)


def _amount(found: AmountMention, text: str) -> Mention:
    rule = "marked as money" if found.marked else "bare figure"
    value = " ".join(filter(None, (str(found.amount), found.currency)))
    return Mention("amount", text[found.start : found.end], found.start, found.end, rule, value)
