"""The notation of rules: phrases of words, made into patterns of linear time.

    stop|quit           one of these words
    suicid*             any word that begins so
    my_own              two words that stand for one
    the?                may be missing
    the|all~            none, one or up to four of these
    ME                  one of a group of `nlu.rules.words`
    *                   any one word
    ..   ...            up to three, up to six words of the same sentence
    !to|by              the next word is none of these
    #                   a number in figures
    ^ $                 begin and end of a sentence (a question does not end with $)
    < >                 begin and end of the text (nor does a question with >)
    ?                   a question mark

"#", "$", ">" and "?" may stand among the words of one place. A phrase begins with a word or a mark,
not with a gap. Words are passed through `nlu.rules.spoken`: "dont" may be written for "do not".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

from nlu.rules.words import COMMON, GROUPS

STEM = 4
_WORD = "[a-z0-9]+ "
_GAPS = {"..": f"(?:{_WORD}){{0,3}}?", "...": f"(?:{_WORD}){{0,6}}?"}
_MARKS = _GAPS | {
    "^": r"(?<=[(.?] )",
    "$": r"(?=[.)])",
    "<": r"(?<=\( )",
    ">": r"(?=\))",
    "?": r"\? ",
    "#": "[0-9]+ ",
    "*": _WORD,
}

Said = Callable[[str], str]


@dataclass(frozen=True)
class Phrase:
    """One line of a rule. Raises ValueError for bad notation when it is first read."""

    line: str
    said: Said

    @cached_property
    def needs(self) -> tuple[frozenset[str], ...]:
        """For each word that must be there, the beginnings that it may have; the rarest first."""
        found = [_stems(token, self.said) for token in self.line.split() if _is_needed(token)]
        stems = sorted(filter(None, found), key=_cost)
        if not stems or self.line.split()[0] in _GAPS:
            raise ValueError(f"a phrase begins with a word and needs one: {self.line!r}")
        return tuple(stems)

    @cached_property
    def pattern(self) -> str:
        return "(?<= )" + "".join(_part(token, self.said) for token in self.line.split())


def phrases(lines: str, said: Said) -> tuple[Phrase, ...]:
    """One phrase a line."""
    return tuple(Phrase(line.strip(), said) for line in lines.splitlines() if line.strip())


def _is_needed(token: str) -> bool:
    return token not in _MARKS and not token.startswith("!") and not _often(token)


def _often(token: str) -> str:
    """The pattern's sign for how often the words of a place may stand there, if not once."""
    return "" if token[-2:-1] == "|" else {"?": "?", "~": "{0,4}"}.get(token[-1], "")


def _part(token: str, said: Said) -> str:
    if token in _MARKS:
        return _MARKS[token]
    often = _often(token)
    pattern = _one_of(token.removeprefix("!")[: -1 if often else None], said)
    return f"(?!{pattern})" if token.startswith("!") else pattern + often


@cache
def _one_of(words: str, said: Said) -> str:
    longest_first = sorted(map(_word, alternatives(words, said)), key=len, reverse=True)
    return f"(?:{'|'.join(longest_first)})"


def _word(word: str) -> str:
    if word in _MARKS:
        return _MARKS[word]
    return f"{word[:-1]}[a-z0-9]* " if word.endswith("*") else f"{word} "


@cache
def _stems(words: str, said: Said) -> frozenset[str]:
    """How the words of one place may begin; none where a mark may stand there."""
    found = alternatives(words, said)
    if not _MARKS.keys().isdisjoint(found):
        return frozenset()
    return frozenset(word.split()[0].rstrip("*")[:STEM] for word in found)


@cache
def alternatives(words: str, said: Said) -> tuple[str, ...]:
    """The words of one place, groups resolved. Raises ValueError for no word or no such group."""
    found: list[str] = []
    for word in words.split("|"):
        if word.isupper():
            if word not in GROUPS:
                raise ValueError(f"no group {word}")
            found += alternatives("|".join(GROUPS[word].split()), said)
        elif word in _MARKS:
            found.append(word)
        elif not word:
            raise ValueError(f"a word is missing: {words!r}")
        else:
            found.append(" ".join(_said(part, said) for part in word.split("_")))
    return tuple(dict.fromkeys(found))


def _said(word: str, said: Said) -> str:
    return said(word[:-1]) + "*" if word.endswith("*") and len(word) > 1 else said(word)


def _cost(stems: frozenset[str]) -> tuple[int, int]:
    """Rare words first: they are what a phrase is found by."""
    return len(stems & COMMON), len(stems)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """On first use: most processes meet few of the phrases."""
    return re.compile(pattern)
