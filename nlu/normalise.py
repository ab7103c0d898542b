"""One plain form for every text: lower-case Latin, no accents, no look-alikes, spelled words.

Everything else in `nlu` reads this form. `plain` is total: it never raises, its work is bounded by
LIMIT, and it is idempotent for its own output.
"""

import re
import unicodedata
from functools import lru_cache
from html import unescape
from itertools import product

from nlu.spelling import CONTRACTIONS, ILL_BEFORE, SLIPS, WORDS

LIMIT = 4000
"""Characters that are understood; what comes after them in a text is not read."""

_LOOK_ALIKES = {
    # Cyrillic, Greek, Armenian, Cherokee and Lisu letters, and Latin ones of other alphabets, small
    # capitals among them. Full-width, mathematical and circled letters need no table: Unicode
    # says which letter each is.
    "абвгеһіјкмнорстухѕԁԛԝпьѵ": "a6brehijkmhopctyxsdqwnbv",
    "АВЕЗІЈКМНОРСТУХЅ": "abe3ijkmhopctyxs",
    "αβεικνοπρτυχωσγηϲς": "abeikvonptuxwoyncc",
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ": "abezhikmnoptyx",
    "օոսհցԵՏՕ": "onuhgeso",
    "ᎪᏴᏟᎠᎬᏀᎻᎫᏦᏞᎷᎾᏢᏒᏚᎢᏙᎳᎽᏃ": "abcdeghjklmoprstvwyz",
    "ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ": "abcdefghijklmnoprstuvwxyz",
    "ɑɡıɩʟɴʀʏꜰꜱᴀʙᴄᴅᴇɢʜɪᴊᴋᴌᴍᴏᴘᴛᴜᴠᴡᴢ": "agiilnryfsabcdeghijklmoptuvwz",
}
_SQUARED = {chr(0x1F150 + at): chr(97 + at % 32) for at in range(58) if at % 32 < 26}
"""White letters on black discs and squares."""
_FLAG_LETTERS = re.compile("[\U0001f1e6-\U0001f1ff]{3,}")
"""Two of them are a flag, more may be a word."""
_SIGNS = {
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-",
    "−": "-", "‐": "-", "‑": "-", "…": "...", "½": " half ", "¿": " ", "¡": " ", "\r": "\n",
    "\x00": " ", "º": "o", "ª": "a", "№": "no", "ß": "ss", "ø": "o", "đ": "d", "ł": "l",
    "Ø": "o", "Đ": "d", "Ł": "l", "\x85": "\n", "\u2028": "\n", "\u2029": "\n", "\u1680": " ",
    "\u2800": " ", "\u115f": "", "\u1160": "", "\u3164": "", "\uffa0": "", "†": "t",
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
_SKIN_TONES = dict.fromkeys("🏻🏼🏽🏾🏿", "")
_LETTERS = {
    letter: latin
    for foreign, alike in _LOOK_ALIKES.items()
    for letter, latin in zip(foreign, alike, strict=True)
}
_TABLE = str.maketrans(
    _LETTERS | _SQUARED | _SIGNS | _SKIN_TONES
    | {sign: f" {word} " for sign, word in _EMOJI.items()}
)  # fmt: skip
_INVISIBLE = {"Cf", "Cs", "Co", "Cn", "Mn", "Me"}

_WORD = re.compile(r"[a-z0-9][a-z0-9']*")
_SPACES = re.compile(r"[ \t\f\v]+")
_LINES = re.compile(r" ?\n[\n ]*")
_ILL = re.compile(rf"\bill (?={ILL_BEFORE}\b)")
_STRETCHED = re.compile(r"([a-z])\1\1+")
_STRETCHED_WORD = re.compile(r"[a-z]*?([a-z])\1\1+[a-z]*")
_ENTITY = re.compile(r"&(?:amp;)+")

_STRETCHABLE = frozenset(
    "stop please no yes yeah hi hey help hello so now never ok que ya si por alto basta".split()
)
"""Words that are meant however long each of their letters is held."""

_DISGUISED = "stop stopall quit cancel unsubscribe revoke optout parar alto".split()
"""Words that customers write in digits or letter by letter, past filters that they suspect."""
_DIGITS = {"o": "o0", "i": "i1", "l": "l1", "e": "e3", "a": "a4", "s": "s5", "t": "t7", "b": "b8"}
_DISGUISES = {
    "".join(letters): word
    for word in _DISGUISED
    for letters in product(*(_DIGITS.get(letter, letter) for letter in word))
}


def _apart(word: str) -> str:
    return r"[\W_]{1,3}".join(f"[{_DIGITS.get(letter, letter)}]" for letter in word)


_LETTER_BY_LETTER = re.compile(rf"(?<![\w'])(?:{'|'.join(map(_apart, _DISGUISED))})(?![\w'])")
_LONE_LETTERS = re.compile(r"[\W_][a-z0-9][\W_]{1,3}[a-z0-9][\W_]")
_MASKED = re.compile(r"(?<!\w)(?:[$]top|s[*]op|st[*]p|[$]t[0*]p)(?!\w)")


def plain(text: str) -> str:
    """The form that rules, grammars and the classifier read; "\n" stays as the only line break."""
    text = text[:LIMIT]
    if "&" in text:
        text = unescape(_ENTITY.sub("&", text))
    if not text.isascii():
        text = _latin(text)
    if not text.isprintable():
        text = text.translate(_CONTROLS)
    text = text.lower()
    if _STRETCHED.search(text):
        text = _STRETCHED_WORD.sub(_held, text)
    if "&" in text and unescape(text) != text:
        text = text.replace("&", "& ")
    text = _SPACES.sub(" ", text)
    text = (_LINES.sub("\n", text) if "\n" in text else text).strip()
    text = _WORD.sub(_spell, _undisguised(text))
    return _ILL.sub("i will ", text) if "ill " in text else text


_CONTROLS = {code: " " for code in range(32) if code != 10} | {127: " ", ord("\r"): "\n"}


def _latin(text: str) -> str:
    text = _FLAG_LETTERS.sub(_flagged, text).translate(_TABLE)
    text = unicodedata.normalize("NFKD", text)[: 2 * LIMIT].lower().translate(_TABLE)
    return "".join([char if char.isascii() else _kept(char) for char in text])[:LIMIT]


@lru_cache(maxsize=4096)
def _kept(char: str) -> str:
    """Digits of any script as figures; nothing of what can't be seen."""
    if unicodedata.category(char) in _INVISIBLE:
        return ""
    return str(unicodedata.decimal(char, char))


def _flagged(match: re.Match[str]) -> str:
    word = "".join(chr(ord(char) - 0x1F1E6 + 97) for char in match[0])
    return word if word in _DISGUISES else match[0]


def _held(match: re.Match[str]) -> str:
    once = _RUN.sub(r"\1", match[0])
    return once if once in _STRETCHABLE else _STRETCHED.sub(r"\1\1", match[0])


_RUN = re.compile(r"([a-z])\1+")


def _undisguised(text: str) -> str:
    """ "s.t.o.p" and "$top" as "stop"."""
    if "$" in text or "*" in text:
        text = _MASKED.sub("stop", text)
    return _LETTER_BY_LETTER.sub(_joined, text) if _LONE_LETTERS.search(text) else text


def _joined(match: re.Match[str]) -> str:
    return _DISGUISES["".join(filter(str.isalnum, match[0]))]


def _spell(match: re.Match[str]) -> str:
    return _spelled(match[0])


@lru_cache(maxsize=32768)
def _spelled(word: str) -> str:
    if "'" in word:
        word = word.rstrip("'")
        word = CONTRACTIONS.get(word) or _STRETCHED.sub(r"\1\1", word.replace("'", ""))
    return WORDS.get(word) or SLIPS.get(word) or _DISGUISES.get(word, word)
