"""Alerts as the settings have them."""

import structlog

from gateway.directory import Directory
from gateway.handoffs.alerts import NOBODY, Alarm
from gateway.handoffs.mail import Mailer
from gateway.mail_server import server_at
from gateway.outcomes.calls import Calls
from gateway.settings import Settings
from gateway.storage import Store

log = structlog.get_logger()


def alarm_of(settings: Settings, store: Store, directory: Directory, calls: Calls) -> Alarm:
    """Tells people of what can't wait; the log says at once where it could tell nobody."""
    mailer = None
    if settings.alert_smtp is not None:
        server = server_at(settings.alert_smtp.get_secret_value())
        mailer = Mailer(server, settings.alert_from)
    alarm = Alarm(store, directory, calls, mailer, settings.alert_mailboxes)
    for client in alarm.unheard():
        log.warning("handoff.alerts_reach_nobody", client=client, mend=NOBODY)
    return alarm
