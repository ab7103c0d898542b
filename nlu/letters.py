# ruff: noqa: E501
"""What a letter says of its own, and what of that is more than courtesies.

All functions take and give plain text (`nlu.normalise`), line by line. A line that says something
is kept wherever it stands: below a signature, between quoted lines, above the salutation.
"""

import re

_HAIL = r"(?:hi|hiya|hello|hey|hola|greetings|morning|afternoon|evening|good (?:morning|afternoon|evening|day)|buen(?:os|as) (?:dias|tardes|noches)|buenas)"
_ADDRESSED = r"(?: (?:there|again|all|both|guys|folks|team|everyone|mate|sir|madam|or|and))*"
_SAID = (
    r"(?:i|im|ive|id|ill|we|you|your|my|its|it|this|that|there|the|a|no|not|yes|ok|please|stop|can|could|will|would|"
    r"just|how|what|who|why|when|where|wrong|paid|pay|thanks|sorry|dont|cant|got|have|is|are|do|did|[a-z]*ing)"
)
"""After a greeting these begin what is said; any other word is a name."""
_DEAR = r"(?:dear|estimad[oa]s?) [a-z .]{1,40}(?=[,\n:])|to whom it may concern|a quien corresponda"
_OPENING = re.compile(
    rf"(?:(?:{_HAIL}{_ADDRESSED}(?: (?!{_SAID}\b)[a-z]+){{0,2}}(?=[,\n])|{_HAIL}{_ADDRESSED}|{_DEAR}|"
    r"(?:i )?hope (?:you are|youre|your|this finds you|all is) (?:well|ok|good|keeping well|doing well)|"
    r"espero que (?:se encuentren?|esten?) bien|just to say)[ ,.!:;\n-]+)+"
)
_SALUTATION = re.compile(rf"(?:{_DEAR})[ ,:;.-]*$|(?:{_HAIL}{_ADDRESSED}(?: [a-z.]+){{0,3}})[,:]$")

_FAREWELL = (
    r"(?:(?:(?:many|with|my|kind(?:est)?|best|warm(?:est)?|all the|muchas|mil|un|cordiales) )*"
    r"(?:regards|wishes|thanks|thank you|saludos?|gracias|blessings|best)"
    r"(?: (?:again|in advance|very much|so much|a lot|a million|ever so|de antemano|por todo))?|"
    r"(?:very )?(?:yours|truly)(?: (?:sincerely|faithfully|truly))?|sincerely|respectfully|kindly|cordially|warmly|"
    r"take care|god bless(?: you)?|much obliged|ta|love|(?:muy )?atentamente|cordialmente|bendiciones|(?:quedo )?a la espera)"
)
_NAME = r"(?!(?:to|for|but|and|if|so|on|in|at|by|is|was|its|i|im|we|you|your|my|the|a|not|no|yes|ok|stop|please|pay|paid|[a-z]+day|tomorrow|tonight|next|por|para|a|y|pero)\b)[a-z][a-z'-]{0,15}\.?"
_PHONE = r"(?=(?:[^0-9\n]{0,3}[0-9]){7})(?![0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{2,4}\b)(?:\+?[0-9][0-9 ().-]{5,18}[0-9]|\([0-9]{3}\) ?[0-9][0-9 .-]{5,8}[0-9])"
_DEVICE = r"(?:sent (?:from|via|with|using)|get outlook|enviado (?:desde|con)|typed on) [^\n]{1,50}"
_INLINE_FAREWELL = re.compile(
    rf"[.!?,] {_FAREWELL}(?:[.,!-]* {_NAME}(?:,? {_NAME}){{0,3}})?(?:[ .,!-]+{_PHONE})?[ .,!-]*\Z"
)
_FAREWELL_LINE = re.compile(
    rf"(?:[^\w\n]*{_FAREWELL}(?:[ .,!-]+(?:{_NAME}[ .,]*){{0,4}})?(?:{_PHONE})?[^\w\n]*|-- ?)\Z"
)

_LABEL = r"(?:call|text|call or text|call/text|phone|telephone|tel|mobile|mob|cell|fax|home|work|direct|office|cel|celular|telefono|[tmcphof])"
_PHONE_LINE = re.compile(
    rf"(?:{_LABEL}[ .:#-]*)?{_PHONE}(?:[ /|,;-]+(?:{_LABEL}[ .:#-]*)?{_PHONE})*(?: ?(?:ext|x)\.? ?[0-9]+| \(?{_LABEL}\)?)?[ .]*\Z"
)
_ADDRESS = re.compile(
    r"(?:.*\b[0-9]+[a-z]?,? (?:[a-z0-9'.]+ ){1,4}(?:st|street|ave|avenue|rd|road|ln|lane|ct|court|dr|drive|blvd|way|close|crescent|terrace|place|pl|gardens|grove|hwy|highway|square)\b.{0,40}|"
    r"(?:p\.?o\.? box|apt|apartment|flat|unit|suite|ste|floor)\.? #?[0-9]{1,5}[a-z]?(?:,.{0,40})?|(?:calle|avenida) [a-z0-9 #-]{2,30}|"
    r"(?:[a-z.' -]{2,30},? )?[a-z]{2}[ ,]+[0-9]{5}(?:-[0-9]{4})?|"
    r"(?:[a-z.,' -]{2,40} )?[a-z]{1,2}[0-9][0-9a-z]? ?[0-9][a-z]{2})[ .,]*\Z"
)
_REFERENCE = re.compile(
    r"(?=(?:[^0-9]*[0-9]){4})(?:(?:re|ref|subject|asunto|reference|our ref|your ref|referencia)[ .:#]+.{0,60}[0-9].{0,20}\Z|"
    r"(?:acct|account|a/c|case|file|loan|member|customer|claim|policy|invoice|agreement|cuenta|caso|client|cliente)"
    r"(?: (?:id|ref|reference|de))?[ .:#]*(?:no|number|num|numero|#)?[ .:#]*[a-z]{0,4}[0-9][a-z0-9 /-]{2,24}[ .]*\Z)"
)
_LINK = re.compile(
    r"(?:(?:e-?mail|web|website|correo)[ .:]*)?(?:https?://|www\.|[\w.+-]+@)\S+[ .]*\Z|<[^>]*>\Z"
)
_HOURS = re.compile(
    r".*\bmon(?:day)? ?(?:-|to) ?(?:thu|fri|sat|sun)(?:[a-z]*day)?\b.*\b(?:[0-9]+ ?(?:am|pm)|9-5|[0-9]{1,2}:[0-9]{2})"
)
_SPEAKS = re.compile(
    r"[$£€]|\bp\.?s\b|\b(?:i|im|ive|id|you|your|we|us|my|it|its|this|that|is|are|was|wont|can|cant|could|would|do|dont|did|have|has|had|not|no|yes|ok|si|please|"
    r"stop|pay|paid|paying|owe|want|need|send|sent|remove|tomorrow|today|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)day|week|month|"
    r"yo|mi|que|puedo|pago|pague|voy|quiero|por favor|estoy|tengo|debo|ya|lunes|martes|miercoles|jueves|viernes|sabado|domingo|manana|hoy)\b"
)
_DETAILS = (_PHONE_LINE, _ADDRESS, _REFERENCE, _LINK, _HOURS)
_NAMED = re.compile(rf"[^\w\n]*{_NAME}(?:,? {_NAME}){{0,3}}[^\w\n]*")
_FIGURE = re.compile(r"[0-9]")
_SAID_IN = re.compile(
    r"\b(?:i|im|you|your|we|my|it|is|are|can|cant|will|pay|paid|stop|please|yo|que|puedo|pago)\b"
)
_HEAD_LINES = 10
_WORD = re.compile(r"\w")

_HEAD = re.compile(
    r"^(?:(?:on|el) (?=[^\n]{0,40}[0-9])[^\n]{4,150}(?:\n[^\n]{0,100})?\b(?:wrote|escribio) ?: *$|"
    r"-{2,} ?(?:original message|forwarded message|mensaje original|mensaje reenviado) ?-{2,}$|_{8,}$|"
    r"(?:from|de): [^\n]+\n(?:(?:sent|date|to|cc|subject|enviado|fecha|para|asunto): [^\n]*(?:\n|\Z)){2,})",
    re.MULTILINE,
)
_QUOTED = re.compile(r"^(?:[>|] ?)+(?![^\n]*\|\n)[^\n]*\n?", re.MULTILINE)
_LEGAL = re.compile(
    r"(?:\A|\n|[.!?] )(?:(?:confidentiality (?:notice|note)|disclaimer:|aviso de (?:confidencialidad|privacidad))|"
    r"(?:this|the (?:information|contents?)[a-z ]{0,20} (?:of|in) this|este|la informacion [a-z ]{0,20}este) (?:e-?mail|message|communication|transmission|correo|mensaje)\b"
    r"[^\n]{0,120}\b(?:confidential|privileged|intended (?:only |solely |exclusively )?for|confidencial)|"
    r"if you (?:are not the intended|have received this)\b[^\n]{0,60}\b(?:recipient|error)|please (?:consider|think of) the environment|"
    r"registered (?:in england|office|company no)|virus-free\b)"
)
_LEGAL_WORDS = (
    "confidential",
    "confidencial",
    "privileged",
    "intended",
    "disclaimer:",
    "received this",
    "environment",
    "registered ",
    "virus-free",
)
_DEVICE_LINE = re.compile(rf"^(?:{_DEVICE})$", re.MULTILINE)
_DEVICE_AT_END = re.compile(
    r" sent from my (?:[a-z]+ )?(?:iphone|ipad|galaxy|android|phone|mobile|device|pixel|samsung)[a-z0-9 ,.-]{0,30}\Z"
)
_SAYS_SOMETHING = re.compile(r"[0-9]|\w \w|\bstop\b|day\b|tomorrow")
"""One word left over is most likely part of the greeting ("good evening all")."""


def own(plain_text: str) -> str:
    """The text without what others wrote or a machine added: quoted messages, mobile and legal
    footers. All of it where nothing else is left.
    """
    kept = _unquoted(plain_text) if "\n" in plain_text else plain_text
    if any(word in kept for word in _LEGAL_WORDS) and (legal := _LEGAL.search(kept)):
        kept = kept[: legal.start() and legal.start() + 1]
    if "sent " in kept or "get outlook" in kept or "enviado " in kept or "typed " in kept:
        kept = _DEVICE_AT_END.sub("", _DEVICE_LINE.sub("", kept).rstrip())
    return kept.strip() if _WORD.search(kept) else plain_text


def _unquoted(text: str) -> str:
    head = _HEAD.search(text)
    before, after = (text[: head.start()], text[head.end() :]) if head else ("", text)
    said, said_below = _QUOTED.sub("", before), _QUOTED.sub("", after)
    if head and said_below == after and _WORD.search(said):
        return said
    return said + said_below


def matter(plain_text: str) -> str:
    """What is said between "Dear Sir," and "Kind regards", without names, titles, telephone
    numbers, addresses and references around it; all that is `own` where nothing else is said.
    """
    text = own(plain_text)
    body = _body(text.split("\n")) if "\n" in text else text
    opening = _OPENING.match(body)
    start = opening.end() if opening else 0
    closing = _INLINE_FAREWELL.search(body, start)
    found = body[start : closing.start() + 1 if closing else None].strip(" ,\n")
    return found if _SAYS_SOMETHING.search(found) else _undetailed(text)


def _undetailed(text: str) -> str:
    kept = "\n".join(line for line in text.split("\n") if not _details(line))
    return kept.strip() or text


def _body(lines: list[str]) -> str:
    """Without letterhead, references and signature."""
    lines = [line for line in lines[_salutation(lines) :] if not _details(line, (_REFERENCE,))]
    end = next((at for at, line in enumerate(lines) if at and _FAREWELL_LINE.match(line)), None)
    if end is None:
        return "\n".join(_unsigned(lines))
    return "\n".join([*lines[:end], *(line for line in lines[end + 1 :] if _says(line))])


def _salutation(lines: list[str]) -> int:
    """Where the letter begins: below a head of addresses and a date, if it has one."""
    for at, line in enumerate(lines[:_HEAD_LINES]):
        if _SALUTATION.match(line):
            return at
        if _SAID_IN.search(line):
            break
    return 0


def _says(line: str) -> bool:
    """Whether a line below a farewell is more than a name, a title or a company."""
    return not _details(line) and bool(_SPEAKS.search(line) or _FIGURE.search(line))


def _unsigned(lines: list[str]) -> list[str]:
    """Without the telephone number and address that end it, and the name above them."""
    end = len(lines)
    while end > 1 and _details(lines[end - 1]):
        end -= 1
    if 1 < end < len(lines) and _NAMED.fullmatch(lines[end - 1]):
        end -= 1
    return lines[:end]


def _details(line: str, kinds: tuple[re.Pattern[str], ...] = _DETAILS) -> bool:
    return any(kind.match(line) for kind in kinds) and not _SAID_IN.search(line)
