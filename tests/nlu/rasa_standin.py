"""A stand-in Rasa server whose moods are set from within the test."""

import asyncio
import json
from dataclasses import dataclass, field

from tests.standins.serving import Request, Response


def answer(*ranking: tuple[str | None, float]) -> bytes:
    """The body of an answer with this ranking, as Rasa writes it."""
    ranked = [{"name": name, "confidence": share} for name, share in ranking]
    told = {
        "text": "",
        "intent": ranked[0],
        "entities": [{"entity": "amount", "start": 0, "end": 1, "value": "9", "extractor": "DIET"}],
        "text_tokens": [[0, 1]],
        "intent_ranking": ranked,
    }
    return json.dumps(told).encode()


@dataclass
class StandIn:
    """Answers `body` with `status` after `delay` seconds, or drops the connection.

    `asked` are the texts that came, `tokens` what came with them, `most` the calls at one time.
    """

    body: bytes = answer(("hardship", 0.9))
    status: int = 200
    delay: float = 0.0
    drop: bool = False
    model: str | None = "20260304-100000-glad-otter.tar.gz"
    asked: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    most: int = 0
    _now: int = 0

    async def handle(self, request: Request) -> Response:
        self.tokens.add(request.query)
        if request.path == "/status":
            told = {"model_file": self.model, "model_id": "1f", "num_active_training_jobs": 0}
            return Response(200 if self.model else 409, json.dumps(told).encode())
        assert (request.method, request.path) == ("POST", "/model/parse")
        self.asked.append(json.loads(request.body)["text"])
        self._now += 1
        self.most = max(self.most, self._now)
        await asyncio.sleep(self.delay)
        self._now -= 1
        if self.drop:
            request.drop()
        return Response(self.status, self.body)
