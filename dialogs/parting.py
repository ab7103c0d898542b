"""A text that is too long for one message, as several in its order."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from domain.graphemes import graphemes
from domain.messages import LINK_MARK

SENTENCE_ENDS = tuple(".!?…")


def messages(text: str, closing: str, longest: int, link: int) -> list[str]:
    """`text` and `closing` as one message, or as several that each end with `closing`, whole.

    `text` ends with the space or line break that `closing` follows on. A message has at most
    `longest` UTF-16 code units; its link mark counts as the `link` that a URL has. Cuts are at line
    breaks, ends of sentences or spaces; a word or a link is cut only where it alone is too long,
    and a grapheme likewise. Empty where `closing` leaves no room for words.
    """
    whole = (text + closing).rstrip()
    if _width(whole, link) <= longest:
        return [whole]
    ending = text[-1] + closing if closing else ""
    room = longest - _width(ending, link)
    if room < longest // 2:
        return []
    return [part + ending for part in _parts(text.rstrip(), room, link)]


def _width(text: str, link: int) -> int:
    beyond = sum(char > "\uffff" for char in text)
    return len(text) + beyond + text.count(LINK_MARK) * (link - 1)


def _parts(text: str, room: int, link: int) -> list[str]:
    chars: list[str] = []
    for char in graphemes(text):
        chars += [char] if _width(char, link) <= room else char
    ends = list(accumulate(_width(char, link) for char in chars))
    parts, start = [], 0
    while start < len(chars):
        begun = ends[start - 1] if start else 0
        end = bisect_right(ends, begun + room)
        if end < len(chars):
            end = _cut(chars, start, end)
        if part := "".join(chars[start:end]).strip():
            parts.append(part)
        start = end
    return parts


def _cut(chars: Sequence[str], start: int, end: int) -> int:
    """Where the next part begins, at `end` at the latest: after the last line break or sentence of
    the second half, else after the last space."""
    half = (start + end) // 2
    spaces = [at for at in range(end, start, -1) if chars[at].isspace()]
    for at in spaces:
        if at > half and chars[at] == "\n":
            return at
    for at in spaces:
        if at > half and chars[at - 1] in SENTENCE_ENDS:
            return at
    return spaces[0] if spaces else end
