"""Re-cuts and where each goal went, to read: din.recut makes them, in one piece."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from din.admin.resources import Resource, shown
from din.admin.section import History, OneQueryFilter, ReadOnly, count_of, short
from din.models import Recut, RecutMove


class RecutResource(Resource):
    programme_name = shown("programme__name", "programma (naam)")

    class Meta:
        model = Recut
        fields = ("id", "programme", "programme_name", "day", "reason", "last_year_before", "last_year_after")


@admin.register(Recut)
class RecutAdmin(History, ReadOnly):
    resource_classes = [RecutResource]
    list_display = ["programme", "day", "short_reason", "last_year_before", "last_year_after", "move_count"]
    list_filter = [("programme", OneQueryFilter)]
    list_select_related = ["programme"]
    search_fields = ["programme__name", "reason"]
    date_hierarchy = "day"
    ordering = ["programme", "-day"]
    fields = ["programme", "day", "reason", "last_year_before", "last_year_after"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recut]:
        return super().get_queryset(request).annotate(move_count=count_of(RecutMove.objects.all(), "recut"))

    @admin.display(description="reden", ordering="reason")
    def short_reason(self, recut: Recut) -> str:
        return short(recut.reason)

    @admin.display(description="doelen", ordering="move_count")
    def move_count(self, recut: Recut) -> int:
        return recut.move_count  # type: ignore[attr-defined]


class RecutMoveResource(Resource):
    programme_name = shown("recut__programme__name", "programma (naam)")
    day = shown("recut__day", "gaat in op")
    goal_text = shown("goal__text", "doel (tekst)")

    class Meta:
        model = RecutMove
        fields = (
            "id",
            "recut",
            "programme_name",
            "day",
            "goal",
            "goal_text",
            "from_title",
            "from_reference",
            "to_title",
            "to_reference",
            "ended_reason",
        )


@admin.register(RecutMove)
class RecutMoveAdmin(History, ReadOnly):
    resource_classes = [RecutMoveResource]
    list_display = ["goal_text", "recut", "from_title", "from_reference", "to_title", "to_reference", "is_ended"]
    list_filter = [("recut__programme", OneQueryFilter)]
    list_select_related = ["recut__programme", "goal"]
    search_fields = ["goal__text", "from_title", "from_reference", "to_title", "to_reference", "ended_reason"]
    search_help_text = "Zoek op doel, onderdeel, nummer of reden."
    ordering = ["recut", "pk"]
    fields = [
        "recut",
        "goal",
        "from_theme",
        "from_title",
        "from_reference",
        "to_theme",
        "to_title",
        "to_reference",
        "ended_reason",
    ]

    @admin.display(description="doel", ordering="goal__text")
    def goal_text(self, move: RecutMove) -> str:
        return short(move.goal.text)

    @admin.display(description="vervallen", boolean=True)
    def is_ended(self, move: RecutMove) -> bool:
        return move.is_ended
