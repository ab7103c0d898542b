"""Alerts as the settings have them."""

from gateway.directory import Directory
from gateway.handoffs.alerts import Alarm
from gateway.handoffs.mail import Mailer
from gateway.mail_server import server_at
from gateway.outcomes.calls import Calls
from gateway.settings import Settings
from gateway.storage import Store


def alarm_of(settings: Settings, store: Store, directory: Directory, calls: Calls) -> Alarm:
    """Tells people of what can't wait."""
    mailer = None
    if settings.alert_smtp is not None:
        server = server_at(settings.alert_smtp.get_secret_value())
        mailer = Mailer(server, settings.alert_from)
    return Alarm(store, directory, calls, mailer, settings.alert_mailboxes)
