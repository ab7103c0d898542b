"""What the model alone may not say."""

import pytest

from nlu.rules.guards import about_something_else, only_a_thing_died, unlikely_opt_out


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("how do i stop the interest", True),
        ("cancel my payment", True),
        ("stop the texts about my payment", False),
        ("stop", False),
    ],
)
def test_other_things_that_people_stop(text: str, other: bool) -> None:
    assert about_something_else(text) is other


@pytest.mark.parametrize(
    ("text", "unlikely"),
    [
        ("write to me dont phone", True),
        ("stop calling just text", True),
        ("i never signed a contract with the bank about my plan", True),
        ("good morning to you", True),
        ("contactless payment is down", True),
        ("not stop", True),
        ("shoes half price, reply stop to opt out", True),
        ("to end alerts text quit", True),
        ("dont send these to me any more", False),
        ("get me off this", False),
        ("stop texting me", False),
    ],
)
def test_when_the_model_alone_may_not_say_opt_out(text: str, unlikely: bool) -> None:
    assert unlikely_opt_out(text) is unlikely


@pytest.mark.parametrize(
    ("text", "thing"),
    [("my phone just died", True), ("the battery is dying", True), ("my father died", False)],
)
def test_only_a_thing_died(text: str, thing: bool) -> None:
    assert only_a_thing_died(text) is thing
