"""Every code of lint: how grave it is, what it means, and how it is mended.

`docs/dialog-lint.md` explains each of them with an example.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Code:
    severity: Severity
    means: str
    mend: str


_E, _W = Severity.ERROR, Severity.WARNING

CODES: Mapping[str, Code] = {
    # Structure
    "branch-never": Code(_E, "a branch that no values lead to", "remove it or mend its condition"),
    "guard-never": Code(_E, "a guard that never holds, so that its flow never starts",
        "mend the condition under if"),
    "rejection-never": Code(_E, "a rejection that no value meets",
        "remove it or mend its condition"),
    "variation-never": Code(_E, "a variation that is never chosen",
        "remove it or mend its condition"),
    "variation-missing": Code(_E, "a response without words for some situation",
        "add a variation without a condition or a channel"),
    "trigger-shadowed": Code(_E, "an earlier flow always takes the intent of this one",
        "give the earlier flow a guard or a higher threshold, or remove this trigger"),
    "intent-no-flow": Code(_W, "an intent that no flow answers",
        "add a flow with this intent under nlu_trigger"),
    "event-no-flow": Code(_W, "an event that customers are told nothing of",
        "add a flow with this event under metadata.gateway.on"),
    "silent": Code(_E, "an answer that may end without a word", "say something on every way"),
    "call-circle": Code(_E, "flows that call each other in a circle",
        "use link in one of them, or end the circle"),
    "no-way-out": Code(_E, "a question that only one answer leads on from",
        "add a mapping for the other answer, or a branch that ends"),
    "slot-unfilled": Code(_E, "a slot that is asked about but that nothing fills",
        "collect it, set it, or remove what asks about it"),
    "mapping-value": Code(_E, "a mapping that gives no value that its slot can hold",
        "add value: to the mapping"),
    "value-never": Code(_E, "a value of a slot that nothing gives it",
        "add a mapping with this value, or remove the value"),
    "slot-unused": Code(_W, "a slot that nothing uses", "remove it from slots.yml"),
    "response-unused": Code(_W, "a response that nothing says", "say it or remove it"),
    "fact-unused": Code(_W, "a fact of pack.yml that no text uses", "use it or remove it"),
    "parity-variation": Code(_E, "a variation that not every locale has",
        "give each locale the same channels and conditions"),
    "parity-buttons": Code(_E, "buttons that differ between locales",
        "give each locale the same payloads in the same order"),
    "parity-variables": Code(_E, "variables that differ between locales",
        "name the same variables in each locale"),
    "button-nowhere": Code(_E, "a button that leads nowhere",
        "name an intent with a flow, or a slot that is asked for with a value it takes"),
    "unfilled-variable": Code(_E, "a variable that may have no value where the text is said",
        "add a condition that it is not null and a variation without it, or ask for it first"),
    "locked-many": Code(_E, "several messages where one is allowed", "keep one response"),
    "question-unasked": Code(_W, "a text that asks although nothing waits for the answer",
        "collect a slot, add buttons, or word it as a statement"),
    # Compliance
    "jurisdiction-unknown": Code(_W, "a jurisdiction whose rules lint does not know",
        "check by hand what its rules ask for"),
    "closing-missing": Code(_E, "no closing line where the jurisdiction asks for an opt-out line",
        "add the category under metadata.gateway.closing in pack.yml"),
    "opt-out-missing": Code(_E, "a message without a way to opt out",
        "end it with a closing that says it, such as: Reply STOP to opt out"),
    "disclosure-missing": Code(_E, "a message that does not say it is from a debt collector",
        "say it in the text or in its closing"),
    "first-disclosure-missing": Code(_E, "a first message without the initial disclosure",
        "write it as metadata.gateway.closing.first, in each locale and for each channel"),
    "told-to-others": Code(_E, "a debt named to a relative or a stranger",
        "use neutral words, and a closing of its own that names no debt"),
    "onlooker-word": Code(_E, "a word that tells an onlooker of a debt before verification",
        "use neutral words, or add condition: context.customer.verified"),
    "secret-variable": Code(_E, "a debt fact or a name that is shown before verification",
        "let the condition hold for verified customers only"),
    "secret-slot": Code(_E, "a slot filled from a debt fact that is shown before verification",
        "set it behind a branch on context.customer.verified, or show it to verified customers"),
    "secret-condition": Code(_E, "a choice of words that tells a debt fact before verification",
        "add: context.customer.verified and"),
    "secret-branch": Code(_E, "a branch that tells a debt fact before verification",
        "add: context.customer.verified and"),
    "secret-refusal": Code(_E, "a refusal that tells a debt fact before verification",
        "refuse by one rejection that leads to {link} and does not say why, or add: "
        "context.customer.verified and"),
    "first-message-fact": Code(_E, "an amount or a name in a first message",
        "say what it is about behind the link"),
    "no-person": Code(_E, "no way to a person", "use action: handoff, or say how to reach one"),
    "link-shortener": Code(_E, "a link of a public shortener, which carriers block",
        "use {link}, or the brand's own domain"),
    "too-long": Code(_E, "a message over the segment limit in its worst rendering",
        "shorten it, or raise max_segments"),
    "safety-asks-money": Code(_E, "money is asked for where somebody needs care",
        "remove the link, question, button or promise from what answers this"),
    "suspended-asks-money": Code(_E, "money is asked for while the account is suspended",
        "remove while_suspended, or what asks for money"),
    "suspended-unheard": Code(_E, "an answer that its own intent keeps from being given",
        "add metadata: {gateway: {while_suspended: true}}"),
    "opt-out-extra": Code(_E, "more than the confirmation of an opt-out",
        "keep to the brand and that no more messages come"),
    "crisis-number": Code(_E, "a crisis text without the number of its country",
        "name the number in every variation for this jurisdiction"),
    "threat": Code(_W, "a threat or a word of the law",
        "say what is possible and what help there is"),
    # Wording
    "all-caps": Code(_W, "words in capitals", "write them in small letters"),
    "reading-age": Code(_W, "a text that is hard to read", "use shorter sentences and words"),
    "typographic": Code(_W, "typographic characters that make an SMS cost more",
        "write plain quotes, dashes and spaces; --fix does it"),
    "unicode": Code(_W, "a character that makes an SMS cost more",
        "use letters and signs of the GSM alphabet"),
    "stray-space": Code(_W, "spaces at the start or the end of a text",
        "remove them; --fix does it"),
}  # fmt: skip
"""By code."""


def severity(code: str) -> Severity:
    """What hinders loading is an error."""
    return CODES[code].severity if code in CODES else Severity.ERROR
