"""The understander that asks a Rasa server what the built-in one's model alone would decide."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec
import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

from domain.understanding import Reply, Understanding
from nlu.cascade import BuiltIn
from nlu.normalise import LIMIT
from nlu.rasa.breaker import Breaker
from nlu.rasa.ranking import understanding_by
from nlu.rasa.wire import PARSE, STATUS, Parsed, Ranked, Status
from nlu.redaction import redact

log = structlog.get_logger()
Answer = TypeVar("Answer")

TIMEOUT = 1.0
"""Seconds that one call may take."""
BUDGET = 2.5
"""Seconds from a batch's beginning after which no call of it begins any more."""
AT_ONCE = 8
"""Calls under way at the same time."""
KEPT_ALIVE = 4.0
"""Seconds that an idle connection is kept: less than the 5 after which Sanic ends it."""
MOST = 1 << 20
"""Bytes of an answer."""
NAMED_FOR = 60.0
"""Seconds for which the name of the server's model holds."""
UNNAMED = "unnamed"

Failure = (ClientError, TimeoutError, OSError, msgspec.MsgspecError, RecursionError, ValueError)
"""What a call can end with: no connection, no answer in time, an answer that is none."""


class Refused(ValueError):
    """The server answered something else than a parsed message."""


class Rasa:
    """See `nlu.contract.Understander`. Make it and use it within one running event loop.

    Keywords, rules, the pending question and the shape of a reply decide first; only a reply that
    is left to the built-in's model is sent to the server, and the model decides it where no answer
    comes: the server is down, slow, or speaks of no intent that we know.
    """

    def __init__(
        self,
        url: str,
        token: str = "",
        *,
        built_in: BuiltIn | None = None,
        breaker: Breaker | None = None,
        timeout: float = TIMEOUT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`token` is the one that the server was started with (`--auth-token`), if any."""
        self._built_in = built_in or BuiltIn()
        self._url = url.rstrip("/")
        self._query = {"token": token} if token else {}
        self._breaker = breaker or Breaker()
        self._timeout = timeout
        self._clock = clock
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._session: ClientSession | None = None
        self._model = UNNAMED
        self._name_due = clock()
        self.version = self._built_in.version

    async def understand(self, replies: Sequence[Reply]) -> Sequence[Understanding]:
        answers = self._built_in.parse(replies)
        open_ones = [at for at, answer in enumerate(answers) if _left_to_the_model(answer)]
        until = self._clock() + BUDGET
        texts = (sendable(replies[at].text) for at in open_ones)
        said = await asyncio.gather(*(self._rank(text, until) for text in texts))
        if any(said):
            await self._learn_name()
        for at, ranking in zip(open_ones, said, strict=True):
            if ranking:
                found = understanding_by(replies[at], ranking, f"rasa:{self._model}")
                answers[at] = found or answers[at]
        return answers

    async def rank(self, text: str) -> Sequence[Ranked]:
        """What the server's model alone says of a text; empty where it does not answer."""
        return await self._rank(sendable(text), self._clock() + BUDGET)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _rank(self, text: str, until: float) -> Sequence[Ranked]:
        if not text:
            return ()
        async with self._at_once:
            if self._clock() >= until or not self._breaker.permits():
                return ()
            return await self._ask(text)

    async def _ask(self, text: str) -> Sequence[Ranked]:
        answered = False
        try:
            found = await self._call("POST", PARSE, Parsed, {"text": text})
            answered = True
            return found.ranking
        except Failure as error:
            log.info("rasa.no_answer", error=_named(error))
            return ()
        finally:
            self._report(answered)

    def _report(self, answered: bool) -> None:
        was_open = self._breaker.open
        self._breaker.report(answered)
        if self._breaker.open and not was_open:
            log.warning("rasa.left_alone", url=self._url, instead=self._built_in.version)
        elif was_open and not self._breaker.open:
            log.info("rasa.back", url=self._url)

    async def _learn_name(self) -> None:
        """A server may load another model at any time; what can't be learned keeps its name."""
        if self._clock() < self._name_due:
            return
        self._name_due = self._clock() + NAMED_FOR
        try:
            status = await self._call("GET", STATUS, Status)
        except Failure as error:
            log.info("rasa.model_unnamed", error=_named(error))
            return
        self._model = _short(status.model_file or "") or UNNAMED
        self.version = f"rasa:{self._model}"

    async def _call(
        self, method: str, path: str, form: type[Answer], body: object = None
    ) -> Answer:
        async with self._open().request(
            method, self._url + path, params=self._query, json=body, allow_redirects=False
        ) as response:
            if response.status != 200:
                raise Refused(f"status {response.status}")
            answer = bytearray()
            async for part in response.content.iter_any():
                answer += part
                if len(answer) > MOST:
                    raise Refused(f"more than {MOST} bytes")
        return msgspec.json.decode(bytes(answer), type=form)

    def _open(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=AT_ONCE, keepalive_timeout=KEPT_ALIVE),
                timeout=ClientTimeout(total=self._timeout),
                cookie_jar=DummyCookieJar(),
            )
        return self._session


def sendable(text: str) -> str:
    """A text as the server may see it: redacted, in one line, without what UTF-8 can't hold.

    Rasa takes a text such as "/opt_in" for the name of an intent and believes it, so no text begins
    with a slash.
    """
    line = " ".join(redact(text[:LIMIT]).split())
    return line.encode("utf-8", "replace").decode().lstrip("/ ")


def _left_to_the_model(answer: Understanding) -> bool:
    return answer.decided_by.startswith("model:")


def _short(model_file: str) -> str:
    name = model_file.replace("\\", "/").rpartition("/")[2].removesuffix(".tar.gz")
    return "".join(char for char in name if char.isprintable())[:80]


def _named(error: BaseException) -> str:
    """Its kind and, where it is ours, its words: another's may hold what a customer wrote."""
    kind = type(error).__name__
    return f"{kind}: {error}" if isinstance(error, Refused) else kind
