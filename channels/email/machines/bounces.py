"""Whether a mail is a bounce, and whom it speaks of."""

from channels.email.machines import marks
from channels.email.machines.addresses import first_address
from channels.email.machines.codes import Verdict, enhanced, reply, weigh
from channels.email.machines.known import known_recipients
from channels.email.machines.quotes import is_quoting
from channels.email.machines.reports import Reported, reported
from channels.email.machines.transcripts import SURE, Spoken, own_words, spoken_of
from channels.email.machines.wordings import LATER
from channels.email.mail import Mail
from domain.mail import Bounced

_MOST = 100
_SHORT = 60  # words of a notice that says nothing else


def is_bounce(mail: Mail, text: str, told: Reported) -> bool:
    """A person who quotes or passes on a bounce sends none: it takes a machine's own marks."""
    if told.reached and not told.bounces:
        return False
    if mail.header("X-Failed-Recipients"):
        return True
    if told.bounces and mail.content_type == "multipart/report":
        return True
    words = own_words(text)
    subject = bool(marks.BOUNCE_SUBJECT.search(mail.subject))
    sentence = bool(marks.BOUNCE_SENTENCE.search(words))
    code = bool(enhanced(words) or reply(words))
    shown = code or bool(mail.returned) or bool(told.bounces)
    answered = bool(marks.ANSWERED.match(mail.subject))
    if from_daemon(mail):
        signs = subject + sentence + code + bool(mail.returned) + bool(told.bounces)
        as_a_person = mail.return_path != "" and (answered or bool(mail.references))
        return signs > (1 if as_a_person else 0)
    if mail.return_path == "":
        if not answered and sentence and _sure(mail, words):
            return True
        return (subject and sentence) or (shown and not answered and (subject or sentence))
    if mail.references or not sentence or is_quoting(words):
        return False
    if mail.returned and not answered and _no_person(mail, words, subject):
        return True
    if not subject:
        return False
    if not mail.sender:
        return True
    if marks.SYSTEM_SENDER.search(mail.sender):
        return (shown and not answered) or bool(_sure(mail, words))
    return shown and not answered and bool(_sure(mail, words)) and not mail.reply_to


def _brings_back(mail: Mail) -> bool:
    """Whether it holds a mail that one of its own recipients wrote."""
    to = {_untagged(address) for address in mail.recipients}
    return any(_untagged(one.sender) in to for one in mail.returned if one.sender)


def _untagged(address: str) -> str:
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _no_person(mail: Mail, words: str, subject: bool) -> bool:
    """Where nothing but its words says that a machine wrote it: it says so itself, or does no more
    than name whom the returned mail was for."""
    if subject and marks.BY_SOFTWARE.search(words):
        return True
    if not _brings_back(mail) or marks.PERSONAL.search(words) or len(words.split()) > _SHORT:
        return False
    meant = written(mail)
    return any(one.address.lower() in meant for one in _sure(mail, words))


def _sure(mail: Mail, words: str) -> list[Spoken]:
    found = spoken_of(words, _ours(mail), written(mail))
    return [one for one in found if one.worth >= SURE]


def _ours(mail: Mail) -> set[str]:
    """Who the report goes to and comes from, and who wrote the mail that it returns."""
    ours = {address.lower() for address in (*mail.recipients, mail.sender, mail.reply_to or "")}
    return ours | {one.sender.lower() for one in mail.returned}


def from_daemon(mail: Mail) -> bool:
    """True where the mail system itself signs, by address or by name."""
    return bool(
        marks.DAEMON.match(mail.sender)
        or marks.DAEMON_NAME.search(mail.sender_name)
        or marks.DAEMON.match(mail.return_path or "-")
    )


def bounced(mail: Mail, text: str, told: Reported) -> tuple[Bounced, ...]:
    """Who was not reached: by the report's own fields, or those of a report that it wraps; else by
    its header; else by its words."""
    words = own_words(text)
    if not told.bounces:
        inner = (reported(one.statuses) for one in mail.returned)
        told = next((found for found in inner if found.bounces), told)
    if told.bounces:
        return tuple(_made_precise(found, words, len(told.bounces)) for found in told.bounces)
    spoken = spoken_of(words, _ours(mail), written(mail))
    about = {one.address.lower(): one.about for one in spoken}
    named = {one.lower(): one for one in _named(mail, text, words, spoken)[:_MOST]}
    return tuple(
        _judged(address, about.get(key, ""), words, told.unnamed, alone=len(named) == 1)
        for key, address in named.items()
    )


def _named(mail: Mail, text: str, words: str, spoken: list[Spoken]) -> list[str]:
    """Addresses from where they are surest: Exim's header; plain places in the words; what
    flufl.bounce knows of; whom the returned mail was for; doubtful places, last in the copy."""
    header = mail.header("X-Failed-Recipients")
    if header is not None:
        found = (first_address(one) for one in header.split(","))
        return [one for one in found if one is not None]
    if any(one.worth >= SURE for one in spoken):
        return [one.address for one in spoken]
    ours = _ours(mail)
    known = [one for one in known_recipients(mail, words) if one.lower() not in ours]
    copied = spoken or spoken_of(text, ours, {})
    return known or list(written(mail).values()) or [one.address for one in copied]


def written(mail: Mail) -> dict[str, str]:
    """Whom the mails that it brings back were for, lower case first."""
    return {
        address.lower(): address
        for one in mail.returned
        for address in one.recipients
        if "@" in address
    }


def _judged(
    address: str, about: str, words: str, unnamed: Verdict | None, *, alone: bool
) -> Bounced:
    """By what is said about it; by the whole report where nothing is, or only in general."""
    verdict = weigh(about)
    if verdict is None or (alone and _general(verdict)):
        wider = next(
            (one for one in (unnamed, weigh(words)) if one is not None and not _general(one)), None
        )
        verdict = wider or verdict or unnamed
    if verdict is None:
        return Bounced(address, not LATER.search(words))
    return Bounced(address, verdict.permanent, verdict.status)


def _general(verdict: Verdict) -> bool:
    return verdict.status is None or verdict.status.endswith(".0.0")


def _made_precise(found: Bounced, words: str, count: int) -> Bounced:
    if count > 1 or (found.status is not None and not found.status.endswith(".0.0")):
        return found
    verdict = weigh(words, found.status)
    if verdict is None or (not found.permanent and verdict.permanent):
        return found
    return Bounced(found.address, verdict.permanent, verdict.status)
