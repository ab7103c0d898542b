"""A pack's files as texts by name: read from a folder, named by their digest, written out again."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from dialogs.findings import Finding, PackError

Sources = Mapping[str, str]
"""Texts by file name, such as "flows/payment.yml"."""

MAX_FILES = 400
MAX_BYTES = 10_000_000
SUFFIXES = (".yml", ".md")
"""What belongs to a pack; whatever else lies in its folder is left where it is."""


def read_sources(folder: Path) -> dict[str, str]:
    """The pack's files as they are. Raises PackError with everything that can't be published."""
    if not folder.is_dir():
        raise PackError((_finding(str(folder), "file-missing", "no such folder", "name a folder"),))
    found: dict[str, str] = {}
    findings: list[Finding] = []
    size = 0
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        size += path.stat().st_size if path.is_file() else 0
        if len(found) >= MAX_FILES or size > MAX_BYTES:
            reason = f"the pack is over {MAX_FILES} files or {MAX_BYTES // 1_000_000} MB"
            findings.append(_finding(name, "file-size", reason, "publish only what belongs to it"))
            break
        try:
            found[name] = _text(path, folder)
        except (OSError, ValueError, RuntimeError) as error:  # the last is a link to itself
            mend = "save it in the pack's folder, as UTF-8"
            findings.append(_finding(name, "file-read", f"the file can't be read ({error})", mend))
    if findings:
        raise PackError(tuple(sorted(findings)))
    return found


def _files(folder: Path) -> list[Path]:
    """Those of a pack, in the order of their names; folders that are links are not followed."""
    found = []
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            Path(here, name)
            for name in names
            if name.endswith(SUFFIXES) and not name.startswith(".")
        ]
    return sorted(found)


def _text(path: Path, folder: Path) -> str:
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError("it is a link that leads out of the folder")
    if not path.is_file():
        raise ValueError("it is no file")
    text = path.read_bytes().decode("utf-8")
    if "\0" in text:
        raise ValueError("it holds a NUL character")
    path.relative_to(folder).as_posix().encode("utf-8")
    return text


def _finding(file: str, code: str, reason: str, mend: str) -> Finding:
    return Finding(file, 1, 1, code, reason, mend)


def canonical(sources: Sources) -> str:
    """The same text for the same files."""
    return json.dumps(dict(sources), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def parse(content: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(content)
    return found


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def write_sources(sources: Sources, folder: Path) -> None:
    """Writes the files below `folder`. Raises OSError, and FileExistsError before anything is
    written where one is there already."""
    for name in sources:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise FileExistsError(0, "a name that leads out of the folder", name)
        if (folder / name).exists():
            raise FileExistsError(0, "it exists already", str(folder / name))
    for name, text in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
