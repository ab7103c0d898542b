"""HTML to lines with quotes marked, in one pass."""

import re
from dataclasses import dataclass

from channels.email.quoting.lines import Line, Part, seen, spaced
from channels.email.quoting.lines import line as marked
from channels.email.quoting.tokens import Closing, Opening, tokens

DROPPED = frozenset({"style", "script", "head", "title", "template", "noscript", "object", "svg"})
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
BLOCKS = frozenset(
    "address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3"
    " h4 h5 h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul".split()
)
SPACED = frozenset("p ul ol table h1 h2 h3 h4 h5 h6 blockquote pre".split())
QUOTES = re.compile(
    r"yahoo_quoted|protonmail_quote|tutanota_quote|moz-cite-prefix|moz-forward-container"
    r"|gmail_attr|zmail_extra|email_?quote"
)
CUTS = re.compile(
    r"divrplyfwdmsg|appendonsend|outlookmessageheader|olk_src_body_section|stopspelling"
    r"|mail-editor-reference-message-container|isreplycontent"
)
SIGNATURES = re.compile(
    r"gmail_signature|moz-signature|ms-outlook-mobile-signature|protonmail_signature"
    r"|applemailsignature|zmail_signature|tutanota_signature|(?:^| )(?:x_)?signature(?: |$)"
)
"""Classes and ids by which mail programs name what they add."""
HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|mso-hide\s*:\s*all"
    r"|max-height\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])"
)
INDENTED = re.compile(r"border(?:-left)?\s*:\s*(?:none|0)")
SPACE = re.compile(r"[ \t\r\n\f]+")
DEEPEST = 200


@dataclass(slots=True)
class Opened:
    """An element that is open: what it adds while it is."""

    tag: str
    quote: int = 0
    sure: int = 0
    closing: int = 0
    hidden: int = 0
    pre: int = 0


class Reader:
    """Collects lines; never raises, whatever the tags."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.stack: list[Opened] = []
        self.open: dict[str, int] = {}
        self.quote = self.sure = self.closing = self.hidden = self.pre = 0
        self.cut = False
        self.text: list[str] = []
        self.item = ""

    def opens(self, opening: Opening) -> None:
        """Opens an element: what its name, class, id and style say of its text."""
        tag = opening.tag
        known = {key: value.casefold() for key, value in opening.attributes.items()}
        name = f"{known.get('class', '')} {known.get('id', '')}"
        if not self.hidden and CUTS.search(name):
            self._break()
            self._cut()
        if tag == "br":
            self._break(empty=True)
        elif tag in BLOCKS:
            self._break()
        if tag in SPACED or tag == "hr":
            self._gap()
        if tag in {"td", "th"} and self.text:
            self.text.append(" ")
        if tag == "li":
            self.item = "- "
        if tag not in VOID and len(self.stack) < DEEPEST:
            self._push(_opened(tag, known, name))

    def closes(self, tag: str) -> None:
        """Closes the nearest such element and what was left open in it."""
        if tag in BLOCKS:
            self._break()
        if not self.open.get(tag):
            return
        while self.stack:
            last = self._pop()
            if last.tag == tag:
                break
        if tag in SPACED:
            self._gap()

    def says(self, data: str) -> None:
        """Text, its space folded as browsers do."""
        if self.hidden:
            return
        data = spaced(data)
        if self.pre:
            first, *rest = data.replace("\r\n", "\n").split("\n")
            self.text.append(first)
            for each in rest:
                self._break(empty=True)
                self.text.append(each)
            return
        self.text.append(SPACE.sub(" ", data))

    def finish(self) -> list[Line]:
        """The lines; the parser takes no more."""
        self._break()
        return self.lines

    def _push(self, opened: Opened) -> None:
        self.stack.append(opened)
        self.open[opened.tag] = self.open.get(opened.tag, 0) + 1
        self._add(opened, 1)

    def _pop(self) -> Opened:
        opened = self.stack.pop()
        self.open[opened.tag] -= 1
        if opened.quote or opened.closing:
            self._break()
        self._add(opened, -1)
        return opened

    def _add(self, opened: Opened, sign: int) -> None:
        if opened.quote or opened.closing:
            self._break()
        self.quote += sign * opened.quote
        self.sure += sign * opened.sure
        self.closing += sign * opened.closing
        self.hidden += sign * opened.hidden
        self.pre += sign * opened.pre

    def _break(self, empty: bool = False) -> None:
        text = SPACE.sub(" ", "".join(self.text)).strip() if not self.pre else "".join(self.text)
        self.text.clear()
        if not text.strip():
            if empty:
                self._gap()
            return
        text = self.item + text
        self.item = ""
        line = Line(text.rstrip(), seen(text), self.quote) if self.quote else marked(text)
        if self.cut:
            line.part, self.cut = Part.CUT, False
        elif self.quote:
            line.part, line.sure = Part.QUOTED, bool(self.sure)
        elif self.closing:
            line.part = Part.CLOSING
        self.lines.append(line)

    def _gap(self) -> None:
        if self.lines and not self.lines[-1].blank:
            depth = self.quote and self.lines[-1].depth
            part = Part.QUOTED if depth else Part.OWN
            self.lines.append(Line("", "", depth, part))

    def _cut(self) -> None:
        self.lines.append(Line("", "", 0, Part.CUT))


def _opened(tag: str, attrs: dict[str, str], name: str) -> Opened:
    opened = Opened(tag)
    style = attrs.get("style", "")
    cited = attrs.get("type") == "cite" or "gmail_quote" in name or "cite" in attrs
    if tag == "blockquote" and (cited or not INDENTED.search(style)):
        opened.quote, opened.sure = 1, int(cited)
    elif QUOTES.search(name):
        opened.quote, opened.sure = 1, 1
    elif SIGNATURES.search(name):
        opened.closing = 1
    if tag in DROPPED or HIDDEN.search(style) or "hidden" in attrs:
        opened.hidden = 1
    if tag == "pre":
        opened.pre = 1
    return opened


def read(html: str) -> list[Line]:
    """The lines of an HTML part; what its markup names a quote or a signature is marked so, but a
    signature with nothing beside it: some people write into theirs."""
    reader = Reader()
    for token in tokens(html):
        if isinstance(token, Opening):
            reader.opens(token)
        elif isinstance(token, Closing):
            reader.closes(token.tag)
        else:
            reader.says(token)
    lines = reader.finish()
    if not any(each.own and not each.blank for each in lines):
        for each in lines:
            each.part = Part.OWN if each.part is Part.CLOSING else each.part
    return lines
