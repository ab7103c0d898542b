"""What names its account in a turn: steps of sequences, only those of runs that go on, and the
links that are asked for."""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.pipeline.dialogue import Dialogues
from gateway.sequences.stopping import still_running
from gateway.storage import Transaction, decode


async def standing(tx: Transaction, arrived: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """What arrived, without the steps whose run has ended meanwhile. The runs of the others stay
    locked: what ends them comes after the turn, and finds what it has queued."""
    runs = {row.id: run for rows in arrived.values() for row in rows if (run := run_of(row))}
    going = await still_running(tx, sorted(set(runs.values())))
    return {
        talk: [row for row in rows if row.id not in runs or runs[row.id] in going]
        for talk, rows in arrived.items()
    }


def run_of(row: Any) -> str | None:
    """The run that an inbox row is a step of."""
    if row.kind != "campaign" or row.payload is None or '"run_id"' not in row.payload:
        return None
    found: str | None = decode(row.payload).get("run_id")
    return found


def about(talk: Any, rows: Sequence[Any], dialogues: Dialogues) -> Any:
    """The conversation, about the account of the step that comes now, or of the link that is asked
    for; as it was where the customer has just written, or is being asked something."""
    steps = [row for row in rows if row.kind == "link_asked" or run_of(row)]
    spoken = any(row.kind == "said" for row in rows)
    if not steps or spoken or dialogues.pending(talk.state) is not None:
        return talk
    return talk._replace(account_id=decode(steps[-1].payload)["account_id"])
