"""What of a mail's headers goes into ours: subjects of answers, and the ids that they answer."""

import re

from domain.mail import Letter

PREFIXES = (
    "re", "aw", "sv", "vs", "antw", "antwort", "rv", "res", "resp", "ref", "odp", "ynt", "vá",
    "fw", "fwd", "wg", "tr", "rif", "enc", "doorst", "i", "r",
    "回复", "回覆", "答复", "转发", "轉寄",
)  # fmt: skip
"""What mail clients of many languages put before the subject that is answered or handed on."""

FORWARDS = ("fw", "fwd", "wg", "tr", "rv", "i", "enc", "doorst", "vs", "pd", "转发", "轉寄", "転送")
"""Those of what is handed on; some are an answer's in another language."""

LONGEST = 200
_ID = re.compile(r"[!-;=?-~]{3,254}")
_PREFIX = re.compile(
    rf"\s*(?:(?:{'|'.join(map(re.escape, PREFIXES))})\s*(?:\[\d+\]|\(\d+\))?\s*[:：])+\s*",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    rf"\s*(?:{'|'.join(map(re.escape, FORWARDS))})\s*(?:\[\d+\]|\(\d+\))?\s*[:：]", re.IGNORECASE
)
_TAG = re.compile(r"\s*\[(?:external|ext|extern|caution|spam\??)\]\s*", re.IGNORECASE)
"""What companies' mail systems put before subjects from outside."""


def is_reply(subject: str) -> bool:
    """Whether it answers or hands on another mail, as its prefix says."""
    return _PREFIX.match(_untagged(subject)) is not None


def is_forward(subject: str) -> bool:
    """Whether its first prefix may say that it hands another mail on."""
    found = _FORWARD.match(_untagged(subject))
    return found is not None


def bare(subject: str) -> str:
    """Without such prefixes and tags, however many."""
    left = _untagged(subject)
    while match := _PREFIX.match(left):
        left = _untagged(left[match.end() :])
    return left.strip()


def _untagged(subject: str) -> str:
    while match := _TAG.match(subject):
        subject = subject[match.end() :]
    return subject


def answering(subject: str) -> str:
    """The subject of an answer to a mail of that subject: one line, with one "Re:"."""
    line = " ".join(bare(subject).split())
    return f"Re: {line[:LONGEST]}".strip()


def kept_id(letter: Letter | None) -> str | None:
    """Its Message-ID where a header of ours may hold it: without spaces, brackets or anything that
    is not ASCII, and of a usual length. Nothing refers to another one."""
    named = letter.message_id if letter else None
    return named if named and _ID.fullmatch(named) else None
