"""Rasa's `POST /model/parse`, answered by the built-in understander."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from domain.understanding import Reply, Understanding
from domain.values import ChannelKind
from nlu import entities
from nlu.cascade import BuiltIn
from nlu.date_finders import Calendar
from nlu.normalise import plain
from nlu.rasa.spans import Span, spans
from nlu.rasa.wire import PARSE, STATUS, VERSION, failure

MOST = 2 << 20
"""Bytes of a request: 100,000 characters, however they are escaped."""
EXTRACTOR = "CollectionsGateway"
NO_TEXT = 'No text message defined in request_body; it is an object such as {"text": "..."}'

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Parser:
    """Answers as a Rasa server would whose one model is ours.

    Rasa's request says nothing of the customer: all are taken to write in `locale`, at `clock()`,
    an aware time in their own zone.
    """

    def __init__(self, built_in: BuiltIn, locale: str, clock: Callable[[], datetime]) -> None:
        self._built_in = built_in
        self._locale = locale
        self._clock = clock

    def app(self) -> web.Application:
        app = web.Application(client_max_size=MOST, middlewares=[_refuse_as_rasa_does])
        app.add_routes([
            web.get("/", self._hello),
            web.get("/version", self._version),
            web.get(STATUS, self._status),
            web.post(PARSE, self._parse),
        ])  # fmt: skip
        return app

    async def _hello(self, _: web.Request) -> web.Response:
        return web.Response(text=f"Hello from collections-gateway: {self._built_in.version}")

    async def _version(self, _: web.Request) -> web.Response:
        """Rasa's clients compare versions: it is the one whose answers these are."""
        return web.json_response({"version": VERSION, "minimum_compatible_version": VERSION})

    async def _status(self, _: web.Request) -> web.Response:
        model = self._built_in.version
        return web.json_response(
            {"model_file": model, "model_id": model, "num_active_training_jobs": 0}
        )

    async def _parse(self, request: web.Request) -> web.Response:
        try:
            text = read_text(await request.read())
        except ValueError as error:
            return _refusal(400, "BadRequest", str(error))
        return web.json_response(self.parsed(text))

    def parsed(self, text: str) -> dict[str, Any]:
        """The answer to one text, in Rasa's shape."""
        at = self._clock()
        [found] = self._built_in.parse([Reply("", text, ChannelKind.SMS, self._locale, at)])
        return {
            "text": text,
            "intent": _ranked(found)[0],
            "entities": [_entity(span) for span in self._spans(text, at)],
            "intent_ranking": _ranked(found),
        }

    def _spans(self, text: str, at: datetime) -> list[Span]:
        british = self._locale.endswith("-GB")
        calendar = Calendar(at.date(), "GB" if british else "US")
        return spans(text, entities.read(plain(text), calendar), "GBP" if british else "USD")


def read_text(body: bytes) -> str:
    """The text of a request's body; other keys are passed over. Raises ValueError."""
    if not body:
        raise ValueError(NO_TEXT)
    try:
        given = json.loads(body)
    except RecursionError:
        raise ValueError("the body is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"the body is not JSON: {error}") from None
    text = given.get("text") if isinstance(given, dict) else None
    if not isinstance(text, str):
        raise ValueError(f'{NO_TEXT} The body is an object with a text: {{"text": "..."}}')
    return text


def _ranked(found: Understanding) -> list[dict[str, Any]]:
    """The primary intent, then the others that were found, likeliest first."""
    others = [score for score in found.intents if score.name != found.intent]
    others.sort(key=lambda score: -score.confidence)
    return [
        {"name": found.intent, "confidence": found.confidence},
        *({"name": score.name, "confidence": score.confidence} for score in others),
    ]


def _entity(span: Span) -> dict[str, Any]:
    currency = {"additional_info": {"currency": span.currency}} if span.currency else {}
    return {
        "entity": span.entity,
        "start": span.start,
        "end": span.end,
        "value": span.value,
        "extractor": EXTRACTOR,
        **currency,
    }


def _refusal(code: int, reason: str, message: str) -> web.Response:
    return web.json_response(failure(code, reason, message), status=code)


@web.middleware
async def _refuse_as_rasa_does(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as error:
        reason = error.reason.title().replace(" ", "")
        return _refusal(error.status, reason, error.text or error.reason)
