"""The gate's first question, where a message is queued: what must not go is not queued at all.

It is asked without locks, for it decides nothing for good: a message that may go is asked about
again in the transaction that sends it. Every message comes by here, whoever began it: a dialog, a
sequence, a host's file or call, a person.
"""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from compliance.pack import NoRules
from compliance.verdict import Deferred, Suppressed, encode, version_of
from domain.messages import LINK_MARK, Content, Status
from gateway.clients import ClientConfig, Sender
from gateway.clock import SECOND, instant
from gateway.pipeline.claim import hand_over, sent_event
from gateway.pipeline.gate import GateFacts
from gateway.rulebook import Rulebook
from gateway.storage import Transaction

WHILE_QUEUEING = {"asked": "queueing"}
"""What tells this question's activity from that of the one before sending."""


async def ask_at_queueing(
    tx: Transaction,
    rows: Sequence[dict[str, Any]],
    clients: Mapping[str, ClientConfig],
    rules: Rulebook,
) -> None:
    """Changes new rows of outbound: one that is refused is suppressed, one that must wait is due
    when it may go. Where there are no rules to go by all stay queued, for nothing is sent then."""
    if not rows:
        return
    try:
        book = rules.book
    except NoRules:
        return
    messages = [SimpleNamespace(**row) for row in rows]
    facts = await GateFacts.look(tx, messages)
    for row, message in zip(rows, messages, strict=True):
        row |= {"reason": None, "verdict": None}
        config = clients[message.client]
        sender = _sender(message, config)
        said = _said(message, config)
        verdict = await facts.decide(tx, message, config, sender, said, book)
        match verdict:
            case Deferred():
                row["due_at"] = max(instant(verdict.until), tx.now + SECOND)
                told = {"rule": verdict.rule, "until": verdict.until.isoformat()}
                _record(tx, message, "message.deferred", told, verdict)
            case Suppressed():
                row |= {"status": Status.SUPPRESSED.value, "reason": verdict.rule}
                _record(tx, message, "message.suppressed", {"rule": verdict.rule}, verdict)
                await hand_over(tx, message, config, verdict)
            case _:
                continue
        row["verdict"] = encode(verdict, facts.judged.get(message.id)).decode()


def _sender(message: Any, config: ClientConfig) -> Sender:
    """The one that the message was just given."""
    return next(each for each in config.pool(message.channel) if each.address == message.sender)


def _said(message: Any, config: ClientConfig) -> Content:
    """As the customer will read it, but for the secret in its link."""
    link = f"https://{config.links.domain or 'link'}/p/"
    html = message.html and message.html.replace(LINK_MARK, link)
    return Content(message.text.replace(LINK_MARK, link), message.subject, html)


def _record(tx: Transaction, message: Any, kind: str, told: dict[str, Any], verdict: Any) -> None:
    payload = {**told, **WHILE_QUEUEING}
    tx.record(sent_event(tx, message, kind, payload, version_of(verdict)))
