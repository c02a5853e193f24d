"""The peer of the pages: Django's stock admin on goals, with the columns of our list; a URLconf with our pages too."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from actieplan.urls import urlpatterns as our_urlpatterns
from din.models import Goal
from monitoring.models import Update


class BareGoalAdmin(admin.ModelAdmin):
    list_display = ("number", "text", "theme", "owner", "deadline")
    list_select_related = ("theme__programme", "owner")
    list_per_page = 50


class BareUpdateAdmin(admin.ModelAdmin):
    list_display = ("goal", "round", "state", "status")
    list_select_related = ("goal", "round__programme")
    list_per_page = 50


bare = admin.AdminSite("bare")
bare.register(Goal, BareGoalAdmin)
bare.register(Update, BareUpdateAdmin)

urlpatterns = [*our_urlpatterns, path("kaal/", bare.urls)]
