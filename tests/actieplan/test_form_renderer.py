"""Choice lists drawn in one go say what Django's own templates say."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from actieplan.form_renderer import FormRenderer

pytestmark = pytest.mark.pure

CHOICES = [
    ("", "Alle"),
    ("a&b", '<b>"vet"</b>'),
    (7, "zeven"),
    ("Groep <1>", [("x", "in een groep"), ("y", "ook")]),
]


def words(html: str) -> list[str]:
    """The tags with their attributes in order, and the texts."""
    parts = re.findall(r"<[^>]*>|[^<>]+", html)
    return [" ".join(sorted(part.strip("<>").split())) for part in parts if part.strip()]


@pytest.mark.parametrize("value", ["", "a&b", 7, "y", "onbekend", None])
@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple])
def test_a_choice_list_is_as_django_draws_it(widget: type[forms.Select], value: object) -> None:
    drawn = [
        widget(choices=CHOICES).render(
            "keus", [value] if widget is forms.SelectMultiple else value, {"id": "id_keus", "required": True}, renderer
        )
        for renderer in (FormRenderer(), DjangoTemplates())
    ]
    assert words(drawn[0]) == words(drawn[1])
    assert "<b>" not in drawn[0]
