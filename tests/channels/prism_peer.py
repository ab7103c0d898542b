"""Prism as a proxy that holds each request and answer against Twilio's OpenAPI document.

`make prism-peer` installs it from npm into the user's cache folder, or where PRISM_PEER says. The
document (twilio_api_v2010.json, of github.com/twilio/twilio-oai) is the file that TWILIO_OPENAPI
names.
"""

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = "@stoplight/prism-cli@5.16.0"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
FOLDER = Path(os.environ.get("PRISM_PEER") or CACHE / "collections-gateway" / "prism-peer")
PRISM = FOLDER / "node_modules" / ".bin" / "prism"
DOCUMENT = Path(os.environ.get("TWILIO_OPENAPI") or "twilio_api_v2010.json")
PATIENCE = 120.0
"""Seconds in which it reads a document of three megabytes, on a busy machine."""
PATHS = ("/Messages.json", "/Messages/{Sid}.json", "/Media.json", "/Media/{Sid}.json")


def absent() -> str | None:
    """What is missing, and where to get it; None where all is there."""
    if not DOCUMENT.is_file():
        return "no Twilio OpenAPI document: TWILIO_OPENAPI names no file"
    if not PRISM.exists():
        npm = "" if shutil.which("npm") else ", which needs npm (there is none)"
        return f"no Prism in {FOLDER.name}/: `make prism-peer` installs it{npm}"
    return None


def build() -> None:
    """Raises SystemExit, with what to do, where there is no npm."""
    if PRISM.exists():
        print(f"Prism is in {FOLDER} already")
        return
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("No npm was found. Install Node.js 20 or later, which brings it.")
    print(f"Installing {PACKAGE} into {FOLDER} (half a minute, 170 MB)")
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(FOLDER), PACKAGE]
    subprocess.run(command, check=True)


def excerpt(folder: Path) -> Path:
    """The document's messages alone: read in a second, where the whole of it takes ten."""
    whole = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    whole["paths"] = {name: one for name, one in whole["paths"].items() if name.endswith(PATHS)}
    path = folder / "messages.json"
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path


@contextmanager
def running(document: Path, upstream: str, port: int) -> Iterator[str]:
    """Its address, once it answers; ended at the end."""
    command = [
        str(PRISM), "proxy", "--errors", "-h", "127.0.0.1", "-p", str(port),
        str(document), upstream,
    ]  # fmt: skip
    log = document.parent / "prism.log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file)
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + PATIENCE
        while not _listens(url):
            said = log.read_text(encoding="utf-8", errors="replace")
            assert process.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _listens(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


if __name__ == "__main__":
    build()
