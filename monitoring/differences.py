"""Where two people recorded something different on one goal, and what can be made of it.

What differs is a part of the form, of one field or several: an effort that is done with its comment, a measurement with
its source and note. Two texts can be put below each other. That is why it is not monitoring.two_texts, which goes by
the fields of any form and takes one side of each; the texts of a report are here for putting two below each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

from din.models import Effort
from din.word_diff import Piece, word_diff
from monitoring.effort_progress import EffortContent
from monitoring.forms import values_of
from monitoring.goal_measurements import Asked
from monitoring.measurement_content import MeasurementContent
from monitoring.models import Update
from monitoring.workflow import Content

MINE, THEIRS, BOTH = "mine", "theirs", "both"


@dataclass(frozen=True)
class Difference:
    """One part of the form that differs: how it reads on both sides, and the field values of each choice.

    `choices` has "mine" and "theirs", and for a text "both": theirs with mine below it.
    """

    name: str
    label: str
    mine: tuple[Piece, ...]
    theirs: tuple[Piece, ...]
    choices: dict[str, dict[str, str]]


def differences(
    mine: Content, theirs: Content, efforts: Sequence[Effort], asked: Sequence[Asked] = ()
) -> tuple[Difference, ...]:
    """What differs between tidied `mine` and `theirs`; `efforts` and `asked` indicators are those of the goal.

    Of a measurement what is `asked` tells what stands there now.
    """
    own = mine.tidied()
    return (*_differences(own, theirs, efforts), *_measurement_differences(own, asked))


def _measurement_differences(mine: Content, asked: Sequence[Asked]) -> Iterator[Difference]:
    now = {one.indicator.pk: one for one in asked}
    for own in mine.measurements:
        one = now.get(own.indicator)
        if one is not None and own != one.content:
            before, after = word_diff(_measurement(own, one), _measurement(one.content, one))
            choices = {MINE: own.values, THEIRS: one.content.values}
            yield Difference(f"indicator-{own.indicator}", f"Meting: {one.label}", before, after, choices)


def _measurement(content: MeasurementContent, asked: Asked) -> str:
    value = "geen meting" if content.value is None else asked.indicator.value_label(content.value)
    return ", ".join(filter(None, [value, content.source, content.note]))


def _differences(mine: Content, theirs: Content, efforts: Sequence[Effort]) -> Iterator[Difference]:
    if mine.status != theirs.status:
        yield _choice("status", "Status", _status(mine), _status(theirs), mine, theirs)
    for name, label in (("explanation", "Toelichting"), ("next_steps", "Vervolgstappen")):
        if getattr(mine, name) != getattr(theirs, name):
            yield text_difference(name, label, getattr(mine, name), getattr(theirs, name))
    if mine.forecast != theirs.forecast:
        yield _choice("forecast", "Verwacht gereed", _forecast(mine), _forecast(theirs), mine, theirs)
    ours = {effort.effort: effort for effort in mine.efforts}
    others = {effort.effort: effort for effort in theirs.efforts}
    for effort in efforts:
        empty = EffortContent(effort.pk)
        own, other = ours.get(effort.pk, empty), others.get(effort.pk, empty)
        if own != other:
            before, after = word_diff(_effort(own), _effort(other))
            values = {MINE: values_of(Content(efforts=(own,))), THEIRS: values_of(Content(efforts=(other,)))}
            fields = (own.done_field, own.comment_field)
            choices = {side: {field: found[field] for field in fields} for side, found in values.items()}
            yield Difference(f"effort-{effort.pk}", f"Inspanning: {effort.text}", before, after, choices)


def _choice(name: str, label: str, own: str, other: str, mine: Content, theirs: Content) -> Difference:
    choices = {MINE: {name: values_of(mine)[name]}, THEIRS: {name: values_of(theirs)[name]}}
    return Difference(name, label, (Piece(own, differs=True),), (Piece(other, differs=True),), choices)


def text_difference(name: str, label: str, own: str, other: str) -> Difference:
    """Two texts of one field, `own` and that of the other, that differ."""
    before, after = word_diff(own, other)
    choices = {MINE: {name: own}, THEIRS: {name: other}}
    if own and other:
        choices[BOTH] = {name: f"{other}\n\n{own}"}
    return Difference(name, label, before, after, choices)


def _status(content: Content) -> str:
    return Update.Status(content.status).label if content.status else "nog geen status"


def _forecast(content: Content) -> str:
    return date_format(content.forecast, "j F Y") if content.forecast else "geen datum"


def _effort(content: EffortContent) -> str:
    done = "gereed" if content.done else "niet gereed"
    return f"{done}: {content.comment}" if content.comment else done
