"""How old a reader must be to read a text with ease, by counting words, sentences, syllables.

English: Kincaid and others, 1975 (grade + 5 years). Spanish: Crawford, 1989 (grade + 6 years). Both
are rough, and mean nothing for a few words.
"""

import re
from collections.abc import Callable, Mapping

FEWEST_WORDS = 10
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE = re.compile(r"[.!?:]+(?=\s|$)|\n+")
_VOWELS = re.compile(r"[aeiouyáéíóúü]+", re.IGNORECASE)
_SYLLABLE = re.compile(r"[iuü]?[aeoáéóíú][iuü]?|[iuü]+|y\b", re.IGNORECASE)
"""A Spanish strong vowel with the weak ones beside it, or weak ones alone."""
_NOT_PROSE = re.compile(r"\{\w+\}|\S*[@/]\S*|\b[A-Z]{2,}\b")


def _english(word: str) -> int:
    count = len(_VOWELS.findall(word))
    silent = word.lower().endswith("e") and not word.lower().endswith(("le", "ee"))
    past = re.search(r"[^aeioudt]ed$", word.lower())
    return max(1, count - bool(silent or past))


def _spanish(word: str) -> int:
    return max(1, len(_SYLLABLE.findall(word)))


def _kincaid(words: int, sentences: int, syllables: int) -> float:
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59 + 5


def _crawford(words: int, sentences: int, syllables: int) -> float:
    return -0.205 * 100 * sentences / words + 0.049 * 100 * syllables / words - 3.407 + 6


_LANGUAGES: Mapping[str, tuple[Callable[[str], int], Callable[[int, int, int], float]]] = {
    "en": (_english, _kincaid),
    "es": (_spanish, _crawford),
}


def reading_age(text: str, locale: str) -> float | None:
    """In years; None for a language without a formula, and for a few words."""
    language = _LANGUAGES.get(locale.partition("-")[0])
    prose = _NOT_PROSE.sub(" ", text)
    words = _WORD.findall(prose)
    if language is None or len(words) < FEWEST_WORDS:
        return None
    syllables, formula = language
    sentences = sum(1 for part in _SENTENCE.split(prose) if _WORD.search(part))
    return formula(len(words), max(1, sentences), sum(map(syllables, words)))
