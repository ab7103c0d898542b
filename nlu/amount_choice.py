# ruff: noqa: E501
"""Which of the amounts that a text names is meant: the one offered, promised or paid."""

import re
from collections.abc import Sequence

from nlu.amounts import AmountMention
from nlu.corrections import surviving, words_in

_OWED = re.compile(
    r"\b(?:owe|owes|owed|owing|balance|bill(?! me\b)|fees?|charged|charge(?! me\b)|(?:you|u|they|guys|bank|it) (?:keep )?charge|charges|charging|overdraft|rent|earn|earns|i make|im making|(?:i|we|he|she) (?:only )?gets?|(?:i|we) (?:only |just )?(?:clear|net|gross|pull in|pocket)|hours (?:[a-z]+ ){0,3}to|(?<!you )(?<!you will )(?<!you should )receive|bring in|take home|im on|live on|living on|recibo|income|wages?|salary|minimum|was|"
    r"were|out of|old|claim|limit|total|debt|debo|deuda|saldo|make only|only make|only get|ssn|"
    r"interest|worth|bring home|pension|unemployment|benefits?|(?<!as )usual|normally|used to|original|outstanding|gano|me pagan|"
    r"mortgage|car payment|car at|daycare|childcare|insurance|groceries|council tax|refund|credit|left|"
    r"borrowed|pay me|owes me|give me|paid me|pays me|short)"
    r"(?: (?:is|of|for|was|at|me|the|a|about|around|like|only|just|an|extra|el|de|es|another|i|on|that|to be|my|in|full|full "
    r"amount|amount|this|it|its|u|you|another|all|back|just|comes to|are|him|her|them|from|to))* ?$"
)
"""What is owed, earned, spent or charged."""
_DEBTS = frozenset(
    "owe owes owed owing balance bill fee fees charge charged charges charging overdraft rent earn earns make making get gets clear net gross "
    "pull pocket hours receive bring take im live living recibo income wage wages salary minimum was were out old claim limit "
    "total debt debo deuda saldo only ssn interest worth pension unemployment benefit benefits usual normally used original "
    "outstanding gano pagan mortgage car daycare childcare insurance groceries council refund credit left borrowed pay give "
    "paid pays short".split()
)
"""A text without one of these says before no amount that it is owed, earned or spent."""
_SENDERS = (
    r"letters?|texts?|emails?|messages?|bill|notice|statement|app|website|portal|voicemail|paper|paperwork|invoice|agent|rep|guy|lady|woman|man|"
    r"person|girl|manager|collector|supervisor|operator|colleague|office|system|company|bank|court|judge"
)
OTHER_SIDE = rf"(?:(?<!can )(?<!could )(?<!would )(?<!will )(?<!if )(?:you|u)|youve|theyve|they|it|someone|somebody|(?:{_SENDERS})(?: (?:i|that|who|on|from|you)[^.,!?\n]{{0,25}})?)"
"""Whose word is not the customer's own: a relative's is."""
_NOT_OFFERED = re.compile(
    rf"\b(?:{OTHER_SIDE}(?: guys| all| here| there)? "
    r"(?:said|say|says|saying|want|wants|wanted|ask|asks|asked|(?:are |keeps? |r )?(?:asking|askin|wanting|demanding|saying|sayin)|need|needs|told(?: me)?|quoted|suggested|offered|set(?! up)|mentioned|put|claim|claims|state|states)|"
    r"(?:he|she) (?:asked|told me|quoted|suggested|keeps? asking)|"
    r"youre asking|asking (?:me )?for|your (?=[$£0-9])|last time|instead of|not|cant (?:do|pay|afford|make|manage)|"
    r"dont have|do not have|no tengo|no puedo(?: pagar| dar)?|too much|used to pay|was paying|been paying|instead of paying|dijeron|piden|quieren|"
    r"(?:ustedes|uds|usted|la carta|el mensaje|el texto|su (?:carta|mensaje)) (?:me )?(?:dicen|dice|dijo|piden|pide|quieren|quiere)|"
    r"supposed to (?:be|pay)|only managed|the full|(?<!^)already paid|rather than)\b[^.!?\n]{0,30}$"
)
"""What somebody else named, or what can't be paid: weighed less than what is offered."""
_REFUSALS = frozenset(
    "said say says saying sayin want wants wanted wanting ask asks asked asking askin demanding need needs told quoted suggested "
    "offered set mentioned put claim claims state states youre your last instead not cant dont no too much used was been "
    "dijeron piden pide quieren quiere dicen dice dijo supposed only full paid rather".split()
)
"""A text without one of these refuses no amount and reports none."""
_NAMED_BEFORE = re.compile(
    r"\bi (?:said|say|put|wrote|told (?:you|u)|offered|promised)\b[^.!?\n]{0,30}$"
)
_OF_TOTAL = re.compile(
    r"\b(?:of|off|toward|towards|from|against|clear|settle) (?:the|my|this|that|a|el|los) (?!(?:week|month|year|day)\b)(?:[a-z]+ ){0,2}$"
)
_PARTS = frozenset("of off toward towards from against clear settle".split())
_OWED_AFTER = re.compile(
    r"^ ?(?:balance|debt|bill|i owe|fee|charge|total|that i owe|owed|owing|youre asking|you want|is too much|is more than|"
    r"late fee|due|que debo|de deuda|saved|a week job|left to|to my name|in (?:my|the) (?:account|bank)|in savings|dollar fee|you charged|you took|hours|i said before|"
    r"an? (?:gallon|hour|hr|pack|litre|liter|pint)|rent|mortgage|electric|(?:light|gas|phone|power|water|electric) bill|car (?:note|payment|insurance)|insurance|"
    r"(?:she|he|they) (?:owes?|borrowed|took)|(?:was|is) wrong)\b"
)


_OFFERED = re.compile(
    r"\b(?:pay|paying|send|sending|do|afford|manage|put|give|offer|spare|throw|make|making|start|begin|pagar|dar|pago|mandar|doy|le doy|have|got|deposit|drop|"
    r"accept|take|settle(?: it)? for|for|paid|sent|transferred|pague|abono|abonar|deposito|payment of|installments? of|payments of|will be|sum of|amount of)\b[^.\n]{0,25}$"
)
_PAID_BEFORE = re.compile(r"\b(?:paid|sent|transferred)\b")
_OFFERED_AFTER = re.compile(
    r"^ ?(?:is (?:what i|all\b|the most|the best|doable|ok|fine|better|safer)|it is\b|works|i can|i could|at (?:the )?most|max|"
    r"(?:will|ll) (?:be|go)|is as much)\b"
)


def offered_amounts(text: str, mentions: Sequence[AmountMention]) -> list[AmountMention]:
    """Those that were not taken back and are not what is owed."""
    return [each for each in surviving(text, mentions) if not is_owed(text, each)]


def paid_amount(
    text: str, mentions: Sequence[AmountMention], offered: Sequence[AmountMention]
) -> AmountMention | None:
    """The amount that is promised, offered or paid: of those offered, the likeliest or first."""
    if not offered:
        return None
    if len(offered) == 1:
        alone = len(mentions) == 1 and _names_a_total(text, offered[0])
        return None if alone else offered[0]
    return max(offered, key=lambda each: offer(text, each))


def offer(text: str, mention: AmountMention) -> int:
    """How far the words around an amount speak of it as offered; more is likelier."""
    clause = _clause_before(text, mention)
    weight = 2 * mention.marked
    if _OFFERED_AFTER.match(text[mention.end : mention.end + 25]):
        return weight + 5
    if _NOT_OFFERED.search(clause) or _OF_TOTAL.search(clause):
        return weight - 8
    if _NAMED_BEFORE.search(clause):
        return weight - 1
    if not _OFFERED.search(clause):
        return weight
    return weight + (2 if _PAID_BEFORE.search(clause) else 3)


def _names_a_total(text: str, mention: AmountMention) -> bool:
    if _PARTS.isdisjoint(words_in(text)):
        return False
    total = _OF_TOTAL.search(_clause_before(text, mention))
    return total is not None and not total[0].startswith(("clear", "settle"))


def is_owed(text: str, mention: AmountMention) -> bool:
    """True for what is owed, earned or charged, and not paid or offered."""
    if _OWED_AFTER.match(text[mention.end : mention.end + 25]):
        return True
    if _DEBTS.isdisjoint(words_in(text)):
        return False
    owed = _OWED.search(_clause_before(text, mention))
    return bool(owed and not _PASSED_ON.search(text, mention.end, mention.end + 60))


_PASSED_ON = re.compile(
    r"\b(?:its|it is|thats|that is|is|all|its all|will be) yours\b|\byou can (?:have|take) (?:it|that|all)\b|\b(?:straight|right|directly|going|goes|over) to (?:you|ya)\b|"
    r"\b(?:se|te) (?:lo|los|la|las) (?:paso|doy|mando|pago|deposito|transfiero|dejo)\b|\bi will (?:pass|send|hand|give) (?:it|that) (?:on|over|to you|straight)\b"
)
"""Said of money that comes in: it is promised after all."""


def is_refused(text: str, mention: AmountMention) -> bool:
    """True for what the other side named, or what can't be paid: not the offer itself."""
    if _REFUSALS.isdisjoint(words_in(text)):
        return False
    return _NOT_OFFERED.search(_clause_before(text, mention)) is not None


_CLAUSE_END = re.compile(
    r"[!?;\n]|[.,](?![0-9])|\b(?:but|so|pero|i can|i could|i will|can i|could i|(?:will|can|could)(?= (?:pay|do|send|give|put|make)\b))\b"
)


def _clause_before(text: str, mention: AmountMention) -> str:
    return _CLAUSE_END.split(text[max(0, mention.start - 60) : mention.start])[-1]
