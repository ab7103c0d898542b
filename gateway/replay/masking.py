"""Personal data in samples, hidden so that people who write dialogs may read them.

Two nets: what is known of this customer, wherever it stands; and what looks like personal data,
which in a customer's own words includes every capitalised word that is not a common one. Amounts
and days stay. It hides too much rather than too little, and can't be proof against everything a
customer may write: docs/dialog-replay.md says so.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from dialogs.pack import Pack
from dialogs.replaying.comparing import Pair
from dialogs.replaying.summary import Line
from dialogs.replaying.telling import Message, Told
from domain.messages import LINK_MARK
from gateway.clients import ClientConfig
from gateway.replay.rows import Record
from gateway.storage import decode
from nlu.common_words import ENGLISH, SPANISH
from nlu.redaction import redact

NAME, PHONE, EMAIL, ADDRESS = "[name]", "[phone]", "[email]", "[address]"
POSTCODE, ACCOUNT, NUMBER, LINK = "[postcode]", "[account]", "[number]", "[link]"
SHOWN_LINK = "{link}"
LONGEST = 2000
"""Characters of a text that a sample shows."""

_MONTHS = (
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday"
    " saturday sunday mon tue tues wed thu thur thurs fri sat sun christmas easter"
    " enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    " lunes martes miercoles jueves viernes sabado domingo sms usd gbp eur"
)
COMMON = frozenset(f"{ENGLISH} {SPANISH} {_MONTHS}".split())

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"]{1,64}@[^\s@<>()\[\],;:\"]{1,255}")
_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)
_CURRENCY = r"(?:[$£€]|USD|GBP|EUR|US\$)"
_AMOUNT = (
    rf"{_CURRENCY}\s?[0-9][0-9,]*(?:\.[0-9]{{1,2}})?k?"
    rf"|[0-9][0-9,]*(?:\.[0-9]{{1,2}})?k?\s?(?:{_CURRENCY}|dollars?|pounds?|bucks|quid|euros?|cents"
    r"|pence|dolares|dólares|pesos|libras)\b"
    r"|(?<![0-9])[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{2})?(?![0-9])"
    r"|(?<![0-9.])[0-9]{1,7}\.[0-9]{2}(?![0-9.])"
)
_DATE = (
    r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b|(?<![0-9])[0-9]{1,2}[/.-][0-9]{1,2}(?:[/.-](?:20)?[0-9]{2})?"
    r"(?![0-9/.-])"
)
_KEPT = re.compile(rf"(?P<kept>{_AMOUNT}|{_DATE})", re.IGNORECASE)
_STREETS = (
    "street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|ct|place|pl|boulevard|blvd|terrace"
    "|crescent|way|gardens|grove|square|highway|hwy|parkway|pkwy|circle|cir"
)
_STREET = re.compile(
    rf"\b[0-9]{{1,5}}[a-z]?,?\s+(?:[\w'’.]+\s+){{1,3}}(?:{_STREETS})\b\.?"
    r"(?:,?\s*(?:apt|apartment|flat|unit|suite|#)\.?\s*\w{1,5})?"
    r"|\b(?:apt|apartment|flat|unit|suite)\.?\s+#?[0-9]\w{0,4}\b"
    r"|\b(?:calle|avenida|carrera|paseo)\s+[\w'’.]+(?:\s+[\w'’.]+)?(?:\s+#?[0-9]{1,5})?"
    r"|\bp\.?\s?o\.?\s+box\s+[0-9]+",
    re.IGNORECASE,
)
_UK_POSTCODE = re.compile(
    r"\b(?:[A-Z]{1,2}[0-9][A-Z0-9]?\s?[0-9][A-Z]{2}|GIR\s?0AA)\b", re.IGNORECASE
)
_ZIP = re.compile(r"\b[0-9]{5}-[0-9]{4}\b|(?<=\b[A-Z]{2} )[0-9]{5}\b")
_PHONE = re.compile(r"(?<![0-9A-Za-z])\+?\(?[0-9](?:[\s().\-/]{0,2}[0-9]){6,}(?![0-9])")
_MIXED = re.compile(
    r"\b(?=[A-Za-z0-9\-_/]*[0-9]{3})(?=[A-Za-z0-9\-_/]*[A-Za-z])[A-Za-z0-9]"
    r"[A-Za-z0-9\-_/]{4,40}[A-Za-z0-9]\b"
)
_DIGITS = re.compile(r"(?<![0-9])[0-9]{5,}(?![0-9])")
_CUES = (
    r"my name(?:'s|’s| is)?|name is|name's|name’s|this is|i am|i'm|i’m|its|it's|it’s|called|call me"
    r"|ask for|mrs|mr|ms|miss|dr|sr|sra|señor|señora|soy|me llamo|mi nombre es|se llama|regards"
    r"|sincerely|thanks|cheers|gracias|atentamente|saludos"
)
_CUE = re.compile(
    rf"(?P<cue>\b(?:{_CUES})\b[\s.,:\-–]{{1,3}})(?P<name>[^\W\d_][\w'’\-]*(?:\s+[^\W\d_][\w'’\-]*)"
    r"{0,2})",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_][\w'’\-]*")


class Mask:
    """For one conversation's samples."""

    def __init__(self, record: Record) -> None:
        self._secrets = _known(record)
        self._names = {name.lower() for name in _names(record.customer)}
        self._open: frozenset[str] = frozenset()

    def over(self, config: ClientConfig, shown: frozenset[str]) -> "Mask":
        """The client's own numbers and sites stay readable, and what is `shown` in packs."""
        brand = config.brand
        own = [brand.phone, brand.website, *(sender.address for sender in config.senders)]
        self._open = shown | {_plain(each) for each in own if each}
        return self

    def text(self, text: str, *, by_customer: bool) -> str:
        """Never raises. Long texts are cut."""
        if len(text) > LONGEST:
            text = text[:LONGEST] + "…"
        text = redact(text.replace(LINK_MARK, SHOWN_LINK))
        text = _known_values(text, self._secrets)
        text = _EMAIL.sub(self._unless_open(EMAIL), text)
        text = _LINK.sub(self._unless_open(LINK), text)
        pieces = []
        at = 0
        for kept in _KEPT.finditer(text):
            if _inside_number(text, kept):
                continue
            pieces += [self._numbers(text[at : kept.start()]), kept[0]]
            at = kept.end()
        text = "".join([*pieces, self._numbers(text[at:])])
        return self._people(text, by_customer)

    def _numbers(self, text: str) -> str:
        text = _STREET.sub(ADDRESS, text)
        text = _UK_POSTCODE.sub(POSTCODE, text)
        text = _ZIP.sub(POSTCODE, text)
        text = _PHONE.sub(self._unless_open(PHONE), text)
        text = _MIXED.sub(self._unless_open(ACCOUNT), text)
        return _DIGITS.sub(self._unless_open(NUMBER), text)

    def _people(self, text: str, by_customer: bool) -> str:
        if by_customer:
            text = _CUE.sub(self._cue, text)
            text = _WORD.sub(self._capitalised, text)
        return _WORD.sub(self._named, text)

    def _cue(self, found: re.Match[str]) -> str:
        words = found["name"].split()
        name = []
        for word in words:
            if _is_common(word):
                break
            name.append(word)
        self._names |= {word.lower() for word in name if len(word) > 1}
        rest = found["name"][len(" ".join(name)) :] if name else ""
        return found["cue"] + (NAME + rest if name else found["name"])

    def _capitalised(self, found: re.Match[str]) -> str:
        word = found[0]
        if found.string[found.start() - 1 : found.start()] == "[" or not word[0].isupper():
            return word
        state = len(word) == 2 and word.isupper()
        if len(word) < 2 or state or _is_common(word):
            return word
        self._names.add(word.lower())
        return NAME

    def _named(self, found: re.Match[str]) -> str:
        word = found[0].lower()
        bare = re.sub(r"['’]s$", "", word)
        return NAME if bare in self._names else found[0]

    def _unless_open(self, mark: str) -> Any:
        def shown(found: re.Match[str]) -> str:
            return found[0] if _plain(found[0]) in self._open else mark

        return shown

    def line(self, line: Line) -> Line:
        return Line(line.who, self.text(line.text, by_customer=line.who == "customer"))

    def pair(self, pair: Pair) -> Pair:
        first, second = pair.told
        return Pair(pair.meant, (self._told(first), self._told(second)))

    def _told(self, told: Told) -> Told:
        return Told(
            path=told.path,
            messages=tuple(map(self._message, told.messages)),
            outcomes={kind: self._ours(text) for kind, text in told.outcomes.items()},
            trace=tuple(map(self._ours, told.trace)),
        )

    def _message(self, message: Message) -> Message:
        subject = None if message.subject is None else self._ours(message.subject)
        return Message(
            message.channel,
            message.response,
            message.variation,
            self._ours(message.text),
            subject,
        )

    def _ours(self, text: str) -> str:
        return self.text(text, by_customer=False)


def shown_in(pack: Pack) -> frozenset[str]:
    """Numbers, addresses and sites that are written in a pack's texts: everybody gets them."""
    written = "\n".join(
        part if isinstance(part, str) else " "
        for texts in pack.responses.values()
        for variations in texts.values()
        for each in variations
        for part in each.text
    )
    found = [match[0] for pattern in (_EMAIL, _LINK, _PHONE) for match in pattern.finditer(written)]
    return frozenset(map(_plain, found))


def _known(record: Record) -> list[tuple[re.Pattern[str], str]]:
    """What is stored of the customer but names, the longest first."""
    customer = record.customer
    marks: dict[str, str] = dict.fromkeys(_details(customer), ADDRESS)
    marks |= {address: EMAIL if "@" in address else PHONE for address in record.addresses}
    marks[record.talk.address] = EMAIL if "@" in record.talk.address else PHONE
    for account in record.accounts:
        marks[account.ref] = ACCOUNT
    if customer is not None:
        marks[customer.ref] = ACCOUNT
        if customer.postcode:
            marks[customer.postcode] = POSTCODE
        if customer.date_of_birth:
            marks[customer.date_of_birth] = "[date of birth]"
    found = [(value, mark) for value, mark in marks.items() if len(value) > 1]
    found.sort(key=lambda each: -len(each[0]))
    return [(_loosely(value), mark) for value, mark in found]


def _loosely(value: str) -> re.Pattern[str]:
    """However it is spaced: "M1 1AE" is "m11ae", too."""
    parts = [re.escape(char) for char in value if not char.isspace()]
    return re.compile(r"(?<!\w)" + r"\s?".join(parts) + r"(?!\w)", re.IGNORECASE)


def _known_values(text: str, secrets: Iterable[tuple[re.Pattern[str], str]]) -> str:
    for pattern, mark in secrets:
        text = pattern.sub(mark, text)
    return text


def _names(customer: Any) -> list[str]:
    if customer is None:
        return []
    full = " ".join(name for name in (customer.first_name, customer.last_name) if name)
    return [word for word in _WORD.findall(full) if len(word) > 1]


def _details(customer: Any) -> list[str]:
    """Texts that the host placed beside: an address, a partner's name."""
    found = decode(customer.details) if customer is not None and customer.details else None
    return [text for text in _texts(found) if len(text) > 3]


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _inside_number(text: str, found: re.Match[str]) -> bool:
    """Part of a longer row of digits, such as a phone number with points in it."""
    before = text[max(found.start() - 2, 0) : found.start()]
    after = text[found.end() : found.end() + 2]
    joined = re.search(r"[0-9][.\-/ ]?$", before) if found[0][0].isdigit() else None
    return bool(joined or re.match(r"[.\-/]?[0-9]", after))


def _is_common(word: str) -> bool:
    plain = unicodedata.normalize("NFKD", re.sub(r"['’]", "", word).lower())
    return "".join(char for char in plain if not unicodedata.combining(char)) in COMMON


def _plain(text: str) -> str:
    return re.sub(r"[\s().\-]", "", text).lower()
