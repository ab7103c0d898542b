"""A message as somebody reads it, whatever it is made of: for finding what it must not say.

Letters and figures that look alike are one, accents and what is invisible are gone, links are
decoded, and HTML is read as shown, as written, and with its tags taken for nothing.
"""

import re
import unicodedata
from functools import cached_property, lru_cache
from html import unescape
from urllib.parse import unquote

ALIKE = {
    # Cyrillic
    "а": "a", "в": "b", "е": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c",
    "т": "t", "у": "y", "х": "x", "ѕ": "s", "і": "i", "ј": "j", "ԁ": "d", "һ": "h", "ӏ": "l",
    "ԛ": "q", "ԝ": "w", "ь": "b", "з": "3", "б": "6", "п": "n", "г": "r",
    # Greek
    "α": "a", "β": "b", "γ": "y", "ε": "e", "η": "n", "ι": "i", "κ": "k", "μ": "m", "ν": "v",
    "ο": "o", "ρ": "p", "σ": "o", "τ": "t", "υ": "u", "χ": "x", "ω": "w", "ζ": "z",
    # Latin, and what has no decomposition
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ɑ": "a", "ɡ": "g", "ɩ": "i",
    "ß": "ss", "æ": "ae", "œ": "oe", "ⅼ": "l", "ʼ": "'", "’": "'", "‘": "'", "٫": ".", "٬": ",",
    "։": ".", "․": ".", "‚": ",", "，": ",", "。": ".", "·": ".", "∙": ".", "⁄": "/", "∕": "/",
}  # fmt: skip
"""Characters that a reader takes for others, after small letters are made of all. A short list of
the usual ones: it makes evasion by hand hard, not impossible."""

INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u180b\u180c\u180d\u180e")
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TAG = re.compile(r"<[^<>]*>?")
_UNSHOWN = re.compile(r"(?is)<!--.*?(?:-->|\Z)|<(head|style|script|title)\b.*?(?:</\1\s*>|\Z)")
_BREAK = re.compile(
    r"(?i)<\s*/?\s*(?:p|div|br|li|ul|ol|tr|td|th|table|h[1-6]|hr|section|article)\b"
)
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_FIGURE = re.compile(r"\d")
_FIGURES = re.compile(r"\d+")
_WORD = re.compile(r"[^\W_]+")
_FOR_FIGURES = str.maketrans("ol|isb", "011158")
_FIGURED = re.compile(r"(?<!\w)(?=[ol|isb.,']{0,20}\d)[\dol|isb.,']{2,40}(?!\w)")


def turned_round(*texts: str | None) -> bool:
    """Whether characters reverse what follows them: the eye reads what no search finds."""
    return any(text and TURNING.search(unescape(text)) for text in texts)


def fold(text: str) -> str:
    """In small ASCII letters as far as it looks so, with plain spaces, hyphens and figures."""
    if text.isascii():
        return text.lower()
    found = []
    for char in unicodedata.normalize("NFKD", text).casefold():
        if char in ALIKE:
            found.append(ALIKE[char])
            continue
        kind = unicodedata.category(char)
        if kind in ("Mn", "Me", "Cf") or char in INVISIBLE:
            continue
        if kind == "Nd":
            found.append(str(unicodedata.digit(char)))
        elif kind == "Pd" or char == "\u2212":
            found.append("-")
        else:
            found.append(" " if kind in ("Zs", "Zl", "Zp") else char)
    return "".join(found)


def visible(html: str) -> str:
    """The words of an HTML text as they are shown, on one line."""
    shown = _UNSHOWN.sub(" ", html)
    return " ".join(unescape(_TAG.sub("", _BREAK.sub(lambda tag: " " + tag[0], shown))).split())


MOST_FIGURES = 2_000
"""A message with more of them is not looked through: no text to a customer has so many."""


class Read:
    """`views` are the folded texts, each way of reading one by itself."""

    def __init__(self, views: tuple[str, ...]) -> None:
        self.views = views

    @cached_property
    def is_overlong(self) -> bool:
        return any(len(_FIGURES.findall(view)) > MOST_FIGURES for view in self.views)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Each view as its words, between single spaces."""
        return tuple(f" {' '.join(_WORD.findall(view))} " for view in self.views)

    @cached_property
    def squeezed(self) -> str:
        """All views without anything between their letters and figures, on a line each."""
        return "\n".join(words.replace(" ", "") for words in self.words)

    @cached_property
    def figured(self) -> tuple[str, ...]:
        """The views with figures in them, as they are and with letters read as the figures that
        they resemble, amid figures."""
        own = [view for view in self.views if _FIGURE.search(view)]
        return tuple(dict.fromkeys((*own, *(_FIGURED.sub(_as_figures, view) for view in own))))


def _as_figures(found: re.Match[str]) -> str:
    return found[0].translate(_FOR_FIGURES)


@lru_cache(maxsize=512)
def read(text: str, subject: str | None = None, html: str | None = None) -> Read:
    """One message. The last ones are kept: several rules ask of each."""
    views = [text]
    if subject is not None:
        views.append(subject)
    if html is not None:
        shown = visible(html)
        views += [shown, unescape(html), unescape(_TAG.sub("", html))]
    views += [unquote(view) for view in views if "%" in view and _ENCODED.search(view)]
    return Read(tuple(dict.fromkeys(map(fold, views))))
