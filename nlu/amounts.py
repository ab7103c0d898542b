# ruff: noqa: E501
"""Finds the amounts of money that a text names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from nlu.corrections import words_in

_FIGURE = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?|[0-9]{1,7}(?:[.,][0-9]{2}|\.[0-9])?(?![0-9])"
_SIGN = r"us ?\$|[$£€]|gbp|usd|eur"
_UNIT = (
    r"dollars?|bucks?|buckaroos|smackers|smackeroos|greenbacks|quid|quids|nicker|pounds?|pound sterling|sterling|gbp|usd|euros?|"
    r"dolares|dolar|libras|notes|pesos|varos|baros|bolas|lucas|bones|dolaritos|[$£€](?! ?[0-9])"
)
_SLANG_PHRASES = (
    r"(?:a |half a )?(?:tenner|fiver|grand|pony|c[ -]note|benjamin|ten spot|five spot)|(?:[0-9]{1,2}|couple of) (?:tenners|fivers|c[ -]notes|benjamins|ponies|stacks|racks)|"
    r"a (?:ton(?! (?:of|more))|score(?! (?:of|on my))|monkey(?! (?:on my|off)))|(?<![a-z] )(?:ton|score|monkey|stack)(?= (?:on|by|today|tomorrow|now|per|every|this|next|and|each|monthly|weekly)\b)|"
    r"(?:a |1 )?(?:stack|rack)(?! of)|mil(?= (?:dolares|pesos|el|para|por)\b)|(?:(?<=con )|(?<=doy )|(?<=pago ))mil(?! gracias)|"
    r"(?:a )?couple (?:of )?(?:hundred|100|grand|1000|quid|dollars|pounds|bucks|thousand)|(?:a |1 |one )?(?:quid|buck|pound|dollar) (?P<odd>[0-9]{2})\b|"
    r"(?:a|1|one) (?:quid|pound|dollar|buck)(?! (?:store|tree|shop|general|menu))"
)
_SLANG_AMOUNT = re.compile(rf"(?<![0-9] )\b(?P<slang>{_SLANG_PHRASES})\b")
_AMOUNT = re.compile(
    rf"(?=[$£€0-9uge])(?<![a-z0-9.,/#])(?:(?P<sign>{_SIGN}) ?)?(?P<num>{_FIGURE}) ?"
    r"(?P<k>k|grand|stacks?|racks?)?(?:(?<=[.][0-9]{2})p|-?ish\b)?(?!(?!p\.?c?\.?[mw]\b|p/[mw])[a-z0-9])"
    rf"(?: ?(?P<unit>{_UNIT})(?![a-z]))?(?: (?:and )?(?P<minor>[0-9]{{1,2}}) ?(?:cents|c|pence|p|centavos)\b)?|"
    r"(?<![a-z0-9.,/])(?P<pence>[0-9]{1,2}) ?(?:p|pence|cents)\b"
)
SLANG_WORDS = frozenset(
    "tenner tenners fiver fivers grand ton monkey couple note notes benjamin benjamins pony ponies score "
    "stack stacks rack racks spot quid buck pound dollar mil".split()
)
"""A text without one of these has no amount in slang."""
_ODD = re.compile(
    r"^ (?:and |con )?(?P<minor>[0-9]{2})(?![0-9/%:,.-]?[0-9])(?!st\b|nd\b|rd\b|th\b|%| ?(?:[$£€]|a |per |each|every|monthly|weekly|more|"
    r"dollars|bucks|quid|pounds|days|weeks|months|kids|payments|percent|[ap]m\b|on the|in the next))"
)
"""The pence or cents of "20 pound 50"."""
_CURRENCIES = {
    "$": "USD", "us$": "USD", "us $": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD",
    "buck": "USD", "bucks": "USD", "buckaroos": "USD", "smackers": "", "smackeroos": "USD",
    "greenbacks": "USD", "bolas": "USD", "bones": "USD", "dolaritos": "USD",
    "lucas": "", "pesos": "", "varos": "", "baros": "", "dolares": "USD", "dolar": "USD", "£": "GBP", "gbp": "GBP", "quid": "GBP", "quids": "GBP",
    "nicker": "GBP", "pound": "GBP", "pounds": "GBP", "pound sterling": "GBP", "sterling": "GBP",
    "libras": "GBP", "notes": "", "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
}  # fmt: skip
"""By sign or word; "" is a word for money of any currency."""
_SLANG = {
    "tenner": 10, "fiver": 5, "grand": 1000, "thousand": 1000, "ton": 100, "monkey": 500,
    "hundred": 100, "score": 20, "pony": 25, "ponie": 25, "stack": 1000, "rack": 1000,
    "note": 100, "benjamin": 100, "quid": 1, "pound": 1, "dollar": 1, "buck": 1, "100": 100,
    "1000": 1000, "mil": 1000,
}  # fmt: skip
_SLANG_CURRENCY = {
    "quid": "GBP", "pound": "GBP", "dollar": "USD", "buck": "USD", "note": "USD", "benjamin": "USD",
    "pony": "GBP", "monkey": "GBP",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AmountMention:
    """An amount at [start, end) of the plain text; `currency` where said, `marked` where a sign,
    a word or slang says that it is money. `ambiguous` where it may be another amount: "a buck
    twenty", one end of "50 to 75".
    """

    start: int
    end: int
    amount: Decimal
    currency: str | None
    marked: bool
    rule: str = "figure"
    ambiguous: bool = False


MOST_MENTIONS = 40
"""Amounts read from one text."""

_NOT_MONEY_AFTER = re.compile(
    r"^ ?%|^ 000\b|^ ?(?:st|nd|rd|th|am|pm|a\.m|p\.m|percent|per ?cent|por ciento|(?:business |working )?days?|weeks?|months?|"
    r"years?|hours?|mins?|minutes?|seconds|secs?|kids?|children|people|times?|calls?|texts?|messages?|emails?|letters?|"
    r"(?:(?:equal|monthly|weekly|more|easy|separate|other|different|small|fortnightly) )?(?:payments?|installments?|parts?|goes(?! (?:out|in|to|off|through)\b)|"
    r"chunks|bits|instalments?)|"
    r"o ?clock|accounts?|jobs?|cars?|yrs?|fortnights?|dias?|semanas?|mes(?:es)?|anos?|pagos|cuotas|horas?|hijos|ninos|veces|"
    r"partes|abonos|of (?:us|them|you)|or [0-9]+ (?:days|weeks|months)|to [0-9]+ (?:days|weeks|months)|-[0-9]+ (?:days|weeks|months)|"
    r"x [0-9]|(?:[a-z]{3,} )?(?:street|road|ave|avenue|lane|drive|blvd)\b|lots|miles|paychecks?|pay ?checks?|quincenas?|grandkids|dependents|"
    r"bedroom|addresses|hrs?|nights?|minutos|of the time|in the morning|oclock|point|items?|more (?:weeks|months|days))\b"
)
_NOT_MONEY_BEFORE = re.compile(
    r"(?:\b(?:account|acct|reference|ref|number|no(?=[.:])|nr|ending(?: in)?|ends(?: in)?|case|id|zip|code|apt|call(?: me)?(?: on| at)?|phone|"
    r"tel|cell|mobile|age|aged|turned|unit|room|option|opcion|ext|extension|route|flat|invoice|claim|po box|box|chapter|ch|pin|"
    r"form|section|last|cuenta|numero|referencia|caso|covid|im|hes|shes|(?:son|daughter|he|she|kid|baby) is|text|press|step|"
    r"(?:work|finish|start) (?:at |by |around )?|into|invoice|file|loan|policy|customer|member|order|dated?)"
    r"(?: (?:number|is|no|in|on|numero|my|its|ref|id))?|#)[ :#.]*$"
)
_NAMED = frozenset(
    "account acct reference ref number no nr ending ends case id zip code apt call phone tel cell mobile age aged turned unit room "
    "option opcion ext extension route flat invoice claim box chapter ch pin form section last cuenta numero referencia caso covid "
    "im hes shes is text press step work finish start into file loan policy customer member order date dated".split()
)
"""A text without one of these has no figure that is the name of something."""
_TIME_BEFORE = re.compile(
    r"\b(?:at|around|past|till|until|after|before|since|in|las|a la|about|from|by|no later than|between(?: [0-9]{1,2} and)?)[ .:]*$"
)
"""Before a figure that could be an hour or a year, these make it one."""
_COUNTED = re.compile(
    r"^ (?!(?:is|was|as|this|thats|its|plus|thanks|yes|us|works|does|gets|sounds|seems|goes|looks|feels|helps|comes|makes|mondays|tues|"
    r"tuesdays|weds|wednesdays|thurs|thursdays|fridays|saturdays|sundays|unless|always|perhaps|besides|cos|les|los|las|mas|es|dos|"
    r"menos|vamos|semanales|mensuales|quincenales|fijos|justos|libres|jueves|viernes|lunes|martes|miercoles|antes|nos|entonces|despues|regardless|towards|across|minus|less|business|"
    r"christmas|sometimes|hopefuls|dolares|is|ps|xx+s|pls|covers|leaves|has|theres|whats|as|mes|quizas|pesos|is|us|guys|bucks)\b)"
    r"[a-z]{2,}s\b"
)
"""A plain figure before a plural counts things: 3 kids, 2 jobs, 40 houses."""


def find_amounts(
    plain_text: str, taken: Sequence[tuple[int, int]] = (), *, slang: bool = True
) -> list[AmountMention]:
    """Every amount of a plain text with figures, in its order; `taken` spans (days) are passed over.

    Account and phone numbers, times, counts and percentages are no amounts. `slang` is False where
    the text has none of SLANG_WORDS. Never raises; linear.
    """
    found: list[AmountMention] = []
    if slang:
        phrases = _SLANG_AMOUNT.finditer(plain_text)
        found += [_slang(match) for match in phrases if not _overlaps(match, taken)]
        taken = [*taken, *((mention.start, mention.end) for mention in found)]
    for match in _AMOUNT.finditer(plain_text):
        if _overlaps(match, taken):
            continue
        mention = _mention(plain_text, match)
        if mention is None:
            continue
        begin = max((end for _, end in taken if end <= mention.start), default=0)
        if mention.marked or _looks_like_money(plain_text, match, begin):
            found.append(mention)
        if len(found) >= MOST_MENTIONS:
            break
    return sorted(found, key=_start)[:MOST_MENTIONS] if slang else found


def _start(mention: AmountMention) -> int:
    return mention.start


def _overlaps(match: re.Match[str], taken: Sequence[tuple[int, int]]) -> bool:
    start, end = match.span()
    return any(begin < end and start < finish for begin, finish in taken)


def _mention(text: str, match: re.Match[str]) -> AmountMention | None:
    start, end = match.span()
    if match["pence"]:
        return AmountMention(start, end, Decimal(match["pence"]) / 100, None, True, "pence")
    amount, minor = _decimal(match["num"]), match["minor"]
    if match["k"]:
        amount *= 1000
    if minor is None and match["unit"] and "." not in match["num"]:
        odd = _ODD.match(text[end : end + 12])
        minor = odd and odd["minor"]
        end += odd.end() if odd else 0
    if minor:
        amount += Decimal(minor) / 100
    if amount == 0:
        return None
    said = match["sign"] or match["unit"]
    currency = _CURRENCIES.get(match["sign"] or "") or _CURRENCIES.get(match["unit"] or "")
    marked = bool(said or match["k"] or minor)
    rule = "money" if said else "thousands" if match["k"] else "figure"
    return AmountMention(start, end, amount, currency or None, marked, rule)


def _slang(match: re.Match[str]) -> AmountMention:
    start, end = match.span()
    words = match["slang"].replace("-", " ").split()
    name = next((word for word in reversed(words) if not word.isdigit()), "")
    name = name if name in _SLANG else name.rstrip("s")
    if match["odd"]:
        amount = 1 + Decimal(match["odd"]) / 100
    elif "spot" in words:
        amount = Decimal(5 if "five" in words or "5" in words else 10)
    elif words[-1] in _SLANG:  # "couple of 100"
        amount = Decimal(_SLANG[words[-1]])
    else:
        amount = Decimal(_SLANG.get(name, 100))
    if "couple" in words:
        amount *= 2
    elif words[0].isdigit() and len(words) > 1 and not match["odd"]:
        amount *= int(words[0])
    elif words[0] == "half":
        amount /= 2
    return AmountMention(
        start, end, amount, _SLANG_CURRENCY.get(name), True, "slang", bool(match["odd"])
    )


def _decimal(figure: str) -> Decimal:
    """ "1,200.50" and "50,00": a comma before exactly two last digits is a decimal comma."""
    if "," not in figure:
        return Decimal(figure)
    if re.fullmatch(r"[0-9]+,[0-9]{2}", figure):
        figure = figure.replace(",", ".")
    return Decimal(figure.replace(",", ""))


def _looks_like_money(text: str, match: re.Match[str], begin: int) -> bool:
    """By the words around a figure; what stands before `begin` belongs to something else."""
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
    if int(digits) > 12 and _A_MONTH.match(rest):
        return True
    before = text[max(begin, start - 30) : start]
    if before.endswith(("/", ":")) or _JOINED_BEFORE.search(before):
        return False
    if _NOT_MONEY_AFTER.match(rest) or _COUNTED.match(rest) or _JOINED_AFTER.match(rest):
        return _is_range(digits, rest)
    if len(digits) == 1 and int(digits) < LEAST_PLAIN and text.strip() != match[0].strip():
        return _PAYS.search(before) is not None
    hour_or_year = int(digits) <= 12 or (len(digits) == 4 and digits[:2] in ("19", "20"))
    named = not _NAMED.isdisjoint(words_in(text)) or "#" in before
    if (named and _NOT_MONEY_BEFORE.search(before)) or (
        hour_or_year and _TIME_BEFORE.search(before)
    ):
        return _PAYS.search(before) is not None
    return True


_A_MONTH = re.compile(r" (?:month\b(?! plan)|payment\b)")
_JOINED_BEFORE = re.compile(r"[0-9](?:[- .]|\) ?-?)$")
_JOINED_AFTER = re.compile(r"(?:[/:.-]|\) ?-?)[0-9]")
LEAST_PLAIN = 5
"""A smaller plain figure inside a text is money only right after "pay"."""


def _is_range(digits: str, rest: str) -> bool:
    """ "40-60" and "80-100", but not the pieces of a phone number."""
    other = _RANGE.match(rest)
    if other is None or other[1][0] == "0":
        return False
    return int(digits) < int(other[1]) and (len(other[1]) == len(digits) or other[1][-2:] == "00")


_RANGE = re.compile(r"-([0-9]{2,4})(?![0-9-])(?! ?(?:days|weeks|months|am|pm))")
_PAYS = re.compile(
    r"\b(?:pay|send|do|afford|manage|put|give|pagar|poner|offer|spare|throw)(?: (?:at|in|around|about|like|just|only|you|u)){0,2} ?$|"
    r"\b(?:months?|weeks?|payments?|installments?|pagos) at $"
)
