"""The list of a section, as the filters in the address narrow it."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, EmptyResultSet
from django.db.models import QuerySet
from django.http import HttpRequest


class FilteredList(ChangeList):
    """A list that is refused (400) when a filter in the address means nothing, such as a year that no calendar has.

    Django's own shows everything after most of those, as if there was no filter, and fails on the others.
    """

    def get_queryset(self, request: HttpRequest, *args: Any) -> QuerySet[Any]:
        if any("\0" in value for values in request.GET.lists() for value in values[1]):
            raise BadRequest("PostgreSQL knows no text with this character.")
        if any(name.endswith("regex") for name in request.GET):
            raise BadRequest("Whether a pattern means something is found only when the rows are read.")
        try:
            found = super().get_queryset(request, *args)
            # Some values are looked at only here, and else not before the rows are read.
            found.query.sql_with_params()
        except EmptyResultSet:
            return found
        except (IncorrectLookupParameters, ValueError, OverflowError) as problem:
            raise BadRequest("A filter of the list means nothing.") from problem
        return found
