# ruff: noqa: E501
"""What a bare answer means to the question that was just asked.

`pending` is the name of the slot asked for: one that ends in "date" or "amount" takes such a value,
one that ends in "confirmed" takes yes or no, one that ends in "time" a time and a
number to call, and one that begins with "claim" the day and the amount of a payment that was made.
"""

import re

_FILLER = frozenset(
    "i will would like can could do pay maybe probably hopefully about around say lets on by the for at of it in my "
    "ok yes yeah yep sure please thanks thank you um uh so just think that is be should how works me good best fine "
    "then to and before until after this make send get a an first thing morning afternoon evening end day el la de "
    "para por favor si puedo pagar gracias creo que a los dollars bucks quid pounds dolares pesos only all full in "
    "amount whole lot total everything half emojiyes emojithanks sorry no wait actually mean meant not instead".split()
)
_WORD = re.compile(r"[a-z]+")
_YES = re.compile(
    r"^(?:ok |oh |well |um )*(?:yes|yeah|yep|yup|ya|y|sure|ok|okay|si|claro|correct|right|confirm(?:ed)?|agreed?|absolutely|definitely|of course|deal|perfect|fine|"
    r"sounds good|thats (?:right|fine|correct|good|ok)|that works|works|go ahead|do it|please do|emojiyes|alright|all good|good|great|cool|de acuerdo|correcto|"
    r"esta bien|confirmo|vale|dale|bueno|1|aye|true|exactly|affirmative|i confirm|i agree|i do|i can|i will)\b"
)
_NO = re.compile(
    r"^(?:ok |oh |well |um |sorry )*(?:no|nope|nah|naw|n|not|negative|wrong|incorrect|never|emojino|cant|i cant|i wont|2|nel|para nada|incorrecto|tampoco|wait)\b"
)
_FIRST_DAY = re.compile(r"^(?:on |by |el )?(?:the )?(?:1st|first|primero)(?: one)?[ .!]*$")
SHORT = 12
"""Words; a longer answer is understood as a text of its own."""
_AMENDS = re.compile(
    r"\b(?:i mean|meant(?: to (?:say|put)|(?! to\b))|(?:make|change) (?:it|that)|correction|typo|should (?:say|be|have been|read)|"
    r"scratch that|wrong|oops|not (?=[$£0-9]|the [0-9])|instead of (?=[$£0-9])|rather than (?=[$£0-9])|quise decir|digo)\b"
)


def only_fillers(plain_text: str, spans: list[tuple[int, int]]) -> bool:
    """True where nothing but the values at `spans` and words without weight is said."""
    rest = list(plain_text)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    words = _WORD.findall("".join(rest))
    return all(word in _FILLER for word in words)


_WHEN = _FILLER | frozenset(
    "am pm a p m noon midday oclock mornings afternoons evenings nights night any anytime anyday weekday weekdays weekend weekends "
    "work lunch lunchtime between from call ring text number cell phone mobile are free available later soon or as "
    "mediodia tarde tardes manana mananas noche noches despues antes entre las los al cualquier hora llame llamen numero y mi".split()
)
_OF_MONEY = re.compile(
    r"\b(?:pay|paying|pagar|send|make|dollars|bucks|quid|pounds|dolares|pesos|amount)\b"
)
_NUMERALS = re.compile(r"\d")


def says_when(plain_text: str, spans: list[tuple[int, int]]) -> bool:
    """True where nothing but a time is said, and perhaps a number: "5pm tomorrow", "after 5"."""
    rest = list(plain_text)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    said = bool(spans) or _NUMERALS.search(plain_text) is not None
    if not said or _OF_MONEY.search(plain_text) is not None:
        return False
    return is_short(plain_text) and _WHEN.issuperset(_WORD.findall("".join(rest)))


_TO_COME = re.compile(
    r"\?|\b(?:pay|pagar|how|como|will|ill|wont|can|cant|could|would|id|gonna|going|want|let|lets|tomorrow|tmrw|next|later|soon|instead|"
    r"puedo|puede|voy|quiero|pagare|manana|proxim[oa]|luego)\b"
)


_MEANS = re.compile(
    r"\b(?:cards?|tarjeta|bank|banco|transfer\w*|wire|cash|efectivo|che(?:ck|que)s?|debit|online|website|app|paypal|"
    r"zelle|venmo|standing order|phone|telefono)\b"
)


def says_means(plain_text: str) -> bool:
    """ "bank transfer": by what a payment was made."""
    return _MEANS.search(plain_text) is not None


def is_past(plain_text: str) -> bool:
    """True for a short text with no word of what is to come."""
    return is_short(plain_text) and _TO_COME.search(plain_text) is None


def is_short(plain_text: str) -> bool:
    return len(plain_text.split()) <= SHORT


def amends(plain_text: str) -> bool:
    """True for a short text that puts one value in the place of another."""
    return (
        is_short(plain_text)
        and _AMENDS.search(plain_text) is not None
        and _UNABLE.search(plain_text) is None
    )


_UNABLE = re.compile(r"\b(?:cant|cannot|couldnt|unable|wont|no money|dont have|lost|nothing)\b")


def says_yes(plain_text: str) -> bool:
    return is_short(plain_text) and _YES.match(plain_text) is not None


def says_no(plain_text: str) -> bool:
    return is_short(plain_text) and _NO.match(plain_text) is not None


def says_first(plain_text: str) -> bool:
    """ "the first": an ordinal that alone is no date."""
    return _FIRST_DAY.match(plain_text) is not None


_WHOLE = re.compile(
    r"\b(?:all(?: of it)?|everything|in full|the full|full amount|whole (?:thing|lot|amount)|the lot|half|mitad|todo|completo|"
    r"minimum|the balance)\b"
)


def says_share(plain_text: str) -> bool:
    """ "all of it", "half": a share of the balance, which the dialog resolves."""
    return is_short(plain_text) and _WHOLE.search(plain_text) is not None


_ORDINALS = (
    "first 1st primer primero primera one uno una a", "second 2nd segundo segunda two dos b",
    "third 3rd tercer tercero tercera three tres c", "fourth 4th cuarto cuarta four cuatro d",
    "fifth 5th quinto quinta five cinco e",
)  # fmt: skip
_PLACE = {word: place for place, row in enumerate(_ORDINALS, 1) for word in row.split()}
_CHOICE = re.compile(
    r"(?:ok |yes |si |um |uh |maybe |please |lets |i would like |i want |i pick |i choose |i will take |i will go with |go with |do |quiero |"
    r"prefiero |elijo |escojo |con )*(?:the |la |el |option |opcion |number |numero |no\.? ?|# ?)*([a-z]+|[1-9](?:st|nd|rd|th)?)"
    r"(?: one| option| opcion| choice)?(?: please| pls| thanks| thank you| por favor| gracias| then| works| is fine)*[ .!)]*"
)


def choice(plain_text: str) -> int | None:
    """Which of several offered things is chosen, from 1: "2", "the second one", "option b"."""
    if len(plain_text) > LONGEST_CHOICE or (found := _CHOICE.fullmatch(plain_text)) is None:
        return None
    word = found.group(1)
    return int(word) if word.isdigit() else _PLACE.get(word)


LONGEST_CHOICE = 60
"""Characters; a longer text says more than a choice."""
