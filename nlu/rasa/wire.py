"""What Rasa 3.6 says over HTTP, as far as the gateway reads or writes it.

Source: Rasa's HTTP API, https://legacy-docs-oss.rasa.com/docs/rasa/pages/http-api, and the
answers of a server of version 3.6.21.
"""

from typing import Annotated

from msgspec import Meta, Struct

VERSION = "3.6.21"
"""The version whose answers these are, and the oldest whose models such a server loads."""

PARSE, STATUS = "/model/parse", "/status"


class Ranked(Struct, frozen=True):
    """An intent and its share; a model that found none says null."""

    name: str | None
    confidence: Annotated[float, Meta(ge=0, le=1.001)]  # float32 may pass 1 by a little


class Parsed(Struct, frozen=True):
    """An answer to `POST /model/parse`; `intent` comes first in the ranking too, if that is there.

    The ranking's keys are typed as Rasa types them; everything else that it says is passed over.
    """

    intent: Ranked | None = None
    intent_ranking: tuple[Ranked, ...] = ()

    @property
    def ranking(self) -> tuple[Ranked, ...]:
        return self.intent_ranking or ((self.intent,) if self.intent else ())


class Status(Struct, frozen=True):
    """An answer to `GET /status`: the model that is loaded."""

    model_file: str | None = None


def failure(code: int, reason: str, message: str) -> dict[str, object]:
    """The body of a refusal."""
    return {
        "version": VERSION,
        "status": "failure",
        "message": message,
        "reason": reason,
        "details": {},
        "help": None,
        "code": code,
    }
