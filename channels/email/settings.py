"""What SMTP is configured with."""

import re
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from channels.email.oauth import Grant
from channels.email.server import MailServer, server_at
from channels.email.signing import Signer, signer_of

MAX_TIMEOUT = 600
MAX_CONNECTIONS = 64
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_LABELS = re.compile(
    r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*"
)
_URL_MEND = "url: give smtp://USER:PASSWORD@HOST:587, or smtps://USER:PASSWORD@HOST:465"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Texts; `timeout` and `idle` are in seconds. Raises ValueError naming a wrong setting.

    `encryption` is "none" only on a network where everybody may read along, and never with a login.
    """

    url: str = field(repr=False)
    encryption: str = "required"
    ca_file: str = ""
    hello: str = ""
    return_domain: str = ""
    dkim_selector: str = ""
    dkim_domain: str = ""
    dkim_key_file: str = ""
    oauth_token_url: str = ""
    oauth_client_id: str = ""
    oauth_client_secret: str = field(default="", repr=False)
    oauth_refresh_token: str = field(default="", repr=False)
    oauth_scope: str = ""
    connections: int = 4
    idle: float = 30.0
    timeout: float = 10.0

    def __post_init__(self) -> None:
        self._check_login()
        if self.encryption not in ("required", "none"):
            raise ValueError("encryption: give required, or none for a server without TLS")
        if self.encryption == "none" and (self.server.username or self.server.tls):
            raise ValueError("encryption: give required, since none takes no login and no smtps://")
        if self.ca_file:
            tls_of(self.ca_file)
        for name in ("hello", "return_domain", "dkim_domain"):
            text = getattr(self, name)
            if text and not _HOST.fullmatch(text):
                raise ValueError(
                    f"{name}: give a host name in lower case, such as mail.your.example"
                )
        if self.dkim_selector and not _LABELS.fullmatch(self.dkim_selector):
            raise ValueError("dkim_selector: give the name before ._domainkey in the DNS")
        signer_of(self.dkim_selector, self.dkim_domain, self.dkim_key_file)
        if not 1 <= self.connections <= MAX_CONNECTIONS:
            raise ValueError(f"connections: give a number from 1 to {MAX_CONNECTIONS}")
        if not 0 < self.timeout <= MAX_TIMEOUT:
            raise ValueError(f"timeout: give seconds above 0, {MAX_TIMEOUT} at the most")
        if not 0 < self.idle <= MAX_TIMEOUT:
            raise ValueError(f"idle: give seconds above 0, {MAX_TIMEOUT} at the most")

    def _check_login(self) -> None:
        given = {
            name: getattr(self, f"oauth_{name}")
            for name in ("client_id", "client_secret", "refresh_token", "scope")
        }
        if not self.oauth_token_url:
            for name, text in given.items():
                if text:
                    raise ValueError(f"oauth_{name}: give oauth_token_url with it, or leave it out")
        elif not given["client_id"]:
            raise ValueError("oauth_client_id: give the one that the mail provider has registered")
        elif not (given["refresh_token"] or given["client_secret"]):
            raise ValueError("oauth_refresh_token: give one, or oauth_client_secret")
        if self.oauth_token_url and not _is_https(self.oauth_token_url):
            raise ValueError("oauth_token_url: give an https:// address")
        try:
            server_at(self.url, by_token=bool(self.oauth_token_url))
        except ValueError as error:
            raise ValueError(f"{_URL_MEND}: {error}" if self.url else _URL_MEND) from None

    @property
    def server(self) -> MailServer:
        return server_at(self.url, by_token=bool(self.oauth_token_url))

    @property
    def tls(self) -> ssl.SSLContext:
        return tls_of(self.ca_file)

    @property
    def signer(self) -> Signer | None:
        return signer_of(self.dkim_selector, self.dkim_domain, self.dkim_key_file)

    @property
    def grant(self) -> Grant | None:
        if not self.oauth_token_url:
            return None
        return Grant(
            self.oauth_token_url,
            self.oauth_client_id,
            self.oauth_client_secret,
            self.oauth_refresh_token,
            self.oauth_scope,
        )


def tls_of(ca_file: str) -> ssl.SSLContext:
    """Trusts the system's authorities, and those of a file beside. Raises ValueError."""
    context = ssl.create_default_context()
    if ca_file:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError):
            raise ValueError("ca_file: give a file of PEM certificates that can be read") from None
    return context


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)
