"""Writing an import: what is new, changed, the same or no longer named, and that nothing is ever lost."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from din.apply import PlanClosed, PlanMoved, apply_document, change_plan_of
from din.changes import ChangePlan, Level, Outcome
from din.models import Ambition, Effort, ErGoal, FocusArea, Goal, Owner, Plan, Programme, Theme
from din.plan_writer import BATCH
from din.reading.document import Ambition as ReadAmbition
from din.reading.document import Document
from din.reading.document import Effort as ReadEffort
from din.reading.document import ErGoal as ReadErGoal
from din.reading.document import SmartGoal as ReadGoal
from din.reading.document import Theme as ReadTheme
from monitoring.models import ReportingRound, Update
from tests.cast import make_programme, make_round, make_updates

pytestmark = pytest.mark.django_db


def goal(text: str, *, number: int | None = None, theme: str | None = "Taal", **fields: object) -> ReadGoal:
    values = {
        "deadline": "2024-Q2",
        "er_goals": ("Meer cursisten",),
        "focus_areas": (),
        "owner": "Onderwijs",
        "source": "DIN!D5",
    }
    return ReadGoal(theme=theme, number=number, text=text, **{**values, **fields})


DOCUMENT = Document(
    themes=(ReadTheme("pijler", 1, "Taal"), ReadTheme("thema", None, "Rekenen")),
    ambitions=(ReadAmbition(None, "Iedereen doet mee", "DIN!B5"), ReadAmbition("Taal", "Iedereen leest", "DIN!B6")),
    er_goals=(ReadErGoal("Taal", "Meer cursisten", ("Iedereen leest",), "DIN!C5"),),
    smart_goals=(
        goal("In Q2 zijn 150 cursisten gestart", number=1, focus_areas=("Laaggeletterdheid", "Ouders")),
        goal("Eind 2024 haalt 70% een hoger niveau", number=2, deadline="2024-Q4"),
        goal("Er is een rekenspreekuur", theme="Rekenen", er_goals=(), owner=None, deadline=None),
    ),
    efforts=(
        ReadEffort("Taal", "Werven", ("In Q2 zijn 150 cursisten gestart",), "Bibliotheek", "DIN!E5"),
        ReadEffort("Rekenen", "Folder maken", (), None, "DIN!E7"),
    ),
)
EVERYTHING = 2 + 2 + 1 + 3 + 2


@pytest.fixture
def programme() -> Programme:
    return make_programme("Basisvaardigheden", "basisvaardigheden")


def import_(document: Document, programme: Programme, *, year: int = 2024, **more: object) -> ChangePlan:
    return apply_document(document, programme=programme, year=year, actor=None, now=timezone.now(), **more).change_plan


def counts(change_plan: ChangePlan) -> tuple[int, int, int, int]:
    found = change_plan.counts
    return found["created"], found["updated"], found["unchanged"], found["missing"]


def with_goals(*goals: ReadGoal) -> Document:
    return replace(DOCUMENT, smart_goals=goals)


def test_a_new_plan_gets_all_of_it_with_its_lines(programme: Programme) -> None:
    assert counts(import_(DOCUMENT, programme)) == (EVERYTHING, 0, 0, 0)
    plan = Plan.objects.get(programme=programme)
    assert (plan.name, plan.state, plan.first_year, plan.last_year) == ("DIN 2024", "concept", 2024, 2024)
    first = Goal.objects.get(plan=plan, number=1)
    assert first.reference == "P1.1"
    assert str(first.deadline) == "2024-06-30"
    assert first.owner == Owner.objects.get(name="Onderwijs")
    assert [er_goal.text for er_goal in first.er_goals.all()] == ["Meer cursisten"]
    assert {area.name for area in first.focus_areas.all()} == {"Laaggeletterdheid", "Ouders"}
    assert [effort.lead.name for effort in first.efforts.all()] == ["Bibliotheek"]
    assert [ambition.text for ambition in ErGoal.objects.get().ambitions.all()] == ["Iedereen leest"]
    assert Ambition.objects.get(theme=None).text == "Iedereen doet mee"
    assert [goal.text for goal in Goal.objects.filter(plan=plan)] == [goal.text for goal in DOCUMENT.smart_goals]


def test_the_same_again_changes_nothing(programme: Programme) -> None:
    import_(DOCUMENT, programme)
    before = list(Goal.history.values_list("history_id", flat=True))
    assert counts(import_(DOCUMENT, programme)) == (0, 0, EVERYTHING, 0)
    assert list(Goal.history.values_list("history_id", flat=True)) == before


def test_the_preview_says_what_the_import_does_and_writes_nothing(programme: Programme) -> None:
    previewed = change_plan_of(DOCUMENT, programme=programme, year=2024)
    assert not Plan.objects.exists()
    assert import_(DOCUMENT, programme) == previewed


def test_an_edited_text_with_its_number_is_the_same_goal(programme: Programme) -> None:
    import_(DOCUMENT, programme)
    before = Goal.objects.get(number=1)
    edited = "Voor de zomer zijn 200 cursisten begonnen, ook 's avonds"
    lines = tuple(
        replace(effort, smart_goals=(edited,)) if effort.smart_goals else effort for effort in DOCUMENT.efforts
    )
    plan = import_(
        replace(with_goals(replace(DOCUMENT.smart_goals[0], text=edited), *DOCUMENT.smart_goals[1:]), efforts=lines),
        programme,
    )
    assert counts(plan) == (0, 1, EVERYTHING - 1, 0)
    after = Goal.objects.get(number=1)
    assert (after.pk, after.text) == (before.pk, edited)
    (change,) = plan.of(Outcome.UPDATED)
    assert [(field.label, field.old, field.new) for field in change.fields] == [("tekst", before.text, edited)]


def test_a_slightly_edited_text_without_a_number_is_the_same_goal(programme: Programme) -> None:
    import_(DOCUMENT, programme)
    before = Goal.objects.get(text="Er is een rekenspreekuur")
    edited = replace(DOCUMENT.smart_goals[2], text="Er is een vast rekenspreekuur")
    assert counts(import_(with_goals(*DOCUMENT.smart_goals[:2], edited), programme)) == (0, 1, EVERYTHING - 1, 0)
    assert Goal.objects.get(pk=before.pk).text == "Er is een vast rekenspreekuur"


def test_another_text_without_a_number_is_another_goal(programme: Programme) -> None:
    import_(DOCUMENT, programme)
    other = replace(DOCUMENT.smart_goals[2], text="Alle scholen hebben een rekencoach")
    assert counts(import_(with_goals(*DOCUMENT.smart_goals[:2], other), programme)) == (1, 0, EVERYTHING - 1, 1)


def test_what_is_no_longer_named_stays_with_its_progress(programme: Programme) -> None:
    import_(DOCUMENT, programme)
    plan = Plan.objects.get()
    dropped = Goal.objects.get(number=2)
    round_ = make_round(plan, 2024, 1, state=ReportingRound.State.OPEN)
    make_updates(round_, [dropped])
    change_plan = import_(with_goals(DOCUMENT.smart_goals[0], DOCUMENT.smart_goals[2]), programme)
    assert [change.pk for change in change_plan.of(Outcome.MISSING)] == [dropped.pk]
    assert Update.objects.filter(goal=dropped).exists()


def test_texts_that_change_places_are_written(programme: Programme) -> None:
    import_(DOCUMENT, programme)
    one, two, three = DOCUMENT.smart_goals
    swapped = with_goals(replace(one, text=two.text), replace(two, text=one.text), three)
    assert import_(swapped, programme).counts["updated"] >= 2
    assert Goal.objects.get(number=1).text == two.text
    assert counts(import_(swapped, programme))[:2] == (0, 0)


def test_lines_follow_the_workbook(programme: Programme) -> None:
    import_(DOCUMENT, programme)
    moved = tuple(
        replace(effort, smart_goals=("Eind 2024 haalt 70% een hoger niveau",)) for effort in DOCUMENT.efforts[:1]
    )
    change_plan = import_(replace(DOCUMENT, efforts=(*moved, DOCUMENT.efforts[1])), programme)
    assert [(change.level, change.fields[0].label) for change in change_plan.of(Outcome.UPDATED)] == [
        (Level.EFFORT, "lijnen")
    ]
    assert [goal.number for goal in Effort.objects.get(text="Werven").goals.all()] == [2]


def test_an_owner_that_the_workbook_leaves_out_stays(programme: Programme) -> None:
    import_(DOCUMENT, programme)
    without = with_goals(*(replace(goal, owner=None) for goal in DOCUMENT.smart_goals))
    assert counts(import_(without, programme)) == (0, 0, EVERYTHING, 0)
    assert Goal.objects.get(number=1).owner.name == "Onderwijs"


def test_a_name_in_other_letters_is_the_same_owner_theme_and_tag(programme: Programme) -> None:
    import_(DOCUMENT, programme)
    shouted = with_goals(
        *(
            replace(goal, owner="ONDERWIJS", focus_areas=tuple(tag.upper() for tag in goal.focus_areas))
            for goal in DOCUMENT.smart_goals
        )
    )
    import_(shouted, programme)
    assert Owner.objects.filter(name__iexact="onderwijs").count() == 1
    assert FocusArea.objects.count() == 2


def test_an_opgave_of_the_plan_is_not_missing_from_a_din(programme: Programme) -> None:
    import_(DOCUMENT, programme)
    Goal.objects.create(plan=Plan.objects.get(), kind=Goal.Kind.OPGAVE, text="Een opgave")
    assert counts(import_(DOCUMENT, programme)) == (0, 0, EVERYTHING, 0)


def test_the_plan_of_the_next_year_follows_and_its_goals_continue(programme: Programme) -> None:
    import_(DOCUMENT, programme)
    assert counts(import_(DOCUMENT, programme, year=2025)) == (EVERYTHING - 2, 0, 2, 0), "the themes are there already"
    older, newer = Plan.objects.order_by("first_year")
    assert newer.predecessor == older
    for successor in Goal.objects.filter(plan=newer):
        assert successor.predecessor is not None
        assert (successor.predecessor.plan, successor.predecessor.text) == (older, successor.text)
    assert Theme.objects.count() == 2


def test_a_confirmation_of_something_else_than_was_shown_is_refused(programme: Programme) -> None:
    import_(DOCUMENT, programme)
    edited = with_goals(replace(DOCUMENT.smart_goals[0], text="Nieuwe tekst"), *DOCUMENT.smart_goals[1:])
    shown = change_plan_of(edited, programme=programme, year=2024)
    Goal.objects.filter(number=1).update(text="Intussen door iemand anders gewijzigd")
    with pytest.raises(PlanMoved) as moved:
        import_(edited, programme, fingerprint=shown.fingerprint)
    assert Goal.objects.get(number=1).text == "Intussen door iemand anders gewijzigd"
    assert counts(import_(edited, programme, fingerprint=moved.value.change_plan.fingerprint))[0] == 0
    assert Goal.objects.get(number=1).text == "Nieuwe tekst"


def test_a_closed_plan_takes_no_workbook(programme: Programme) -> None:
    import_(DOCUMENT, programme)
    Plan.objects.update(state=Plan.State.CLOSED)
    with pytest.raises(PlanClosed):
        import_(DOCUMENT, programme)


def test_history_tells_what_the_import_brought(programme: Programme, django_user_model: type) -> None:
    person = django_user_model.objects.create_user("importeur")
    apply_document(DOCUMENT, programme=programme, year=2024, actor=person, now=timezone.now())
    record = Goal.history.filter(number=1).latest()
    assert (record.history_type, record.history_user) == ("+", person)
    assert "import" in record.history_change_reason


def in_order(plan: Plan) -> list[list[tuple[str, str]]]:
    """What stands in the plan, level by level in its order, with the cell that it came from."""
    return [
        list(level.objects.filter(plan=plan).order_by("position").values_list("text", "source"))
        for level in (Ambition, ErGoal, Goal, Effort)
    ]


def as_read(document: Document) -> list[list[tuple[str, str]]]:
    levels = (document.ambitions, document.er_goals, document.smart_goals, document.efforts)
    return [[(item.text, item.source) for item in level] for level in levels]


TWO_ER_GOALS = replace(DOCUMENT, er_goals=(*DOCUMENT.er_goals, ReadErGoal("Rekenen", "Vaker sommen", (), "DIN!C7")))


@pytest.mark.parametrize("level", ["ambitions", "er_goals", "smart_goals", "efforts"])
def test_rows_that_only_change_places_get_the_new_order(programme: Programme, level: str) -> None:
    import_(TWO_ER_GOALS, programme)
    turned = replace(TWO_ER_GOALS, **{level: getattr(TWO_ER_GOALS, level)[::-1]})
    assert counts(import_(turned, programme))[::3] == (0, 0)
    assert in_order(Plan.objects.get()) == as_read(turned)


@pytest.mark.parametrize("level", ["ambitions", "er_goals", "smart_goals", "efforts"])
def test_a_row_that_only_moves_down_gets_its_new_cell(programme: Programme, level: str) -> None:
    import_(TWO_ER_GOALS, programme)
    *others, last = getattr(TWO_ER_GOALS, level)
    lower = replace(TWO_ER_GOALS, **{level: (*others, replace(last, source="DIN!B99"))})
    assert counts(import_(lower, programme))[::3] == (0, 0)
    assert in_order(Plan.objects.get()) == as_read(lower)


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        (
            {"themes": (ReadTheme("pijler", 9, "Taal"), DOCUMENT.themes[1])},
            lambda: Theme.objects.filter(name="Taal", number=9).exists(),
        ),
        (
            {"themes": (ReadTheme("pijler", 1, "TAAL"), DOCUMENT.themes[1])},
            lambda: Theme.objects.filter(name="TAAL").exists(),
        ),
        (
            {"smart_goals": (replace(DOCUMENT.smart_goals[0], owner="Jeugd"), *DOCUMENT.smart_goals[1:])},
            lambda: Goal.objects.get(number=1).owner.name == "Jeugd",
        ),
        (
            {"smart_goals": (replace(DOCUMENT.smart_goals[0], focus_areas=("Ouders",)), *DOCUMENT.smart_goals[1:])},
            lambda: [tag.name for tag in Goal.objects.get(number=1).focus_areas.all()] == ["Ouders"],
        ),
        (
            {"efforts": (replace(DOCUMENT.efforts[0], lead="Jeugd"), DOCUMENT.efforts[1])},
            lambda: Effort.objects.get(text="Werven").lead.name == "Jeugd",
        ),
    ],
    ids=["number of a theme", "name of a theme", "owner", "labels", "lead"],
)
def test_one_change_in_a_plan_that_stays_in_place_is_written(
    programme: Programme, change: dict[str, Any], holds: Callable[[], bool]
) -> None:
    import_(DOCUMENT, programme)
    assert not holds()
    import_(replace(DOCUMENT, **change), programme)
    assert holds()


def test_a_plan_in_place_is_compared_and_left(programme: Programme) -> None:
    import_(DOCUMENT, programme)
    with CaptureQueriesContext(connection) as queries:
        import_(DOCUMENT, programme)
    assert [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


def many(count: int) -> Document:
    return replace(
        DOCUMENT,
        smart_goals=tuple(goal(f"Doel nummer {n} van velen", number=n) for n in range(1, count + 1)),
        efforts=(),
    )


def batches(model: type[Model], count: int) -> int:
    """In how many statements `count` new rows go: SQLite takes a limited number of values at a time."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    at_a_time = connection.ops.bulk_batch_size(fields, [None] * count)
    return -(-count // min(BATCH, at_a_time))


def test_queries_do_not_grow_with_the_workbook_but_for_batches() -> None:
    few, more = 10, 300
    fresh, again = {}, {}
    for count in (few, more):
        programme = make_programme(f"Programma {count}", f"programma-{count}")
        with CaptureQueriesContext(connection) as queries:
            import_(many(count), programme)
        fresh[count] = len(queries)
        with CaptureQueriesContext(connection) as queries:
            import_(many(count), programme)
        again[count] = len(queries)
    assert again[more] == again[few]
    written = (Goal, Goal.history.model, Goal.er_goals.through)
    growth = sum(batches(model, more) - batches(model, few) for model in written)
    assert fresh[more] == fresh[few] + growth


def test_what_only_differs_in_spaces_or_within_a_quarter_is_left_alone(programme: Programme) -> None:
    import_(DOCUMENT, programme)
    typed = "In Q2 zijn  150 cursisten  gestart"
    Goal.objects.filter(number=1).update(text=typed, deadline="2024-05-15")
    before = list(Goal.history.values_list("history_id", flat=True))
    assert counts(import_(DOCUMENT, programme)) == (0, 0, EVERYTHING, 0)
    kept = Goal.objects.get(number=1)
    assert (kept.text, str(kept.deadline)) == (typed, "2024-05-15")
    assert list(Goal.history.values_list("history_id", flat=True)) == before


def test_a_concept_leaves_the_themes_of_an_adopted_plan_as_the_council_reads_them(programme: Programme) -> None:
    import_(DOCUMENT, programme)
    renumbered = replace(DOCUMENT, themes=(ReadTheme("thema", 77, "Taal"), DOCUMENT.themes[1]))
    Plan.objects.update(state=Plan.State.ADOPTED)
    assert counts(import_(renumbered, programme, year=2025))[1] == 0
    assert Theme.objects.get(name="Taal").title == "Pijler 1: Taal"
    # Once it is adopted itself, its workbook counts.
    Plan.objects.update(state=Plan.State.ADOPTED)
    assert counts(import_(renumbered, programme, year=2025))[1] == 1
    assert Theme.objects.get(name="Taal").title == "Thema 77: Taal"
