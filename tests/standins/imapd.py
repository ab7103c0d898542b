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
        said: list[bytes] = []
        done = "OK done"
        match name:
            case "CAPABILITY":
                said = [f"CAPABILITY {self.can}".encode()]
            case "STARTTLS":
                writer.write(f"{tag} OK begin\r\n".encode())
                await writer.drain()
                assert self.tls is not None
                await writer.start_tls(self.tls)
                return
            case "LOGIN":
                self.logins += 1
                if not rest.endswith(f'"{self.password}"'):
                    done = "NO [AUTHENTICATIONFAILED] no such user care"
            case "AUTHENTICATE":
                self.logins += 1
                done = await self._xoauth2(rest, reader, writer)
            case "SELECT":
                said = [
                    f"{len(self.mails)} EXISTS".encode(),
                    f"OK [UIDVALIDITY {self.validity}] ok".encode(),
                    f"OK [UIDNEXT {max(self.mails, default=0) + 1}] ok".encode(),
                ]
                done = f"OK [{'READ-ONLY' if self.read_only else 'READ-WRITE'}] selected"
            case "UID SEARCH":
                said = [b"SEARCH " + b" ".join(b"%d" % uid for uid in self._found(rest))]
            case "UID FETCH":
                said, done = self._fetched(rest)
            case "UID STORE":
                done = self._store(rest)
            case "UID MOVE" | "UID COPY":
                uids, folder = re.match(r'UID \w+ (\S+) "(.*)"', rest, re.IGNORECASE).groups()  # type: ignore[union-attr]
                self.moved.setdefault(folder, []).extend(map(int, uids.split(",")))
                if name == "UID MOVE":
                    for uid in map(int, uids.split(",")):
                        self.mails.pop(uid, None)
            case "IDLE":
                return await self._idle(tag, reader, writer)
        for each in said:
            writer.write(b"* " + each + b"\r\n")
        writer.write(f"{tag} {done}\r\n".encode())

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
        wanted, flags = re.match(r"UID STORE (\S+) \S+ \((.*)\)", rest, re.IGNORECASE).groups()  # type: ignore[union-attr]
        for uid in map(int, wanted.split(",")):
            self.flags[uid] = flags
            if "\\Seen" in flags:
                self.seen.add(uid)
        return "OK stored"

    async def _idle(
        self, tag: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(b"+ idling\r\n")
        self.idling += 1
        told = asyncio.ensure_future(self.news.wait())
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
