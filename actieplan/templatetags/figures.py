"""What a page of figures draws dozens of times: bars, cells with a number, and the rows of a table of goals.

Tags that write their HTML themselves, not partials: of a page with fifty goals the partials took most of the time.
Rows and cells, of which a page has more than a hundred, are written without format_html, which took half of the rest:
every text in them goes through `escape`.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst

from actieplan.templatetags.shell import status_badge, status_icon, svg_number
from monitoring.goal_line import GoalLine
from monitoring.standing_rows import CountCell, StandingRow
from monitoring.status_bar import Segment, StatusBar

register = template.Library()

LONGEST_TEXT = 220


@register.simple_tag
def status_bar(bar: StatusBar) -> SafeString:
    """The stacked bar of standings, with its numbers in words for who does not see it; nothing for a bar of nothing."""
    if not bar.total:
        return SafeString("")
    words = "".join(f"{segment.count} {segment.label}, " for segment in bar.segments)
    return format_html(
        '<svg class="app-bar" role="img" height="32" aria-label="{}samen {}">'
        '<rect class="app-bar__frame" x="0" y="0" width="100%" height="32" rx="3"/>{}</svg>',
        words,
        bar.total,
        SafeString("".join(map(_segment, bar.segments))),
    )


def _segment(segment: Segment) -> SafeString:
    """One colour of a bar, with its count when that fits in it, also on a small screen. Nothing that a user wrote."""
    icon = status_icon(segment.status)
    x, width = svg_number(segment.x), svg_number(segment.width)
    rect = (
        f'<rect class="app-bar__segment--{icon}" x="{x}%" y="1" width="{width}%" height="30"'
        f' fill="url(#app-pattern-{icon})"/>'
    )
    if segment.width < 3.5 * len(str(segment.count)):
        return SafeString(rect)
    middle = svg_number(segment.x + segment.width / 2)
    return SafeString(f'{rect}<text class="app-bar__number--{icon}" x="{middle}%" y="21">{segment.count:d}</text>')


@register.simple_tag
def count_cell(cell: CountCell, label: str, title: str) -> SafeString:
    """A number that leads to its goals; without goals the cell is empty and a small screen leaves it out."""
    return SafeString(_count_cell(cell, label, escape(title)))


def _count_cells(cells: Iterable[tuple[CountCell, str]], title: str) -> str:
    """The cells of a row, each with its label on a small screen; `title` is escaped."""
    return "".join(_count_cell(cell, label, title) for cell, label in cells)


def _count_cell(cell: CountCell, label: str, title: str) -> str:
    data_label = escape(label)
    if not cell.url:
        return f'<td class="app-table__number" data-label="{data_label}"></td>'
    name = f"{cell.count:d} {escape(cell.label)}: {title}"
    return (
        f'<td class="app-table__number" data-label="{data_label}"><a class="utrecht-link utrecht-link--html-a"'
        f' href="{escape(cell.url)}" aria-label="{name}">{cell.count:d}</a></td>'
    )


@register.simple_tag
def bar_rows(rows: Iterable[StandingRow]) -> SafeString:
    """The rows of a table of bars: how the goals stand, how many there are, are late and are without progress."""
    return SafeString("".join(map(_bar_row, rows)))


def _bar_row(row: StandingRow) -> str:
    title = escape(row.title)
    cells = ((row.total, "Doelen"), (row.late, "Te laat"), (row.without_update, "Zonder voortgang"))
    return f"<tr>{_row_head(row.url, title)}<td>{status_bar(row.bar)}</td>{_count_cells(cells, title)}</tr>"


@register.simple_tag
def count_row(row: StandingRow) -> SafeString:
    """The row of a table of numbers: how many goals there are, and how many of them stand how."""
    title = escape(row.title)
    cells = ((row.total, "Doelen"), *((cell, capfirst(cell.label)) for cell in row.cells))
    return SafeString(f"<tr>{_row_head(row.url, title)}{_count_cells(cells, title)}</tr>")


def _row_head(url: str, title: str) -> str:
    """The head of a row; `title` is escaped."""
    linked = f'<a class="utrecht-link utrecht-link--html-a" href="{escape(url)}">{title}</a>' if url else title
    return f'<th scope="row">{linked}</th>'


@register.simple_tag
def goal_rows(goals: Iterable[GoalLine], *, has_round: object, show_theme: object) -> SafeString:
    """The rows of a table of goals; without a round there is no status in them."""
    late = f" {late_badge()}"
    return SafeString("".join(_goal_row(goal, late=late, has_round=has_round, show_theme=show_theme) for goal in goals))


def _goal_row(goal: GoalLine, *, late: str, has_round: object, show_theme: object) -> str:
    text = goal.text if len(goal.text) <= LONGEST_TEXT else Truncator(goal.text).chars(LONGEST_TEXT)
    number = f'<span class="app-number">{escape(goal.reference)}</span> ' if goal.reference else ""
    theme = f'<div class="app-meta">{escape(goal.theme)}</div>' if show_theme else ""
    badge = status_badge(goal.standing, goal.standing_label) if has_round else ""
    status = f'<td class="app-table__tight" data-label="Status">{badge}</td>' if has_round else ""
    return (
        f'<tr><th scope="row">{number}<a class="utrecht-link utrecht-link--html-a" href="{escape(goal.url)}">'
        f"{escape(text)}</a>{theme}</th>"
        f'<td data-label="Eigenaar">{escape(goal.owner) or _NOBODY}</td>'
        f'<td class="app-table__tight" data-label="Deadline">{escape(goal.deadline_label) or _NO_DEADLINE}'
        f"{late if goal.late else ''}</td>{status}</tr>"
    )


_NOBODY = SafeString('<span class="app-meta">nog niemand</span>')
_NO_DEADLINE = SafeString('<span class="app-meta">geen</span>')


@register.simple_tag
def late_badge() -> SafeString:
    """That a goal is late: its deadline has passed and it has no final status."""
    return format_html(
        '<span class="utrecht-status-badge utrecht-status-badge--danger app-badge">'
        '<svg class="app-icon" aria-hidden="true" focusable="false" width="16" height="16">'
        '<use href="{}#warning"></use></svg>te laat</span>',
        static("app/icons.svg"),
    )
