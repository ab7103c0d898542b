"""What the model alone may not call an opt-out: stopping something that is no message."""

import re

_FOOTER = re.compile(
    r"\b(?:to|2) (?:stop|opt ?-?out|unsubscribe|cancel|end|quit)\b.{0,40}\b(?:reply|text|call|click|send|sms|visit)\b|"
    r"\b(?:reply|text|send|sms) (?:with )?(?:stop|end|quit|out|no|cancel|unsubscribe) (?:to|2|for)\b"
)
"""How a business says that its messages can be stopped."""
_OTHER_THINGS = re.compile(
    r"\b(?:interest|fees?|charges?|bills?|plan|payments?|debits?|standing order|court|job|cards?|order|subscription|account|"
    r"balance|debt|service|interes|pago|plan de pagos|end of|by the end|mother|mom|mum|boss|work|deposit|wages|garnish\w*|school)\b"
)
_MESSAGES = re.compile(
    r"\b(?:text|message|email|e-mail|sms|contact|list|notif|alert|reminder|unsub|opt|number|spam|mensaj|texto|corre|lista|llam|"
    r"call|bother|alone|communicat|reach|hear from|writ|mail|phone)"
)


_CONTACT = re.compile(
    r"\b(?:stop|quit|cease|end|halt|remov|delet|eras|basta|alto|par[ae]|off\b|out\b|no mas|no more|leave|away|paz|tranquil|"
    r"molest|contact(?!less)|no longer|hear from|busqu|saber|unsub|opt|list|junk|spam|never|dont|done|take me|pack|knock|consent|permi[st]|rather|a rest|get me|lose|enough|anymore|any more|mande|"
    r"dej[ae]|quit[ae]|saque|borr|revo|baja|refrain|desist|get rid|scribe)"
)
_THINGS = re.compile(
    r"\b(?:battery|phone|cell|laptop|computer|car|truck|van|engine|boiler|dog|cat|pet|tv|fridge|wifi|signal|line) "
    r"(?:\w+ )?(?:died|dead|is dying|dies)\b"
)


def only_a_thing_died(plain_text: str) -> bool:
    return _THINGS.search(plain_text) is not None


_UNSURE = re.compile(
    r"\b(?:(?:dont|do not|didnt) know|not (?:really |too |so )?sure|unsure|no idea|no (?:lo )?se)\b"
)
_OF_ONESELF = frozenset(
    "i im ive am we do dont did didnt not know sure unsure no idea really honestly truly just still yet right now exactly for "
    "if when how much many long what which day date amount to say like maybe perhaps probably about around or and can could "
    "will would might ill id pay be able afford have get paid lol sorry um uh hmm well yes yeah ok okay so the a of on by at "
    "dollars bucks quid pounds pesos se lo yo la verdad todavia aun cuanto cuando que dia como puedo pagar tal vez pues".split()
)
"""Words that speak of nobody else: not of a name, of "him" or "who", nor of "this number"."""


def only_unsure(plain_text: str) -> bool:
    """ "I don't know", "idk, like 30": true where nothing says whom or what is not known."""
    if _UNSURE.search(plain_text) is None:
        return False
    return _OF_ONESELF.issuperset(re.findall(r"[a-z]+", plain_text))


_OTHER_STOPS = re.compile(
    r"\bstop(?:ped|ping)? (?:by|in|over|at|off|payment)\b|\b(?:bus|full|pit|truck|non) stop\b"
)
_WANTED = re.compile(
    r"\b(?:havent|have not|never|didnt|did not|not) (?:yet )?(?:opt(?:ed)?|unsubscrib(?:ed?)?)(?: out)?\b|"
    r"\b(?:dont|do not|never) (?:you )?(?:stop|unsubscribe|quit) (?:text|send|messag|email|me|remind)|^not (?:stop|end|quit|cancel|unsubscribe)\b|"
    r"\b(?:never|didnt|did not) (?:say|said|told|tell|ask|asked|mean|meant)\b.{0,15}\b(?:to )?(?:stop|unsub|opt)|"
    r"\b(?:keep|carry on) (?:text|send|messag|email|remind)"
)
_ANOTHER_WAY = re.compile(
    r"\b(?:instead|rather than|prefer\w*|only (?:by|text|email|write|call|ring)|just (?:text|email|call|write)|write to me|"
    r"by (?:post|mail|letter)|(?:text|call|email) this (?:number|phone|cell|line)|(?:text|email|call|ring|phone|write|message) me (?!again|any|any ?more|ever|at all))\b"
)


def unlikely_opt_out(plain_text: str) -> bool:
    """True where the model's word is not enough: another thing is to stop, another way of contact
    is asked for, or nothing in the text is about contact.
    """
    if (
        _FOOTER.search(plain_text)
        or _OTHER_STOPS.search(plain_text)
        or _WANTED.search(plain_text)
        or about_something_else(plain_text)
        or _CONTACT.search(plain_text) is None
    ):
        return True
    stops = _STOPS.search(plain_text)
    return (_ANOTHER_WAY.search(plain_text) is not None and stops is None) or _swapped(plain_text)


_STOPS = re.compile(r"\b(?:stop|quit|cease|dont|do not|never) (?:text|email|call|messag|writ)")
_SWAP = re.compile(
    r"\b(?:write|email|text|call|ring|mail|post)(?: to)?(?: me)?[ ,]+(?:and )?(?:dont|do not|not|no|stop) "
    r"(?:phon|call|ring|text|email|writ)|\b(?:dont|do not|stop) (?:phon|call|ring|text|email|writ)\w*(?: me)?[ ,]+(?:but |just )?"
    r"(?:text|email|write|call|ring)\b(?! (?:or|me again))"
)


def _swapped(plain_text: str) -> bool:
    """ "write to me, dont phone": one way of contact for another."""
    return _SWAP.search(plain_text) is not None


def about_something_else(plain_text: str) -> bool:
    """True where the text speaks of bills, plans or debits and of no message at all."""
    return _OTHER_THINGS.search(plain_text) is not None and _MESSAGES.search(plain_text) is None
