"""An IMAP server that misbehaves as it is told; of the protocol it knows what a reader needs."""

import asyncio
import base64
import re
import ssl
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

SILENCE = ""
"""In place of an answer: none ever comes."""
DROP = "drop"
"""In place of an answer: the connection is cut."""
BYE = "bye"
"""In place of an answer: the server says goodbye and ends."""


@dataclass
class Imapd:
    """`answers` stand for those to a command, for ever; `token` is XOAUTH2's."""

    mails: dict[int, bytes] = field(default_factory=dict)
    can: str = "IMAP4rev1 SASL-IR IDLE MOVE UIDPLUS AUTH=XOAUTH2"
    password: str = "s3cret"
    token: str = ""
    validity: int = 1
    read_only: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    greeting: str = "* OK ready"
    tells: bool = True  # of new mails, in IDLE
    bad_mails: set[int] = field(default_factory=set)  # that it can't show
    sizes: dict[int, int] = field(default_factory=dict)  # that it says, where they aren't so
    commands: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)
    logins: int = 0
    connections: int = 0
    seen: set[int] = field(default_factory=set)
    flags: dict[int, str] = field(default_factory=dict)
    moved: dict[str, list[int]] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    idling: int = 0
    shown: dict[int, int] = field(default_factory=dict)  # the last UID that a connection knows of
    tls: ssl.SSLContext | None = None
    port: int = 0

    def add(self, *mails: bytes) -> None:
        for raw in mails:
            self.mails[max(self.mails, default=0) + 1] = raw
        self.news.set()
        self.news = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            if self.greeting:
                writer.write(f"{self.greeting}\r\n".encode())
            while line := await reader.readline():
                tag, _, rest = line.decode().rstrip("\r\n").partition(" ")
                self.lines.append(rest)
                name = " ".join(rest.upper().split()[: 2 if rest.upper().startswith("UID") else 1])
                self.commands[name] += 1
                answer = self.answers.get(name)
                if answer == DROP:
                    return
                if answer == BYE:
                    writer.write(b"* BYE shutting down\r\n")
                    return
                if answer is not None:
                    if answer:
                        writer.write(f"{tag} {answer}\r\n".encode())
                    continue
                await self._answer(tag, name, rest, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _answer(
        self,
        tag: str,
        name: str,
        rest: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        if name == "STARTTLS":
            assert self.tls is not None
            writer.write(f"{tag} OK begin\r\n".encode())
            await writer.drain()
            await writer.start_tls(self.tls)
            return
        if name == "IDLE":
            await self._idle(tag, reader, writer)
            return
        if name == "AUTHENTICATE":
            self.logins += 1
            said, done = [], await self._xoauth2(rest, reader, writer)
        else:
            said, done = self._said(name, rest)
        if name in ("SELECT", "UID SEARCH"):
            self.shown[id(writer)] = max(self.mails, default=0)
        for each in said:
            writer.write(b"* " + each + b"\r\n")
        writer.write(f"{tag} {done}\r\n".encode())

    def _said(self, name: str, rest: str) -> tuple[list[bytes], str]:
        match name:
            case "CAPABILITY":
                return [f"CAPABILITY {self.can}".encode()], "OK done"
            case "LOGIN":
                return [], self._login(rest)
            case "SELECT":
                return self._selected()
            case "UID SEARCH":
                found = b" ".join(b"%d" % uid for uid in self._found(rest))
                return [b"SEARCH " + found], "OK done"
            case "UID FETCH":
                return self._fetched(rest)
            case "UID STORE":
                return [], self._store(rest)
            case "UID MOVE" | "UID COPY":
                self._move(rest, keep=name == "UID COPY")
        return [], "OK done"

    def _login(self, rest: str) -> str:
        self.logins += 1
        if rest.endswith(f'"{self.password}"'):
            return "OK welcome"
        return "NO [AUTHENTICATIONFAILED] no such user care"

    def _selected(self) -> tuple[list[bytes], str]:
        said = [
            f"{len(self.mails)} EXISTS",
            f"OK [UIDVALIDITY {self.validity}] ok",
            f"OK [UIDNEXT {max(self.mails, default=0) + 1}] ok",
        ]
        done = f"OK [{'READ-ONLY' if self.read_only else 'READ-WRITE'}] selected"
        return [each.encode() for each in said], done

    def _move(self, rest: str, *, keep: bool) -> None:
        _, _, wanted, folder = rest.split(" ", 3)
        uids = [int(uid) for uid in wanted.split(",")]
        self.moved.setdefault(folder.strip('"'), []).extend(uids)
        for uid in () if keep else uids:
            self.mails.pop(uid, None)

    async def _xoauth2(
        self, rest: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> str:
        given = base64.b64decode(rest.split()[2]).decode()
        if self.token and given == f"user=care\1auth=Bearer {self.token}\1\1":
            return "OK welcome"
        writer.write(b"+ " + base64.b64encode(b'{"status":"401"}') + b"\r\n")
        assert await reader.readline() == b"\r\n"
        return "NO [AUTHENTICATIONFAILED] refused"

    def _found(self, rest: str) -> list[int]:
        """A range up to * has the last one always, as the protocol says."""
        uids = sorted(self.mails)
        after = re.search(r"UID (\d+):\*$", rest)
        if after:
            return [uid for uid in uids if uid >= int(after[1]) or uid == uids[-1]]
        return [uid for uid in uids if "UNSEEN" not in rest or uid not in self.seen]

    def _fetched(self, rest: str) -> tuple[list[bytes], str]:
        said = []
        for uid in map(int, rest.split()[2].split(",")):
            if uid not in self.mails:
                continue
            if "BODY" not in rest:
                size = self.sizes.get(uid, len(self.mails[uid]))
                date = b'INTERNALDATE "01-Nov-2026 10:00:00 +0100"'
                said.append(b"1 FETCH (UID %d RFC822.SIZE %d %s)" % (uid, size, date))
            elif uid in self.bad_mails:
                return [], "NO [SERVERBUG] it is broken"
            else:
                raw = self.mails[uid]
                said.append(b"1 FETCH (UID %d BODY[] {%d}\r\n%s)" % (uid, len(raw), raw))
        return said, "OK fetched"

    def _store(self, rest: str) -> str:
        if self.read_only:
            return "NO [NOPERM] read-only"
        _, _, wanted, _, flags = rest.split(" ", 4)
        flags = flags.strip("()")
        for uid in map(int, wanted.split(",")):
            self.flags[uid] = flags
            if "\\Seen" in flags:
                self.seen.add(uid)
        return "OK stored"

    async def _idle(
        self, tag: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """A mail that came since the last look is told of at once, as servers do."""
        writer.write(b"+ idling\r\n")
        self.idling += 1
        news = self.news
        if max(self.mails, default=0) > self.shown.get(id(writer), 0):
            news = asyncio.Event()
            news.set()
        told = asyncio.ensure_future(news.wait())
        done = asyncio.ensure_future(reader.readline())
        try:
            await asyncio.wait({told, done}, return_when=asyncio.FIRST_COMPLETED)
            if self.tells and not done.done():
                writer.write(b"* %d EXISTS\r\n" % len(self.mails))
            if not await done:
                return
        finally:
            told.cancel()
            self.idling -= 1
        writer.write(f"{tag} OK done\r\n".encode())


@asynccontextmanager
async def misbehaving(made: Imapd, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """The server's URL; `tls` from the first byte on."""
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=tls, limit=2**20)
    made.port = server.sockets[0].getsockname()[1]
    scheme = "imaps" if tls else "imap"
    try:
        yield f"{scheme}://care:s3cret@localhost:{made.port}"
    finally:
        server.close()
