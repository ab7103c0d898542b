"""What a reply tells beside its intent, as codes: why, who, how. Never in the customer's words.

Each table gives one key of an outcome's payload; its first row that fits names the code. Nothing
fits = the key is left out, and a person finds out.
"""

import re
from collections.abc import Mapping

from dialogs.windows import AT_WORK, stated
from domain.windows import Kind

MAX_TEXT = 300
"""Only so much of a reply is looked at."""
Rows = tuple[tuple[str, re.Pattern[str]], ...]


def _rows(**patterns: str) -> Rows:
    return tuple(
        (code, re.compile(rf"\b(?:{words})", re.IGNORECASE)) for code, words in patterns.items()
    )


DISPUTE = _rows(
    paid=r"already paid|paid (?:it|this|that) off|ya (?:lo )?pagu[eé]",
    old=r"(?:too|so|very) old|statute|time.?barred|years ago|prescri(?:ta|pci[oó]n)",
    unrecognised=r"(?:don['’]?t|do not|never) (?:recogni[sz]e|know)|never (?:heard|had|opened"
    r"|bought|ordered|signed)|no (?:re)?conozco",
    cancelled=r"cancel|returned (?:it|the)|sent (?:it|the \w+) back|devolv",
    amount=r"(?:wrong|incorrect|different|too (?:much|high)) (?:amount|figure|balance|sum|total)"
    r"|(?:amount|figure|balance|sum|total)\b.{0,20}\b(?:wrong|incorrect|off|not right|too (?:much"
    r"|high))|overcharg|not (?:that|the right) (?:much|amount)|cantidad|de m[aá]s",
    goods=r"faulty|broken|never (?:arrived|came|received|got)|not (?:delivered|received)|defect",
    not_mine=r"not (?:my|mine|me)\b|isn['’]?t (?:my|mine)|don['’]?t owe|do not owe|never owed"
    r"|no (?:es m[ií]|soy yo|debo)",
)
RELATION = _rows(
    family=r"(?:mother|father|mom|mum|dad|son|daughter|wife|husband|brother|sister|parent|partner"
    r"|aunt|uncle|ex)\b|madre|padre|hij[oa]|espos[oa]|herman[oa]",
    new_holder=r"new (?:number|phone|owner)|just got this|got this (?:number|phone)"
    r"|n[uú]mero nuevo",
    moved=r"moved (?:out|away)|used to live|no longer lives?|doesn['’]?t live|ya no vive",
    work=r"(?:business|company|office|shop|store|work)\b|empresa|oficina|negocio",
)
INSOLVENCY = _rows(
    iva=r"iva\b|individual voluntary",
    dro=r"dro\b|debt relief order",
    trust_deed=r"trust deed|sequestration",
    chapter_7=r"ch(?:apter|\.)? ?(?:7|seven)\b",
    chapter_13=r"ch(?:apter|\.)? ?(?:13|thirteen)\b",
    bankruptcy=r"bankrupt|bancarrota|quiebra",
)
SPEAKS_FOR = _rows(
    breathing_space=r"breathing.?space",
    debt_adviser=r"step ?change|pay ?plan|citizens advice|christians against"
    r"|debt (?:advi[sc]|charity|management|counsel)|credit counsel|dmp\b|asesor(?:a)? de deudas",
    attorney=r"attorney|lawyer|solicitor|law (?:firm|office)|legal|abogad",
)
HARDSHIP = _rows(
    job=r"(?:lost|quit|left|laid off|let go|fired|between|no|out of|without) ?(?:my|from|a)? ?"
    r"(?:job|work)|laid off|redundan|unemploy|fired\b|desemple|perd[ií] (?:mi|el) trabajo"
    r"|sin trabajo",
    hours=r"(?:hours|shifts|pay|wages?) (?:were |was |got |have been )?(?:cut|reduced)|fewer hours"
    r"|less work|menos horas",
    benefits=r"benefits?\b|universal credit|disability (?:pay|check)|social security|welfare"
    r"|pension|food stamps",
    bills=r"rent\b|mortgage|bills?\b|electric|heating|groceries|food\b|alquiler|renta\b|hipoteca",
    family=r"(?:divorc|separat|child ?care|new baby|maternity|kids)|divorci|hijos",
)
DRIVER = _rows(
    life_event=r"bereave|passed away|died|death|funeral|divorc|(?:domestic|abus)\w*|violen|prison"
    r"|jail|falleci|muri[oó]|c[aá]rcel",
    capability=r"can['’]?t (?:read|write)|dyslexi|blind\b|deaf\b|learning (?:difficult|disab)"
    r"|autis|dementia|alzheimer|(?:my )?english (?:is|isn)",
    health=r"ill(?:ness)?\b|sick|cancer|hospital|surgery|operation|stroke|depress|anxi|mental|bipolar"
    r"|disab|chemo|heart|panic|ptsd|c[aá]ncer|enferm|cirug|depresi|ansiedad|discapac",
    resilience=r"overwhelm|can['’]?t cope|homeless|nobody to help|no one to help",
)
METHOD = _rows(
    card=r"(?:debit |credit |bank )?card\b|visa\b|mastercard|amex|tarjeta",
    direct_debit=r"direct debit|standing order|auto(?:pay|matic)|domiciliaci",
    bank_transfer=r"bank|transfer|zelle|wire|ach\b|faster payment|bacs|transferencia|banco",
    cheque=r"cheque|check(?!ed|ing (?:if|that|whether))\b|money order|mailed|posted|giro",
    cash=r"cash\b|efectivo",
    wallet=r"paypal|venmo|cash ?app|apple pay|google pay",
    phone=r"(?:over|by|on) the phone|by phone|por tel[eé]fono",
    website=r"online|web ?site|app\b|portal|your link|por internet|en l[ií]nea",
)

CHANNEL = _rows(
    email=r"e-?mails?\b|correo",
    phone=r"(?:phone|ring|call)(?:s|ed|ing)?\b|(?:ll[aá]m(?:e|a|ada|en)\w*|tel[eé]fono)",
    mail=r"letters?\b|(?:by|in the|regular|snail|us) (?:post|mail)\b|carta",
    sms=r"te?xts?\b|texting|sms\b|mensajes? de texto",
)
WINDOW = _rows(
    weekends=r"weekends?|saturdays?|sundays?|fin(?:es)? de semana|s[aá]bado|domingo",
    weekdays=r"week ?days?|monday to friday|entre semana",
    mornings=r"mornings?|before (?:noon|midday|lunch|work)|(?:por|en) la mañana",
    afternoons=r"afternoons?|after (?:noon|lunch)|(?:por|en) la tarde",
    evenings=r"evenings?|at night|tonight|nights|after (?:work|hours|[4-9] ?(?:pm|o['’]?clock)?\b)"
    r"|(?:por|en) la noche|despu[eé]s del trabajo",
)
PLACE = _rows(
    not_work=r"(?:not|n['’]t|never|don['’]?t|stop|no)\b.{0,40}\b(?:work|job|office|trabajo|oficina)\b"
    r"|(?:while|when) i['’]?m (?:at|in) (?:work|the office)",
    work=r"(?:at|to) (?:my )?(?:work|office|job)\b"
    r"|(?:al|(?:en|a) (?:el|mi|la)) (?:trabajo|oficina)",
    home=r"(?:at|to) (?:my )?(?:home|house)\b|(?:en|a) (?:mi )?casa",
)
UNWANTED = re.compile(
    r"(?:\b(?:don['’]?t|do not|please don['’]?t|stop|no more|not|never|instead of|rather than|than"
    r"|no me|en vez de)\s+(?:\w+\s+){0,2}?(?:texts?|texting|call(?:s|ing)?|phon(?:e|ing)"
    r"|ring(?:ing)?|e-?mails?|emailing|letters?|mornings?|afternoons?|evenings?|weekends?|llam\w+|mensajes?))"
    r"|\bcan['’]?t (?:talk|answer|pick up|take calls)(?: (?:on|in) the \w+)?",
    re.IGNORECASE,
)
"""What is not wanted names no wish."""

TABLES: Mapping[str, Mapping[str, Rows]] = {
    "dispute": {"reason": DISPUTE},
    "wrong_person": {"relation": RELATION},
    "deceased": {"reporter": _rows(family=r"my\b|mi\b|our\b|we\b")},
    "bankruptcy": {"kind": INSOLVENCY},
    "attorney_represented": {"kind": SPEAKS_FOR},
    "hardship": {"category": HARDSHIP},
    "vulnerability": {"driver": DRIVER},
    "already_paid": {"method": METHOD},
}
CASE_NUMBER = re.compile(
    r"\b(?:case|ref(?:erence)?|caso)\b(?:[\s:#.]|no\b|number\b|num\b|n[uú]mero\b|is\b|es\b){0,8}"
    r"(?P<number>[A-Z0-9][A-Z0-9:/-]{3,19})",
    re.IGNORECASE,
)


def details(intent: str, text: str) -> dict[str, str]:
    """The codes of one intent's payload that the text tells."""
    words = text[:MAX_TEXT]
    found = {
        key: code
        for key, rows in TABLES.get(intent, {}).items()
        if (code := _first(rows, words)) is not None
    }
    number = CASE_NUMBER.search(words) if intent == "bankruptcy" else None
    if number is not None and any(sign.isdigit() for sign in number["number"]):
        found["case_number"] = number["number"]
    return found


def wishes(text: str) -> dict[str, str]:
    """`channel`, `window` and `place` that a customer would rather be reached by."""
    words = text[:MAX_TEXT]
    wanted = UNWANTED.sub(" ", words)
    place = _first(PLACE, words)
    found = {
        "channel": _first(CHANNEL, wanted),
        "window": _window(words, wanted, place),
        "place": place,
    }
    return {key: code for key, code in found.items() if code is not None}


def _window(words: str, wanted: str, place: str | None) -> str | None:
    """What is kept of the times that were named, `named` where no code says it."""
    kept = stated(words).windows
    if not kept or (kept == AT_WORK and place == "not_work"):
        return None
    liked = any(window.kind is Kind.ONLY for window in kept)
    return (_first(WINDOW, wanted) if liked else None) or NAMED


NAMED = "named"


def _first(rows: Rows, text: str) -> str | None:
    return next((code for code, pattern in rows if pattern.search(text)), None)


WISHES: Mapping[str, tuple[str, ...]] = {
    "channel": tuple(code for code, _ in CHANNEL),
    "window": (*(code for code, _ in WINDOW), NAMED),
    "place": tuple(code for code, _ in PLACE),
}
METHODS = tuple(code for code, _ in METHOD)
