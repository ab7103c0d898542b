"""The JSON Schema of a client's file, kept beside this module for editors.

`python -m gateway.clients.schema` writes it anew; with `--check` it only says whether it fits.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from gateway.clients.shape import client_schema

FILE = Path(__file__).with_name("client.schema.json")
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text() -> str:
    whole = {"$schema": DIALECT, **client_schema(), "title": "A client of the gateway"}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str]) -> int:
    """0; with --check 1 where the file is not what it would be written as."""
    if "--check" not in arguments:
        FILE.write_text(schema_text(), encoding="utf-8")
    elif not FILE.is_file() or FILE.read_text(encoding="utf-8") != schema_text():
        sys.stderr.write(f"{FILE} is not current: run python -m gateway.clients.schema\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
