"""The contact rules of this process: the shipped packs, or those of a folder as they stand there.

Where they can't be read there are none, and so nothing is sent until they can: what was read before
is not gone by any longer, since nobody knows in what way it is wrong by now.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog

from compliance.loading import FILES, BadPack, Fault, parse_book, shipped_book
from compliance.pack import Book, NoRules
from gateway.metrics import contact_rules_usable

log = structlog.get_logger()

State = tuple[tuple[int, int, int], ...] | None
"""By which a change of the files is noticed; None where one of them is out of reach."""


class Rulebook:
    """The packs in force. `folder` holds all of them, by the names of the shipped ones; without it
    the shipped ones are in force. `load` reads them (in tests, from elsewhere)."""

    def __init__(self, folder: Path | None = None, load: Callable[[], Book] | None = None) -> None:
        self._folder = folder
        self._load = load or self._read
        self._found: Book | NoRules | None = None
        self._state: State = None

    @property
    def book(self) -> Book:
        """Raises NoRules, which says why, while there is none to go by."""
        if self._found is None:
            self._look()
        if isinstance(self._found, Book):
            return self._found
        raise NoRules(str(self._found))

    @property
    def trouble(self) -> str | None:
        """Why nothing is sent; None where the rules are in force."""
        return str(self._found) if isinstance(self._found, NoRules) else None

    async def refresh(self) -> bool:
        """Takes over what has changed in the folder; whether anything did."""
        if self._is_current():
            return False
        before = self._found
        await asyncio.to_thread(self._look)
        return self._tell(before)

    def _is_current(self) -> bool:
        """What is out of reach, or not in a folder, is tried again for as long as it is bad."""
        same = self._state is not None and self._state == self._now()
        return same and (isinstance(self._found, Book) or bool(self._state))

    def _look(self) -> None:
        state = self._now()
        try:
            self._found = self._load()
        except NoRules as error:
            self._found = error
        except Exception as error:
            log.exception("contact_rules.reading_broke")
            self._found = NoRules(f"the contact rules can't be read: {type(error).__name__}")
        self._state = state
        contact_rules_usable.set(isinstance(self._found, Book))

    def _tell(self, before: Book | NoRules | None) -> bool:
        found = self._found
        if isinstance(found, NoRules):
            if str(found) == str(before):
                return False
            log.error("contact_rules.unusable", error=str(found), effect="nothing is sent")
        elif found is not None and before is not None:  # a change, or its mend
            versions = [pack.version for pack in (*found.packs, found.default)]
            log.info("contact_rules.in_force", versions=versions)
        return True

    def _now(self) -> State:
        if self._folder is None:
            return ()
        try:
            found = [(self._folder / name).stat() for name in FILES]
        except OSError:
            return None
        return tuple((each.st_mtime_ns, each.st_size, each.st_ino) for each in found)

    def _read(self) -> Book:
        if self._folder is None:
            return shipped_book()
        return read_book(self._folder)


def read_book(folder: Path) -> Book:
    """The packs of a folder. Raises BadPack with every fault, each with its file and line."""
    texts, faults = {}, []
    for name in FILES:
        try:
            texts[name] = (folder / name).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            mend = f"the folder must hold {', '.join(FILES)}"
            faults.append(Fault(str(folder / name), None, "", f"can't be read: {reason}", mend))
    if faults:
        raise BadPack(tuple(faults))
    return parse_book(texts)
