"""GATEWAY_* variables, parsed once; secrets never show."""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from channels.email.server import server_at
from channels.registry import PROVIDERS
from gateway.clients import ConfigurationError
from gateway.clients.people import mailbox
from payment_links.registry import settings_of

MENDS = {
    "secret": "set it to 32 or more random characters, the same for every process",
    "public_url": "set it to the address that customers and providers reach, https://...",
    "database_url": "set it to sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
    "redis_url": "set it to redis://HOST:6379/0, or leave it out",
    "rasa_url": "set it to http://HOST:5005, or leave it out for the built-in model",
    "http_port": "set it to a free port from 1 to 65535, or 0 for any",
    "alert_smtp": "set it to smtp://USER:PASSWORD@HOST:587 or smtps://HOST:465, or leave it out",
    "alert_to": "set it to mailboxes by comma, such as duty@your-company.example",
    "alert_from": "set it to one mailbox, such as gateway@your-company.example",
    "call_timeout": "set it to a third of GATEWAY_LEASE",
    "callback_wait": "set it to seconds below 15, such as 5",
    "callback_queue": "set it to 1 or more, such as 10000",
}

SHARED = {"public_url": "GATEWAY_PUBLIC_URL", "timeout": "GATEWAY_CALL_TIMEOUT"}


class Settings(BaseSettings):
    """What one process needs to know. Durations are in seconds unless named otherwise."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", extra="ignore")

    database_url: str = Field(pattern=r"^(sqlite:///|postgres(ql)?://).+")
    redis_url: str | None = Field(default=None, pattern=r"^(rediss?|unix)://.+")
    secret: SecretStr = Field(min_length=32)
    public_url: str = Field(pattern=r"^https?://[^/]+$")
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    http_share_port: bool = False  # with other processes of this machine
    proxies: int = Field(default=0, ge=0)  # trusted ones in front of us that name the visitor
    clients: Path | None = None  # a folder of <client>.yml, applied at start
    contact_rules: Path | None = None  # a folder of rule packs in place of the shipped ones
    lease: float = Field(default=15.0, gt=0, allow_inf_nan=False)
    call_timeout: float = Field(default=5.0, gt=0, validate_default=True)
    callback_wait: float = Field(default=5.0, gt=0, lt=15)  # Twilio gives up after 15
    callback_queue: int = Field(default=10_000, ge=1)
    settle_ms: int = Field(default=0, ge=0)
    turn_tries: int = Field(default=5, ge=1)
    webhook_networks: str = ""  # further networks that webhooks may reach, as CIDR, by comma
    alert_smtp: SecretStr | None = None  # by which people are told of what can't wait
    alert_to: str = ""  # mailboxes of every client's alerts, by comma
    alert_from: str | None = None
    rasa_url: str | None = Field(default=None, pattern=r"^https?://[^/?#@]+(/[^?#]*)?$")
    rasa_token: SecretStr | None = None
    log_level: str = "info"
    twilio_account_sid: str | None = None
    twilio_auth_token: SecretStr | None = None
    twilio_other_tokens: SecretStr | None = None  # that verify callbacks as well, by comma
    twilio_api_key_sid: str | None = None
    twilio_api_key_secret: SecretStr | None = None
    twilio_messaging_service_sid: str | None = None
    twilio_senders: str = "own"
    twilio_api_url: str = "https://api.twilio.com"

    @field_validator("call_timeout")
    @classmethod
    def _ends_within_the_lease(cls, seconds: float, info: ValidationInfo) -> float:
        lease = info.data.get("lease")
        if lease is not None and seconds >= lease:
            raise ValueError(f"it is {seconds:g}, and a call must end within GATEWAY_LEASE")
        return seconds

    @field_validator("alert_smtp")
    @classmethod
    def _names_a_server(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None:
            server_at(url.get_secret_value())
        return url

    @field_validator("alert_to", "alert_from")
    @classmethod
    def _names_mailboxes(cls, text: str | None, info: ValidationInfo) -> str | None:
        found = [mailbox(part.strip()) for part in (text or "").split(",") if part.strip()]
        if info.field_name == "alert_from" and text is not None and len(found) != 1:
            raise ValueError("it is not one mailbox")
        return text

    @property
    def alert_mailboxes(self) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.alert_to.split(",") if part.strip())

    def provider(self, via: str) -> dict[str, str]:
        """What an adapter is configured with, as channels.registry takes it: the variables that
        begin with its name, and those that all share.

        An account of its own has the variables that begin with its own name instead.
        """
        name, _, account = via.partition(".")
        taken = PROVIDERS[name].settings() if name in PROVIDERS else {}
        shared = {"public_url": self.public_url, "timeout": str(self.call_timeout)}
        given = {setting: text for setting, text in shared.items() if setting in taken}
        if name == "twilio":
            given["api_url"] = self.twilio_api_url
        return given | (self._twilio() if via == "twilio" else self._named(via, account, taken))

    def payment_provider(self, via: str) -> dict[str, str]:
        """The same for a payment provider, as payment_links.registry takes it."""
        known = settings_of(via)
        shared = {"timeout": str(self.call_timeout)} if "timeout" in known else {}
        return shared | self._named(via, via.partition(".")[2], known)

    def _twilio(self) -> dict[str, str]:
        found = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if name.startswith("twilio_") and value:
                shown = value.get_secret_value() if isinstance(value, SecretStr) else value
                found[name.removeprefix("twilio_")] = shown
        return found

    def _named(self, via: str, account: str, taken: Mapping[str, object]) -> dict[str, str]:
        """Of the environment. What ends like a setting of ours but begins with more than our name
        is another account's."""
        prefix = variable(via, "")
        found = {}
        for name, text in os.environ.items():
            setting = name.removeprefix(prefix).lower()
            others = not account and any(setting.endswith(f"_{known}") for known in taken)
            if name.startswith(prefix) and text and (setting in taken or not others):
                found[setting] = text
        return found


def variable(via: str, setting: str) -> str:
    """The environment's name for an adapter's setting, some of which all adapters share."""
    own = f"GATEWAY_{via.upper().replace('.', '_')}_{setting.upper()}"
    return SHARED.get(setting, own)


def clients_folder() -> Path | None:
    """GATEWAY_CLIENTS by itself, for what needs no other setting."""
    named = os.environ.get("GATEWAY_CLIENTS")
    return Path(named) if named else None


def contact_rules_folder() -> Path | None:
    """GATEWAY_CONTACT_RULES by itself."""
    named = os.environ.get("GATEWAY_CONTACT_RULES")
    return Path(named) if named else None


def load_settings(**given: object) -> Settings:
    """The environment's settings. Raises ConfigurationError: a line for each variable to mend."""
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = []
        for finding in error.errors():
            name = str(finding["loc"][0])
            what = "is not set" if finding["type"] == "missing" else f"is wrong: {finding['msg']}"
            mend = MENDS.get(name)
            lines.append(f"GATEWAY_{name.upper()} {what}" + (f"; {mend}" if mend else ""))
        raise ConfigurationError("\n".join(lines)) from None
    if settings.lease <= settings.call_timeout:
        raise ConfigurationError(
            f"GATEWAY_LEASE is wrong: {settings.lease:g} s do not outlast a call;"
            f" set it above GATEWAY_CALL_TIMEOUT ({settings.call_timeout:g} s)"
        )
    return settings
