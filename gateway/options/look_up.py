"""Asking a host for an account's options: signed, bounded in time and size.

Every failure fails closed: what comes back then says why, and leads to a person.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Self

import msgspec
import structlog
from msgspec import Struct
from yarl import URL

from channels.http1 import AnswerLost, Http1, NotSent, Origin
from domain.options import Attributes, Hosted, Source
from gateway.clients import ConfigurationError
from gateway.clients.look_up import LookUpPart
from gateway.clock import Clock
from gateway.ids import new_id
from gateway.outcomes.networks import Network, Refused, dialler
from gateway.outcomes.posting import signed_headers

log = structlog.get_logger()

MOST_BYTES = 16 * 1024
"""Of an answer; in a longer one nothing is looked at."""
CONCURRENT = 16


class Failure(StrEnum):
    """Why a look-up brought no offers."""

    NOT_ASKED = "look_up.not_asked"  # where no terms were asked for
    SECRET = "look_up.secret"  # noqa: S105  # not set, or no key
    URL = "look_up.url"
    ADDRESS = "look_up.address"  # not public, and not allowed
    NOT_SENT = "look_up.not_sent"
    NO_ANSWER = "look_up.no_answer"  # in time
    STATUS = "look_up.status"  # not 200
    TOO_LARGE = "look_up.too_large"
    UNREADABLE = "look_up.unreadable"
    OTHER_ACCOUNT = "look_up.other_account"
    UNEXPECTED = "look_up.unexpected"


class Answer(Struct, frozen=True):
    """What a host answers; further keys are ignored."""

    account_ref: str
    offers: dict[str, Any]


_read = msgspec.json.Decoder(Answer).decode


class LookUps:
    """`allowed` are networks that may be asked besides public addresses."""

    def __init__(self, clock: Clock, allowed: Sequence[Network] = ()) -> None:
        self._clock = clock
        self._dial = dialler(allowed)
        self._hosts: dict[tuple[str, int], Http1] = {}

    async def ask(self, part: LookUpPart, client: str, account: Attributes, today: date) -> Hosted:
        """The host's offers for an account, or the failure. Never raises but when cancelled."""
        found = await self._answered(part, client, account, today)
        if isinstance(found, Failure):
            log.warning("options.look_up_failed", client=client, reason=found.value)
            return Hosted(source=Source.LOOK_UP, failure=found.value)
        return Hosted(found, Source.LOOK_UP)

    async def close(self) -> None:
        for host in self._hosts.values():
            await host.close()
        self._hosts.clear()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _answered(
        self, part: LookUpPart, client: str, account: Attributes, today: date
    ) -> dict[str, Any] | Failure:
        body = _question(client, account, today)
        try:
            headers = signed_headers(part.secret, new_id(), body, self._clock())
            parts = URL(part.url)
            host = self._host(parts, part.timeout_seconds)
            answer = await host.request("POST", parts.raw_path_qs, headers, body)
        except ConfigurationError:
            return Failure.SECRET
        except Refused:
            return Failure.ADDRESS
        except NotSent:
            return Failure.NOT_SENT
        except AnswerLost:
            return Failure.NO_ANSWER
        except ValueError:
            return Failure.URL
        except Exception:
            log.exception("options.look_up_broke", client=client)
            return Failure.UNEXPECTED
        if answer.status != 200:
            return Failure.STATUS
        return _offers(answer.body, account.ref)

    def _host(self, parts: URL, timeout: int) -> Http1:
        """Raises ValueError for a URL that can't be called."""
        known = self._hosts.get((str(parts.origin()), timeout))
        if known is None:
            if parts.scheme not in {"http", "https"} or not parts.raw_host or parts.port is None:
                raise ValueError("not an http or https URL")
            authority = parts.host_port_subcomponent or parts.raw_host
            secure = parts.scheme == "https"
            origin = Origin(parts.raw_host, parts.port, secure, authority, "")
            known = Http1(origin, timeout, CONCURRENT, dial=self._dial)
            self._hosts[str(parts.origin()), timeout] = known
        return known


def _question(client: str, account: Attributes, today: date) -> bytes:
    """Names no person: the host knows the account by its reference."""
    return msgspec.json.encode(
        {
            "type": "options.requested",
            "client": client,
            "account_ref": account.ref,
            "balance": str(account.balance.decimal),
            "currency": account.balance.currency,
            "today": today,
        }
    )


def _offers(body: bytes, account_ref: str) -> dict[str, Any] | Failure:
    if len(body) > MOST_BYTES:
        return Failure.TOO_LARGE
    try:
        answer = _read(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Failure.UNREADABLE
    return answer.offers if answer.account_ref == account_ref else Failure.OTHER_ACCOUNT
