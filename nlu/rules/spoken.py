"""The forms in which rules read a text: English with its contractions said in full, Spanish as it sounds.

A form is the words in order with one space between them, a full stop or a question mark as a word
of its own between sentences, "(" before the first word and ")" after the last. What the form
leaves out (commas, quotes, emoji, currency signs) no rule needs.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from nlu.rules.names import NAMES

_TOKEN = re.compile(r"[a-z]+|[0-9]+|[.!;:\n][.!;:\n ]*|[?#]")

CONTRACTIONS = {
    "im": "i am", "ive": "i have", "youre": "you are", "youve": "you have", "youll": "you will",
    "hes": "he is", "shes": "she is", "theyre": "they are", "theyve": "they have", "its": "it is",
    "weve": "we have", "thats": "that is", "theres": "there is", "whats": "what is",
    "whos": "who is", "isnt": "is not", "arent": "are not", "wasnt": "was not",
    "werent": "were not", "aint": "is not", "isn": "is not", "dont": "do not", "dnt": "do not",
    "doesnt": "does not", "doesn": "does not", "didnt": "did not", "havent": "have not",
    "hasnt": "has not", "hadnt": "had not", "wont": "will not", "wouldnt": "would not",
    "cant": "can not", "carnt": "can not", "cannae": "can not", "canna": "can not",
    "couldnt": "could not", "shouldnt": "should not", "dinnae": "do not", "didnae": "did not",
    "isnae": "is not", "doesnae": "does not", "wisnae": "was not", "havenae": "have not",
    "nobody": "no one", "noone": "no one", "somebody": "someone", "anybody": "anyone",
    "anymore": "any more", "thru": "through", "yall": "you", "yous": "you", "youse": "you",
    "yer": "your", "ma": "my", "mah": "my", "mi": "my", "tha": "the", "da": "the", "wi": "with",
    "gonnae": "going to", "fo": "for", "ta": "to", "ov": "of", "becos": "because", "tex": "text",
}  # fmt: skip
"""Also dialect and dictation, word by word; a word not here is said as it is written."""

MISSPELLINGS = {
    "leve": "leave", "leav": "leave", "leev": "leave", "lea": "leave", "leaf": "leave",
    "alon": "alone", "alane": "alone", "contct": "contact", "cntact": "contact", "conact": "contact",
    "kil": "kill", "liv": "live", "dye": "die", "dyed": "died", "deid": "dead", "ded": "dead",
    "passt": "passed", "pased": "passed", "mums": "mums", "suicde": "suicide", "lawer": "lawyer",
    "enuf": "enough", "enuff": "enough", "livin": "living", "endin": "ending", "goin": "going",
    "callin": "calling", "textin": "texting", "sendin": "sending", "gettin": "getting",
    "ringin": "ringing", "stoppin": "stopping", "talkin": "talking", "wakin": "waking",
    "thinkin": "thinking", "dyin": "dying", "killin": "killing", "messagin": "messaging",
    "numba": "number", "num": "number", "persn": "person", "fone": "phone", "phne": "phone",
    "wrang": "wrong", "wron": "wrong", "stollen": "stolen", "stolin": "stolen", "stoled": "stole",
    "frad": "fraud", "frawd": "fraud", "fradulent": "fraudulent", "theif": "thief",
    "identidy": "identity", "idenitity": "identity", "idenitty": "identity", "credt": "credit",
    "solicter": "solicitor", "banckrupt": "bankrupt", "bancrupt": "bankrupt",
    "bankruped": "bankrupt", "bancruptcy": "bankruptcy", "chapt": "chapter", "chptr": "chapter",
    "chap": "chapter", "atty": "attorney", "attny": "attorney", "attorneys": "attorney",
    "lawyers": "lawyer", "lawyr": "lawyer", "solicitors": "solicitor", "stepchnage": "stepchange",
    "stepchage": "stepchange", "chnge": "change", "aggreement": "agreement",
    "agreemnt": "agreement", "recognize": "recognise", "authorize": "authorise",
    "authorized": "authorised", "unauthorized": "unauthorised", "anythin": "anything",
    "nothin": "nothing", "nuthin": "nothing", "nuffin": "nothing", "owt": "anything",
    "nowt": "nothing", "unsubsribe": "unsubscribe", "tecting": "texting", "mam": "mum",
    "txtd": "texted", "bak": "back", "bk": "bk", "arent": "are not",
}  # fmt: skip

_TYPED_BADLY = (
    "suicidal suicide deceased bankruptcy bankrupt sequestrated attorney solicitor stepchange "
    "identity fraudulent unsubscribe disputing validation agreement representing represented "
    "harassing harassment executor funeral hospital depression samaritans"
)


def slips(word: str) -> set[str]:
    """A letter left out, doubled or swapped with its neighbour, the first letter kept."""
    places = range(1, len(word))
    dropped = {word[:at] + word[at + 1 :] for at in places}
    doubled = {word[:at] + word[at] + word[at:] for at in places}
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in places[:-1]}
    return (dropped | doubled | swapped) - {word}


NAMED = "xname"
"""Stands for every name of a person in both forms."""

_ENGLISH = (
    dict.fromkeys(NAMES, NAMED)
    | {slip: word for word in _TYPED_BADLY.split() for slip in slips(word)}
    | MISSPELLINGS
    | CONTRACTIONS
)


@lru_cache(maxsize=32768)
def english(token: str) -> str:
    """A word of a plain text as it is said in full: one word or several."""
    return _mark(token) or _ENGLISH.get(token, token)


_SOUNDS = (
    (re.compile(r"qu(?=[ei])|c(?![eihk])|ck"), "k"),
    (re.compile(r"c(?=[ei])|z|x"), "s"),
    (re.compile(r"(?<!c)h"), ""),
    (re.compile(r"ll|y"), "i"),
    (re.compile(r"v"), "b"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"([a-z])\1+"), r"\1"),
)


@lru_cache(maxsize=32768)
def spanish(token: str) -> str:
    """A word by its sound: "fallecio", "fayesio" and "fallesio" are one."""
    if token in NAMES or token == NAMED:
        return NAMED
    word = token
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return _mark(token) or word


def _mark(token: str) -> str | None:
    if token[0] in ".!;:\n":
        return "."
    return {"#": "number"}.get(token)


def tokens(plain_text: str) -> list[str]:
    """Words, numbers and the marks between sentences."""
    found = _TOKEN.findall(plain_text)
    if found and found[-1][0] in ".!;:\n":
        found.pop()
    return found


def in_form(said_tokens: list[str], said: Callable[[str], str]) -> str:
    """ " ( i do not owe you . stop ) " of the tokens of "I dont owe you. Stop!"."""
    return f" ( {' '.join(map(said, said_tokens))} ) "
