"""What every file of a pack may hold: one description for the loader and for editors.

Each `Keys` is a mapping's keys, with the JSON Schema of what stands under them; the loader takes
the names from here and refuses all others, and `dialogs.schema` writes the schemas.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.actions import ACTIONS
from dialogs.happenings import EVENTS
from dialogs.pack import ENTITIES, Resume, SlotType, Source
from dialogs.sequences import ALWAYS, USUAL, Exit, Start
from domain.intents import INTENTS
from domain.links import Purpose
from domain.messages import Category
from domain.values import ChannelKind

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Keys:
    fields: Mapping[str, Schema]
    needed: tuple[str, ...] = ()

    def schema(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "type": "object",
            "additionalProperties": False,
            "properties": dict(self.fields),
        }
        return found | {"required": list(self.needed)} if self.needed else found


def text(about: str = "", **more: Any) -> Schema:
    return {"type": "string", **({"description": about} if about else {}), **more}


def flag(about: str) -> Schema:
    return {"type": "boolean", "description": about}


def condition(about: str) -> Schema:
    return {"type": ["string", "boolean"], "description": about}


def whole(about: str, low: int, high: int) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high, "description": about}


def one_of(names: Iterable[str], about: str = "") -> Schema:
    return text(about, enum=sorted(names))


def listed(items: Schema, about: str = "", least: int = 0) -> Schema:
    more: dict[str, Any] = {"description": about} if about else {}
    return {"type": "array", "items": items, **more} | ({"minItems": least} if least else {})


def named(items: Schema, pattern: str = "") -> Schema:
    """A mapping from names to things of one kind."""
    names = {"propertyNames": {"pattern": pattern}} if pattern else {}
    return {"type": "object", "additionalProperties": items, **names}


FREE = {"type": "object", "description": "free, but for the key gateway"}
SCALAR = {"type": ["string", "boolean", "number", "null"]}
ANYTHING: Schema = {}
RESPONSE = text("a response", pattern="^utter_")
MAX_WAIT_HOURS = 24 * 90
DURATION = r"P(?=\d|T\d)(?:(?P<days>\d{1,3})D)?(?:T(?P<hours>\d{1,4})H)?"
"""A length of time in days and hours, as ISO 8601 writes it."""

REJECTION = Keys(
    {"if": condition("refuses the value where it holds"), "utter": RESPONSE}, ("if", "utter")
)
RUNG = Keys(
    {
        "after": text("how long we wait, such as PT24H or P3D", pattern=f"^{DURATION}$"),
        "response": text(
            "what is said then, before the question is put again; at the end a farewell",
            pattern="^utter_",
        ),
    },
    ("after",),
)
CLOSING = Keys(
    {
        "response": RESPONSE,
        "first": text(
            "takes its place until the initial disclosure has been sent", pattern="^utter_"
        ),
        "others": text(
            "takes its place where somebody else than the customer may read", pattern="^utter_"
        ),
        "categories": listed(one_of((Category.REPLY, Category.OUTREACH, Category.HELP))),
    },
    ("response", "categories"),
)
SETTINGS = Keys(
    {
        "email_subject": text("the response that is an email's subject where its text has none"),
        "closing": CLOSING.schema(),
        "no_reply": listed(RUNG.schema(), "the waits for an answer; the last one ends it", 1),
        "max_tries": whole("how often a question is put before a person takes over", 1, 10),
        "complaint_days": whole("the deadline that a complaint gets", 1, 365),
        "max_segments": whole("how many segments of SMS a message may need at the most", 1, 10),
    },
    ("email_subject",),
)
PACK = Keys(
    {
        "name": text(),
        "version": text("in quotes"),
        "description": text(),
        "default_locale": text("such as en-US; responses/en-US.yml has its texts"),
        "jurisdictions": listed(text(), "such as US", 1),
        "author": text(),
        "facts": listed(text(), "further variables that the client gives"),
        "metadata": {**FREE, "properties": {"gateway": SETTINGS.schema()}, "required": ["gateway"]},
    },
    ("name", "version", "default_locale", "jurisdictions", "metadata"),
)

MAPPING = Keys(
    {
        "type": one_of(Source),
        "entity": one_of(ENTITIES, "of from_entity"),
        "intent": {
            "description": "of from_intent: one or more",
            "anyOf": [one_of(INTENTS), listed(one_of(INTENTS))],
        },
        "matches": text("of from_text: a pattern"),
        "value": {**SCALAR, "description": "what the slot becomes then"},
    },
    ("type",),
)
VALIDATION = Keys(
    {
        "rejections": listed(REJECTION.schema(), "wherever the slot is asked for"),
        "refill_utter": text("the question after a refusal", pattern="^utter_"),
        "currency_utter": text("refuses an amount in another currency", pattern="^utter_"),
    }
)
SLOT = Keys(
    {
        "type": one_of(SlotType),
        "initial_value": {"description": "what it holds at first"},
        "values": listed(text(), "of a categorical slot"),
        "mappings": listed(MAPPING.schema(), "how a reply fills it"),
        "validation": VALIDATION.schema(),
    },
    ("type",),
)

BUTTON = Keys(
    {
        "title": text("what stands behind its number"),
        "payload": text(
            "/an_intent or /SetSlots(a=1, b=2)", pattern=r"^/(SetSlots\(\w+=.*\)|[a-z_]+)$"
        ),
    },
    ("title", "payload"),
)
VARIATION = Keys(
    {
        "id": text("told in the record of what was said"),
        "text": text("the words, with {variables}"),
        "subject": text("of an email"),
        "html": text("of an email"),
        "channel": one_of(ChannelKind, "only there"),
        "condition": condition("only where it holds"),
        "buttons": listed(BUTTON.schema(), "numbered choices in a text"),
        "link": one_of(Purpose, "what its {link} is for; left out: what was asked for, or to pay"),
        "closing": text("in place of the pack's closing line; empty leaves it out"),
        "metadata": FREE,
    },
    ("text",),
)

INTENT = Keys(
    {
        "name": one_of(INTENTS),
        "confidence_threshold": {"type": "number", "minimum": 0, "maximum": 1},
    },
    ("name",),
)
TRIGGER = Keys({"intent": {"anyOf": [one_of(INTENTS), INTENT.schema()]}}, ("intent",))
FLOW_GATEWAY = Keys(
    {
        "resume": one_of(Resume, "what becomes of the flow that this one interrupts"),
        "while_suspended": flag("may run while the account is suspended"),
        "from_entities": flag("a bare amount or date starts it"),
        "nudge": flag("false: no second message where nobody answers"),
        "closes": flag("false: pattern_completed follows, whatever it said"),
        "on": one_of(EVENTS, "the event that starts it"),
        "listens": listed(text(), "slots that it takes from any reply without asking"),
    }
)
STEPS = {"$ref": "#/$defs/steps"}
FLOW = Keys(
    {
        "name": text("for people"),
        "description": text("for people"),
        "if": condition("the guard: it starts only where this holds"),
        "nlu_trigger": listed(TRIGGER.schema(), "the intents that start it"),
        "steps": STEPS,
        "persisted_slots": listed(text(), "slots that stay filled when it ends"),
        "metadata": {**FREE, "properties": {"gateway": FLOW_GATEWAY.schema()}},
    },
    ("steps",),
)
GOAL = {"anyOf": [text("a step's id, or END"), STEPS]}
BRANCH = Keys({"if": condition("tried in order"), "then": GOAL, "else": GOAL})
SHARED: Mapping[str, Schema] = {
    "id": text("its name, for next"),
    "next": {"anyOf": [text("a step's id, or END"), listed(BRANCH.schema(), least=1)]},
    "metadata": FREE,
    "description": text("for people"),
}
"""What every step may have."""
KINDS: Mapping[str, Mapping[str, Schema]] = {
    "collect": {
        "collect": text("the slot to ask for"),
        "utter": text("the question, where it is not utter_ask_<slot>", pattern="^utter_"),
        "ask_before_filling": flag("true: asks in any case"),
        "rejections": listed(REJECTION.schema(), "refuses a value and says why"),
    },
    "action": {
        "action": {
            "description": "says a response, or does something",
            "anyOf": [RESPONSE, one_of(ACTIONS)],
        },
        "with": Keys({n: SCALAR for names in ACTIONS.values() for n in sorted(names)}).schema(),
    },
    "set_slots": {"set_slots": listed(named(ANYTHING), "slots and what they become")},
    "call": {"call": text("a flow that runs and comes back")},
    "link": {"link": text("a flow in which this one goes on for good")},
    "noop": {"noop": {"description": "does nothing; next is needed"}},
}
"""The kinds of steps, each with its own keys; the first one names the kind."""

NLU_ENTRY = Keys(
    {
        "intent": text("one of the intents, or two joined by +"),
        "examples": text("one reply a line, each after a dash"),
    },
    ("intent", "examples"),
)
NLU = Keys({"version": text("of Rasa's format"), "nlu": listed(NLU_ENTRY.schema())}, ("nlu",))

NAME = "^[a-z0-9][a-z0-9_-]{0,62}$"
TIME = r"^([01]\d|2[0-3]):[0-5]\d$"
DAY = r"^\d{4}-\d{2}-\d{2}$"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAX_STEPS = 30
MAX_WAIT_DAYS = 366
MAX_HOLDOUT = 50
SEQUENCE_STEP = Keys(
    {
        "id": text("its name, for experiments and the record", pattern=NAME),
        "wait": text("after the step before, such as P3D or PT12H", pattern=f"^{DURATION}$"),
        "at": text("a time of day where the customer lives, such as 10:00", pattern=TIME),
        "channel": one_of(ChannelKind, "left out: the customer's first one that may be used"),
        "fallback": one_of(ChannelKind, "where channel has no address that may be used"),
        "flow": text("the flow that opens it"),
        "if": condition("the step is skipped where it does not hold"),
    },
    ("flow",),
)
SCHEDULE = Keys(
    {
        "at": text("a time of day where the customer lives, such as 10:00", pattern=TIME),
        "on": listed(one_of(WEEKDAYS), "days of the week; left out: every day", 1),
    },
    ("at",),
)
SEQUENCE = Keys(
    {
        "description": text("for people"),
        "if": condition("accounts enter it where this holds"),
        "start": listed(one_of(Start), "what starts it; left out: api", 1),
        "schedule": SCHEDULE.schema(),
        "steps": {**listed(SEQUENCE_STEP.schema(), least=1), "maxItems": MAX_STEPS},
        "exit": listed(
            one_of(Exit),
            "what ends it; left out: " + ", ".join(sorted(USUAL))
            + ". Always: " + ", ".join(sorted(ALWAYS)),
        ),
        "again": text(
            "so long after its end the account may enter it anew, such as P30D; left out: never",
            pattern=f"^{DURATION}$",
        ),
    },
    ("steps",),
)  # fmt: skip
CHANGE = Keys(
    {
        "flow": text("in place of the step's"),
        "wait": text("in place of the step's", pattern=f"^{DURATION}$"),
    }
)
ARM = Keys(
    {
        "description": text("for people"),
        "weight": whole("percent of those who are not held out", 0, 100),
        "steps": named(CHANGE.schema(), NAME),
    },
    ("weight",),
)
EXPERIMENT = Keys(
    {
        "description": text("for people"),
        "sequence": text("the one that it changes"),
        "arms": named(ARM.schema(), NAME),
        "holdout": whole("percent of customers who are not written to", 0, MAX_HOLDOUT),
        "until": text("the last day on which customers are taken in", pattern=DAY),
        "horizon": text("so long customers are taken in, such as P60D", pattern=f"^{DURATION}$"),
    },
    ("sequence", "arms"),
)
SEQUENCES = Keys(
    {
        "sequences": named(SEQUENCE.schema(), NAME),
        "experiments": named(EXPERIMENT.schema(), NAME),
    },
    ("sequences",),
)
