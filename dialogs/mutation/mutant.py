"""One change to a pack, with a name that stays while what it changes stays."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import blake2b

from dialogs.loading.source import Place
from dialogs.mutation.spots import Edit


class Theme(StrEnum):
    FLOW = "flow"
    SLOT = "slot"
    RESPONSE = "response"
    COMPLIANCE = "compliance"


@dataclass(frozen=True, slots=True)
class Reach:
    """Which conversations may notice a change: those that pass a step, a flow or a response.

    Empty: all may. Where it is not `exact`, those that pass it are only tried before the others.
    """

    flow: str = ""
    step: str = ""
    response: str = ""
    exact: bool = False


EVERYWHERE = Reach()


@dataclass(frozen=True, slots=True)
class Mutant:
    """`id` is made of where it is, the operator and a digest of what it changes: it does not depend
    on lines. `where` is such as ("flow", "pay_now", "utter_pay_link")."""

    theme: Theme
    operator: str
    where: tuple[str, ...]
    place: Place
    change: str
    edits: tuple[Edit, ...]
    reach: Reach = EVERYWHERE
    id: str = ""

    def __str__(self) -> str:
        return f"{self.place.file}:{self.place.line}: {self.id}: {self.change}"


def named(mutants: Iterable[Mutant]) -> tuple[Mutant, ...]:
    """Each with its id; the second of the same name in the same place gets a number."""
    seen: dict[str, int] = {}
    found = []
    for mutant in mutants:
        digest = blake2b(mutant.change.encode(), digest_size=3).hexdigest()
        name = "/".join((*mutant.where, mutant.operator, digest))
        seen[name] = number = seen.get(name, 0) + 1
        found.append(replace(mutant, id=name if number == 1 else f"{name}-{number}"))
    return tuple(found)
