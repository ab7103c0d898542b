"""A provider's HTTP API as adapters use it: what each way of failing says of the message."""

from collections.abc import Callable, Mapping

from channels.contract import SendError
from channels.http1 import AnswerLost, Http1, NotSent, Origin
from channels.http1_answer import Answer
from domain.messages import Reason


class Api:
    """Kept connections, one time-out (seconds) for each call, no retries. `headers` go with every
    call. Raises ValueError where `url` is none."""

    def __init__(self, url: str, timeout: float, headers: Mapping[str, str]) -> None:
        self._http = Http1(Origin.of(url), timeout)
        self._headers = headers

    async def submit(
        self, target: str, body: bytes, refusal: Callable[[Answer], SendError]
    ) -> Answer:
        """Posts a message; the answer where it is 2xx. Raises SendError: `refusal` makes it of an
        answer of 3xx or 4xx, after which the message surely did not go.

        After 5xx it may have gone: whatever stands before an API may answer so when the API has
        taken the message.
        """
        try:
            answer = await self._http.request("POST", target, self._headers, body)
        except NotSent as error:
            raise SendError(Reason.TEMPORARY, "later", detail=f"not sent: {error}") from None
        except AnswerLost as error:
            raise SendError(Reason.UNKNOWN, "unknown", detail=f"answer lost: {error}") from None
        if answer.status >= 500:
            detail = f"the provider answered {answer.status}"
            raise SendError(Reason.TEMPORARY, "unknown", detail=detail)
        if not 200 <= answer.status < 300:
            raise refusal(answer)
        return answer

    async def close(self) -> None:
        await self._http.close()


def retry_after(answer: Answer) -> float | None:
    """Retry-After in seconds; its other form, a date, is not taken: clocks differ."""
    seconds = answer.headers.get("retry-after", "").strip()
    return float(seconds) if seconds.isascii() and seconds.isdigit() else None
