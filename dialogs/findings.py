"""What is wrong with a pack, where, why, and how to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """`line` and `column` count from 1; `code` is stable and documented."""

    file: str
    line: int
    column: int
    code: str
    reason: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.code}: {self.reason}; {self.mend}"


class PackError(ValueError):
    """A pack that can't be used; `findings` are all that is wrong with it."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings
