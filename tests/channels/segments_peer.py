"""Twilio's published calculator of segments, in a folder that `make segments-peer` fills.

It lies in the user's cache folder, or where SEGMENTS_PEER says, so that every checkout finds it.
`python -m tests.channels.segments_peer [TEXTS] [--golden]` compares so many texts (20,000), and
writes the golden cases anew.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from gateway.commands.inspect import answer
from tests.channels.sms_texts import texts

PACKAGE, VERSION = "sms-segments-calculator", "1.3.0"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
FOLDER = Path(os.environ.get("SEGMENTS_PEER") or CACHE / "collections-gateway" / "segments-peer")
ABSENT = f"no {PACKAGE} {VERSION}; `make segments-peer` installs it where npm is"
GOLDEN = Path(__file__).parent / "cases" / "segments.jsonl"
GOLDEN_TEXTS, GOLDEN_SEED, GOLDEN_LENGTH = 210, 7, 320

_ASKING = """
const { SegmentedMessage } = require(process.argv[1])
const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'))
const answers = asked.map(([text, smart]) => {
  const found = new SegmentedMessage(text, 'auto', smart)
  const beyond = found.encodingName === 'UCS-2' ? found.getNonGsmCharacters() : []
  return {
    encoding: found.encodingName,
    segments: found.segmentsCount,
    units: found.messageSize / (found.encodingName === 'UCS-2' ? 16 : 7),
    forced_by: [...new Set(beyond)],
    text: found.graphemes.join(''),
  }
})
process.stdout.write(JSON.stringify(answers))
"""


def there() -> bool:
    installed = FOLDER / "node_modules" / PACKAGE / "package.json"
    if shutil.which("node") is None or not installed.is_file():
        return False
    return bool(json.loads(installed.read_text(encoding="utf-8"))["version"] == VERSION)


def build() -> None:
    """Raises SystemExit, with what to do, where there is no npm."""
    if there():
        return
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise SystemExit("npm and node are needed: install Node.js 18 or newer")
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = [
        "npm",
        "install",
        "--silent",
        "--no-save",
        "--prefix",
        FOLDER,
        f"{PACKAGE}@{VERSION}",
    ]
    subprocess.run(command, check=True)


def ask(asked: Iterable[tuple[str, bool]]) -> list[dict[str, Any]]:
    """What the calculator says of each text, with and without Smart Encoding."""
    command = ["nice", "node", "-e", _ASKING, str(FOLDER / "node_modules" / PACKAGE)]
    done = subprocess.run(
        command, input=json.dumps(list(asked)), capture_output=True, text=True, check=True
    )
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def ours(text: str, smart: bool) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.to_builtins(answer(text, smart))
    return said | {"forced_by": list(said["forced_by"])}


def differences(count: int, seed: int) -> list[tuple[str, bool, dict[str, Any], dict[str, Any]]]:
    """Of so many texts, each with and without: what we say and what the calculator says."""
    asked = [(text, smart) for text in texts(count, seed) for smart in (False, True)]
    both = zip(asked, ask(asked), strict=True)
    compared = [(text, smart, ours(text, smart), theirs) for (text, smart), theirs in both]
    return [each for each in compared if each[2] != each[3]]


def write_golden() -> None:
    """Short texts only, with Smart Encoding where it changes them; "text" is left out if it is
    what was asked."""
    short = [each for each in texts(GOLDEN_TEXTS, GOLDEN_SEED) if len(each) <= GOLDEN_LENGTH]
    asked = [(text, smart) for text in short for smart in (False, True)]
    with GOLDEN.open("w", encoding="utf-8") as lines:
        for (text, smart), theirs in zip(asked, ask(asked), strict=True):
            if theirs["text"] == text:
                del theirs["text"]
            if not smart or "text" in theirs:
                lines.write(json.dumps({"asked": text, "smart": smart, **theirs}) + "\n")


if __name__ == "__main__":
    build()
    arguments = [each for each in sys.argv[1:] if each != "--golden"]
    if "--golden" in sys.argv:
        write_golden()
    size = int(arguments[0]) if arguments else 20_000
    found = differences(size, seed=1)
    for text, smart, mine, theirs in found[:5]:
        print(ascii(text), smart, ascii(mine), ascii(theirs), sep="\n  ")
    print(f"{size} texts, with and without Smart Encoding: {len(found)} differences")
    sys.exit(bool(found))
