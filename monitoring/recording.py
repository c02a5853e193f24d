"""A goal to be recorded: its form, with what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import prefetch_related_objects

from monitoring import workflow
from monitoring.differences import Difference
from monitoring.earlier import previous_updates
from monitoring.effort_progress import earlier_efforts
from monitoring.forms import UpdateForm
from monitoring.goal_measurements import Asked, asked_of, stored_measurements
from monitoring.held_text import HeldText
from monitoring.kept_text import typed_texts
from monitoring.models import Update
from monitoring.workflow import Content


@dataclass(frozen=True)
class Recording:
    """One goal on a page on which it is recorded.

    `is_stored` tells whether the form holds what is stored; after a refusal, a conflict or an expired session it holds
    what was typed. After a conflict there are `differences`, and `seen` is the version of the other that is shown.
    `held` are texts with personal data in them.
    """

    update: Update
    form: UpdateForm
    previous: Update | None
    actions: frozenset[str]
    is_stored: bool = True
    differences: tuple[Difference, ...] = ()
    held: tuple[HeldText, ...] = ()
    seen: int | None = None

    @property
    def version(self) -> int | str:
        """The version of the update that the writer saw."""
        return self.form["version"].value() if self.seen is None else self.seen

    @property
    def may_write(self) -> bool:
        return bool(self.actions & {workflow.Action.SAVE, workflow.Action.SUBMIT})

    @property
    def emptied(self) -> tuple[Asked, ...]:
        """Of a valid form: the indicators of which the measurement that stood there was made empty."""
        names = {measurement.indicator for measurement in self.form.content.measurements if measurement.is_emptied}
        return tuple(one for one in self.form.asked if one.measurement and one.indicator.pk in names)

    @property
    def unsaved_texts(self) -> list[tuple[str, str]]:
        """What was typed and cannot be saved any more, with labels: to be copied from the page."""
        return [] if self.is_stored or self.may_write else typed_texts(self.form.data)

    @property
    def may_take_over(self) -> bool:
        """Whether there is a text of the last round to start with."""
        return self.previous is not None and bool(self.previous.explanation or self.previous.next_steps)

    def taken_over(self, typed: Mapping[str, str]) -> dict[str, str]:
        """The texts of the last round, below what was typed already."""
        previous = self.previous
        if previous is None:
            return {}
        texts = {"explanation": previous.explanation, "next_steps": previous.next_steps}
        return {name: _below(typed.get(name, "").strip(), text) for name, text in texts.items() if text}


def _below(typed: str, text: str) -> str:
    return typed if text in typed else "\n\n".join(filter(None, [typed, text]))


def recordings(
    updates: Sequence[Update],
    *,
    user: AbstractBaseUser,
    data: Mapping[str, str] | None = None,
    several: bool = False,
) -> list[Recording]:
    """Each of `updates` (read with_place) to be recorded by `user`; `data` is what was typed in a form of one update.

    All are of one round and of goals that `user` records: then the rights depend on the state alone, and the number of
    queries does not grow with the goals. With `several` on one page the controls get ids of their own.
    """
    prefetch_related_objects(updates, "goal__efforts__lead", "goal__er_goals", "efforts__effort")
    previous = previous_updates(updates)
    prefetch_related_objects(list(previous.values()), "efforts__effort")
    asked = asked_of(updates)
    actions: dict[str, frozenset[str]] = {}
    made = []
    for update in updates:
        if update.state not in actions:
            actions[update.state] = frozenset(workflow.allowed_actions(update, user))
        efforts = list(update.goal.efforts.all())
        earlier = previous.get(update.pk)
        content = Content.of(update)
        if not content.efforts:
            content = replace(content, efforts=earlier_efforts(efforts, earlier))
        content = replace(content, measurements=stored_measurements(asked[update.pk]))
        form = UpdateForm(
            data,
            content=content,
            version=update.version,
            efforts=efforts,
            asked=asked[update.pk],
            auto_id=f"id_{update.pk}_%s" if several else "id_%s",
        )
        made.append(Recording(update, form, earlier, actions[update.state], is_stored=data is None))
    return made
