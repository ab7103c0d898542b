# ruff: noqa: E501
"""Finds the amounts of money that a text names, and picks the one that is meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from nlu.corrections import surviving

_FIGURE = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?|[0-9]{1,7}(?:[.,][0-9]{2}|\.[0-9])?(?![0-9])"
_SIGN = r"us ?\$|[$£€]|gbp|usd|eur"
_UNIT = (
    r"dollars?|dolla|dollas|bucks?|buckaroos|quid|quids|pounds?|pound sterling|sterling|gbp|usd|euros?|dolares|"
    r"dolar|libras|\$|£|€"
)
_AMOUNT = re.compile(
    r"\b(?P<slang>(?:a |half a )?(?:tenner|fiver|grand)|a ton(?= (?:on|by|today|tomorrow|now|a|per|every|this|next|friday|"
    r"monday)\b)|a monkey(?= (?:on|by|today|now|a)\b)|(?:a )?couple (?:of )?(?:hundred|100)\b|(?:a )?couple (?:of )?(?:grand|1000)\b|couple of quid|"
    r"[0-9]{1,2} (?:tenners|fivers)|c note|benjamin)\b|"
    rf"(?<![a-z0-9.,/#])(?P<sign>{_SIGN})? ?(?<![0-9])(?P<num>{_FIGURE}) ?(?P<k>k|grand)?(?!(?!p\.?c?\.?[mw]\b)[a-z0-9])"
    rf"(?: ?(?P<unit>{_UNIT})(?![a-z]))?(?: (?:and )?(?P<minor>[0-9]{{1,2}}) ?(?:cents|c|pence|p|centavos)\b)?|"
    r"(?<![a-z0-9.,/])(?P<pence>[0-9]{1,2}) ?(?:p|pence|cents)\b"
)
_CURRENCIES = {
    "$": "USD", "us$": "USD", "us $": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD",
    "dolla": "USD", "dollas": "USD", "buck": "USD", "bucks": "USD", "buckaroos": "USD",
    "dolares": "USD", "dolar": "USD", "£": "GBP", "gbp": "GBP", "quid": "GBP", "quids": "GBP",
    "pound": "GBP", "pounds": "GBP", "pound sterling": "GBP", "sterling": "GBP", "libras": "GBP",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
}  # fmt: skip
_SLANG = {"tenner": 10, "fiver": 5, "grand": 1000, "ton": 100, "monkey": 500, "hundred": 200}


@dataclass(frozen=True, slots=True)
class AmountMention:
    """An amount at [start, end) of the plain text; `currency` where said, `marked` where a sign,
    a word or slang says that it is money.
    """

    start: int
    end: int
    amount: Decimal
    currency: str | None
    marked: bool


MOST_MENTIONS = 40
"""Amounts read from one text."""

_NOT_MONEY_AFTER = re.compile(
    r"^ ?%|^ 000\b|^ ?(?:st|nd|rd|th|am|pm|a\.m|p\.m|percent|per ?cent|por ciento|(?:business |working )?days?|weeks?|months?|"
    r"years?|hours?|mins?|minutes?|seconds?|kids?|children|people|times?|calls?|texts?|messages?|emails?|letters?|"
    r"(?:(?:equal|monthly|weekly|more|easy|separate|other|different|small|fortnightly) )?(?:payments?|installments?|parts?|goes|"
    r"chunks|bits|instalments?)|"
    r"o ?clock|accounts?|jobs?|cars?|yrs?|fortnights?|dias?|semanas?|mes(?:es)?|anos?|pagos|cuotas|horas?|hijos|ninos|veces|"
    r"partes|abonos|of (?:us|them|you)|or [0-9]+ (?:days|weeks|months)|to [0-9]+ (?:days|weeks|months)|-[0-9]+ (?:days|weeks|months)|"
    r"x [0-9]|(?:street|road|ave|avenue|lane|drive)\b|lots|miles|paychecks?|pay ?checks?|quincenas?|grandkids|dependents|"
    r"bedroom|more (?:weeks|months|days))\b"
)
_NOT_MONEY_BEFORE = re.compile(
    r"(?:\b(?:account|reference|ref|number|no|nr|ending(?: in)?|ends(?: in)?|case|id|zip|code|apt|call(?: me)?(?: on| at)?|phone|"
    r"tel|cell|mobile|age|aged|turned|unit|room|option|opcion|ext|route|flat|invoice|claim|po box|box|chapter|ch|pin|at|around|past|"
    r"till|until|after|before|form|section|since|in|last|cuenta|numero|referencia|caso|a las|covid|im|text|press|step|claim)"
    r"(?: (?:number|is|no|in|on|numero|my|its))?|#)[ :#.]*$"
)
_OWED = re.compile(
    r"\b(?:owe|owes|owed|owing|balance|bill|fees?|charged?|charges|charging|overdraft|rent|earn|earns|i make|im making|income|wages?|salary|minimum|was|"
    r"were|out of|instead of|not|old|saying|says|claim|(?<!i )said|limit|total|debt|debo|deuda|saldo|make only|only make|only get|ssn|"
    r"interest|worth|bring home|pension|unemployment|benefits?|usual|normally|used to|original|outstanding|"
    r"mortgage|car payment|refund|credit|left|cant (?:do|pay|afford|make|manage)|dont have|do not have|no tengo)"
    r"(?: (?:is|of|for|was|at|me|the|a|about|around|like|only|just|an|extra|el|de|es|another|i|on|that|says|to be|my|in|full|full "
    r"amount|amount|this|it|its|u|you|another|all))* ?$"
)
_OF_TOTAL = re.compile(
    r"\b(?:of|off|toward|towards|from|against|clear|settle|for) (?:the|my|this|that|a|el|los) (?:[a-z]+ ){0,2}$"
)
_OWED_AFTER = re.compile(
    r"^ ?(?:balance|debt|bill|i owe|fee|charge|total|that i owe|owed|owing|you say|youre asking|you want|is too much|is more than|"
    r"late fee|due|que debo|de deuda|saved|a week job|left to|dollar fee|you charged|you took)\b"
)


def find_amounts(plain_text: str, taken: Sequence[tuple[int, int]] = ()) -> list[AmountMention]:
    """Every amount of a plain text with figures, in its order; `taken` spans (days) are passed over.

    Account and phone numbers, times, counts and percentages are no amounts. Never raises; linear.
    """
    found: list[AmountMention] = []
    for match in _AMOUNT.finditer(plain_text):
        start, end = match.span()
        if any(begin < end and start < finish for begin, finish in taken):
            continue
        mention = _mention(match)
        if mention is not None and (mention.marked or _looks_like_money(plain_text, match)):
            found.append(mention)
        if len(found) == MOST_MENTIONS:
            break
    return found


def _mention(match: re.Match[str]) -> AmountMention | None:
    start, end = match.span()
    if match["pence"]:
        return AmountMention(start, end, Decimal(match["pence"]) / 100, None, True)
    if match["slang"]:
        return AmountMention(start, end, _slang(match["slang"]), None, True)
    amount = _decimal(match["num"])
    if match["k"]:
        amount *= 1000
    if match["minor"]:
        amount += Decimal(match["minor"]) / 100
    currency = _CURRENCIES.get(match["sign"] or "") or _CURRENCIES.get(match["unit"] or "")
    if amount == 0:
        return None
    marked = bool(currency or match["k"] or match["minor"])
    return AmountMention(start, end, amount, currency, marked)


def _slang(said: str) -> Decimal:
    words = said.split()
    name = words[-1].rstrip("s")
    if words[0].isdigit():
        return Decimal(words[0]) * _SLANG.get(name, 1)
    if "couple" in words:
        return Decimal({"grand": 2000, "1000": 2000, "quid": 2}.get(words[-1], 200))
    value = Decimal(_SLANG.get(name, 100))
    return value / 2 if words[0] == "half" else value


def _decimal(figure: str) -> Decimal:
    """ "1,200.50" and "50,00": a comma before exactly two last digits is a decimal comma."""
    if "," not in figure:
        return Decimal(figure)
    if re.fullmatch(r"[0-9]+,[0-9]{2}", figure):
        figure = figure.replace(",", ".")
    return Decimal(figure.replace(",", ""))


def _looks_like_money(text: str, match: re.Match[str]) -> bool:
    start, end = match.start("num"), match.end("num")
    digits = match["num"].replace(",", "").split(".")[0]
    if len(digits) > 5 or (len(digits) == 5 and "," not in match["num"]) or digits[0] == "0":
        return False
    if re.match(r"20[2-3][0-9]$", digits) and re.search(
        r"\b(?:in|since|of|year|de|en) ?$", text[:start]
    ):
        return False
    rest = text[end : end + 40]
    if rest.lstrip().startswith("pm") and len(digits) == 2 and int(digits) > 12:
        return True
    if _NOT_MONEY_AFTER.match(rest) or re.match(r"[/:-][0-9]|\.[0-9]", rest):
        return _is_range(rest)
    before = text[max(0, start - 30) : start]
    if before.endswith(("/", ":")) or re.search(r"[0-9][- .]$", before):
        return False
    return _NOT_MONEY_BEFORE.search(before) is None or _PAYS.search(before) is not None


def _is_range(rest: str) -> bool:
    return re.match(r"-[0-9]{2,4}(?![0-9-])(?! ?(?:days|weeks|months|am|pm))", rest) is not None


_PAYS = re.compile(
    r"\b(?:pay|send|do|afford|manage|put|give|pagar|poner|offer|spare|throw)(?: (?:at|in|around|about|like)){0,2} ?$"
)
_LUMP = re.compile(
    r"\b(?:pay|send|do|afford|manage|put|give|offer|spare|throw|make|start|begin|pagar|dar|pago|mandar|doy|have|got|put|deposit|drop|"
    r"accept|take|settle(?: it)? for|for|paid|sent|transferred|pagué|pague)\b[^.\n]{0,25}$"
)


def paid_amount(text: str, mentions: Sequence[AmountMention]) -> AmountMention | None:
    """The amount that is promised, offered or paid: the first that stands and is not what is owed."""
    standing = [each for each in surviving(text, mentions) if not is_owed(text, each)]
    if len(standing) < 2:
        return standing[0] if standing else None
    offered = (each for each in standing if _LUMP.search(_clause_before(text, each)))
    return next(offered, standing[0])


def is_owed(text: str, mention: AmountMention) -> bool:
    """True for what is owed, earned or charged, and not paid or offered."""
    clause = _clause_before(text, mention)
    return bool(
        _OWED.search(clause)
        or _OF_TOTAL.search(clause)
        or _OWED_AFTER.match(text[mention.end : mention.end + 25])
    )


_CLAUSE_END = re.compile(r"[!?;\n]|\.(?![0-9])")


def _clause_before(text: str, mention: AmountMention) -> str:
    return _CLAUSE_END.split(text[max(0, mention.start - 45) : mention.start])[-1]
