"""All changes to a pack, those of compliance lines first."""

from dialogs.loader import Examined
from dialogs.mutation.flows import in_flows
from dialogs.mutation.mutant import Mutant, Theme, named
from dialogs.mutation.responses import in_responses
from dialogs.mutation.settings import in_settings
from dialogs.mutation.slots import in_slots
from dialogs.mutation.source import source


def mutants(examined: Examined) -> tuple[Mutant, ...]:
    """Of a pack that loads; in the order of themes, then of the files."""
    given = source(examined)
    found = named(
        mutant for part in (in_settings, in_flows, in_slots, in_responses) for mutant in part(given)
    )
    grave = [mutant for mutant in found if mutant.theme is Theme.COMPLIANCE]
    return (*grave, *(mutant for mutant in found if mutant.theme is not Theme.COMPLIANCE))
