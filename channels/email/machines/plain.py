"""A report's words as lines: its plain part, or its HTML without the marks."""

from html.parser import HTMLParser

from channels.email.mail import Mail

_BREAKS = frozenset("br p div tr li table h1 h2 h3 h4 pre blockquote td hr".split())
_SILENT = frozenset(("style", "script", "head", "title"))


class _Lines(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BREAKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(" ".join(data.split()) + (" " if data[-1:].isspace() else ""))


def words_of(mail: Mail) -> str:
    """The plain text; where there is none to speak of, that of the HTML."""
    if mail.text is not None and mail.text.strip():
        return mail.text
    if mail.html is None:
        return mail.text or ""
    lines = _Lines()
    lines.feed(mail.html)
    lines.close()
    return "\n".join(line.strip() for line in "".join(lines.pieces).splitlines() if line.strip())
