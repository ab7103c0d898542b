"""Carrier keywords: whole messages that act before anything is understood.

Sources: CTIA Messaging Principles (STOP, HELP, START), 47 CFR 64.1200(a)(10) (the words that always
revoke consent). A YES is never a keyword here: it answers the pending question.
"""

import re

from nlu.normalise import plain

STOP_WORDS = frozenset({
    "stop", "stopall", "stop all", "quit", "end", "revoke", "optout", "opt out", "cancel",
    "unsubscribe", "unsubscribe all", "unsuscribe", "stop texts", "stop texting", "stop messages",
    "stop calling", "stop text", "discontinue", "remove", "remove me", "no texts", "end texts",
    "cancel texts", "quit texting", "parar", "pare", "paren", "alto", "basta", "baja",
    "dar de baja", "darme de baja", "cancelar", "detener", "desuscribir", "salir", "estop",
})  # fmt: skip
START_WORDS = frozenset({
    "start", "unstop", "optin", "opt in", "resume", "resubscribe", "subscribe", "iniciar",
    "comenzar", "empezar", "reanudar",
})  # fmt: skip
HELP_WORDS = frozenset({"help", "info", "ayuda", "informacion"})

POLITE = frozenset({
    "please", "thanks", "thank", "you", "now", "ok", "yes", "por", "favor", "gracias", "ya", "thx",
    "emojistop", "emojiangry", "emojithanks", "emojirude", "emojino",
})  # fmt: skip
"""Words that may stand around a plain STOP word without changing what it says."""

PLAIN_STOPS = frozenset({
    "stop", "stopall", "stop all", "unsubscribe", "optout", "opt out", "revoke", "pare", "alto",
    "stop texts", "stop texting", "stop messages", "unsubscribe all", "remove me", "dar de baja",
    "stop calling", "no texts", "estop", "paren", "darme de baja",
})  # fmt: skip
"""The STOP words that keep their meaning beside polite words; "end", "cancel" and "quit" do not."""

_WORD = re.compile(r"[a-z0-9]+")
_IN_KEYWORDS = frozenset(
    word for said in STOP_WORDS | START_WORDS | HELP_WORDS for word in said.split()
)
_DEVICE = re.compile(r"\n\W*(?:sent|get outlook|enviado) (?:from|for|desde) .*", re.DOTALL)
_LONGEST = 80  # a longer text is prose, whatever it says
_INVISIBLE_ROOM = 4  # characters of padding allowed for each visible one


def carrier_keyword(text: str) -> str | None:
    """STOP, START or HELP where the whole message is such a keyword, else None. Never raises.

    Case, punctuation, emoji, look-alike letters and invisible characters do not matter; a keyword
    may be repeated; a plain STOP word may be polite. "stop calling my mother" is not a keyword.
    """
    if len(text) > _LONGEST * _INVISIBLE_ROOM:
        return None
    return keyword_of(plain(text))


def keyword_of(plain_text: str) -> str | None:
    """As `carrier_keyword`, for a text that is plain already."""
    if len(plain_text) > 2 * _LONGEST:
        return None
    written = _DEVICE.sub("", plain_text) if "\n" in plain_text else plain_text
    if len(written) > _LONGEST or "?" in written:
        return None
    said = _WORD.findall(written)
    if _IN_KEYWORDS.isdisjoint(said) and (not said or len(said[-1]) > 1):
        return None
    words = [word for word in said if not word.startswith("emoji")]
    if "".join(words) in _SPACED and all(len(word) == 1 for word in words):
        words = ["".join(words)]
    return _kind(words)


def _kind(words: list[str]) -> str | None:
    said = _without_repeats(words)
    if said in STOP_WORDS:
        return "STOP"
    if said in START_WORDS:
        return "START"
    if said in HELP_WORDS:
        return "HELP"
    bare = _without_repeats([word for word in words if word not in POLITE])
    return "STOP" if bare in PLAIN_STOPS else None


_SPACED = frozenset({"stop", "quit", "cancel", "unsubscribe", "revoke", "optout", "end"})


def _without_repeats(words: list[str]) -> str:
    """ "stop stop stop" is "stop"; other texts as they are."""
    for size in (1, 2):
        if len(words) % size == 0 and words[:size] * (len(words) // size) == words:
            return " ".join(words[:size])
    return " ".join(words)
