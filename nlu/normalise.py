"""One plain form for every text: lower-case Latin, no accents, no look-alikes, spelled words.

Everything else in `nlu` reads this form. `plain` is total: it never raises, its work is bounded by
LIMIT, and it is idempotent for its own output.
"""

import re
import unicodedata
from functools import lru_cache

from nlu.spelling import CONTRACTIONS, ILL_BEFORE, SLIPS, WORDS

LIMIT = 4000
"""Characters that are understood; what comes after them in a text is not read."""

_LOOK_ALIKES = dict(
    zip(
        "абвгеһіјкмнорстухѕԁԛԝαβεικνοπρτυχωɑɡօ",
        "a6brehijkmhopctyxsdqwabeikvonptuxwago",
        strict=True,
    )
)
_CAPITALS = dict(
    zip("АВЕЗІЈКМНОРСТУХЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abe3ijkmhopctyxsabezhikmnoptyx", strict=True)
)
_SIGNS = {
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-",
    "−": "-", "‐": "-", "‑": "-", "…": "...", "½": " half ", "¿": " ", "¡": " ", "\r": "\n",
    "\x00": " ", "º": "o", "ª": "a", "№": "no", "ß": "ss", "ø": "o", "đ": "d", "ł": "l",
    "Ø": "o", "Đ": "d", "Ł": "l",
}  # fmt: skip
_EMOJI = {
    "👍": "emojiyes", "✅": "emojiyes", "👌": "emojiyes", "🆗": "emojiyes", "✔": "emojiyes",
    "☑": "emojiyes", "🤝": "emojiyes", "💯": "emojiyes",
    "👎": "emojino", "❌": "emojino", "🙅": "emojino", "✖": "emojino",
    "🛑": "emojistop", "✋": "emojistop", "🚫": "emojistop", "⛔": "emojistop",
    "🙏": "emojithanks", "❤": "emojithanks", "😊": "emojithanks", "🙂": "emojithanks",
    "😡": "emojiangry", "🤬": "emojiangry", "🖕": "emojirude", "😠": "emojiangry",
    "😭": "emojisad", "😢": "emojisad", "😔": "emojisad", "😞": "emojisad", "😂": "emojilaugh",
    "🤣": "emojilaugh", "👋": "emojiwave", "🙄": "emojiangry", "💩": "emojirude",
}  # fmt: skip
_TABLE = str.maketrans(
    _LOOK_ALIKES | _CAPITALS | _SIGNS | {sign: f" {word} " for sign, word in _EMOJI.items()}
)
_INVISIBLE = {"Cf", "Cs", "Co", "Cn", "Mn", "Me"}

_WORD = re.compile(r"[a-z0-9][a-z0-9']*")
_SPACES = re.compile(r"[ \t\f\v]+")
_LINES = re.compile(r" ?\n[\n ]*")
_ILL = re.compile(rf"\bill (?={ILL_BEFORE}\b)")
_STRETCHED = re.compile(r"([a-z])\1{2,}")


def plain(text: str) -> str:
    """The form that rules, grammars and the classifier read; "\\n" stays as the only line break."""
    text = text[:LIMIT]
    if not text.isascii():
        text = _latin(text)
    if not text.isprintable():
        text = text.translate(_CONTROLS)
    text = _STRETCHED.sub(r"\1\1", text.lower())
    text = _SPACES.sub(" ", _WORD.sub(_spell, text))
    text = (_LINES.sub("\n", text) if "\n" in text else text).strip()
    return _ILL.sub("i will ", text) if "ill " in text else text


_CONTROLS = {code: " " for code in range(32) if code != 10} | {127: " ", ord("\r"): "\n"}


def _latin(text: str) -> str:
    text = text.translate(_TABLE)
    text = unicodedata.normalize("NFKD", text)[: 2 * LIMIT].translate(_TABLE)
    kept = (char for char in text if char.isascii() or not _invisible(char))
    return "".join(kept)[:LIMIT]


@lru_cache(maxsize=4096)
def _invisible(char: str) -> bool:
    return unicodedata.category(char) in _INVISIBLE


def _spell(match: re.Match[str]) -> str:
    return _spelled(match[0])


@lru_cache(maxsize=32768)
def _spelled(word: str) -> str:
    if "'" in word:
        word = word.rstrip("'")
        word = CONTRACTIONS.get(word) or word.replace("'", "")
    return WORDS.get(word) or SLIPS.get(word, word)
