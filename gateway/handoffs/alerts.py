"""What can't wait is told to people at once, and again until somebody takes it.

Each hand-off has a row for each route, email and webhook, with the instant at which the next alert
is due. A claim moves that instant on by a lease, and only its commit is followed by a call; so two
workers never send the same alert, and one that dies leaves it due again when the lease ends. An
alert may come twice (with the same id), and is never lost.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog
from sqlalchemy import bindparam, select, text

from domain.activity import SCHEMA_VERSION
from domain.ids import derive
from gateway.activity.query import rfc3339
from gateway.clients.people import AlertsPart
from gateway.clock import SECOND, moment
from gateway.directory import Directory
from gateway.handoffs.mail import Letter, Mailer
from gateway.outcomes.calls import Calls
from gateway.outcomes.exchange import Delivery
from gateway.outcomes.posting import post
from gateway.storage import Store, Transaction
from gateway.storage.tables import alerts, handoffs

log = structlog.get_logger()

BATCH = 10
LEASE = 30 * SECOND
"""Longer than a letter or a post may take: who is killed in between delays an alert by this."""
RETRIES = (15 * SECOND, 30 * SECOND, 60 * SECOND)
MINUTE = 60 * SECOND
NOBODY = (
    "nobody is told: set GATEWAY_ALERT_SMTP and GATEWAY_ALERT_TO, or write alerts in the client's"
    " file"
)

_DUE = (
    select(
        alerts.c.handoff_id,
        alerts.c.route,
        alerts.c.client,
        alerts.c.sent,
        alerts.c.failures,
        handoffs.c.conversation_id,
        handoffs.c.reason,
        handoffs.c.urgency,
        handoffs.c.created_at,
    )
    .select_from(alerts.join(handoffs, handoffs.c.id == alerts.c.handoff_id))
    .where(
        alerts.c.due_at <= bindparam("now"),
        text("handoffs.closed_at IS NULL AND handoffs.agent IS NULL"),
    )
    .order_by(alerts.c.due_at)
    .limit(BATCH)
    .with_for_update(of=alerts, skip_locked=True)
)
KEY = ("handoff_id", "route")


class Result(msgspec.Struct, frozen=True):
    """What became of an alert. `error` None and not `sent`: this route leads to nobody."""

    alert: Any
    sent: bool
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """Tells people. `to` are the mailboxes that every client's alerts go to."""

    store: Store
    directory: Directory
    calls: Calls
    mailer: Mailer | None
    to: tuple[str, ...] = ()

    async def run(self) -> int:
        """One batch; how many alerts were due."""
        due = await self.store.transact("alert", self._claim)
        if not due:
            return 0
        results = await asyncio.gather(*(self._tried(alert) for alert in due))
        await self.store.transact("alerted", lambda tx: self._keep(tx, results))
        return len(due)

    def warn(self) -> None:
        """Logs each client whose alerts would reach nobody, before somebody is at risk."""
        for config in self.directory.clients:
            if not self._reaches(config.alerts):
                log.warning("handoff.alerts_reach_nobody", client=config.client, mend=NOBODY)

    async def _claim(self, tx: Transaction) -> Sequence[Any]:
        due = await tx.fetch(_DUE, now=tx.now)
        later = [{**_key(alert), "due_at": tx.now + LEASE} for alert in due]
        await tx.update(alerts, later, key=KEY)
        return due

    async def _tried(self, alert: Any) -> Result:
        """Whatever goes wrong with one must not keep the others of its batch from people."""
        try:
            return await self._tell(alert)
        except Exception as error:
            log.exception("handoff.alert_broke", handoff_id=alert.handoff_id)
            return Result(alert, sent=False, error=type(error).__name__)

    async def _tell(self, alert: Any) -> Result:
        part = self._part(alert.client)
        to, now = self._mailboxes(part), self.store.clock()
        if not self._reaches(part):
            return Result(alert, sent=False, error=NOBODY)
        if alert.route == "email" and self.mailer is not None and to:
            error = await self.mailer.send(letter(alert, to, now))
        elif alert.route == "webhook" and (hook := part.webhook) is not None:
            made = Delivery(_id(alert), 0, "", 0, body(alert, now))
            _, error = await post(self.calls, hook.url, hook.secret, made, now)
        else:
            return Result(alert, sent=False)
        return Result(alert, sent=error is None, error=error)

    def _part(self, client: str) -> AlertsPart:
        """A client that is in force no more has the operator's mailboxes still."""
        try:
            return self.directory.client(client).alerts
        except KeyError:
            return AlertsPart()

    def _mailboxes(self, part: AlertsPart) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.to, *part.email)))

    def _reaches(self, part: AlertsPart) -> bool:
        by_mail = self.mailer is not None and bool(self._mailboxes(part))
        return by_mail or part.webhook is not None

    async def _keep(self, tx: Transaction, results: Sequence[Result]) -> None:
        for result in results:
            alert, error = result.alert, result.error
            every = self._part(alert.client).every_minutes * MINUTE
            row = {**_key(alert), "failures": 0, "error": None, "sent": alert.sent + result.sent}
            if error is None:
                await tx.update(alerts, [row | {"due_at": tx.now + every}], key=KEY)
                continue
            log.error(
                "handoff.alert_failed",
                handoff_id=alert.handoff_id,
                route=alert.route,
                failures=alert.failures + 1,
                error=error,
            )
            wait = min(RETRIES[min(alert.failures, len(RETRIES) - 1)], every)
            row |= {"failures": alert.failures + 1, "error": error, "due_at": tx.now + wait}
            await tx.update(alerts, [row], key=KEY)


def _key(alert: Any) -> dict[str, Any]:
    return {"handoff_id": alert.handoff_id, "route": alert.route}


def _id(alert: Any) -> str:
    """The same for each try of one alert, another for the next."""
    return derive(alert.handoff_id, f"alert:{alert.route}:{alert.sent + 1}")


def take_command(handoff_id: str) -> str:
    return f"gateway handoffs take {handoff_id} --agent NAME"


def letter(alert: Any, to: tuple[str, ...], now: int) -> Letter:
    """Ids and what to do: nothing of the customer, and nothing that was said."""
    waited = max(now - alert.created_at, 0) // MINUTE
    lines = (
        f"A customer of {alert.client} needs a person now.",
        "",
        f"Reason:       {alert.reason}",
        f"Asked for at: {rfc3339(alert.created_at)} ({waited} minutes ago)",
        f"Hand-off:     {alert.handoff_id}",
        f"Conversation: {alert.conversation_id}",
        "",
        "Take it with",
        "",
        f"    {take_command(alert.handoff_id)}",
        "",
        "This is repeated until somebody has taken it.",
        "",
    )
    again = f", alert {alert.sent + 1}" if alert.sent else ""
    subject = f"[{alert.client}] A customer needs a person now: {alert.reason[:60]}{again}"
    return Letter(_id(alert), to, " ".join(subject.split()), "\n".join(lines), moment(now))


def body(alert: Any, now: int) -> bytes:
    """Of the form that outcomes have, and of type handoff.alert; as no activity, without number."""
    at = rfc3339(now)
    return msgspec.json.encode(
        {
            "event_id": _id(alert),
            "event_type": "handoff.alert",
            "schema_version": SCHEMA_VERSION,
            "seq": None,
            "client": alert.client,
            "account_ref": None,
            "customer_ref": None,
            "conversation_id": alert.conversation_id,
            "occurred_at": rfc3339(alert.created_at),
            "recorded_at": at,
            "actor": "system",
            "channel": None,
            "masked_address": None,
            "causation_id": alert.handoff_id,
            "correlation_id": alert.conversation_id,
            "rule_version": None,
            "payload": {
                "handoff_id": alert.handoff_id,
                "reason": alert.reason,
                "urgency": alert.urgency,
                "alert": alert.sent + 1,
                "take": take_command(alert.handoff_id),
            },
        }
    )
