"""What follows from a customer's words: the patterns that come first, effects, and the reply."""

from dialogs.details import details
from dialogs.effects import EFFECTS, apply, figures
from dialogs.engine import begin, beside, clarify, give_up, interject, run, run_beside
from dialogs.filling import YES_OR_NO, choose, fill, is_curt
from dialogs.meanings import (
    SOCIAL,
    Meanings,
    asks,
    asks_yes_or_no,
    bare_yes,
    meanings,
    meant_by,
    topic,
)
from dialogs.pack import (
    PATTERN_CANCEL_FLOW,
    PATTERN_CHANNEL_STOPPED,
    PATTERN_HUMAN_HANDOFF,
    PATTERN_OPT_OUT,
    PATTERN_SAFETY,
    PATTERN_SESSION_START,
    PATTERN_WRONG_PERSON,
    Flow,
)
from dialogs.payloads import meaning
from dialogs.refusals import is_of_a_medium
from dialogs.stopping import (
    REFUSING,
    keep_promise,
    obey,
    quieten,
    silence,
    unsilence,
)
from dialogs.strangers import answer
from dialogs.turn import MEANING, Turn
from domain.commands import CancelQueued, Handoff, Hold, HoldScope, Log, OptIn, OptOut
from domain.events import Chosen, Said
from domain.intents import INTENTS
from domain.messages import Category
from domain.understanding import Score, Understanding

MAX_MISSES = 2
"""One reprompt, then a person."""
TRUSTED = 0.4
"""A yes or no below this confidence answers nothing."""
POLITE = frozenset({"affirm", "deny", "greeting", "thanks"})


def spoken(event: Chosen) -> Said:
    """A pressed button as words that surely mean what it says, or nothing at all."""
    found = meaning(event.payload)
    intent = found if isinstance(found, str) and found in INTENTS else "out_of_scope"
    heard = Understanding(intent, 1.0, (Score(intent, 1.0),), "button")
    return Said(
        id=event.id, at=event.at, channel=event.channel, address=event.address, text="",
        understanding=heard,
    )  # fmt: skip


def said(turn: Turn, event: Said, pressed: Chosen | None = None) -> None:
    """`pressed` is the button that the words stand for, where it was one."""
    if event.keyword is not None and not (
        event.keyword == "START" and bare_yes(event) and turn.speaks
    ):
        _answered_by_provider(turn, event)
        return
    if event.understanding.intent == "auto_reply":
        turn.note("a machine wrote: no reply")
        turn.options = turn.old.options
        turn.command(Log("message.auto_reply_detected"))
        return
    if event.media and not event.text.strip():
        _picture(turn)
        return
    found = _heard(turn, event) if pressed is None else _pressed(turn, event, pressed)
    turn.outreach = False
    _log(turn, event, found)
    for name, _ in _effective(turn, found):
        apply(turn, name, event.understanding)
    _reply(turn, event, found)


def _heard(turn: Turn, event: Said) -> Meanings:
    """A request that is about one channel alone ceases no contact, however much it sounds so."""
    found = meanings(turn, event)
    if "cease_contact" not in found.names or turn.stranger or not is_of_a_medium(event.text):
        return found
    turn.note("it is about one channel: no request to cease all contact")
    known = {"opt_out" if name == "cease_contact" else name: sure for name, sure in found.sure}
    return Meanings(tuple(known.items()), frozenset(known), found.chosen, found.called_off)


def _picture(turn: Turn) -> None:
    """No words to understand: a person looks at what came, and what was asked stays asked."""
    turn.note("a picture or file came without words")
    turn.options = turn.old.options
    if turn.stranger:
        answer(turn)
    elif turn.person is not None:
        turn.note(f"{turn.person} has the conversation: it goes to them")
    else:
        if turn.speaks:
            turn.outreach = False
            run_beside(turn, turn.pack.flows[PATTERN_HUMAN_HANDOFF])
        # The pattern's words fit; its reason is that of a reply to a suspended account.
        turn.commands = [one for one in turn.commands if not isinstance(one, Handoff)]
        turn.hand_off("media")


def _pressed(turn: Turn, event: Said, pressed: Chosen) -> Meanings:
    """A button may be an old one: it sets no slot but those that the flow which asks collects."""
    found = meaning(pressed.payload)
    flow = turn.flow if turn.question is not None else None
    if found is not None and not isinstance(found, str) and flow is not None:
        if {name for name, _ in found} <= set(flow.collects):
            return meant_by(found)
        turn.note("the button belongs to another question")
    return meant_by(event.understanding.intent)


def _log(turn: Turn, event: Said, found: Meanings) -> None:
    understanding = event.understanding
    payload = {
        "intent": understanding.intent,
        "confidence": round(understanding.confidence, 4),
        "intents": [name for name, _ in found.sure],
        "decided_by": understanding.decided_by,
    } | figures(understanding)
    turn.note("understood: " + (", ".join(n for n, _ in found.sure) or "a numbered choice"))
    turn.commands.append(Log(MEANING, payload))


def _effective(turn: Turn, found: Meanings) -> list[tuple[str, float]]:
    """The intents that take effect: grave ones always, others where a flow would trust them."""
    return [
        (name, confidence)
        for name, confidence in found.sure
        if name in EFFECTS
        and (
            EFFECTS[name].grave
            or any(confidence >= least for _, least in turn.pack.by_intent.get(name, ()))
        )
    ]


def _reply(turn: Turn, event: Said, found: Meanings) -> None:
    names = found.names
    stopping, elsewhere = obey(turn, event, names)
    wrong = "wrong_person" in names
    if wrong:
        _wrong_person(turn, event)
    if "self_harm_risk" in names:
        turn.category = Category.CRISIS
        _pattern(turn, PATTERN_SAFETY)
        if stopping or wrong:
            quieten(turn, stopping)
    elif stopping or wrong:
        _farewell(turn, stopping)
    elif "opt_in" in names:
        _opt_in(turn)
    elif "help" in names and (not turn.speaks or _first(found) == "help"):
        _help(turn)
    elif turn.stranger:
        answer(turn)
    elif not turn.speaks:
        turn.note("this channel was asked to be quiet: no reply")
        keep_promise(turn, event, names)
    elif turn.person is not None:
        turn.note(f"{turn.person} has the conversation: the words go to them")
    elif elsewhere:
        _stopped_elsewhere(turn, event, found)
    else:
        _converse(turn, event, found)


def _stopped_elsewhere(turn: Turn, event: Said, found: Meanings) -> None:
    """Says so, and answers what else there is; a pack without words for it notes a preference."""
    if PATTERN_CHANNEL_STOPPED not in turn.pack.flows:
        _converse(turn, event, found)
        return
    beside(turn, PATTERN_CHANNEL_STOPPED)
    rest = tuple(each for each in found.sure if each[0] not in REFUSING | SOCIAL)
    if rest:
        _converse(turn, event, Meanings(rest, frozenset(name for name, _ in rest)))


def _first(found: Meanings) -> str:
    return found.sure[0][0] if found.sure else ""


def _answered_by_provider(turn: Turn, event: Said) -> None:
    turn.note(f"{event.keyword}: the provider has answered")
    match event.keyword:
        case "STOP":
            silence(turn)
            turn.command(OptOut(method="provider"))
            turn.command(CancelQueued("opt_out", all=True))
        case "START":
            unsilence(turn, turn.channel)
            turn.command(OptIn(method="provider"))


def _wrong_person(turn: Turn, event: Said) -> None:
    turn.command(Hold("wrong_party", HoldScope.ADDRESS))
    turn.command(Log("contact.wrong_party", details("wrong_person", event.text)))
    turn.command(CancelQueued("wrong_person", all=True))
    turn.verified = False


def _farewell(turn: Turn, stopping: bool) -> None:
    """The one confirmation or apology, and silence on the channel from then on."""
    channel = turn.channel.value
    if channel not in (turn.opted_out if stopping else (*turn.opted_out, *turn.wrong_party)):
        turn.category = Category.CONFIRMATION if stopping else Category.REPLY
        _pattern(turn, PATTERN_OPT_OUT if stopping else PATTERN_WRONG_PERSON)
    quieten(turn, stopping)


def _opt_in(turn: Turn) -> None:
    unsilence(turn, turn.channel)
    turn.command(OptIn())
    if turn.speaks:
        turn.category = Category.HELP  # a fixed text about messages, not about a debt
    _run_intent(turn, "opt_in")


def _help(turn: Turn) -> None:
    turn.category = Category.HELP
    turn.command(Log("message.help_sent"))
    _run_intent(turn, "help")


def _run_intent(turn: Turn, intent: str) -> None:
    """Says a fixed text beside what is going on."""
    for flow, _ in turn.pack.by_intent.get(intent, ()):
        interject(turn, flow)
        return


def _pattern(turn: Turn, name: str) -> None:
    """Its text stands alone, and nothing else goes on."""
    turn.drop_flows()
    run_beside(turn, turn.pack.flows[name])


def _converse(turn: Turn, event: Said, found: Meanings) -> None:
    if not turn.met:
        beside(turn, PATTERN_SESSION_START)
    flow = turn.flow
    if found.called_off:
        _pattern(turn, PATTERN_CANCEL_FLOW)
        return
    if found.chosen is not None and choose(turn, found.chosen):
        _go_on(turn)
        return
    chosen = topic(turn, found)
    about = None if chosen is None or chosen[0] in SOCIAL else chosen[1]
    if about is None and is_curt(turn, event, found.names):
        turn.note("a courtesy tells nothing: asked once more")
        _go_on(turn)
    elif flow is not None and turn.question and _answers(turn, flow, about, event, found):
        _go_on(turn)
    elif about is not None and (about is not flow or turn.question is None):
        _start(turn, about, event, found)
    elif (offer := _named_figures(turn, event, found)) is not None:
        _start(turn, offer, event, found)
    elif about is None and found.names & POLITE:
        _polite(turn, event, found, chosen[1] if chosen else None)
    else:
        _missed(turn)


def _answers(turn: Turn, flow: Flow, about: Flow | None, event: Said, found: Meanings) -> bool:
    """True where the reply fills something in the flow that asked."""
    ours = {trigger.intent for trigger in flow.triggers}
    if about is not None and about is not flow:
        if found.names & ours:
            fill(turn, flow, event, frozenset())
        return False
    trusted = frozenset(name for name, sure in found.sure if sure >= TRUSTED)
    _bound(turn, trusted)
    return fill(turn, flow, event, trusted)


def _bound(turn: Turn, trusted: frozenset[str]) -> None:
    if asks_yes_or_no(turn) and turn.question is not None:
        for intent, kind in (("affirm", "affirmed"), ("deny", "denied")):
            if intent in trusted:
                turn.command(Log(f"conversation.{kind}", {"slot": turn.question.slot}))


def _go_on(turn: Turn) -> None:
    turn.question = None
    run(turn)


def _start(turn: Turn, flow: Flow, event: Said, found: Meanings) -> None:
    if turn.held and not flow.while_suspended:
        turn.note(f"{flow.name} waits for a person: suspended ({turn.held})")
        run_beside(turn, turn.pack.flows[PATTERN_HUMAN_HANDOFF])
        return
    turn.misses = 0
    begin(turn, flow)
    fill(turn, flow, event, found.names)
    run(turn)


def _named_figures(turn: Turn, event: Said, found: Meanings) -> Flow | None:
    """A flow that a bare amount or date starts: "friday", "40", "no, monday"."""
    understanding = event.understanding
    if understanding.amount is None and understanding.date is None:
        return None
    if not found.names <= SOCIAL | {"promise_to_pay"} or turn.question is not None:
        return None
    for flow in turn.pack.flows.values():
        if flow.from_entities and turn.may_start(flow):
            return flow
    return None


def _polite(turn: Turn, event: Said, found: Meanings, flow: Flow | None) -> None:
    """A yes or no that answers nothing, a greeting, thanks."""
    unbound = found.names & YES_OR_NO
    if turn.question is not None and unbound:
        _missed(turn)
    elif turn.old.outreach and "affirm" in found.names:
        clarify(turn)
    elif unbound:
        _nothing_asked(turn, event, found)
    elif turn.question is not None and "greeting" not in found.names:
        turn.note("nothing to answer: no reply")
        turn.options = turn.old.options
    elif flow is not None:
        run_beside(turn, flow)


def _nothing_asked(turn: Turn, event: Said, found: Meanings) -> None:
    """A yes or no to nothing: a no and a question get a kind word once, an "ok" silence."""
    asking = asks(event)
    intent = "affirm" if asking else "deny"
    flow = next((flow for flow, _ in turn.pack.by_intent.get(intent, ())), None)
    if flow and not turn.lately(flow.name) and (asking or "deny" in found.names):
        run_beside(turn, flow)
    elif asking:
        _missed(turn)
    else:
        turn.note("nothing to answer: no reply")
        turn.options = turn.old.options


def _missed(turn: Turn) -> None:
    turn.misses += 1
    turn.command(Log("conversation.not_understood", {"misses": turn.misses}))
    if turn.question is not None:
        slot = turn.question.slot
        turn.tries[slot] = turn.tries.get(slot, 0) + 1
    if turn.misses >= MAX_MISSES:
        give_up(turn)
    else:
        clarify(turn)
