"""What replies say of the times that suit, and what the dialog asks to be kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.windows import MAX_TEXT, stated
from domain.values import Invalid
from domain.windows import DAYS, Kind, OwnWindow, minutes, outlives, told, windows

SAID: list[tuple[str, list[str], bool]] = [
    ("only after 6pm", ["only every day 18:00–24:00"], False),
    ("only text me after 6pm", ["only every day 18:00–24:00"], False),
    ("dont contact me before 9am", ["never every day 00:00–09:00"], False),
    ("text me between 10 and 2", ["only every day 10:00–14:00"], False),
    ("call me between 6 and 8pm", ["only every day 18:00–20:00"], False),
    ("not at work please", ["never mon, tue, wed, thu, fri 09:00–17:00"], False),
    ("i can't take messages at work", ["never mon, tue, wed, thu, fri 09:00–17:00"], False),
    ("don't text this number during the day", ["never every day 08:00–18:00"], True),
    ("i work nights, text after 3pm", ["only every day 15:00–24:00"], False),
    ("please dont text me on sundays", ["never sun 00:00–24:00"], False),
    ("never on a friday", ["never fri 00:00–24:00"], False),
    ("only on mondays and tuesdays", ["only mon, tue 00:00–24:00"], False),
    ("only on fridays after 7", ["only fri 19:00–24:00"], False),
    ("mon-fri 9-5", ["only mon, tue, wed, thu, fri 09:00–17:00"], False),
    ("fri to mon only", ["only mon, fri, sat, sun 00:00–24:00"], False),
    ("monday to friday after 5:30pm", ["only mon, tue, wed, thu, fri 17:30–24:00"], False),
    (
        "weekdays only not weekends",
        ["only mon, tue, wed, thu, fri 00:00–24:00", "never sat, sun 00:00–24:00"],
        False,
    ),
    (
        "not mornings, evenings please",
        ["never every day 00:00–12:00", "only every day 17:00–24:00"],
        False,
    ),
    (
        "don't text me at night only in the afternoon",
        [
            "never every day 17:00–24:00",
            "never every day 00:00–08:00",
            "only every day 12:00–17:00",
        ],
        False,
    ),
    ("not on monday mornings", ["never mon 00:00–12:00"], False),
    (
        "not in the mornings or on weekends",
        ["never sat, sun 00:00–24:00", "never every day 00:00–12:00"],
        False,
    ),
    (
        "don't write before noon or after 5",
        ["never every day 17:00–24:00", "never every day 00:00–12:00"],
        False,
    ),
    (
        "don't text me between 9pm and 9am",
        ["never every day 21:00–24:00", "never every day 00:00–09:00"],
        False,
    ),
    ("between midnight and 6am", ["only every day 00:00–06:00"], False),
    ("not after 8", ["never every day 20:00–24:00"], False),
    ("no later than 20:00 please", ["never every day 20:00–24:00"], False),
    ("after 18:00 only", ["only every day 18:00–24:00"], False),
    ("at lunchtime", ["only every day 12:00–14:00"], False),
    ("after lunch", ["only every day 13:00–24:00"], False),
    (
        "before work or after work",
        ["only every day 00:00–09:00", "only every day 17:00–24:00"],
        False,
    ),
    ("any time is fine now", ["only every day 00:00–24:00"], False),
    ("text me any time after 6", ["only every day 18:00–24:00"], False),
    ("solo por la tarde", ["only every day 12:00–17:00"], False),
    ("no me escriba los domingos", ["never sun 00:00–24:00"], False),
    (
        "no me escriba por la noche",
        ["never every day 17:00–24:00", "never every day 00:00–08:00"],
        False,
    ),
    ("entre las 9 y las 5", ["only every day 09:00–17:00"], False),
    ("después de las 6 de la tarde", ["only every day 18:00–24:00"], False),
    ("antes de las 10 de la mañana no", ["only every day 00:00–10:00"], False),
    ("entre semana", ["only mon, tue, wed, thu, fri 00:00–24:00"], False),
    ("text me tonight", [], False),
    ("not today", [], False),
    ("text me on friday", [], False),
    ("mañana no", [], False),
    ("stop ringing my landline use my mobile", [], False),
    ("no calls just texts", [], False),
    ("my new number is 555 0188", [], False),
    ("i owe 50-60 dollars", [], False),
    ("after 99", [], False),
]


@pytest.mark.parametrize(("text", "kept", "here"), SAID, ids=[case[0] for case in SAID])
def test_times(text: str, kept: list[str], here: bool) -> None:
    found = stated(text)
    assert ([str(window) for window in found.windows], found.here) == (kept, here)


WORDS = """not only never after before between and or to noon midnight 9 10 5pm 8am 18:00 6:30 . , -
mornings evenings nights weekends weekdays monday fridays any time this number at work lunch no
entre las antes de después la tarde domingos hoy today 24 00 99:99 12 am""".split()


@given(st.text(max_size=400) | st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
def test_any_text_gives_windows_or_none(text: str) -> None:
    for window in stated(text).windows:
        assert 0 <= window.opens < window.closes <= 1440
        assert told(window)["days"] == list(window.days)


@pytest.mark.parametrize("text", ["not " * 5000, "between 9 " * 2000, "at " + "a" * 9000 + " work"])
def test_only_so_much_of_a_text_is_looked_at(text: str) -> None:
    assert stated(text) == stated(text[:MAX_TEXT])


DAY_SETS = st.sets(st.sampled_from(DAYS), min_size=1)
CLOCKS = st.integers(0, 1439)


@given(st.sampled_from(Kind), DAY_SETS, CLOCKS, CLOCKS)
def test_a_window_past_midnight_is_as_long_as_it_says(
    kind: Kind, days: set[str], opens: int, closes: int
) -> None:
    made = windows(kind, days, opens, closes)
    length = sum(len(window.days) * (window.closes - window.opens) for window in made)
    assert length == len(days) * ((closes - opens - 1) % 1440 + 1)


@pytest.mark.parametrize(
    "bad",
    [
        {"days": ()},
        {"days": ("someday",)},
        {"opens": -1},
        {"closes": 1441},
        {"opens": 9, "closes": 9},
    ],
)
def test_a_window_that_is_none(bad: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        OwnWindow(kind=Kind.ONLY, **bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", ["8:00", "24:01", "25:00", "12:60", "", "noon", "٠٨:٠٠", "08:00\n"])
def test_a_clock_that_is_none(bad: str) -> None:
    with pytest.raises(Invalid, match="08:00"):
        minutes(bad)


EVENING, MORNING = (windows(Kind.ONLY, DAYS, *span) for span in ((1080, 0), (0, 720)))
WEEKEND = windows(Kind.ONLY, DAYS[5:], 0, 0)
MONDAY_MORNING = windows(Kind.ONLY, DAYS[:1], 0, 720)
NOT_SUNDAY = windows(Kind.NEVER, DAYS[6:], 0, 0)
ANY_TIME = (OwnWindow(kind=Kind.ONLY),)


@pytest.mark.parametrize(
    ("before", "said", "stays"),
    [
        (EVENING, MORNING, False),
        (EVENING, WEEKEND, True),
        (WEEKEND, EVENING, True),
        (WEEKEND, MONDAY_MORNING, False),
        (MONDAY_MORNING, MORNING, True),
        (MONDAY_MORNING, MONDAY_MORNING, False),
        (EVENING, NOT_SUNDAY, True),
        (NOT_SUNDAY, EVENING, True),
        (NOT_SUNDAY, WEEKEND, True),
        (NOT_SUNDAY, ANY_TIME, False),
        (EVENING, ANY_TIME, False),
    ],
)
def test_what_takes_the_place_of_what_was_said(
    before: tuple[OwnWindow, ...], said: tuple[OwnWindow, ...], stays: bool
) -> None:
    assert outlives(before[0], said) == stays
