"""The page of a search: what was found, by programme and kind."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.http import urlencode

from din.models import Programme
from din.permissions import Visitor
from monitoring.search import MOST_HITS, Find, Hit, find_commitments, find_explanations, find_goals
from monitoring.search_words import words_of

# Of each kind this many stand on the page of all programmes; the others on a page of their own.
FIRST_HITS = 5
PAGE_SIZE = 50
KINDS: dict[str, tuple[str, Find]] = {
    "doelen": ("Doelen", find_goals),
    "toelichtingen": ("Toelichtingen", find_explanations),
    "toezeggingen": ("Toezeggingen, moties en aanbevelingen", find_commitments),
}


@dataclass(frozen=True)
class HitGroup:
    """What was found of one kind in one programme: `total`, of which the page shows `hits`; `url` shows all."""

    title: str
    total: int
    hits: tuple[Hit, ...]
    url: str
    query: str
    page: Page[Hit] | None

    @property
    def left_out(self) -> int:
        return self.total - len(self.hits) if self.page is None else 0


@dataclass(frozen=True)
class ProgrammeHits:
    programme: Programme
    groups: tuple[HitGroup, ...]


@dataclass(frozen=True)
class SearchPage:
    """`is_cut` when there is more than is read; `narrowed` when one kind in one programme is shown."""

    query: str
    programmes: tuple[ProgrammeHits, ...]
    total: int
    is_cut: bool
    all_url: str
    narrowed: bool


def build_search_page(
    user: Visitor, *, query: str, programme: str, kind: str, page: str, as_of: datetime.date
) -> SearchPage:
    """What `user` finds for `query`; in one programme (its slug) and of one kind when those are named."""
    words = words_of(query)
    programmes = [
        found
        for found in Programme.objects.readable_by(user).order_by("name", "pk")
        if not programme or found.slug == programme
    ]
    kinds = {kind: KINDS[kind]} if kind in KINDS else KINDS
    narrowed = bool(programme) and kind in KINDS
    found = {key: find(user, words, programmes, as_of) if words else [] for key, (_, find) in kinds.items()}

    def group(place: Programme, key: str) -> HitGroup:
        hits = [hit for hit in found[key] if hit.programme == place.pk]
        address = urlencode({"q": query, "programma": place.slug, "soort": key})
        shown = Paginator(hits, PAGE_SIZE).get_page(page) if narrowed else None
        return HitGroup(
            title=KINDS[key][0],
            total=len(hits),
            hits=tuple(shown.object_list if shown else hits[:FIRST_HITS]),
            url=f"{reverse('search')}?{address}",
            query=address,
            page=shown,
        )

    groups = [(place, tuple(made for key in kinds if (made := group(place, key)).total)) for place in programmes]
    return SearchPage(
        query=query,
        programmes=tuple(ProgrammeHits(place, made) for place, made in groups if made),
        total=sum(map(len, found.values())),
        is_cut=any(len(hits) >= MOST_HITS for hits in found.values()),
        all_url=f"{reverse('search')}?{urlencode({'q': query})}",
        narrowed=narrowed,
    )
