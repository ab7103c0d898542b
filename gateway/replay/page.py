"""A replay's result as one page that needs nothing else: no script, no picture, no style sheet."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.replay.text import FATES

WHO = {"customer": "Customer", "we": "We", "event": "What happened"}

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,  # every text is a stranger's
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def page(found: dict[str, Any]) -> str:
    """HTML of what `gateway.replay.shape` gives."""
    return _ENVIRONMENT.get_template("report.html").render(found=found, fates=FATES, who=WHO)
