"""Watches the contact rules: takes over what changes, and tells people when nothing can be sent."""

from dataclasses import dataclass

import structlog

from gateway.clock import SECOND, Clock, moment
from gateway.handoffs.mail import Letter, Mailer
from gateway.ids import new_id
from gateway.rulebook import Rulebook
from gateway.wake import Signals

log = structlog.get_logger()

AGAIN = 60 * SECOND


@dataclass(slots=True)
class RulesWatch:
    """`to` are the operator's mailboxes. Every worker tells them: each has files of its own."""

    rules: Rulebook
    signals: Signals
    clock: Clock
    mailer: Mailer | None = None
    to: tuple[str, ...] = ()
    _told: str | None = None
    _again_at: int = 0

    async def run(self) -> int:
        """What waited for the rules goes as soon as they can be read."""
        changed = await self.rules.refresh()
        if self.rules.trouble is not None:
            await self._tell(self.rules.trouble)
        else:
            self._told, self._again_at = None, 0
            if changed:
                self.signals.wake("send")
        return 0

    async def _tell(self, trouble: str) -> None:
        """Once for each reason; again in a minute where the letter didn't go."""
        now = self.clock()
        if self.mailer is None or not self.to or trouble == self._told or now < self._again_at:
            return
        self._again_at = now + AGAIN
        error = await self.mailer.send(letter(trouble, self.to, now))
        if error is None:
            self._told = trouble
        else:
            log.error("contact_rules.alert_failed", error=error)


def letter(trouble: str, to: tuple[str, ...], now: int) -> Letter:
    lines = (
        "The contact rules can't be read, so nothing is sent: no reply, no reminder.",
        "What is due waits, and goes once they can.",
        "",
        *trouble.splitlines(),
        "",
    )
    subject = "Nothing is sent: the contact rules can't be read"
    return Letter(new_id(), to, subject, "\n".join(lines), moment(now))
