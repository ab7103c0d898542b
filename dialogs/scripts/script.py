"""What the steps of a case are read against."""

from dataclasses import dataclass

from dialogs.loading.reading import Reader
from dialogs.loading.source import Entry
from dialogs.pack import Pack
from dialogs.scripts.cases import Setting
from dialogs.shapes import Schema

TRUE: Schema = {"const": True}


@dataclass(frozen=True, slots=True)
class Script:
    """What steps are read against."""

    reader: Reader
    pack: Pack
    setting: Setting

    @property
    def responses(self) -> frozenset[str]:
        return frozenset(name for texts in self.pack.responses.values() for name in texts)


def just_true(script: Script, entry: Entry) -> None:
    if entry.value is not True:
        script.reader.report(entry.place, "shape", "true is expected", "write true")
