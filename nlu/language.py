"""Which language a reply is in, where it is in none that is understood.

English and Spanish, and both at once, are one model's; from anything else it is best to abstain.
Common words, spelling and letters tell it, as tables that can be read, in some 10 microseconds.
Of the libraries tried on 1,606 English and Spanish replies, py3langid (0.2 ms) took 12 % for some
other language, lingua (1 ms, 96 MB) 21 %, langdetect (9 ms, by chance) 9 %: they are made for
prose. The tables take none, and find as many of the others.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from nlu.common_words import ENGLISH, OTHERS, SPANISH
from nlu.features import words_of
from nlu.normalise import plain

SCRIPTS = {
    "ARABIC": "ar", "ARMENIAN": "hy", "BENGALI": "bn", "BOPOMOFO": "zh", "CJK": "zh",
    "CYRILLIC": "ru", "DEVANAGARI": "hi", "ETHIOPIC": "am", "GEORGIAN": "ka", "GREEK": "el",
    "GUJARATI": "gu", "GURMUKHI": "pa", "HANGUL": "ko", "HEBREW": "he", "HIRAGANA": "ja",
    "KANNADA": "kn", "KATAKANA": "ja", "KHMER": "km", "LAO": "lo", "MALAYALAM": "ml",
    "MYANMAR": "my", "SINHALA": "si", "TAMIL": "ta", "TELUGU": "te", "THAANA": "dv",
    "THAI": "th", "TIBETAN": "bo",
}  # fmt: skip
"""The most likely language of each script."""
LETTERS = dict.fromkeys("іїєґ", "uk") | dict.fromkeys("ٹڈڑےں", "ur") | dict.fromkeys("پچگژ", "fa")
"""Letters that tell one language of a script from its most likely one."""


def _plain_words(table: str) -> frozenset[str]:
    return frozenset(word for line in table.splitlines() for word in words_of(plain(line)))


_KNOWN = _plain_words(ENGLISH + SPANISH)
_SPOKEN = {code: _plain_words(words) for code, words in OTHERS.items()}
_TELLING = frozenset().union(*_SPOKEN.values()) - _KNOWN
_SPELLING = {
    code: re.compile(pattern)
    for code, pattern in {
        "ca": "itat$|ment$|cio$|[aei]ns$|[^u]es$",
        "cs": "[cszr]h?ni$|ovat|nych$|eho$|emu$|ych$",
        "cy": "dd|^ll|wy|[iao]dd?wch$|^ngh",
        "de": "sch|ung(?:en)?$|lich|keit|eit$|[^aeiou]ck",
        "fi": "[aeiouy][ktps]{2}|aa|uu|ii|inen$|ssa$",
        "fr": "eaux?$|[aeo]ux$|ement$|tion|oi[rst]|ez$|^d[ao]u|aill|euse?s?$",
        "hr": "[nlm]j|ije|ava[nlt]|ovi|anje|stv",
        "hu": "[aeo]gy|sz|[aeo]k$|nak$|nek$|ban$|ben$",
        "id": "^(?:me|ber|di|ter|pe)[a-z]{5}|kan$|nya$",
        "it": "zion|gli|cch|ggi|tt[aoie]$|zz|ita$|ss[aoie]",
        "lt": "iau|iai$|[ai]ms$|uoj|usi$|tas$",
        "nl": "ij|[^s]cht|aa[rntl]|oo[rn]|ee[nrl]",
        "pl": "cz|sz|rz|dz|[ao]w$|ych$|ego$|ej$|osc",
        "pt": "cao$|coes$|[aeiou][ln]h[aeio]|[aeo]m$|ss",
        "ro": "ului$|[aei]lor$|[aei]le$|esc$|eaz|[ae]sc|tii$|ti$|[^aeiou]ul$",
        "sq": "sh|[^s]j[ae]|xh|zh|ej$",
        "sw": "^(?:ku|wa|ki|vi|ya|ma)[a-z]{3}|wa$|isha$",
        "tl": "^(?:nag|mag|pag|ka|pina)[a-z]{3}|ng$|an$",
        "tr": "l[ae]r|m[ae]k$|[iu]yor|d[iu]r$|n[iu]n$",
        "vi": "^(?:ng|nh|th|tr|kh|ph)[aeiouy]|[aeiouy]nh?g?$",
    }.items()
}
"""How a language spells: among words that are in no table, each such one is half a sign of it."""
_MARKED = re.compile("[ąćęłńśźżăâîșțşţãõçàèêëïôöùûäüßøåæœğıőűčďěňřšťůžđơưŵŷẹọṣẠ-ỹ]")
"""Letters that neither English nor Spanish is written with."""
_READ = 400
"""Words and letters of a text that are looked at."""
_FEW, _MANY, _PLENTY = 3, 5, 7
"""Fewer words than _FEW tell no language: a greeting may be borrowed. _MANY with hardly one that is
English or Spanish are in some other; _PLENTY even where no table knows any of them.
"""


def foreign(text: str, words: Sequence[str]) -> str | None:
    """The ISO 639 code of a text that is neither English nor Spanish ("und": none that is known
    here), None for all that may be one of them or has no words. `words`: those of its plain form.
    """
    said = {word for word in words[:_READ] if word.isalpha() and word.isascii()}
    known = said & _KNOWN
    if not text.isascii() and 2 * len(known) <= len(said) and (code := _by_script(text)):
        return code
    if len(said) < _FEW or (2 * len(known) > len(said) and len(said & _TELLING) < 2):
        return None
    return _by_words(said, known, 0 if text.isascii() else _marked(text))


def _by_words(said: set[str], known: set[str], marked: int) -> str | None:
    unknown = said - _KNOWN
    scores = {code: _score(code, unknown, known) for code in _SPOKEN}
    code, (hits, against) = max(scores.items(), key=lambda item: item[1][0] - item[1][1])
    enough = hits > 0 and hits + marked / 2 >= 2
    if enough and hits + marked > against and (not known or len(said) >= _MANY):
        return code
    if len(said) < _MANY:
        return None
    if hits < 1 and not marked and len(said) < _PLENTY:
        return None
    sure = sum(len(word) > 2 for word in known)
    if marked >= max(2, sure) or 8 * len(known) < len(said) or 2 * hits > len(said) > 8 * sure:
        return code if hits >= 2 else "und"
    return None


def _score(code: str, unknown: set[str], known: set[str]) -> tuple[float, int]:
    """The words that no English or Spanish text has, and those that only such a text has."""
    spoken, spelling = _SPOKEN[code], _SPELLING.get(code)
    hits: float = len(unknown & spoken)
    if spelling:
        hits += sum(1 for word in unknown - spoken if spelling.search(word)) / 2
    return hits, len(known - spoken)


def _marked(text: str) -> int:
    return sum(1 for word in text[:_READ].lower().split() if _MARKED.search(word))


def _by_script(text: str) -> str | None:
    seen = text[:_READ].casefold()
    found = Counter(_script(char) for char in seen if char.isalpha())
    latin = found.pop(None, 0)
    if sum(found.values()) <= max(latin, 1):
        return None
    told = Counter(LETTERS[char] for char in seen if char in LETTERS)
    if told:
        return told.most_common(1)[0][0]
    return "ja" if "ja" in found else found.most_common(1)[0][0]


@lru_cache(maxsize=4096)
def _script(char: str) -> str | None:
    return SCRIPTS.get(re.split("[ -]", unicodedata.name(char, ""))[0])
