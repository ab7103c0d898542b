"""A text cut into graphemes, the characters that people see, as Twilio's calculator cuts it.

Its rules are those of Unicode 10.0.0 (UAX #29, revision 31), but for three habits that change what
it counts: a pair of regional indicators takes one mark only, a skin tone is taken after at most one
mark and not after an earlier mark of the same grapheme, and CR LF are two.
"""

import re
from collections.abc import Iterator

from domain import grapheme_classes as classes

_LISTED = {
    "C": classes.CONTROL,
    "E": classes.EXTEND,
    "S": classes.SPACING_MARK,
    "J": classes.ZWJ,
    "P": classes.PREPEND,
    "R": classes.REGIONAL_INDICATOR,
    "L": classes.HANGUL_L,
    "V": classes.HANGUL_V,
    "T": classes.HANGUL_T,
    "b": classes.E_BASE,
    "m": classes.E_MODIFIER,
    "g": classes.GLUE_AFTER_ZWJ,
    "G": classes.E_BASE_GAZ,
}
"""The letter of each class. Syllables are A (LV) and B (LVT); all else is "o"."""
_SYLLABLES = range(0xAC00, 0xD7A4)
_FINALS = 28  # syllables with the same beginning follow one another, the first without a final

_JOINED = re.compile(
    r"""
    (?= [JLP] | . [EJRSTVm] )                  # else a letter stands alone
    (?:
      C
    | RR [EJS]?                                # a flag
    | PR [EJS]?
    | P*
      (?: L* (?: [AV]V*T* | BT* ) | L+ | T+    # a syllable of Hangul
        | [bG] m?                              # a person or a hand, and its skin tone
        | [omgR]
      )?
      (?: S | J (?: g | G m? )? )*             # a ZWJ joins what stands after it
      (?: E (?: (?<=[bG]E) m )? | S | J [gG]? )*
    )
    """,
    re.VERBOSE,
)
"""Matches wherever several letters may be one grapheme, and takes as many as are."""


class _Letters(dict[int, str]):
    def __missing__(self, code: int) -> str:
        return "o"


def _codes(listed: str) -> Iterator[int]:
    for item in listed.split():
        first, _, last = item.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


_LETTERS = _Letters(dict.fromkeys(range(0x3000), "o"))
for _code in _SYLLABLES:
    _LETTERS[_code] = "B" if (_code - _SYLLABLES.start) % _FINALS else "A"
for _letter, _listed in _LISTED.items():
    _LETTERS.update(dict.fromkeys(_codes(_listed), _letter))
_JOINING = frozenset(chr(code) for code, letter in _LETTERS.items() if letter in "ESJPRLVTm")


def graphemes(text: str) -> list[str]:
    """They join back to the text. A lone surrogate is one of its own."""
    if alone(text):
        return list(text)
    found: list[str] = []
    end = 0
    for joined in _JOINED.finditer(text.translate(_LETTERS)):
        start = joined.start()
        found += text[end:start]
        end = joined.end()
        found.append(text[start:end])
    found += text[end:]
    return found


def alone(text: str) -> bool:
    """True where every character of `text` surely is a grapheme."""
    return _JOINING.isdisjoint(text)
