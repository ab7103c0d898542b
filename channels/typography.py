"""Typographic characters and the plain ones that Twilio's Smart Encoding puts in their place.

One such character turns a text of one segment into three. The pairs are those of Twilio's published
calculator, so that a text is counted here as there; letters with accents stay as they are.
"""

from unicodedata import normalize

from channels.gsm7 import ALPHABET
from domain.messages import LINK_MARK

_TWO_SPACES = "  "

SUBSTITUTED: dict[str, str] = {
    '"': "«»“”„‟❝❞〝〞ʺˮ",
    "'": "`´‘’‛❛❜ʹʻʼʽˈˊˋ︐︑\u0313\u0314",
    "!": "ǃ︕﹗",
    "!!": "‼",
    "#": "﹟",
    "$": "﹩",
    "%": "﹪",
    "&": "﹠",
    "(": "❨❪⟮⦅﹙",
    ")": "❩❫⟯⦆﹚",
    "*": "⁎∗⊛⧆✢✣✤✥✱✲✳✺✻✼✽❃❉❊❋﹡",
    "+": "˖﹢",
    ",": "‚、﹐﹑､\u0326",
    "-": "‐–—―•⁃⎼⎽﹣",
    ".": "。﹒｡",
    "...": "…",
    "/": "÷⁄∕⧸\u0337\u0338",
    "1/2": "½",
    "1/4": "¼",
    "3/4": "¾",
    ":": "ː˸⦂꞉︓",
    ";": "⁏︔﹔",
    "<": "‹﹤",
    "=": "꞊﹦\u0347",
    ">": "›﹥",
    "?": "︖﹖",
    "@": "﹫",
    "\\": "⧵⧹﹨\u20e5",
    "^": "ˆ\u0302\u1dcd",
    "_": "‗\u0332",
    "{": "❴﹛",
    "|": "∣⎜⎟⎸⎹⏐\u20d2\u20d3",
    "}": "❵﹜",
    "~": "˜˷∼\u0303\u0330\u0334",
    " ": "\u2001\u2028\u2029",
    # wider spaces, and controls that some systems leave where a space stood
    _TWO_SPACES: "\u00a0\u2000\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
    "\u3000\u0080\u008d\u0090\u009b\u009f",
    "       ": "\t",
    # what nobody sees
    "": "\u0000\u0003\u0004\u0010\u0011\u0012\u0013\u0014\u0017\u0019\u200b\u200c\u2060\ufeff",
}
"""By what is put in: the characters that give way to it. Marks and spaces stand as escapes."""

SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "ABCDEFGHIJKLMNOPRSTUVWYZ", strict=True))

FULL_WIDTH = {
    chr(ord(char) + 0xFEE0): char
    for char in "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_{|}~"
}
"""As East Asian keyboards type them; small letters are not among them."""

PLAIN: dict[str, str] = {
    **{char: plain for plain, chars in SUBSTITUTED.items() for char in chars},
    **SMALL_CAPITALS,
    **FULL_WIDTH,
}
_TYPOGRAPHIC = frozenset(PLAIN)
_SPACES = frozenset(SUBSTITUTED[_TWO_SPACES])
_SURROGATES = frozenset(map(chr, range(0xD800, 0xE000)))


def simplify(text: str) -> str:
    """`text` with typographic characters made plain; every other character stays as it is."""
    for char in _TYPOGRAPHIC.intersection(text):
        text = text.replace(char, PLAIN[char])
    return paired(text)


def sendable(text: str) -> str:
    """`text` as it is sent where punctuation is made plain: as it is written, unless GSM-7 then
    carries it.

    Unlike Smart Encoding, letters are composed first, or the tilde of a decomposed ñ would become a
    character beside it, and a space stays one.
    """
    composed = normalize("NFC", text)
    plain = simplify("".join(" " if char in _SPACES else char for char in composed))
    return plain if ALPHABET.issuperset(plain.replace(LINK_MARK, "")) else text


def paired(text: str) -> str:
    """`text` with each high surrogate and the low one after it as the character they stand for."""
    if _SURROGATES.isdisjoint(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
