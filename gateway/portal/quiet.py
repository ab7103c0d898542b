"""Keeping aiohttp's own log from quoting a malformed request, whose first line may hold a token."""

import logging

from aiohttp.http_exceptions import HttpProcessingError


class NameOnly(logging.Filter):
    """Leaves the name of what was wrong with a request, and nothing that the request said."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError):
            record.msg = f"{record.getMessage()}: {type(error).__name__}"
            record.args = ()
            record.exc_info = record.exc_text = None
        return True


_FILTER = NameOnly()


def quote_no_requests() -> None:
    """For this whole process; doing it again changes nothing."""
    logging.getLogger("aiohttp.server").addFilter(_FILTER)
