"""Which channels a customer's words refuse: "stop texting, email me" refuses texts and no emails.

A request that a channel not be used is kept for the channel, at every address of the customer
(12 CFR 1006.14(h)). Whether words ask to be left alone at all is for the understanding to say; here
only the channels that they name are read off. Times, places and manners ("not at work", "so early")
are preferences, and refuse no channel.
"""

import re
from collections.abc import Iterator

from dialogs.details import MAX_TEXT
from domain.values import ChannelKind

_SMS = r"te?xt(?:\s?messages?|s|ing|ed)?|txts?|sms(?:es)?|mensajes?\sde\stexto|textos?|textear\w*"
_EMAIL = r"e-?mail(?:s|ing|ed)?|correos?(?:\selectr[oó]nicos?)?"
_NAMES = {ChannelKind.SMS: _SMS, ChannelKind.EMAIL: _EMAIL}
_ANY = rf"(?:{_SMS}|{_EMAIL})"

_NO = r"""(?:stop|quit|cease|end|no\smore|no\slonger|never|don['’]?t|do\snot|not|without|no|nor
  |neither|instead\sof|rather\sthan|in\splace\sof|unsubscribe(?:\sme)?\sfrom|opt(?:\sme)?\sout\sof
  |ya\sno|nunca|dej[ae]n?\sde|par[ae]n?\sde|en\svez\sde|en\slugar\sde)"""
_FILL = r"""(?>\s+(?:me|us|any|more|further|other|the|these|those|this|your|all|of|to|want|wish|need
  |like|send(?:ing)?|sent|get(?:ting)?|receiv(?:e|ing)|be|being|using?|contact(?:ing|ed)?
  |reach(?:ing)?(?:\sout)?|writ(?:e|ing)|message|messaging|by|via|through|with|over|on|in|ever|please
  |my|phone|bother(?:ing)?|accept|consent|would
  |quiero|deseo|m[aá]s|los|las|sus|esos|estos|nos|por|al|el|a|mi|recibir
  |mand(?:e|en|es|ar(?:me)?|arme)|env[ií](?:e|en|es|ar(?:me)?)
  |escrib(?:a|an|as|ir(?:me)?)|contact(?:e|en|ar(?:me)?)|us(?:e|en|ar))\b)*+"""
"""Never given back, so that no text is read in more than one way."""
_REFUSED = re.compile(rf"\b{_NO}{_FILL}\s+(?P<first>{_ANY})\b", re.IGNORECASE | re.VERBOSE)
_ALSO = re.compile(
    rf"\s*(?:(?:me|us|you)\s+)?(?:,\s*)?(?P<how>or|nor|and|&|/|ni|y|o)\s*(?:(?:the|by|via|any|al|por)\s+)?"
    rf"(?P<next>{_ANY})\b",
    re.IGNORECASE,
)
_QUALIFIED = re.compile(
    r"""\s*(?:me|us)?\s*(?:at|before|after|during|while|when|until|till|between|so|too|this|that|on|in
      |every|twice|back|because|about|unless|if|and\sdrive
      |en\sel|en\smi|antes|despu[eé]s|tan|durante|cuando|mientras|los)\b
      (?!\s*(?:all|any|once|now|future|my\s(?:phone|number|cell|mobile)|this\snumber|here|again))""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words after the channel that speak of a time, a place, a manner or a topic."""
_UNDONE = re.compile(
    r"(?:\b(?:don['’]?t|do\snot|never|not|won['’]?t)\s+(?:\w+\s+)?|\b(?:did|have|has|had|why)(?:n['’]?t)?\s+(?:you\s+)?)$",
    re.IGNORECASE,
)
"""Before the no: "don't stop texting me", "did not get your text"."""
_ONLY = re.compile(
    rf"""\bonly\s+(?:(?:contact|reach|write(?:\sto)?|message|use|send|want|accept|communicate|talk\sto
      |reply|speak\sto)\s+)?(?:(?:me|us|with|by|via|through|on|to|using)\s+)*(?P<only>{_ANY})\b
      |\b(?P<alone>{_ANY})(?:\s(?:me|us))?\s+only\b(?P<rest>.*)
      |\b(?:solo|s[oó]lo|solamente|[uú]nicamente)\s+(?:(?:por|al|me|el|a|mi|escriban|manden|contacten)\s+)*
       (?P<solo>{_ANY})\b""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_MEDIUM = re.compile(
    rf"""(?:(?:please|pls|kindly|hi|hello|ok|por\sfavor)[\s,.!]+)*
      (?:stop|quit|cease|don['’]?t|do\snot|never)\s+
      (?:(?:ever|contact(?:ing)?|reach(?:ing)?(?:\sout\sto)?|writ(?:e|ing)\sto|messag(?:e|ing)|send(?:ing)?)\s+)*
      (?:(?:me|us|any|more|by|via|through|with|your|the|over)\s+)*{_ANY}(?:\s+(?:me|us))?
      (?:[\s,]+(?:again|ever|any\s?more|please|thanks?(?:\syou)?|at\sall|messages?))*[\s.!]*""",
    re.IGNORECASE | re.VERBOSE,
)
_CLAUSE = re.compile(r"[.;!?\n]+")


def refused_channels(text: str) -> frozenset[ChannelKind]:
    """The channels that are named as not to be used any more. Never raises."""
    found: set[ChannelKind] = set()
    for clause in _CLAUSE.split(text[:MAX_TEXT]):
        found.update(_in_clause(clause))
    return frozenset(found)


def is_of_a_medium(text: str) -> bool:
    """True where the whole text refuses one channel and nothing else: "do not contact me by text"
    does not cease all contact, whatever it resembles."""
    return _MEDIUM.fullmatch(text[:MAX_TEXT].strip()) is not None


def _in_clause(clause: str) -> Iterator[ChannelKind]:
    place = 0
    while (match := _REFUSED.search(clause, place)) is not None:
        place = match.end("first")
        if not _UNDONE.search(clause[: match.start()]):
            yield from _named(match["first"], clause[place:])
    for match in _ONLY.finditer(clause):
        kept = match["only"] or match["alone"] or match["solo"]
        if not _QUALIFIED.match(clause[match.end() :] if match["alone"] is None else match["rest"]):
            yield from (kind for kind in ChannelKind if kind is not _channel(kept))


def _named(first: str, rest: str) -> Iterator[ChannelKind]:
    """The first channel, and those that the same no speaks of: "texts or emails". What follows
    "and" in another form is a wish: "stop texting and email me"."""
    names = [first]
    while (also := _ALSO.match(rest)) is not None:
        if also["how"].lower() in ("and", "y", "&") and _form(also["next"]) != _form(first):
            break
        names.append(also["next"])
        rest = rest[also.end() :]
    if not _QUALIFIED.match(rest):
        yield from map(_channel, names)


def _form(name: str) -> str:
    return "ing" if name.lower().endswith("ing") else "s" if name.lower().endswith("s") else ""


def _channel(name: str) -> ChannelKind:
    return next(kind for kind, pattern in _NAMES.items() if re.match(pattern, name, re.IGNORECASE))
