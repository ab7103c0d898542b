"""Alerts as the settings have them."""

from channels.email.server import server_at
from gateway.clock import Clock
from gateway.directory import Directory
from gateway.handoffs.alerts import Alarm
from gateway.handoffs.mail import Mailer
from gateway.outcomes.calls import Calls
from gateway.rulebook import Rulebook
from gateway.rules_watch import RulesWatch
from gateway.settings import Settings
from gateway.storage import Store
from gateway.wake import Signals


def alarm_of(settings: Settings, store: Store, directory: Directory, calls: Calls) -> Alarm:
    """Tells people of what can't wait."""
    return Alarm(store, directory, calls, _mailer(settings), settings.alert_mailboxes)


def rules_watch_of(
    settings: Settings, rules: Rulebook, signals: Signals, clock: Clock
) -> RulesWatch:
    """Tells people where nothing is sent."""
    return RulesWatch(rules, signals, clock, _mailer(settings), settings.alert_mailboxes)


def _mailer(settings: Settings) -> Mailer | None:
    if settings.alert_smtp is None:
        return None
    return Mailer(server_at(settings.alert_smtp.get_secret_value()), settings.alert_from)
