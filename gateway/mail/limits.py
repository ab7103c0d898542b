"""How much is answered by itself: two machines that answer one another come to an end.

Machines' mails are told apart and never answered; this is for those that nothing tells apart.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, text

from compliance.verdict import Outcome, RuleResult, Suppressed
from dialogs.people import AGENT
from domain.messages import Category
from domain.values import ChannelKind
from gateway.clients import ClientConfig
from gateway.clock import DAY, SECOND
from gateway.mail.addresses import folded
from gateway.storage import Transaction, among
from gateway.storage.tables import outbound

RULE = "answer_limit"
"""Why an answer did not go, and why a person is asked for."""
COUNTED = (Category.REPLY, Category.HELP)
"""A confirmation goes once an opt-out, and no rule may stop a crisis text."""

HOUR = 3600 * SECOND

_GONE = select(outbound.c.conversation_id, outbound.c.address, outbound.c.sent_at).where(
    among(outbound.c.conversation_id, "talks"),
    outbound.c.sent_at > bindparam("since"),
    text(
        "outbound.channel = 'email' AND category IN ('reply', 'help') AND response <> 'agent'"
        " AND status <> 'queued'"
    ),
)


class Answers:
    """What went by itself, of late, to the addresses of one batch of messages."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._gone: dict[tuple[str, str], list[int]] = {}

    @classmethod
    async def read(cls, tx: Transaction, messages: Sequence[Any]) -> "Answers":
        made = cls(tx.now)
        talks = sorted({each.conversation_id for each in messages if _counts(each)})
        if talks:
            for row in await tx.fetch(_GONE, talks=talks, since=tx.now - DAY):
                made._gone.setdefault(_place(row), []).append(row.sent_at)
        return made

    def stop(self, message: Any, config: ClientConfig) -> Suppressed | None:
        """Where the client's limit is reached."""
        if not _counts(message):
            return None
        gone = self._gone.get(_place(message), ())
        hour = sum(at > self._now - HOUR for at in gone)
        limits = config.mail_answers
        for count, limit, within in (
            (hour, limits.per_hour, "an hour"),
            (len(gone), limits.per_day, "a day"),
        ):
            if count >= limit:
                why = f"{count} answers went to this address within {within}; {limit} may"
                return Suppressed(RULE, (RuleResult(RULE, "", Outcome.SUPPRESSED, why, RULE),))
        return None


def _counts(message: Any) -> bool:
    return bool(
        message.channel == ChannelKind.EMAIL
        and message.category in COUNTED
        and message.response != AGENT
    )


def _place(row: Any) -> tuple[str, str]:
    return row.conversation_id, folded(row.address)
