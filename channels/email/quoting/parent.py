"""Finding what we sent in what came back, whatever the client made of it.

Words are compared, not lines: clients wrap anew, drop marks, and scanners rewrite links. A line is
ours where its words follow each other in one of our texts; a short line only next to such lines, at
the place where our text goes on.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from channels.email.quoting.lines import Line, Part
from channels.email.quoting.signs import addressed, dated

LINK = re.compile(
    r"<?https?://[^\s>]+>?|\[[^\[\]\s]*\]\([^()\s]*\)|<?mailto:[^\s>]+>?", re.IGNORECASE
)
WORD = re.compile(r"[^\W_]+")
RUN = 5
"""So many words in a row are beyond chance."""
FEW = 3
"""So few words in a row, of a short line that is marked, may still be ours."""
SHORT = 8
"""A whole text of ours with so few words may be said after us."""
MOST_SAID = 20
"""So many words of ours, and none else, may be a person's own answer."""
LOOKED_AT = 8
"""Places of a run in our texts that are looked at; a phrase repeated more often says nothing."""


def words(text: str) -> list[str]:
    """The words of a text, case folded, without links."""
    return [each.casefold() for each in WORD.findall(LINK.sub(" ", text))]


def mark(lines: list[Line], sent: Sequence[str]) -> None:
    """Marks own lines that we sent as quoted, and the lines that introduce them as heads."""
    ours: list[str] = []
    for text in sent:
        ours += [*words(text), ""]  # an end that no word equals
    if not ours:
        return
    kept = [each.part for each in lines]
    _mark_ours(lines, ours)
    vanished = not any(each.own and not each.blank for each in lines)
    if vanished and _may_be_said(lines, kept, sent):
        for each, part in zip(lines, kept, strict=True):
            each.part = part


def _may_be_said(lines: list[Line], parts: Sequence[Part], sent: Sequence[str]) -> bool:
    """Whether somebody may have said words of ours: a few, no whole text, and below no header that
    passes our mail on."""
    if any(part in (Part.HEAD, Part.CUT) for part in parts):
        return False
    own = [each.text for each, part in zip(lines, parts, strict=True) if part is Part.OWN]
    said = words("\n".join(own))
    if len(said) <= SHORT:
        return True
    return len(said) <= MOST_SAID and all(said != words(text) for text in sent)


def strange(lines: list[Line], sent: Sequence[str]) -> bool:
    """True where texts of ours are known and no marked line repeats FEW words of them."""
    ours = [words(text) for text in sent]
    known = {tuple(text[at : at + FEW]) for text in ours for at in range(len(text) - FEW + 1)}
    if not known:
        return False
    marked = [word for each in lines if each.part is Part.QUOTED for word in words(each.text)]
    return not any(tuple(marked[at : at + FEW]) in known for at in range(len(marked)))


def _mark_ours(lines: list[Line], ours: list[str]) -> None:
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at in range(len(ours) - RUN + 1):
        found = places[tuple(ours[at : at + RUN])]
        if len(found) < LOOKED_AT:
            found.append(at)
    theirs = [words(each.text) if each.own else [] for each in lines]
    owner = [at for at, line in enumerate(theirs) for _ in line]
    flat = [word for line in theirs for word in line]
    covered = _covered(flat, ours, places)
    count = [0] * len(lines)
    for at, hit in zip(owner, covered, strict=True):
        count[at] += hit
    for at, each in enumerate(lines):
        if each.own and theirs[at] and count[at] == len(theirs[at]):
            each.part = Part.QUOTED
    _wordless(lines, theirs)
    _heads(lines)


def _wordless(lines: list[Line], theirs: list[list[str]]) -> None:
    """Bars and rules below lines of ours go with them, and links alone between two of them."""
    ours = False
    waiting: list[Line] = []
    for at, each in enumerate(lines):
        if theirs[at]:
            ours = not each.own
            for link in waiting if ours else ():
                link.part = Part.QUOTED
            waiting.clear()
        elif ours and each.own and not each.blank:
            if not each.text.strip(" |*-_="):
                each.part = Part.QUOTED
            elif not LINK.sub("", each.text).strip(" |<>"):
                waiting.append(each)


def _covered(
    flat: list[str], ours: list[str], places: dict[tuple[str, ...], list[int]]
) -> list[bool]:
    """For each of their words, whether it lies in a run of ours. A run grows both ways from RUN
    equal words, and each of their words is looked at once for each place at most."""
    covered = [False] * len(flat)
    at = 0
    while at + RUN <= len(flat):
        longest = (0, 0)
        for place in places.get(tuple(flat[at : at + RUN]), ()):
            length = RUN
            while (
                at + length < len(flat)
                and place + length < len(ours)
                and flat[at + length] == ours[place + length]
            ):
                length += 1
            longest = max(longest, (length, place))
        length, place = longest
        if not length:
            at += 1
            continue
        back = 0
        while at - back and place - back and flat[at - back - 1] == ours[place - back - 1]:
            if covered[at - back - 1]:
                break
            back += 1
        covered[at - back : at + length] = [True] * (length + back)
        at += length
    return covered


def _heads(lines: list[Line]) -> None:
    """Lines right above what is ours that end in a colon and name a date or an address."""
    for at, each in enumerate(lines):
        if each.part is not Part.QUOTED or each.blank:
            continue
        above = at - 1
        while above >= 0 and at - above < 3 and lines[above].blank:
            above -= 1
        for here in range(above, max(above - 3, -1), -1):
            text = lines[here].text
            if not lines[here].own or len(text) > PROSE or not (dated(text) or addressed(text)):
                break
            if here == above and not text.endswith((":", "：", ">")):
                break
            lines[here].part = Part.HEAD


PROSE = 200
