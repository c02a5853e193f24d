"""Writes a change plan: the half of din.apply that touches the rows. Nothing else writes an import."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils import timezone

from din.change_plan import ChangePlan, Level, Snapshot
from din.changes import LineFinder
from din.models import Ambition, Effort, ErGoal, FocusArea, Goal, Owner, Plan, Theme
from din.models.levels import text_digest
from din.progress import Tell
from din.quarters import last_day, quarter_of
from din.reading.document import Document
from din.text import clean, text_key
from din.trace import Trace

BATCH = 1_000


class PlanWriter:
    """Writes a change plan, level by level from the top, so that a line always finds both its ends."""

    def __init__(
        self,
        document: Document,
        snapshot: Snapshot,
        change_plan: ChangePlan,
        plan: Plan,
        plan_is_new: bool,
        actor: AbstractBaseUser | None,
        now: datetime.datetime,
        tell: Tell,
    ) -> None:
        self.document = document
        self.snapshot = snapshot
        self.match = change_plan.match
        self.ended = change_plan.ended
        self.predecessors = change_plan.predecessors
        self.plan = plan
        self.trace = Trace(plan_created=plan_is_new)
        self.actor = actor
        self.now = now
        self.tell = tell

    def write(self) -> None:
        if self.ended:
            self._end()
        themes = self._themes()
        owners = self._owners()
        tags = self._focus_areas()
        theme_keys = {text_key(theme.name): theme.pk for theme in themes}

        def theme_of(name: str | None) -> int | None:
            return None if name is None else theme_keys[text_key(name)]

        document = self.document
        ambitions = self._level(
            Ambition,
            Level.AMBITION,
            [
                {"theme_id": theme_of(item.theme), "text": item.text, "source": item.source}
                for item in document.ambitions
            ],
        )
        er_goals = self._level(
            ErGoal,
            Level.ER_GOAL,
            [
                {"theme_id": theme_of(item.theme), "text": item.text, "source": item.source}
                for item in document.er_goals
            ],
        )
        goals = self._level(
            Goal,
            Level.SMART_GOAL,
            [
                {
                    "theme_id": theme_of(item.theme),
                    "text": item.text,
                    "number": item.number,
                    "deadline": last_day(item.deadline) if item.deadline else None,
                    "owner_id": owners.get(text_key(item.owner or "")),
                    "source": item.source,
                }
                for item in document.smart_goals
            ],
            predecessors=self.predecessors,
        )
        efforts = self._level(
            Effort,
            Level.EFFORT,
            [
                {
                    "theme_id": theme_of(item.theme),
                    "text": item.text,
                    "lead_id": owners.get(text_key(item.lead or "")),
                    "source": item.source,
                }
                for item in document.efforts
            ],
        )
        self.tell("De lijnen worden doorgevoerd")
        self._lines(
            ErGoal.ambitions,
            er_goals,
            _ends(document.ambitions, ambitions, ((item.theme, item.ambitions) for item in document.er_goals)),
        )
        self._lines(
            Goal.er_goals,
            goals,
            _ends(document.er_goals, er_goals, ((item.theme, item.er_goals) for item in document.smart_goals)),
        )
        self._lines(
            Goal.focus_areas,
            goals,
            [{tags[text_key(tag)] for tag in item.focus_areas} for item in document.smart_goals],
        )
        self._lines(
            Effort.goals,
            efforts,
            _ends(document.smart_goals, goals, ((item.theme, item.smart_goals) for item in document.efforts)),
        )

    def _end(self) -> None:
        """End the goals that a person decided about: from this day, with the reason; they and their progress stay."""
        goals = list(Goal.objects.filter(pk__in=self.ended, plan=self.plan, ended_on__isnull=True))
        for goal in goals:
            self.trace.note_former("goal", goal.pk, {"ended_on": None, "ended_reason": ""})
            goal.ended_on, goal.ended_reason = timezone.localdate(self.now), self.ended[goal.pk]
        self._save(Goal, [], goals, ["ended_on", "ended_reason"])

    # --- things with a name ----------------------------------------------------------------------------------------

    def _themes(self) -> list[Theme]:
        known = {theme.pk: theme for theme in Theme.objects.filter(programme=self.plan.programme_id)}
        next_position = max((theme.position for theme in known.values()), default=-1) + 1
        result: list[Theme] = []
        created: list[Theme] = []
        changed: list[Theme] = []
        for index, item in enumerate(self.document.themes):
            pk = self.match.pk(Level.THEME, index)
            if pk is None:
                theme = Theme(programme=self.plan.programme, position=next_position + len(created))
                created.append(theme)
            else:
                theme = known[pk]
                as_read = (item.name, item.kind, item.number)
                if pk not in self.snapshot.held_themes and (theme.name, theme.kind, theme.number) != as_read:
                    changed.append(theme)
                    former = {"name": theme.name, "kind": theme.kind, "number": theme.number}
                    self.trace.note_former("theme", pk, former)
            theme.name, theme.kind, theme.number = item.name, item.kind, item.number
            result.append(theme)
        self._save(Theme, created, changed, ["name", "kind", "number"])
        return result

    def _owners(self) -> dict[str, int]:
        named = [item.owner for item in self.document.smart_goals] + [item.lead for item in self.document.efforts]
        known = {text_key(owner.name): owner for owner in Owner.objects.filter(programme=self.plan.programme_id)}
        created = [Owner(programme=self.plan.programme, name=name) for name in _new_names(named, known)]
        self._save(Owner, created, [], [])
        return {text_key(owner.name): owner.pk for owner in [*known.values(), *created]}

    def _focus_areas(self) -> dict[str, int]:
        named = [tag for item in self.document.smart_goals for tag in item.focus_areas]
        known = {text_key(area.name): area for area in FocusArea.objects.filter(plan=self.plan)}
        created = [
            FocusArea(plan=self.plan, name=name, position=len(known) + offset)
            for offset, name in enumerate(_new_names(named, known))
        ]
        self._save(FocusArea, created, [], [])
        return {text_key(area.name): area.pk for area in [*known.values(), *created]}

    # --- the four levels -------------------------------------------------------------------------------------------

    def _level(
        self,
        model: type[models.Model],
        level: Level,
        wanted: Sequence[dict[str, object]],
        *,
        predecessors: Mapping[int, int] | None = None,
    ) -> list[int]:
        """Write one level; returns the keys in the document's order."""
        self.tell(f"De {level.label} worden doorgevoerd")
        known = model._default_manager.in_bulk(list(self.match.by_level[level].values()))
        result: list[models.Model] = []
        created: list[models.Model] = []
        changed: list[models.Model] = []
        moved: list[models.Model] = []
        for index, fields in enumerate(wanted):
            pk = self.match.pk(level, index)
            if pk is None:
                item = (
                    model(plan=self.plan, predecessor_id=predecessors.get(index))
                    if predecessors
                    else model(plan=self.plan)
                )
                created.append(item)
                differs = set(fields)
            else:
                item = known[pk]
                differs = {name for name, value in fields.items() if not _stays(name, getattr(item, name), value)}
                if differs - {"source"}:
                    changed.append(item)
                elif differs or item.position != index:  # type: ignore[attr-defined]
                    moved.append(item)
                if differs or item.position != index:  # type: ignore[attr-defined]
                    former = {name: getattr(item, name) for name in (*differs, "position")}
                    self.trace.note_former(model._meta.model_name or "", pk, former)
            for name in differs:
                setattr(item, name, fields[name])
            item.position = index  # type: ignore[attr-defined]
            item.text_digest = text_digest(item.text)  # type: ignore[attr-defined]
            result.append(item)
        names = [*(name.removesuffix("_id") for name in (wanted[0] if wanted else ())), "position", "text_digest"]
        self._save(model, created, changed, names)
        place = [name for name in names if name in ("source", "position")]
        model._default_manager.bulk_update(moved, place, batch_size=BATCH)
        return [item.pk for item in result]

    def _save(
        self,
        model: type[models.Model],
        created: Sequence[models.Model],
        changed: Sequence[models.Model],
        fields: Sequence[str],
    ) -> None:
        """Write new and changed rows with their history, which bulk writes would pass over."""
        manager = model._default_manager
        if created:
            manager.bulk_create(created, batch_size=BATCH)
            self.trace.note_created(model._meta.model_name or "", (item.pk for item in created))
            self._note_history(model, created, update=False)
        if changed:
            if "text_digest" in fields:
                # Two texts that change places would meet halfway: step aside first.
                keys = [item.pk for item in changed]
                manager.filter(pk__in=keys).update(
                    text_digest=models.functions.Cast("pk", models.CharField(max_length=64)),
                    **({"number": None} if "number" in fields else {}),
                )
            manager.bulk_update(changed, fields, batch_size=BATCH)
            self._note_history(model, changed, update=True)

    def _note_history(self, model: type[models.Model], written: Sequence[models.Model], *, update: bool) -> None:
        """Keep the history of what was written, a batch at a time: all at once would double the memory it takes."""
        for start in range(0, len(written), BATCH):
            model.history.bulk_history_create(  # type: ignore[attr-defined]
                written[start : start + BATCH],
                batch_size=BATCH,
                update=update,
                default_user=self.actor,
                default_date=self.now,
                default_change_reason=f"import van het werkboek {self.plan.first_year}",
            )

    def _lines(self, descriptor: object, lower: Sequence[int], wanted: Sequence[set[int]]) -> None:
        """Make the lines from each thing in `lower` exactly those in `wanted`, key for key."""
        through = descriptor.through  # type: ignore[attr-defined]
        field = descriptor.field  # type: ignore[attr-defined]
        source, target = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        present: dict[int, dict[int, int]] = defaultdict(dict)
        rows = through.objects.filter(**{f"{field.m2m_field_name()}__plan": self.plan.pk})
        for pk, from_pk, to_pk in rows.values_list("pk", source, target):
            present[from_pk][to_pk] = pk
        stale: list[int] = []
        came: list[tuple[int, int]] = []
        went: list[tuple[int, int]] = []
        for from_pk, ends in zip(lower, wanted, strict=True):
            gone = {to_pk: pk for to_pk, pk in present[from_pk].items() if to_pk not in ends}
            stale += gone.values()
            went += [(from_pk, to_pk) for to_pk in gone]
            came += [(from_pk, to_pk) for to_pk in sorted(ends - present[from_pk].keys())]
        for start in range(0, len(stale), BATCH):
            through.objects.filter(pk__in=stale[start : start + BATCH]).delete()
        through.objects.bulk_create(
            (through(**{source: from_pk, target: to_pk}) for from_pk, to_pk in came), batch_size=BATCH
        )
        # Lines of what is created go with it when the import is undone.
        new = set(self.trace.created.get(field.model._meta.model_name, ()))
        name = f"{field.model._meta.model_name}.{field.name}"
        self.trace.note_lines(name, added=(pair for pair in came if pair[0] not in new), removed=went)


def _stays(name: str, old: object, new: object) -> bool:
    """Whether a field is left as it is: the same rules as those by which the change plan calls it unchanged."""
    if name in ("owner_id", "lead_id") and new is None:
        return True
    if isinstance(old, datetime.date) and isinstance(new, datetime.date):
        return quarter_of(old) == quarter_of(new)
    if name == "text" and isinstance(old, str):
        return clean(old) == new
    return old == new


def _new_names(named: Iterable[str | None], known: Mapping[str, object]) -> list[str]:
    """The names that are not known yet, once each, in their order."""
    result: dict[str, str] = {}
    for name in named:
        if name and text_key(name) not in known:
            result.setdefault(text_key(name), name)
    return list(result.values())


def _ends(
    above: Sequence[object], keys: Sequence[int], lines: Iterable[tuple[str | None, Sequence[str]]]
) -> list[set[int]]:
    """For each thing of a level the keys of what its lines name on the level above."""
    finder = LineFinder([(item.theme, item.text) for item in above])  # type: ignore[attr-defined]
    return [{keys[place] for place in finder.find(theme, texts)} for theme, texts in lines]
