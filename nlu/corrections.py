# ruff: noqa: E501
"""Which of several days or amounts stand, when a customer takes one back."""

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar


class Mention(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


M = TypeVar("M", bound=Mention)

_TAKEN_BACK = re.compile(
    r"\b(?:no(?! (?:later|money|more|less|longer|problem|worries|way|idea|income|job|than))|nope|nah|wait|"
    r"actually|sorry|i mean|i meant|meant|scratch that|correction|make (?:it|that)|rather|better|instead|"
    r"change (?:it|that)|oops|hang on|hold on|perdon|digo|mejor|quise decir|disculpe|err|erm)\b"
)
_INSTEAD_OF = re.compile(r"\b(?:instead of|rather than|en vez de)(?: (?:on|by|the|el))* ?$")
"""What follows is what was said before, and takes nothing back itself."""
_STRUCK = re.compile(
    r"\b(?:not|cant (?:do|make|pay)?|cannot|wont|isnt|instead of|rather than|no puedo(?: el)?|no el|en vez de)"
    r"(?: (?:on|by|the|until|till|this|that|it|pay|do|make))* ?$"
)
_AFTER = re.compile(
    r"^[ ,]*(?:is no good|wont work|doesnt work|not going to (?:work|happen)|isnt (?:going to|possible)|no wait)"
)
_REACH = 45  # characters between a mention and the one that replaces it


def surviving(text: str, mentions: Sequence[M]) -> list[M]:
    """The mentions that were not taken back, in order; the last one if all were struck."""
    kept: list[M] = []
    for mention in mentions:
        if (
            _INSTEAD_OF.search(text[max(0, mention.start - 30) : mention.start])
            and len(mentions) > 1
        ):
            continue
        if kept and _replaces(text[kept[-1].end : mention.start]):
            kept.pop()
        kept.append(mention)
    standing = [mention for mention in kept if not _struck(text, mention)]
    return standing or (list(kept) if len(kept) == 1 and not _struck(text, kept[0]) else [])


def _replaces(between: str) -> bool:
    return len(between) <= _REACH and _TAKEN_BACK.search(between) is not None


def _struck(text: str, mention: Mention) -> bool:
    before = text[max(0, mention.start - 30) : mention.start]
    return bool(_STRUCK.search(before) or _AFTER.search(text[mention.end : mention.end + 30]))
