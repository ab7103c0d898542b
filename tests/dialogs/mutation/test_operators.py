"""Each operator: what it changes, where, and that the change is one."""

import re

import pytest

from dialogs.loader import examine
from dialogs.loading.source import Entry
from dialogs.mutation.making import mutants
from dialogs.mutation.mutant import Mutant, Theme
from dialogs.mutation.spots import changed
from tests.dialogs.mutation.conftest import FLOWS, HEAD, SLOTS, TEXTS, Folder

OPERATORS = [
    ("pack/closing-out", "pack.yml:9", "closing: removed"),
    ("pack/closing-category-out", "pack.yml:9", "closing: not after reply"),
    ("pack/wait-out", "pack.yml:10", "wait 1: removed"),
    ("pack/wait-changed", "pack.yml:10", "wait 1: PT48H in place of PT24H"),
    ("pack/wait-response-out", "pack.yml:10", "wait 1: without utter_there"),
    ("pack/max_tries-changed", "pack.yml:11", "max_tries: 4 in place of 3"),
    ("flow/pay/guard-out", "flows/all.yml:4", "if: context.has_account, removed"),
    ("flow/pay/guard-negated", "flows/all.yml:4", "if: context.has_account, negated"),
    ("flow/pay/trigger-out", "flows/all.yml:6", "trigger pay_now removed"),
    ("flow/pay/trigger-deaf", "flows/all.yml:7", "trigger promise_to_pay with a threshold of 1.01"),
    ("flow/pay/listens-out", "flows/all.yml:9", "listens no more to size"),
    ("flow/pay/persisted-out", "flows/all.yml:8", "keeps amount no more"),
    ("flow/pay/from_entities-out", "flows/all.yml:9", "a bare amount or day"),
    ("flow/pay/resume-changed", "flows/all.yml:9", "resume: ask in place of drop"),
    ("flow/pay/while_suspended-changed", "flows/all.yml:9", "while_suspended: true"),
    ("flow/more/while_suspended-changed", "flows/all.yml:34", "while_suspended: true"),
    ("flow/pay/nudge-changed", "flows/all.yml:9", "nudge: false"),
    ("flow/pay/closes-changed", "flows/all.yml:9", "closes: true"),
    ("flow/paid/on-out", "flows/all.yml:32", "no more on payment_made"),
    ("flow/pay/amount/next-ended", "flows/all.yml:11", "then END"),
    ("flow/pay/big/next-ended", "flows/all.yml:27", "next: END in place of over"),
    ("flow/pay/big/next-out", "flows/all.yml:27", "next: over, removed"),
    ("flow/pay/amount/rejection-out", "flows/all.yml:13", "rejection if slots.amount < 5: removed"),
    ("flow/pay/amount/rejection-negated", "flows/all.yml:13",
     "rejection if slots.amount < 5: negated"),
    ("flow/pay/check/branch-out", "flows/all.yml:20", "if slots.sure: removed"),
    ("flow/pay/check/branch-negated", "flows/all.yml:20", "if slots.sure: negated"),
    ("flow/pay/check/branch-ended", "flows/all.yml:21",
     "if slots.sure: then END in place of action utter_small"),
    ("flow/pay/check/branch-swapped", "flows/all.yml:21",
     "if slots.sure: leads to over, and what follows to action utter_small"),
    ("flow/pay/check/asked-once", "flows/all.yml:16", "ask_before_filling: false"),
    ("flow/pay/check/question-out", "flows/all.yml:17", "utter: utter_sure, removed"),
    ("flow/pay/utter_small/step-out", "flows/all.yml:22", "action utter_small: does nothing"),
    ("flow/more/call_paid/step-out", "flows/all.yml:36", "call paid: does nothing"),
    ("flow/more/link_pay/step-out", "flows/all.yml:36", "link pay: does nothing"),
    ("flow/pay/big/assignment-out", "flows/all.yml:26", "does not set sure"),
    ("flow/pay/over/argument-out", "flows/all.yml:30", "with reason: removed"),
    ("flow/pay/over/argument-changed", "flows/all.yml:30",
     "with reason: payment_other in place of payment"),
    ("slot/amount/mapping-out", "slots.yml:5",
     "mapping of type from_entity, entity amount: removed"),
    ("slot/sure/mapping-changed", "slots.yml:13",
     "mapping of type from_intent, intent affirm, value True: becomes False"),
    ("slot/sure/mapping-intent-out", "slots.yml:14", "mapping: no more from complaint"),
    ("slot/size/initial-out", "slots.yml:18", "initial_value: small, removed"),
    ("slot/size/initial-changed", "slots.yml:18", "initial_value: big"),
    ("slot/sure/initial-changed", "slots.yml:10", "initial_value: True"),
    ("slot/amount/refill_utter-out", "slots.yml:8", "refill_utter: utter_again, removed"),
    ("slot/amount/currency_utter-out", "slots.yml:9", "currency_utter: utter_currency, removed"),
    ("slot/amount/rejection-out", "slots.yml:7", "rejection if slots.amount > 999: removed"),
    ("slot/amount/rejection-negated", "slots.yml:7", "rejection if slots.amount > 999: negated"),
    ("response/en-US/utter_small/1/variation-out", "responses/en-US.yml:19",
     '"Thank you.": removed'),
    ("response/en-US/utter_small/1/text-blank", "responses/en-US.yml:19",
     'text: "Thank you.": left blank'),
    ("response/en-US/utter_small/1/text-reworded", "responses/en-US.yml:19",
     'text: "Thank you.": other words'),
    ("response/en-US/utter_small/1/text-swapped", "responses/en-US.yml:19",
     '"Thank you." and "Thank you by email." in each other\'s place'),
    ("response/en-US/utter_small/2/subject-blank", "responses/en-US.yml:22",
     'subject: "Thanks": left blank'),
    ("response/en-US/utter_small/2/html-reworded", "responses/en-US.yml:24",
     'html: "<p>Thank you by email.</p>": other words'),
    ("response/en-US/utter_small/3/condition-out", "responses/en-US.yml:25",
     'condition: slots.size = "big", removed'),
    ("response/en-US/utter_small/3/condition-negated", "responses/en-US.yml:25",
     'condition: slots.size = "big", negated'),
    ("response/en-US/utter_small/1/button-out", "responses/en-US.yml:20",
     "button A person: removed"),
    ("response/en-US/utter_small/1/button-reworded", "responses/en-US.yml:20",
     "button A person: another title"),
    ("response/en-US/utter_small/1/button-misled", "responses/en-US.yml:20",
     "button A person: /thanks in place of /agent_request"),
    ("response/en-US/utter_sorry/1/closing-out", "responses/en-US.yml:8",
     "closing: utter_own, removed"),
    ("response/en-US/utter_sorry/1/closing-blank", "responses/en-US.yml:8",
     "closing: nothing in place of utter_own"),
    ("response/en-US/utter_closing/1/text-undisclosed", "responses/en-US.yml:4",
     'text: "{brand}, debt collector. Reply STOP to opt out": without STOP'),
    ("response/en-US/utter_crisis/1/text-renumbered", "responses/en-US.yml:7",
     'text: "Please call 988 now.": another number than 988'),
]  # fmt: skip


def plain(mutant: Mutant) -> str:
    """Its id without the digest."""
    return "/".join((*mutant.where, mutant.operator))


@pytest.fixture
def made(folder: Folder) -> tuple[Mutant, ...]:
    return mutants(examine(folder()))


@pytest.mark.parametrize(("name", "place", "change"), OPERATORS)
def test_each_operator_changes_what_it_says(
    made: tuple[Mutant, ...], name: str, place: str, change: str
) -> None:
    found = [mutant for mutant in made if plain(mutant) == name]
    assert change in [mutant.change for mutant in found]
    (mutant,) = (mutant for mutant in found if mutant.change == change)
    assert f"{mutant.place.file}:{mutant.place.line}" == place
    assert re.fullmatch(re.escape(name) + r"/[0-9a-f]{6}", mutant.id)


def test_every_operator_has_its_case(made: tuple[Mutant, ...]) -> None:
    tried = {name.rpartition("/")[2] for name, *_ in OPERATORS}
    alike = {"text-undisclosed", "subject-reworded", "html-blank"}  # one code for all three keys
    assert {mutant.operator for mutant in made} <= tried | alike


def test_every_change_changes_its_file_and_no_other(folder: Folder) -> None:
    examined = examine(folder())
    for mutant in mutants(examined):
        trees = changed(examined.trees, mutant.edits)
        differ = {name for name, tree in trees.items() if tree != examined.trees[name]}
        assert differ == {mutant.place.file}, mutant


def test_trees_stay_as_they_are(folder: Folder) -> None:
    place = folder()
    examined, again = examine(place), examine(place)
    for mutant in mutants(examined):
        changed(examined.trees, mutant.edits)
    assert examined.trees == again.trees


def test_an_else_is_neither_negated_nor_removed(made: tuple[Mutant, ...]) -> None:
    of_else = {mutant.operator for mutant in made if mutant.change.startswith("else")}
    assert of_else == {"branch-ended"}


@pytest.mark.parametrize(
    "wanted",
    [
        "pack/closing-out", "pack/closing-category-out",
        "response/en-US/utter_closing/1/text-blank", "response/en-US/utter_own/1/text-reworded",
        "response/en-US/utter_crisis/1/text-renumbered",
        "response/en-US/utter_stopped/1/text-blank",
        "response/en-US/utter_sorry/1/closing-blank",
        "response/en-US/utter_thanks/2/condition-negated",
        "response/en-US/utter_thanks/2/variation-out", "flow/pattern_safety/utter_crisis/step-out",
    ],
)  # fmt: skip
def test_compliance_lines_come_first(made: tuple[Mutant, ...], wanted: str) -> None:
    themes = [mutant.theme for mutant in made]
    grave = themes.count(Theme.COMPLIANCE)
    assert set(themes[:grave]) == {Theme.COMPLIANCE}
    assert wanted in {plain(mutant) for mutant in made[:grave]}


def test_a_branch_on_verification_is_a_compliance_line(made: tuple[Mutant, ...]) -> None:
    found = {m.theme for m in made if "context.customer.verified" in m.change}
    assert found == {Theme.COMPLIANCE}
    assert {m.theme for m in made if m.change == "if slots.sure: negated"} == {Theme.FLOW}


def test_ids_stay_when_other_lines_move(folder: Folder) -> None:
    """Comments, blank lines, a new flow, a new slot and a new text change no id that was there."""
    before = {mutant.id: mutant.change for mutant in mutants(examine(folder()))}
    flow = "  hello:\n    nlu_trigger: [{intent: greeting}]\n    steps: [{action: utter_hello}]\n"
    after = {
        mutant.id: mutant.change
        for mutant in mutants(examine(folder(
            pack=f"# moved\n\n{HEAD}",
            slots=SLOTS.replace("slots:\n", "slots:\n  first: {type: text}\n"),
            flows_all=FLOWS.replace("flows:\n", f"# more\nflows:\n{flow}"),
            **{"responses_en-US": TEXTS.replace(
                "responses:\n", 'responses:\n  utter_hello: [{text: "Hi."}]\n'
            )},
        )))
    }  # fmt: skip
    assert before.items() <= after.items()
    assert len(after) > len(before)


def test_ids_change_with_what_they_stand_for(folder: Folder) -> None:
    """An explanation is of one change; another one needs another."""
    old = mutants(examine(folder()))
    flows = FLOWS.replace("slots.amount < 5", "slots.amount < 6")
    new = {mutant.id for mutant in mutants(examine(folder(flows_all=flows)))}
    gone = [mutant for mutant in old if mutant.id not in new]
    assert {mutant.operator for mutant in gone} == {"rejection-out", "rejection-negated"}


def test_the_same_change_twice_has_two_ids(folder: Folder) -> None:
    twice = FLOWS.replace(
        "          - {if: slots.amount < 5, utter: utter_too_little}\n",
        "          - {if: slots.amount < 5, utter: utter_too_little}\n" * 2,
    )
    ids = [mutant.id for mutant in mutants(examine(folder(flows_all=twice)))]
    assert len(ids) == len(set(ids))
    assert any(name.endswith("-2") for name in ids)


def test_a_missing_file_of_the_tree_is_refused(folder: Folder) -> None:
    examined = examine(folder())
    (mutant, *_) = mutants(examined)
    with pytest.raises(KeyError):
        changed({"slots.yml": Entry(None, mutant.place)}, mutant.edits)


OTHERS = """
flows:
  sorry:
    nlu_trigger: [{intent: dispute}]
    metadata: {gateway: {while_suspended: true}}
    steps: [{collect: sure, utter: utter_sure}]
  hello:
    nlu_trigger: [{intent: greeting}]
    metadata: {gateway: {while_suspended: true}}
    steps: [{action: utter_plain}]
  help:
    nlu_trigger: [{intent: help}]
    steps: [{action: utter_plain}]
"""


def test_what_nobody_could_notice_is_not_tried(folder: Folder) -> None:
    """A stop ends all before its flow begins, courtesies interrupt nothing, help always comes."""
    made = {plain(mutant) for mutant in mutants(examine(folder(flows_others=OTHERS)))}
    assert "flow/sorry/while_suspended-changed" in made
    assert "flow/hello/trigger-deaf" in made
    assert "flow/help/trigger-out" in made
    assert not made & {
        "flow/sorry/resume-changed", "flow/sorry/nudge-changed", "flow/hello/resume-changed",
        "flow/hello/while_suspended-changed", "flow/help/resume-changed",
        "flow/help/trigger-deaf", "slot/size/mapping-out",
    }  # fmt: skip
