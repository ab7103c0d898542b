"""Logs: JSON lines on stderr, readable ones on a terminal."""

import logging
import os
import sys

import structlog


def configure_logs() -> None:
    """Reads GATEWAY_LOG_LEVEL (debug, info, warning, error); anything else means info."""
    name = os.environ.get("GATEWAY_LOG_LEVEL", "info").upper()
    level = logging.getLevelNamesMapping().get(name, logging.INFO)
    shown = (
        structlog.dev.ConsoleRenderer if sys.stderr.isatty() else structlog.processors.JSONRenderer
    )
    _take_in_libraries(shown())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            shown(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _take_in_libraries(shown: structlog.typing.Processor) -> None:
    """What libraries log by `logging`, warnings and worse, as lines of the same kind."""
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, shown],
        foreign_pre_chain=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
