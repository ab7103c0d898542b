"""A small pack with a place for every operator, written into a folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

HEAD = """
name: small
version: "1"
default_locale: en-US
jurisdictions: [US]
metadata:
  gateway:
    email_subject: utter_subject
    closing: {response: utter_closing, categories: [reply, outreach]}
    no_reply: [{after: PT24H, response: utter_there}, {after: PT24H}]
    max_tries: 3
"""
SLOTS = """
slots:
  amount:
    type: money
    mappings: [{type: from_entity, entity: amount}]
    validation:
      rejections: [{if: slots.amount > 999, utter: utter_too_much}]
      refill_utter: utter_again
      currency_utter: utter_currency
  sure:
    type: bool
    mappings:
      - {type: from_intent, intent: affirm, value: true}
      - {type: from_intent, intent: [deny, complaint], value: false}
  size:
    type: categorical
    values: [small, big]
    initial_value: small
    mappings: [{type: controlled}]
"""
PATTERNS = "flows:\n" + "".join(
    f"  pattern_{name}:\n    steps: [{{action: utter_{text}}}]\n"
    for name, text in (
        ("opt_out", "stopped"), ("safety", "crisis"), ("wrong_person", "sorry"),
        ("stranger", "sorry"), ("clarification", "plain"), ("cannot_handle", "plain"),
        ("human_handoff", "plain"), ("no_reply", "there"), ("cancel_flow", "plain"),
    )
) + """
  pattern_completed: {steps: [{action: utter_done}]}
  pattern_continue_interrupted:
    steps:
      - collect: sure
        utter: utter_sure
        next:
          - {if: slots.sure, then: END}
          - else: [{action: cancel_flow}]
"""  # fmt: skip
FLOWS = """
flows:
  pay:
    if: context.has_account
    nlu_trigger:
      - intent: {name: pay_now, confidence_threshold: 0.6}
      - intent: promise_to_pay
    persisted_slots: [amount]
    metadata: {gateway: {from_entities: true, resume: drop, listens: [size], closes: false}}
    steps:
      - collect: amount
        rejections:
          - {if: slots.amount < 5, utter: utter_too_little}
      - id: check
        collect: sure
        ask_before_filling: true
        utter: utter_sure
        next:
          - {if: slots.sure and context.customer.verified, then: big}
          - if: slots.sure
            then:
              - action: utter_small
                next: END
          - else: over
      - id: big
        set_slots: [{size: big}, {sure: null}]
        next: over
      - id: over
        action: handoff
        with: {reason: payment}
  paid:
    metadata: {gateway: {on: payment_made, while_suspended: true}}
    steps: [{action: utter_thanks}]
  more:
    nlu_trigger: [{intent: request_extension}]
    steps: [{call: paid}, {link: pay}]
"""
TEXTS = """
responses:
  utter_subject: [{text: "From {brand}"}]
  utter_closing: [{text: "{brand}, debt collector. Reply STOP to opt out"}]
  utter_own: [{text: "Reply STOP to end"}]
  utter_stopped: [{text: "We stop."}]
  utter_crisis: [{text: "Please call 988 now."}]
  utter_sorry: [{text: "Sorry.", closing: utter_own}]
  utter_plain: [{text: "Hello."}]
  utter_there: [{text: "Are you there?"}]
  utter_done: [{text: "Anything else?"}]
  utter_ask_amount: [{text: "How much?"}]
  utter_again: [{text: "How much, please?"}]
  utter_too_much: [{text: "That is too much."}]
  utter_too_little: [{text: "That is too little."}]
  utter_currency: [{text: "Not in {currency}."}]
  utter_sure: [{text: "Are you sure about {amount}?"}]
  utter_small:
    - text: "Thank you."
      buttons: [{title: "A person", payload: /agent_request}]
    - channel: email
      subject: "Thanks"
      text: "Thank you by email."
      html: "<p>Thank you by email.</p>"
    - condition: slots.size = "big"
      text: "Thank you very much."
  utter_thanks:
    - text: "We have it."
    - condition: context.customer.verified
      text: "We have {event_amount}."
"""
CASES = """
test_cases:
  - test_case: it is paid
    steps:
      - user: /pay_now
      - bot: "How much?"
      - user: '/promise_to_pay{amount: 50}'
      - bot: "Are you sure about $50.00?"
      - user: /affirm
      - bot: "Thank you."
"""

Folder = Callable[..., Path]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The pack's folder; files given by name, with `_` for `/`, take the place of its own."""

    def written(**files: str) -> Path:
        found = {
            "pack": HEAD, "slots": SLOTS, "patterns": PATTERNS, "flows_all": FLOWS,
            "responses_en-US": TEXTS, "tests_all": CASES,
        } | files  # fmt: skip
        place = tmp_path_factory.mktemp("small")
        for name, text in found.items():
            path = place / f"{name.replace('_', '/', 1)}.yml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return place

    return written
