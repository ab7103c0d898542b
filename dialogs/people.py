"""A person in the conversation: they take it, write in the gateway's name, and hand it back."""

from dialogs.engine import run
from dialogs.rendering import as_written
from dialogs.turn import Turn
from domain.commands import Log
from domain.events import AgentSaid, HandedBack, PersonTook

AGENT = "agent"
"""Stands where messages of a pack name their response."""


def attended(turn: Turn, event: PersonTook | AgentSaid | HandedBack) -> None:
    match event:
        case PersonTook(agent=agent):
            turn.note(f"{agent} has the conversation: flows pause")
            turn.person = agent
        case AgentSaid(agent=agent):
            turn.person = agent
            _say(turn, event)
        case HandedBack(resume=resume):
            turn.person = None
            if resume:
                _resume(turn)
            else:
                turn.note("handed back: all starts afresh")
                _afresh(turn)


def _say(turn: Turn, event: AgentSaid) -> None:
    """A person's words, with the closing line of every reply; silence was asked of them too."""
    written = as_written(turn, AGENT, event.agent, event.text)
    if not turn.speaks or not written.text:
        rule = "empty_text" if turn.speaks else "opted_out"
        turn.note(f"what {event.agent} wrote is not sent: {rule}")
        turn.command(Log("message.suppressed", {"rule": rule, "response": AGENT}))
        return
    turn.note(f"{event.agent} writes")
    turn.spoken.append(written)


def _resume(turn: Turn) -> None:
    flow = turn.flow
    if flow is None:
        turn.note("handed back: nothing was paused")
    elif turn.held and not flow.while_suspended:
        turn.note(f"handed back: {flow.name} ends, suspended ({turn.held})")
        turn.drop_flows()
    else:
        turn.note(f"handed back: flow {flow.name} goes on")
        turn.question = None
        run(turn)


def _afresh(turn: Turn) -> None:
    turn.drop_flows()
    turn.reset_slots(turn.pack.slots)
    turn.misses = turn.abuse = 0
    turn.met = False
