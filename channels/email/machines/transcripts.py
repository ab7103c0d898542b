"""Finding in a report's own words whom it speaks of, and what it says of each.

Systems without RFC 3464 write the address into a line in some way: alone, in brackets, before a
colon, in a quoted SMTP dialogue. Each place is worth something; one that names a helpdesk or the
sender is worth less than nothing.
"""

import re
from collections.abc import Collection

from msgspec import Struct

from channels.email.machines.addresses import ADDRESS, tidy
from channels.email.machines.codes import enhanced, reply, wording

_COPY_BEGINS = re.compile(
    r"""^[\s>*\#_=|-]*(?:
        -*\s*(?:below\s+this\s+line\s+is\s+a\s+copy
            |this\s+is\s+a\s+copy\s+of\s+(?:the|your)\s+message
            |(?:the\s+)?(?:original|unsent|returned|undelivered)\s+(?:message|mail)
                \s*(?:follows|text|content|header)?
            |(?:the\s+)?(?:headers?|text|start|body|copy|first\s+\d+\s+\w+)\s+(?:lines\s+)?of\s+
                (?:the\s+|your\s+)*(?:original|message|returned|undelivered|mail).*
            |message\s+headers?\s+follow.*|message\s+contents\s+follow.*
            |your\s+(?:original\s+)?(?:message|mail)\s+(?:begins|follows|reads).*
            |returned\s+text\s+follows.*
            |ursprüngliche\s+nachricht|message\s+d'origine|mensaje\s+original
            |messaggio\s+originale|mensagem\s+original|元のメール|原始邮件)\s*[:.]*\s*-*
        |received:\s*(?:from|by)\s.*|return-path:\s*<.*|begin\s+\d+\s+\S+
        |x-envelope-\w+:.*|dkim-signature:.*|mime-version:\s*1\.0.*
        )\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
"""The line with which the copy of the returned mail begins."""

_ALONE = re.compile(r"^[\s>*•·-]*(?:to:?\s*)?[\"'<\[(]*\s*$", re.IGNORECASE)
_AFTER_ALONE = re.compile(r"^[\"'>\])]*\s*(?:$|[:;(,.]|\.\.\.|-\s|on\s|\s{2,}|=|<\S+>\s*$)")
_LABEL = re.compile(
    r"""(?:rcpt\s+to\s*:
        |recipients?(?:'s)?(?:\s+(?:address|name|e-?mail))?(?:\(s\))?\s*[:=]
        |(?:final|original|failed|intended)[\s-]recipients?\s*[:;=]
        |^\W*(?:to|addressee?s?)\s*[:=]|e-?mail\s+address\s*[:=]|smtp\s*=\s*|宛先\s*[:：]
        |(?:empfänger|destinataire|destinatario|destinatário|adresat|ontvanger|получатель)\S*\s*[:=])
        [\s<"'(\[]*(?:rfc822\s*[;:]\s*)?<?$""",
    re.IGNORECASE | re.VERBOSE,
)
_ORIGINAL_TO = re.compile(r"\W*(?:to|cc|an|à|a|para|aan)\s*:", re.IGNORECASE)
_NEXT_OF_ORIGINAL = re.compile(
    r"^\W*(?:subject|betreff|objet|asunto|oggetto|assunto|onderwerp"
    r"|sent|gesendet|envoyé|enviado|inviato)\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_BEFORE = re.compile(
    r"(?:\b(?:to|for|recipient|user|address|mailbox|account|adresse|an|à|a|para|do|aan|naar|към|til"
    r"|till)|destinataire|empfänger|\b(?:un)?known)[\s:<\"'(\[]*$",
    re.IGNORECASE,
)
_SENT_TO = re.compile(
    r"(?:deliver\w*|sen[dt]|reach|transmi\w+|zugestellt|remis\w*|entreg\w+|consegn\w+|доставл\w+)\b"
    r"[^@]{0,60}\b(?:to|an|à|a|para)?\s*[:\s<\"'(\[]*$",
    re.IGNORECASE,
)
_NOT_MEANT = re.compile(
    r"""(?:\bfrom\b|reply-to|return-path|sender|message-?id|received:|\bsubject\b|\bcc:|\bby\b
        |contact|assist|please|write\s+to|questions?|helpdesk|support|abuse|postmaster|report
        |complain|copied|expanded\s+from|forward|mail\s+from|http|\bvia\b|de\s*:|von\s*:
        |absender|expéditeur|remitente|mittente|references|in-reply-to|mailto|x-)[^<@]*<?$""",
    re.IGNORECASE | re.VERBOSE,
)
_NOBODY = re.compile(
    r"(?:mailer-?daemon|post-?master|abuse|mail-?daemon|no-?reply|do-?not-?reply|help(?:desk)?"
    r"|support|webmaster|hostmaster|root|admin(?:istrator)?|noc|security|info-noreply)@",
    re.IGNORECASE,
)
_LONGEST_LINE = 600
_MOST_LINES = 2000
SURE = 5
_DOUBTFUL = 3
_PRIOR_LINES = 2
_BLOCK_LINES = 12


class Spoken(Struct, frozen=True, order=True):
    """An address of the words and those of them that are about it; `worth` is how sure that is."""

    address: str
    about: str
    worth: int


def own_words(text: str) -> str:
    """The report without the copy of the mail that it returns."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if number > 1 and _COPY_BEGINS.match(line[:400]):
            return "\n".join(lines[:number])
    return text


def spoken_of(text: str, ours: Collection[str], written_to: Collection[str]) -> list[Spoken]:
    """Addresses that the words speak of as not reached, the best alone, in their order.

    `ours` are addresses that the report itself goes to and comes from, `written_to` those that the
    returned mail was for, all in lower case.
    """
    lines = [line[:_LONGEST_LINE] for line in text.splitlines()[:_MOST_LINES]]
    best: dict[str, Spoken] = {}
    where: dict[str, int] = {}
    for number, line in enumerate(lines):
        header = _heads_a_message(lines, number)
        for found in ADDRESS.finditer(line):
            address = tidy(found.group())
            key = address.lower()
            worth = _worth(line, found, key in written_to, key in ours and key not in written_to)
            worth = min(worth, _DOUBTFUL) if header else worth
            if key not in best or worth > best[key].worth:
                best[key], where[key] = Spoken(address, "", worth), number
    top = max((one.worth for one in best.values()), default=0)
    floor = SURE if top >= SURE else max(top, 1)
    taken = sorted((where[key], one) for key, one in best.items() if one.worth >= floor)
    starts = [number for number, _ in taken]
    return [Spoken(one.address, _about(lines, number, starts), one.worth) for number, one in taken]


def _heads_a_message(lines: list[str], number: int) -> bool:
    """True for Exchange's `To:` above `Subject:`: it quotes the mail, and says nothing of it."""
    following = "\n".join(lines[number + 1 : number + 4])
    return bool(_ORIGINAL_TO.match(lines[number]) and _NEXT_OF_ORIGINAL.search(following))


def _worth(line: str, found: re.Match[str], written_to: bool, ours: bool) -> int:
    before, after = line[: found.start()], line[found.end() :]
    if _LABEL.search(before):
        worth = 6
    elif _ALONE.match(before):
        worth = SURE if _AFTER_ALONE.match(after) else 2
    elif _NOT_MEANT.search(before):
        worth = -8
    elif _SENT_TO.search(before):
        worth = SURE
    else:
        worth = _DOUBTFUL if _BEFORE.search(before) else 1
    if worth > 0 and (enhanced(line) or reply(line) or wording(line)):
        worth += 2
    if written_to:
        return worth + 4
    if _NOBODY.match(found.group()):
        worth -= 6
    return worth - 8 if ours else worth


def _about(lines: list[str], number: int, starts: list[int]) -> str:
    """The lines from an address to the next one; those just before it, too, where these are mute.

    Two addresses in one line share it.
    """
    following = next((start for start in starts if start > number), len(lines))
    about = "\n".join(lines[number : min(following, number + _BLOCK_LINES)])
    if enhanced(about) or reply(about) or wording(about):
        return about
    previous = max((start for start in starts if start < number), default=-1)
    return "\n".join(lines[max(previous + 1, number - _PRIOR_LINES) : number]) + "\n" + about
