"""A dialog pack as the engine runs it: read, checked and compiled once, never changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dialogs.details import METHODS, WISHES
from dialogs.experiments import Experiment
from dialogs.names import Fact
from dialogs.sequences import Sequence
from domain.comparison import Value
from domain.conditions import Condition, Type
from domain.links import Purpose
from domain.schedule import Frequency
from domain.values import ChannelKind

END = -1
"""Where a flow has no further step."""

PATTERN_OPT_OUT = "pattern_opt_out"
PATTERN_SAFETY = "pattern_safety"
PATTERN_WRONG_PERSON = "pattern_wrong_person"
PATTERN_STRANGER = "pattern_stranger"
LOCKED = (PATTERN_OPT_OUT, PATTERN_SAFETY, PATTERN_WRONG_PERSON, PATTERN_STRANGER)
"""These run before any flow; a pack only words them."""
NEUTRAL = (PATTERN_WRONG_PERSON, PATTERN_STRANGER)
"""These are read by somebody else than the customer, or may be."""

PATTERN_CLARIFICATION = "pattern_clarification"
PATTERN_CANNOT_HANDLE = "pattern_cannot_handle"
PATTERN_HUMAN_HANDOFF = "pattern_human_handoff"
PATTERN_NO_REPLY = "pattern_no_reply"
PATTERN_CANCEL_FLOW = "pattern_cancel_flow"
PATTERN_CONTINUE_INTERRUPTED = "pattern_continue_interrupted"
PATTERNS = (
    *LOCKED, PATTERN_CLARIFICATION, PATTERN_CANNOT_HANDLE, PATTERN_HUMAN_HANDOFF,
    PATTERN_NO_REPLY, PATTERN_CANCEL_FLOW, PATTERN_CONTINUE_INTERRUPTED,
)  # fmt: skip
"""Every pack words these."""

PATTERN_CORRECTION = "pattern_correction"
PATTERN_COMPLETED = "pattern_completed"
PATTERN_SESSION_START = "pattern_session_start"
PATTERN_INTERNAL_ERROR = "pattern_internal_error"
PATTERN_CHANNEL_STOPPED = "pattern_channel_stopped"
OPTIONAL = (
    PATTERN_CORRECTION, PATTERN_COMPLETED, PATTERN_SESSION_START, PATTERN_INTERNAL_ERROR,
    PATTERN_CHANNEL_STOPPED,
)  # fmt: skip
"""A pack may have these. They run beside what is going on, so they say and do but never ask."""


class SlotType(StrEnum):
    TEXT = "text"
    BOOL = "bool"
    CATEGORICAL = "categorical"
    FLOAT = "float"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    ANY = "any"
    LIST = "list"


CONDITION_TYPES: Mapping[SlotType, Type] = {
    SlotType.TEXT: Type.TEXT,
    SlotType.BOOL: Type.BOOL,
    SlotType.CATEGORICAL: Type.TEXT,
    SlotType.FLOAT: Type.NUMBER,
    SlotType.DECIMAL: Type.NUMBER,
    SlotType.MONEY: Type.MONEY,
    SlotType.DATE: Type.DATE,
    SlotType.ANY: Type.ANY,
    SlotType.LIST: Type.LIST,
}


ENTITIES: Mapping[str, SlotType] = {
    "amount": SlotType.MONEY,
    "date": SlotType.DATE,
    "instalment": SlotType.MONEY,  # the amount of one payment of several
    "frequency": SlotType.CATEGORICAL,
    "count": SlotType.DECIMAL,
    "method": SlotType.CATEGORICAL,  # of a payment
    "channel": SlotType.CATEGORICAL,  # how, when and where the customer would be reached
    "window": SlotType.CATEGORICAL,
    "place": SlotType.CATEGORICAL,
}
"""What a reply may name, and the slot that holds it."""
ENTITY_VALUES: Mapping[str, frozenset[str]] = {
    "frequency": frozenset(Frequency),
    "method": frozenset(METHODS),
    **{name: frozenset(codes) for name, codes in WISHES.items()},
}
"""What the slot of a categorical one must be able to hold."""


class Source(StrEnum):
    """Where a slot's value comes from."""

    ENTITY = "from_entity"
    INTENT = "from_intent"
    TEXT = "from_text"
    CONTROLLED = "controlled"


@dataclass(frozen=True, slots=True)
class Mapped:
    """One way to fill a slot. `names` are the intents, `value` what the slot then becomes."""

    source: Source
    entity: str | None = None
    names: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    value: Value = None


@dataclass(frozen=True, slots=True)
class Rejection:
    condition: Condition
    utter: str


@dataclass(frozen=True, slots=True)
class Slot:
    name: str
    type: SlotType
    initial: Value = None
    values: tuple[str, ...] = ()
    mappings: tuple[Mapped, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    refill_utter: str | None = None
    currency_utter: str | None = None  # refuses amounts in another currency, and says so


@dataclass(frozen=True, slots=True)
class Reference:
    """A value looked up when needed, written slots.x or context.y."""

    name: str


@dataclass(frozen=True, slots=True)
class Branch:
    """Go on at step `target` where `condition` holds; no condition = else."""

    condition: Condition | None
    target: int
    goal: str = "END"  # the id of the step at `target`


@dataclass(frozen=True, slots=True)
class Collect:
    slot: str
    utter: str
    ask_before_filling: bool = False
    rejections: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True)
class Utter:
    response: str


@dataclass(frozen=True, slots=True)
class Act:
    """A command to the gateway or an action of the engine; `options` are its `with`."""

    name: str
    options: Mapping[str, Value | Reference] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetSlots:
    values: tuple[tuple[str, Value | Reference], ...]


@dataclass(frozen=True, slots=True)
class Call:
    flow: str


@dataclass(frozen=True, slots=True)
class Link:
    flow: str


@dataclass(frozen=True, slots=True)
class Noop:
    pass


Deed = Collect | Utter | Act | SetSlots | Call | Link | Noop


@dataclass(frozen=True, slots=True)
class Step:
    id: str
    deed: Deed
    branches: tuple[Branch, ...]  # tried in order; the last has no condition


class Resume(StrEnum):
    """What becomes of the flow that this one interrupts."""

    CONTINUE = "continue"
    ASK = "ask"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Trigger:
    intent: str
    threshold: float


@dataclass(frozen=True, slots=True)
class Flow:
    """A dialog with one purpose.

    `while_suspended`: it may run while the account is suspended, so it asks for no money. `on`
    names the event that starts it; a bare date or amount starts it `from_entities`. `listens`
    are slots it takes from any reply without asking for them. `closes`: what it said needs no
    pattern_completed after it.
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    index: Mapping[str, int]  # step id -> position
    collects: tuple[str, ...]  # in the order of the steps
    listens: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()  # every slot that it fills
    named: tuple[tuple[str, Mapped], ...] = ()  # slots that any reply may fill, and how
    guard: Condition | None = None
    triggers: tuple[Trigger, ...] = ()
    persisted: frozenset[str] = frozenset()
    resume: Resume = Resume.CONTINUE
    while_suspended: bool = False
    from_entities: bool = False
    nudge: bool = True
    closes: bool = True
    on: str | None = None

    @property
    def for_others(self) -> bool:
        """True where somebody else than the customer reads what it says: a wrong person, a
        stranger, whoever reports a death."""
        return self.name in NEUTRAL or any(each.intent == "deceased" for each in self.triggers)

    @property
    def may_demand(self) -> bool:
        """Whether what it says may ask for payment: lint proves of the others that it does not."""
        return not (self.while_suspended or self.name in PATTERNS or self.name in OPTIONAL)


@dataclass(frozen=True, slots=True)
class Variable:
    """A value in a text: a fact, or by its name a slot or one of the pack's own facts."""

    name: str
    fact: Fact | None = None


Part = str | Variable


@dataclass(frozen=True, slots=True)
class Button:
    title: tuple[Part, ...]
    payload: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Variation:
    """One wording. `closing` overrides the pack's closing line; "" leaves it out. `link` is what
    its link is for, where it is not what the customer asked for, or to pay."""

    id: str
    text: tuple[Part, ...]
    subject: tuple[Part, ...] | None = None
    html: tuple[Part, ...] | None = None
    channel: ChannelKind | None = None
    condition: Condition | None = None
    buttons: tuple[Button, ...] = ()
    closing: str | None = None
    link: Purpose | None = None

    @property
    def holds_link(self) -> bool:
        """Whether its text or its HTML has one."""
        parts = (*self.text, *(self.html or ()))
        return any(isinstance(part, Variable) and part.name == "link" for part in parts)


@dataclass(frozen=True, slots=True)
class Rung:
    """One wait for an answer, and what is said when it is over."""

    hours: int
    response: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The gateway's own keys of `pack.yml`.

    `closing` is the response appended once to every message of the categories in `closing_on`:
    the opt-out line and, where the jurisdiction asks for it, the disclosure. `closing_first` takes
    its place until the initial disclosure has been sent, `closing_others` where somebody else than
    the customer may read. After the last rung of
    `no_reply` a question is given up. Lint finds texts that
    may need more than `max_segments` of SMS.
    """

    email_subject: str
    closing: str | None = None
    closing_first: str | None = None
    closing_others: str | None = None
    closing_on: frozenset[str] = frozenset()
    no_reply: tuple[Rung, ...] = (Rung(24), Rung(24))
    max_tries: int = 3
    complaint_days: int = 30
    max_segments: int = 2

    @property
    def closings(self) -> tuple[str, ...]:
        """Every response that may be the closing line."""
        found = (self.closing, self.closing_first, self.closing_others)
        return tuple(name for name in found if name is not None)


@dataclass(frozen=True, slots=True)
class Pack:
    name: str
    version: str
    locale: str
    jurisdictions: tuple[str, ...]
    author: str
    settings: Settings
    slots: Mapping[str, Slot]
    flows: Mapping[str, Flow]  # patterns included
    responses: Mapping[str, Mapping[str, tuple[Variation, ...]]]  # by locale
    by_intent: Mapping[str, tuple[tuple[Flow, float], ...]]
    by_event: Mapping[str, Flow]
    facts: frozenset[str] = frozenset()
    sequences: Mapping[str, Sequence] = field(default_factory=dict)
    experiments: Mapping[str, Experiment] = field(default_factory=dict)  # by their sequence

    def nearest_locale(self, locale: str) -> str:
        """The pack's locale for a customer's: the same, else the same language, else its own."""
        if locale in self.responses:
            return locale
        language = locale.partition("-")[0]
        same = sorted(name for name in self.responses if name.partition("-")[0] == language)
        return self.locale if not same or self.locale in same else same[0]
