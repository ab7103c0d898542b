"""Reading shapes out of a tree; what is wrong becomes a finding, and reading goes on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from dialogs.findings import Finding
from dialogs.loading.source import Entry, Place
from dialogs.shapes import Keys
from domain.conditions import Condition, ConditionError, Type, parse

MAX_FINDINGS = 500
"""So many are told at once; nobody reads more, and no file can make us write for ever."""


MAX_REASON = 300
"""Of what a file says, a reason repeats no more characters."""


class TooManyFindings(Exception):
    """Reading ends here; the findings so far stand."""


@dataclass(slots=True)
class Reader:
    """Collects findings. `names` are what conditions may mention, with their types."""

    findings: list[Finding] = field(default_factory=list)
    names: dict[str, Type] = field(default_factory=dict)

    def report(self, place: Place, code: str, reason: str, mend: str) -> None:
        if len(self.findings) >= MAX_FINDINGS:
            raise TooManyFindings
        if len(reason) > MAX_REASON:
            reason = reason[:MAX_REASON] + "..."
        self.findings.append(place.finding(code, reason, mend))

    def mapping(
        self, entry: Entry, known: Iterable[str] | None = None, needed: Iterable[str] = ()
    ) -> Mapping[str, Entry]:
        """The mapping in `entry`; unknown and missing keys are findings. Empty where it is none."""
        if not isinstance(entry.value, dict):
            if entry.value is not None or needed:
                self.report(entry.place, "shape", "a mapping is expected", "write key: value")
            return {}
        if known is not None:
            self._unknown(entry.value, set(known))
        for key in needed:
            if key not in entry.value:
                self.report(entry.place, "missing-key", f"{key} is missing", f"add {key}:")
        return entry.value

    def keys(self, entry: Entry, keys: Keys) -> Mapping[str, Entry]:
        """The mapping in `entry` as its shape has it."""
        return self.mapping(entry, keys.fields, keys.needed)

    def _unknown(self, found: Mapping[str, Entry], known: set[str]) -> None:
        for key, entry in found.items():
            if key not in known:
                close = get_close_matches(key, known, 1)
                mend = (
                    f"did you mean {close[0]}?" if close else "known: " + ", ".join(sorted(known))
                )
                self.report(entry.place, "unknown-key", f"unknown key {key}", mend)

    def items(self, entry: Entry | None) -> list[Entry]:
        """The list in `entry`; empty where it is none."""
        if entry is None:
            return []
        if not isinstance(entry.value, list):
            self.report(entry.place, "shape", "a list is expected", "begin each item with -")
            return []
        return entry.value

    def text(self, entry: Entry | None, default: str = "") -> str:
        if entry is None:
            return default
        if not isinstance(entry.value, str):
            self.report(entry.place, "shape", "text is expected", "put it in quotes")
            return default
        return entry.value

    def texts(self, entry: Entry | None) -> tuple[str, ...]:
        return tuple(self.text(item) for item in self.items(entry))

    def flag(self, entry: Entry | None, default: bool = False) -> bool:
        if entry is None:
            return default
        if not isinstance(entry.value, bool):
            self.report(entry.place, "shape", "true or false is expected", "write true or false")
            return default
        return entry.value

    def whole(self, entry: Entry | None, default: int, low: int, high: int) -> int:
        if entry is None:
            return default
        value = entry.value
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.report(
                entry.place, "shape", f"a whole number from {low} to {high} is expected",
                f"such as {default}",
            )  # fmt: skip
            return default
        return value

    def choice(self, entry: Entry | None, known: Iterable[str], default: str) -> str:
        value = self.text(entry, default)
        if entry is not None and value not in set(known):
            self.report(
                entry.place, "unknown-value", f"{value!r} is not known",
                "one of " + ", ".join(sorted(known)),
            )  # fmt: skip
            return default
        return value

    def condition(self, entry: Entry | None) -> Condition | None:
        """None where there is none, or where it is a finding."""
        if entry is None:
            return None
        text = (
            {True: "true", False: "false"}.get(entry.value)
            if isinstance(entry.value, bool)
            else self.text(entry)
        )
        try:
            return parse(text or "", self.names)
        except ConditionError as error:
            reason = f"{error.reason} (character {error.offset + 1} of {text!r})"
            self.report(entry.place, "condition", reason, error.mend)
            return None
