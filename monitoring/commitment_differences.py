"""Where two people wrote something different in one commitment, as both texts side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import date_format

from din.models import Goal
from din.word_diff import Piece, word_diff
from monitoring.commitments import Facts, differing, label_of
from monitoring.models import Commitment


@dataclass(frozen=True)
class FactsDifference:
    """One field that differs: how it reads on both sides."""

    label: str
    mine: tuple[Piece, ...]
    theirs: tuple[Piece, ...]


def facts_differences(mine: Facts, theirs: Facts) -> tuple[FactsDifference, ...]:
    """What differs between tidied `mine` and `theirs`, in the order of the form; one query when the goals do."""
    return tuple(_differences(mine.tidied(), theirs))


def settlement_difference(mine: str, theirs: str) -> tuple[FactsDifference, ...]:
    """Both texts of the proposal."""
    return (FactsDifference(label_of("settlement").capitalize(), *word_diff(mine, theirs)),)


def _differences(mine: Facts, theirs: Facts) -> Iterator[FactsDifference]:
    goals = Goal.objects.in_bulk(mine.goals ^ theirs.goals) if mine.goals != theirs.goals else {}
    for name in differing(mine, theirs):
        yield FactsDifference(
            label_of(name).capitalize(), *word_diff(_read(mine, name, goals), _read(theirs, name, goals))
        )


def _read(facts: Facts, name: str, goals: dict[int, Goal]) -> str:
    """A field as people read it; of the goals those that are on one side only."""
    match name:
        case "kind":
            return Commitment.Kind(facts.kind).label
        case "owner":
            return facts.owner.name if facts.owner else "nog niemand"
        case "made_on" | "deadline":
            day = getattr(facts, name)
            return date_format(day, "j F Y") if day else "geen"
        case "goals":
            return "\n".join(str(goal) for pk, goal in goals.items() if pk in facts.goals) or "geen andere"
    return str(getattr(facts, name))
