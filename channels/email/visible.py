"""What a person really wrote in a mail: without quotes, signatures, footers and disclaimers.

Rules, not a model: the same mail always reads the same, and each rule can be shown. Where a rule is
in doubt the text stays, since losing what a customer wrote is worse than reading our own words
again.
"""

from collections.abc import Sequence

from channels.email.quoting import attributions, footers, headers, markup, parent, quotes
from channels.email.quoting.closings import STUBS
from channels.email.quoting.lines import Line, Part, read, spaced
from channels.email.quoting.signs import entries

STUB = 500


def visible_reply(text: str | None, html: str | None, sent: Sequence[str] = ()) -> str:
    """What the writer of a mail wrote, as plain lines; empty where there is nothing.

    `text` and `html` are the mail's parts, decoded; the plain one is preferred where it says
    anything. `sent` are texts of ours that the mail may answer: what repeats them is a quote, in
    whatever form it came back, unless then nothing would be left. Pure; never raises; time grows
    with the length of what it is given.
    """
    plain = _visible(read(spaced(text or "")), sent)
    if html is None or (plain and not _stub(text or "")):
        return plain
    return _visible(markup.read(spaced(html)), sent) or plain


def passed_on(text: str | None, html: str | None, sent: Sequence[str] = ()) -> bool:
    """Whether a mail says nothing but what it passes on: the header of another mail stands above
    all that `visible_reply` leaves of it, and nobody answers below."""
    lines = read(spaced(text or "")) if (text or "").strip() else markup.read(spaced(html or ""))
    _settled(lines, sent)
    parts = [each.part for each in lines if not each.blank or each.part is Part.CUT]
    if not parts or parts[0] is not Part.CUT or Part.OWN not in parts:
        return False
    return Part.QUOTED not in parts or Part.OWN not in parts[parts.index(Part.QUOTED) :]


def _stub(text: str) -> bool:
    """A short text that only says that the HTML part is the one to read."""
    start = text.strip().casefold()
    return len(start) < STUB and any(start.startswith(each) for each in entries(STUBS))


def _visible(lines: list[Line], sent: Sequence[str]) -> str:
    written = _settled(lines, sent)
    if written or any(each.part in (Part.HEAD, Part.CUT) for each in lines):
        return written
    if not any(each.depth for each in lines):
        return written
    least = min(each.depth for each in lines if each.depth)
    return _settled([_unwrapped(each, least) for each in lines], sent)


def _settled(lines: list[Line], sent: Sequence[str]) -> str:
    quotes.settle(lines)
    headers.mark(lines)
    attributions.mark(lines)
    quotes.keep_typed(lines, every=parent.strange(lines, sent))
    footers.mark_request(lines)
    _cut(lines)
    footers.mark(lines)
    parent.mark(lines, sent)
    return _written(lines)


def _unwrapped(line: Line, marks: int) -> Line:
    """With so many marks less: a mail that is marked from end to end and names nobody is its
    writer's, or comes from a program that marks all."""
    depth = max(line.depth - marks, 0)
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
