"""Every provider by its name: a new one is its adapter, a line here and its recorded payloads."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields

from channels.contract import Channel
from channels.simulator import Simulator
from domain.values import ChannelKind

Settings = Mapping[str, str]
Factory = Callable[[Settings, str], Channel]


class Misconfigured(ValueError):
    """The message names the setting and its mend, and shows no value.

    `setting` is None where no such provider exists.
    """

    def __init__(self, setting: str | None, mend: str) -> None:
        super().__init__(mend if setting is None else f"{setting}: {mend}")
        self.setting = setting
        self.mend = mend


def _simulated(kind: ChannelKind) -> Factory:
    def make(settings: Settings, callback_url: str) -> Channel:  # noqa: ARG001
        for name in settings:
            raise Misconfigured(name, "a simulated provider has no settings")
        return Simulator(kind)

    return make


def _twilio(settings: Settings, callback_url: str) -> Channel:
    # Imported where it is wanted: it takes as long to load as the rest of an embedded gateway.
    from channels.twilio.sms import TwilioSettings, TwilioSms

    known = {field.name: field for field in fields(TwilioSettings)}
    for name in sorted(settings.keys() - known.keys()):
        raise Misconfigured(name, f"Twilio has no such setting; it has {', '.join(known)}")
    needed = {name: "" for name, field in known.items() if field.default is MISSING}
    texts = needed | {name: text for name, text in settings.items() if name != "timeout"}
    try:
        given = TwilioSettings(**texts, timeout=_seconds(settings.get("timeout", "10")))
    except ValueError as error:
        name, _, mend = str(error).partition(": ")
        raise Misconfigured(name, mend) from None
    return TwilioSms(given, callback_url)


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError("timeout: give seconds, such as 10") from None


PROVIDERS: Mapping[str, Factory] = {
    "simulated-sms": _simulated(ChannelKind.SMS),
    "simulated-email": _simulated(ChannelKind.EMAIL),
    "twilio": _twilio,
}

CARRIES: Mapping[str, ChannelKind] = {
    "simulated-sms": ChannelKind.SMS,
    "simulated-email": ChannelKind.EMAIL,
    "twilio": ChannelKind.SMS,
}
"""What each of them sends, for those who only look at a name."""

SIMULATED = frozenset({"simulated-sms", "simulated-email"})
"""Those by which nothing leaves the machine."""


def open_channel(provider: str, settings: Settings, callback_url: str) -> Channel:
    """A channel of `provider`, whose status callbacks go to `callback_url`. Raises Misconfigured.

    It is closed by whoever opened it.
    """
    factory = PROVIDERS.get(provider)
    if factory is None:
        raise Misconfigured(None, f"no provider {provider!r}: choose one of {', '.join(PROVIDERS)}")
    return factory(settings, callback_url)
