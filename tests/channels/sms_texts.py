"""Texts of every kind that SMS may be asked to carry, the same ones for the same seed."""

import random
from collections.abc import Callable, Iterator

from channels.gsm7 import BASIC, EXTENSION
from channels.typography import PLAIN
from domain import grapheme_classes

Kind = Callable[[random.Random], str]

WORDS = (
    "hello your payment of £50 is due on Friday reply YES or call us balance plan @home 10% (ref)"
).split()
TYPOGRAPHIC = sorted(PLAIN)
PEOPLE = "👩👨🧑👦👧👍✌🤞👋🏃"
TONES = "🏻🏼🏽🏾🏿"
GLUED = (
    "\u200d❤\ufe0f\u200d👩",
    "\u200d💻",
    "\u200d♂\ufe0f",
    "\u200d👧\u200d👦",
    "\u200d🚀",
    "\u200d🦰",
)
FACES = "😀🙏💷⚠✅❤🔗📅"
FLAGS = ("🇬🇧", "🇺🇸", "🇬", "🏴\U000e0067\U000e0062\U000e007f", "🏳\ufe0f\u200d🌈")
MARKS = "\u0301\u0303\u0308\u0327\u0336\u20e3\ufe0f\u200d\u0313\u0338"
CONTROLS = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0)))) + "\u00ad\u2028\u202e\u2066\ufeff"
CLASSES = [listed.split() for name, listed in vars(grapheme_classes).items() if name.isupper()] + [
    ["AC00", "AC01", "0061", "20AC", "4E2D", "1F389"]
]
LENGTHS = (1, 3, 10, 35, 66, 67, 68, 70, 71, 134, 135, 152, 153, 154, 160, 161, 201, 306, 307, 400)


def _of(chars: str) -> Kind:
    return lambda chance: "".join(chance.choices(chars, k=chance.choice(LENGTHS)))


def ascii_words(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(1, 90)))


def boundary(chance: random.Random) -> str:
    """Escape pairs where a segment ends."""
    before = "a" * (chance.choice((153, 160, 306)) - chance.randint(0, 4))
    pairs = "".join(chance.choices(sorted(EXTENSION), k=chance.randint(1, 3)))
    return before + pairs + "b" * chance.randint(0, 310)


def boundary_beyond(chance: random.Random) -> str:
    """Surrogate pairs, marks and families where a segment of UCS-2 ends."""
    before = chance.choice("aж中") * (chance.choice((67, 70, 134)) - chance.randint(0, 9))
    return before + people(chance)[:12] + chance.choice("é漢😀") * chance.randint(0, 140)


def words_with(chars: str, share: float) -> Kind:
    def make(chance: random.Random) -> str:
        text = ascii_words(chance)
        return "".join(chance.choice(chars) if chance.random() < share else c for c in text)

    return make


def people(chance: random.Random) -> str:
    def one() -> str:
        tone = chance.choice(("", *TONES))
        return chance.choice(PEOPLE) + tone + chance.choice(("", "", *GLUED))

    return "".join(one() + chance.choice(("", " ", "ok")) for _ in range(chance.randint(1, 40)))


def flags(chance: random.Random) -> str:
    return "".join(
        chance.choice(FLAGS) + chance.choice(("", "", " ", *MARKS))
        for _ in range(chance.randint(1, 50))
    )


def marked(chance: random.Random) -> str:
    return "".join(
        chance.choice("aeionu€ж가")
        + "".join(chance.choices(MARKS, k=chance.choice((0, 0, 1, 2, 3))))
        for _ in range(chance.randint(1, 150))
    )


def wide(chance: random.Random) -> str:
    """Graphemes wider than a segment of their own has room for."""
    return "".join(
        chance.choice("aж€😀")
        + "\u0301" * chance.choice((0, 0, 2, 30, 65, 66, 67, 68, 69, 70, 150))
        for _ in range(chance.randint(1, 8))
    )


def surrogates(chance: random.Random) -> str:
    """Alone, in pairs, and such that only plain punctuation makes pairs of them."""
    some = ("a", "’", "\ud83d", "\ude00", "\ud83d\u200b\ude00", "😀", "\udbff", "\ud800")
    return "".join(chance.choices(some, k=chance.randint(1, 90)))


def joins(chance: random.Random) -> str:
    """Code points of few classes, side by side in every order."""
    few = chance.sample(CLASSES, k=chance.randint(2, 5))
    return "".join(_code(chance, chance.choice(few)) for _ in range(chance.choice(LENGTHS)))


def _code(chance: random.Random, listed: list[str]) -> str:
    first, _, last = chance.choice(listed).partition("-")
    return chr(chance.randint(int(first, 16), int(last or first, 16)))


def anything(chance: random.Random) -> str:
    return "".join(chr(chance.randrange(0x110000)) for _ in range(chance.choice(LENGTHS)))


def mixed(chance: random.Random) -> str:
    parts = [make(chance)[: chance.randint(1, 60)] for make in chance.choices(_PLAIN_KINDS, k=6)]
    return "".join(parts)


def long(chance: random.Random) -> str:
    make = chance.choice(_PLAIN_KINDS)
    return "".join(make(chance) for _ in range(30))[: chance.randint(900, 4000)]


_PLAIN_KINDS: tuple[Kind, ...] = (
    ascii_words,
    boundary,
    boundary_beyond,
    _of("".join(sorted(BASIC | EXTENSION))),
    words_with("áéíóúñçãõêßœøЖ", 0.1),
    words_with("’“”–…•\u00a0½", 0.06),
    words_with("".join(TYPOGRAPHIC), 0.2),
    words_with(FACES, 0.05),
    people,
    flags,
    marked,
    _of("您好账单已到期请付款。，！　ＡＢ１２"),
    _of("مرحبا رصيدك ١٢٣ َُِّْ لا\u200f"),
    _of("안녕하세요 결제각갂ㄱ\u1100\u1161\u11a8"),
    words_with(CONTROLS, 0.1),
    words_with("\r\n", 0.2),
)
KINDS: tuple[Kind, ...] = (*_PLAIN_KINDS, wide, surrogates, joins, anything, mixed, long)


def texts(count: int, seed: int) -> Iterator[str]:
    """The empty one, then each kind in turn. Two surrogates side by side are one character."""
    chance = random.Random(seed)
    yield ""
    for number in range(count - 1):
        text = KINDS[number % len(KINDS)](chance)
        yield text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
