"""The roll-up rule, against a truth table and against the rule said in another way for every small set of goals."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement

import pytest

from monitoring.network_roll_up import ROLLED_LABELS, roll_up
from monitoring.standing import LABELS

pytestmark = pytest.mark.pure

LETTERS = {
    "a": "achieved",
    "s": "on_track",
    "n": "not_started",
    "v": "delayed",
    "g": "at_risk",
    "m": "not_achieved",
    "x": "dropped",
    "w": "awaited",
    "o": "not_delivered",
}


FINAL = "amx"


def rolled(goals: str) -> str:
    """The outcome above these goals; a capital is a goal that is late."""
    return roll_up((LETTERS[letter.lower()], letter.isupper()) for letter in goals)


@pytest.mark.parametrize(
    ("goals", "standing"),
    [
        ("", "no_goals"),
        ("x", "dropped"),
        ("xxx", "dropped"),
        ("a", "achieved"),
        ("aaax", "achieved"),
        ("aas", "on_track"),
        ("aan", "on_track"),
        ("n", "not_started"),
        ("nnw", "not_started"),
        ("w", "unknown"),
        ("wo", "unknown"),
        ("ww" + "s", "unknown"),
        ("wn", "not_started"),
        ("ws", "on_track"),
        ("wx", "unknown"),
        ("g", "at_risk"),
        ("m", "at_risk"),
        ("gss", "at_risk"),
        ("gsss", "delayed"),
        ("gsssx", "delayed"),
        ("gssx", "at_risk"),
        ("gwwwwwwww", "delayed"),
        ("maaaaaaa", "delayed"),
        ("vss", "delayed"),
        ("vsss", "on_track"),
        ("vaaa", "on_track"),
        ("vnnn", "on_track"),
        ("vwww", "unknown"),
        ("vww", "delayed"),
        ("gv", "at_risk"),
        ("gmssss", "at_risk"),
        ("S", "delayed"),
        ("N", "delayed"),
        ("W", "delayed"),
        ("O", "delayed"),
        ("V", "delayed"),
        ("G", "at_risk"),
        ("A", "achieved"),
        ("X", "dropped"),
        ("Sss", "delayed"),
        ("Ssss", "on_track"),
        ("SVssss", "delayed"),
        ("Gss", "at_risk"),
        ("Gsss", "delayed"),
        ("Wwww", "unknown"),
        ("Www", "delayed"),
        ("Aaa", "achieved"),
        ("Snnx", "delayed"),
    ],
)
def test_the_truth_table(goals: str, standing: str) -> None:
    assert rolled(goals) == standing


def said_in_another_way(goals: str) -> str:
    """The rule of the page, word for word, with shares."""
    goals = "".join("v" if letter.isupper() and letter.lower() in "snvwo" else letter.lower() for letter in goals)
    counting = [letter for letter in goals if letter != "x"]
    if not counting:
        return "dropped" if goals else "no_goals"

    def share(letters: str) -> Fraction:
        return Fraction(sum(letter in letters for letter in counting), len(counting))

    third, half = Fraction(1, 3), Fraction(1, 2)
    rules = {
        "at_risk": share("gm") >= third,
        "delayed": share("gm") > 0 or share("v") >= third,
        "unknown": share("wo") > half,
        "achieved": share("a") == 1,
        "not_started": share("nwo") == 1,
        "on_track": True,
    }
    return next(standing for standing, holds in rules.items() if holds)


def every_small_set() -> list[str]:
    return ["".join(goals) for size in range(6) for goals in combinations_with_replacement(LETTERS, size)]


def test_every_set_of_up_to_five_goals_follows_the_rule() -> None:
    sets = every_small_set()
    assert len(sets) == 2002
    assert [goals for goals in sets if rolled(goals) != said_in_another_way(goals)] == []


def test_every_set_of_up_to_four_goals_of_which_some_are_late_follows_the_rule() -> None:
    letters = [*LETTERS, *(letter.upper() for letter in LETTERS)]
    sets = ["".join(goals) for size in range(5) for goals in combinations_with_replacement(letters, size)]
    assert len(sets) == 7315
    assert [goals for goals in sets if rolled(goals) != said_in_another_way(goals)] == []


def test_a_late_goal_makes_nothing_above_it_better_and_one_that_is_final_changes_nothing() -> None:
    rank = ["at_risk", "delayed"]
    for goals in every_small_set():
        for place, letter in enumerate(goals):
            late = goals[:place] + letter.upper() + goals[place + 1 :]
            if letter in FINAL:
                assert rolled(late) == rolled(goals)
            elif rolled(goals) in rank:
                assert rank.index(rolled(late)) <= rank.index(rolled(goals)), late


def test_a_goal_in_danger_is_never_good_news_above() -> None:
    good = {"achieved", "on_track", "not_started", "unknown", "dropped", "no_goals"}
    assert [goals for goals in every_small_set() if {"g", "m"} & set(goals) and rolled(goals) in good] == []


def test_the_order_of_goals_does_not_matter_and_a_dropped_one_changes_nothing() -> None:
    for goals in every_small_set():
        assert rolled(goals) == rolled(goals[::-1])
        assert rolled(goals) in (rolled(goals + "x"), "no_goals")


def test_every_standing_is_known_to_the_rule_and_every_outcome_has_a_word() -> None:
    assert set(LETTERS.values()) == set(LABELS)
    assert {rolled(goals) for goals in every_small_set()} == set(ROLLED_LABELS)
