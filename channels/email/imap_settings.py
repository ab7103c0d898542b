"""What reading a mailbox is configured with."""

import re
import ssl
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

from channels.email.oauth import Grant, grant_of
from channels.email.settings import tls_of

PORTS = {"imap": 143, "imaps": 993}
LONGEST_PLACE = 254
MOST_WAIT = 1740  # seconds; servers end an IDLE after 30 minutes (RFC 2177)
_URL_MEND = "url: give imaps://USER:PASSWORD@HOST, or imap://USER:PASSWORD@HOST:143 for STARTTLS"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ImapServer:
    """`tls` from the first byte on; without it the connection is upgraded before the login."""

    host: str
    port: int
    tls: bool
    username: str
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """Texts; `poll`, `idle` and `patience` are in seconds, `largest` in bytes. Raises ValueError
    naming a wrong setting.

    `encryption` is "none" only on a machine of one's own.
    """

    url: str = field(repr=False)
    folder: str = "INBOX"
    done_folder: str = ""
    aside_folder: str = "Set aside"
    first: Literal["unseen", "all"] = "unseen"
    encryption: str = "required"
    ca_file: str = ""
    oauth_token_url: str = ""
    oauth_client_id: str = ""
    oauth_client_secret: str = field(default="", repr=False)
    oauth_refresh_token: str = field(default="", repr=False)
    oauth_scope: str = ""
    poll: float = 30.0
    idle: float = 240.0
    patience: float = 30.0
    largest: int = 25 * MEBIBYTE

    def __post_init__(self) -> None:
        grant_of(self)
        server = self.server
        if self.encryption not in ("required", "none"):
            raise ValueError("encryption: give required, or none for a server of this machine")
        if self.encryption == "none" and server.tls:
            raise ValueError("encryption: give required, since the URL says imaps://")
        if self.first not in ("unseen", "all"):
            raise ValueError("first: give unseen, or all to take in what was read before, too")
        tls_of(self.ca_file)
        self._check_folders()
        for name in ("poll", "idle", "patience"):
            if not 0 < getattr(self, name) <= MOST_WAIT:
                raise ValueError(f"{name}: give seconds above 0, {MOST_WAIT} at the most")
        if self.largest < 1024:
            raise ValueError("largest: give bytes, such as 26214400")

    def _check_folders(self) -> None:
        for name in ("folder", "done_folder", "aside_folder"):
            if _CONTROL.search(getattr(self, name)):
                raise ValueError(f"{name}: give a folder's name without control characters")
        if not self.folder:
            raise ValueError("folder: give the folder that mails come to, such as INBOX")
        if self.folder in (self.done_folder, self.aside_folder):
            raise ValueError("folder: give one that differs from where mails are moved to")
        if len(self.place) > LONGEST_PLACE:
            raise ValueError(f"folder: {LONGEST_PLACE} characters with user and host are the most")

    @property
    def server(self) -> ImapServer:
        try:
            return _server_at(self.url, by_token=bool(self.oauth_token_url))
        except ValueError as error:
            raise ValueError(f"{_URL_MEND}: {error}" if self.url else _URL_MEND) from None

    @property
    def place(self) -> str:
        """The folder, whatever password or port it is read by."""
        server = self.server
        return f"{server.username}@{server.host}/{self.folder}"

    @property
    def tls(self) -> ssl.SSLContext:
        return tls_of(self.ca_file)

    @property
    def grant(self) -> Grant | None:
        return grant_of(self)


def _server_at(url: str, *, by_token: bool) -> ImapServer:
    """Raises ValueError, which shows nothing of the URL."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("it is not a URL of a mail server") from None
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("it is not a URL of a mail server")
    if not parts.username:
        raise ValueError("it has no user")
    if by_token == (parts.password is not None):
        raise ValueError(
            "it must have no password, since a token is fetched for it"
            if by_token
            else "it has a user without a password"
        )
    username = unquote(parts.username)
    password = None if parts.password is None else unquote(parts.password)
    if _CONTROL.search(username + (password or "")):
        raise ValueError("user and password can't have control characters")
    tls = parts.scheme == "imaps"
    return ImapServer(parts.hostname, port or PORTS[parts.scheme], tls, username, password)
