"""Real IMAP servers on loopback: pymap (a wheel), and Dovecot where it is installed.

Dovecot needs root and Debian's package: `make dovecot-peer` installs it.
"""

import imaplib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

USER, PASSWORD = "care", "s3cret"
PATIENCE = 20.0
RUN = "from pymap.main import main; main()"
DOVECOT = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def has_dovecot() -> bool:
    """It changes its user for each login, which only root may."""
    return DOVECOT is not None and os.geteuid() == 0


@dataclass
class Server:
    """An IMAP server of one user, as a process. `command` is made of the port."""

    command: Sequence[str]
    port: int
    folder: Path
    process: subprocess.Popen[bytes] | None = None
    maildir: Path | None = None  # where mails can be laid without asking the server

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}"

    def at(self, port: int) -> str:
        """The URL of something in between."""
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{port}"

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE
        while True:
            try:
                imaplib.IMAP4("127.0.0.1", self.port, timeout=2).shutdown()
                return
            except (OSError, imaplib.IMAP4.error):
                if self.process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.02)

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.maildir is not None:  # what serves logins has processes of its own
            until = time.monotonic() + PATIENCE
            while _listens(self.port) and time.monotonic() < until:
                time.sleep(0.02)

    def box(self, folder: str = "INBOX") -> "Box":
        return Box(self, folder)


def _listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Box:
    """A folder, as another mail program sees it."""

    server: Server
    name: str = "INBOX"
    _client: Any = field(default=None, repr=False)

    @contextmanager
    def open(self, *, select: bool = True, readonly: bool = False) -> Iterator[Any]:
        client = imaplib.IMAP4("127.0.0.1", self.server.port, timeout=PATIENCE)
        try:
            client.login(USER, PASSWORD)
            if select:
                said, why = client.select(f'"{self.name}"', readonly)
                if said != "OK":
                    raise LookupError(why)
            yield client
        finally:
            client.shutdown()

    def add(self, *mails: bytes, flags: str = "") -> None:
        with self.open(select=False) as client:
            for raw in mails:
                said, why = client.append(f'"{self.name}"', flags, None, raw)
                assert said == "OK", why

    def make(self) -> None:
        with self.open(select=False) as client:
            said, why = client.create(f'"{self.name}"')
            assert said == "OK", why

    def drop(self) -> None:
        with self.open(select=False) as client:
            said, why = client.delete(f'"{self.name}"')
            assert said == "OK", why

    def mails(self) -> list[tuple[bytes, tuple[str, ...]]]:
        """Each mail with its flags, in their order; none where there is no such folder."""
        try:
            with self.open(readonly=True) as client:
                _, found = client.uid("search", "ALL")
                return [self._mail(client, uid) for uid in found[0].split()]
        except LookupError:
            return []

    def _mail(self, client: Any, uid: bytes) -> tuple[bytes, tuple[str, ...]]:
        _, parts = client.uid("fetch", uid, "(FLAGS BODY.PEEK[])")
        raw = next(part[1] for part in parts if isinstance(part, tuple))
        told = b" ".join(p if isinstance(p, bytes) else p[0] for p in parts)
        return raw, tuple(flag.decode() for flag in imaplib.ParseFlags(told))

    def remove(self) -> None:
        """Every mail in it."""
        with self.open() as client:
            client.store("1:*", "+FLAGS.SILENT", r"(\Deleted)")
            client.expunge()


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@contextmanager
def pymap(folder: Path, *more: str) -> Iterator[Server]:
    """Keeps mails in memory; knows no keywords of ours."""
    port = free_port()
    without = ("--no-service", "admin", "--no-service", "managesieve")
    tls = () if "--cert" in more else ("--no-tls",)
    where = ("--host", "127.0.0.1", "--port", str(port))
    user = ("dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD)
    command = [sys.executable, "-c", RUN, *without, *where, *tls, *more, *user]
    with _running(Server(command, port, folder)) as server:
        server.box().remove()
        yield server


@contextmanager
def dovecot(settings: str = "") -> Iterator[Server]:
    """Keeps mails in a Maildir, over restarts. What serves a login is nobody's process, and must
    reach its folder."""
    with TemporaryDirectory(prefix="dovecot-") as named:
        folder = Path(named)
        folder.chmod(0o755)
        with _dovecot(folder, settings) as server:
            yield server


@contextmanager
def _dovecot(folder: Path, settings: str) -> Iterator[Server]:
    assert DOVECOT is not None
    port = free_port()
    home = folder / "home"
    home.mkdir()
    shutil.chown(home, "nobody", "nogroup")
    passwd = folder / "users"
    passwd.write_text(f"{USER}:{{PLAIN}}{PASSWORD}:65534:65534::{home}::\n")
    conf = folder / "dovecot.conf"
    conf.write_text(
        f"""\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:{home}/Maildir
mail_max_userip_connections = 1000
first_valid_uid = 0
maildir_very_dirty_syncs = no
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {passwd}
}}
userdb {{
  driver = passwd-file
  args = {passwd}
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
{settings}
"""
    )
    command = [DOVECOT, "-F", "-c", str(conf)]
    with _running(Server(command, port, folder, maildir=home / "Maildir")) as server:
        yield server


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.stop()
