"""What a person really wrote in a mail: without quotes, signatures, footers and disclaimers.

Rules, not a model: the same mail always reads the same, and each rule can be shown. Where a rule is
in doubt the text stays, since losing what a customer wrote is worse than reading our own words
again.
"""

from collections.abc import Sequence

from channels.email.quoting import attributions, footers, headers, markup, parent, quotes
from channels.email.quoting.closings import STUBS
from channels.email.quoting.lines import Line, Part, read
from channels.email.quoting.signs import entries

NOTHING = str.maketrans(dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\x00", None))
SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2007\u3000\x0b\x0c\u2028\u2029\x85", " "))


def visible_reply(text: str | None, html: str | None, sent: Sequence[str] = ()) -> str:
    """What the writer of a mail wrote, as plain lines; empty where there is nothing.

    `text` and `html` are the mail's parts, decoded; the plain one is preferred where it says
    anything. `sent` are texts of ours that the mail may answer: what repeats them is a quote, in
    whatever form it came back, unless then nothing would be left. Pure; never raises; time grows
    with the length of what it is given.
    """
    if text is not None and not _stub(text):
        plain = _visible(read(_clean(text)), sent)
        if plain or html is None:
            return plain
    if html is not None:
        return _visible(markup.read(_clean(html)), sent)
    return ""


def _clean(text: str) -> str:
    return text.translate(SPACES)


def _stub(text: str) -> bool:
    start = text[:300].strip().casefold()
    return not start or any(start.startswith(each) for each in entries(STUBS))


def _visible(lines: list[Line], sent: Sequence[str]) -> str:
    written = _settled(lines, sent)
    if written or any(each.part in (Part.HEAD, Part.CUT) for each in lines):
        return written
    if not any(each.depth for each in lines):
        return written
    return _settled([_unwrapped(each) for each in lines], sent)


def _settled(lines: list[Line], sent: Sequence[str]) -> str:
    quotes.settle(lines)
    headers.mark(lines)
    attributions.mark(lines)
    quotes.keep_typed(lines, every=parent.strange(lines, sent))
    _cut(lines)
    footers.mark(lines)
    parent.mark(lines, sent)
    return _written(lines)


def _unwrapped(line: Line) -> Line:
    """With one mark less: a mail that is marked from end to end and names nobody is its writer's,
    or a program's that marks all."""
    depth = max(line.depth - 1, 0)
    written = f"{'> ' * depth}{line.text}"
    return Line(written, line.text, depth, Part.QUOTED if depth else Part.OWN)


def _cut(lines: list[Line]) -> None:
    """Below a cut all is quoted, unless nothing was written above it: then what it introduces is
    all there is, down to the next."""
    written = False
    at = 0
    while at < len(lines):
        each = lines[at]
        written = written or (each.own and not each.blank)
        if each.part is not Part.CUT:
            at += 1
            continue
        while at < len(lines) and lines[at].part is Part.CUT:
            at += 1
        if written:
            for below in lines[at:]:
                below.part = Part.QUOTED if below.own else below.part
            return


def _written(lines: list[Line]) -> str:
    kept: list[str] = []
    for each in lines:
        if each.own and not each.blank:
            kept.append(each.written.rstrip())
        elif kept and kept[-1]:
            kept.append("")
    return "\n".join(kept).strip()
