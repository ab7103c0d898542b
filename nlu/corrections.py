# ruff: noqa: E501
"""Which of several days or amounts stand, when a customer takes one back."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Protocol, TypeVar

from nlu.features import words_of


class Mention(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


M = TypeVar("M", bound=Mention)


@lru_cache(maxsize=64)
def words_in(text: str) -> frozenset[str]:
    """Its words, once: what a text lacks a word for needs no pattern."""
    return frozenset(words_of(text))


_TAKEN_BACK = re.compile(
    r"\b(?:no(?! (?:later|money|more|less|longer|problem|worries|way|idea|income|job|than|fees?|interest))|nope|nah|naw|wait|"
    r"actually|sorry|i mean|i meant|meant|scratch that|correction|make (?:it|that)|rather|better|instead|nvm|never ?mind|"
    r"disregard|forget that|ignore that|on second thoughts?|tell (?:you|u) what|change of plans?|as in|that is|should be|"
    r"change (?:it|that)|oops|oh (?:shoot|crap|damn|no|wait)|hang on|hold on|perdon|digo|mejor|quise decir|disculpe|err|erm)\b"
)
_DECIDED = re.compile(
    r"\b(?:(?:lets|let us|we will|i will|ill) (?:say|call it|go with|go for|make it|do)|call it|stick (?:with|to)|sticking (?:with|to)|"
    r"settle on|go with|going with|so say|say(?= (?:the )?[$£0-9a-z]+ ?(?:to be|it is|$|[.,!]))|ok then|pongale|digamos|dejemoslo en)\b"
)
"""What follows was chosen from all that was weighed before."""
_INSTEAD_OF = re.compile(
    r"\b(?:instead of|rather than|en vez de|before i (?:say|said)|i (?:said|put|wrote) (?:before|earlier))(?: (?:on|by|the|el))*(?: [$£]?[0-9][0-9.,]*)? ?$"
)
"""What follows is what was said before, and takes nothing back itself."""
_OR = re.compile(
    r"^[ ,.]*(?:(?:a|per) (?:week|month|fortnight)[ ,]*)?(?:or|o|maybe|could be|possibly|to|-|and)[ ,]*(?:(?:maybe|on|the|even|by) )*$"
)
_ALTERNATIVES = re.compile(r"\b(?:or|o|to|maybe|could be|possibly|between|either)\b")
_STRUCK = re.compile(
    r"\b(?:not|cant (?:do|make|pay|have|afford|manage|find)?|cannot|dont (?:do|take|pay|make|run|charge|draft|pull|cobre)|wont(?: have)?|dont have|do not have|will not have|isnt|"
    r"instead of|rather than|no puedo(?: el)?|no el|no tengo|en vez de)"
    r"(?: (?:on|by|the|this|that|it|pay|do|make|los|el|it))* ?$"
)
_AFTER = re.compile(
    r"^[ ,]*(?:is no good|wont work|doesnt work|not going to (?:work|happen)|isnt (?:going to|possible)|no wait|"
    r"is (?:out|too (?:much|soon|early))|(?:a (?:month|week) )?no way|is not (?:possible|going)|no puedo)"
)
_DENIALS = frozenset("not cant cannot wont dont doesnt isnt instead rather no vez is".split())
"""A text without one of these strikes nothing."""
_REACH = 60  # characters between a mention and the one that replaces it


def surviving(text: str, mentions: Sequence[M]) -> list[M]:
    """The mentions that were not taken back, in their order."""
    denied = not _DENIALS.isdisjoint(words_in(text))
    if len(mentions) < 2:
        return [each for each in mentions if not (denied and _struck(text, each))]
    kept: list[M] = []
    for mention in mentions:
        if kept and _moved(text, kept[-1], mention):
            kept.pop()
        if _INSTEAD_OF.search(text, max(0, mention.start - 30), mention.start):
            continue
        between = text[kept[-1].end : mention.start] if kept else ""
        if kept and len(between) <= _REACH:
            if _DECIDED.search(between):
                kept.clear()
            elif _TAKEN_BACK.search(between):
                _drop_alternatives(text, kept)
        kept.append(mention)
    return [each for each in kept if not (denied and _struck(text, each))]


_MOVED = re.compile(
    r"\b(?:move|moved|push|pushed|change|switch|reschedule|delay|bump|shift|cambiar|cambie|mover|mueva|pasar|pase)\b[^.!?\n]{0,40}(?:\b(?:from|de|del)(?: the| el)?)? ?$"
)
_TO = re.compile(r",? ?(?:to|until|till|al?|para)\b")


def _moved(text: str, earlier: M, later: M) -> bool:
    """ "Move it from friday to monday" leaves only the monday."""
    return bool(
        later.start - earlier.end <= len(", until the ")
        and _TO.match(text, earlier.end)
        and _MOVED.search(text, max(0, earlier.start - _REACH), earlier.start)
    )


def _drop_alternatives(text: str, kept: list[M]) -> None:
    """Without the last and what it was an alternative to: "20 or 25, no, 30"."""
    last = kept.pop()
    while (
        kept
        and _OR.match(text[kept[-1].end : last.start])
        and _ALTERNATIVES.search(text, kept[-1].end, last.start)
    ):
        last = kept.pop()


def has_alternative(text: str, mentions: Sequence[M], chosen: M) -> bool:
    """True where the chosen one is an end of a range or one of two: "50 or 60"."""
    return any(
        _OR.match(text[one.end : other.start])
        and _ALTERNATIVES.search(text, max(0, one.start - 12), other.start)
        for one, other in pairwise(mentions)
        if chosen in (one, other)
    )


def _struck(text: str, mention: Mention) -> bool:
    before = text[max(0, mention.start - 30) : mention.start]
    return bool(_STRUCK.search(before) or _AFTER.search(text[mention.end : mention.end + 30]))
