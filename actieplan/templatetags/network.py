"""The nodes and lines of a network: a page has hundreds, so a tag writes them and no partial for each."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from actieplan.templatetags.shell import badge, status_icon
from din.network_layout import NODE_WIDTH, TEXT_INDENT
from monitoring.network_drawing import DrawnLine, DrawnNode
from monitoring.network_outline import OutlineEntry

register = template.Library()


@register.simple_tag
def network_lines(lines: Iterable[DrawnLine]) -> SafeString:
    """The lines, inside an <svg>."""
    return format_html_join(
        "\n",
        '<path class="net-line{}" d="{}" data-upper="{}" data-lower="{}"/>',
        ((line.state, line.curve, line.line.upper, line.line.lower) for line in lines),
    )


@register.simple_tag
def network_nodes(nodes: Iterable[DrawnNode], icons: str, is_page: bool) -> SafeString:
    """The nodes, inside an <svg>; in a file they lead to the list and not to a page."""
    return format_html_join("\n", "{}", ((_node(drawn, icons, is_page),) for drawn in nodes))


def _node(drawn: DrawnNode, icons: str, is_page: bool) -> SafeString:
    node, words = drawn.node, drawn.words
    text = format_html_join(
        "", '<tspan x="{}" y="{}">{}</tspan>', ((TEXT_INDENT, line.y, line.text) for line in drawn.lines)
    )
    return format_html(
        '<g class="net-node net-node--{kind}{state}" transform="translate({x} {y})" data-key="{key}"'
        ' data-kind="{kind}" data-column="{column}" data-height="{height}" data-theme="{theme}" data-owner="{owner}"'
        ' data-areas="{areas}" data-standing="{standing}" data-attention="{attention}" data-label="{label}"'
        ' data-name="{short_name}" data-url="{url}" data-up="{up}" data-down="{down}" data-danger="{danger}">'
        '<a class="net-node__link" href="{href}"{current}><title>{name}</title>'
        '<rect class="net-node__box" width="{width}" height="{height}" rx="5"/>{band}'
        '<text class="net-node__text">{text}</text>{status}</a><circle class="net-node__knot" cy="3" r="3"/></g>',
        kind=node.kind,
        state=drawn.state,
        x=drawn.placed.x,
        y=drawn.placed.y,
        key=node.key,
        column=drawn.column,
        height=drawn.height,
        theme=node.theme_pk or "geen",
        owner=node.owner_pk or "",
        areas=" ".join(map(str, node.focus_areas)),
        standing=node.standing,
        attention="1" if node.attention else "",
        label=node.label,
        short_name=drawn.short_name,
        url=node.url if is_page else "",
        up=words.up,
        down=words.down,
        danger=words.danger,
        href=f"{drawn.address}#tekening" if is_page else f"#lijst-{node.key}",
        current=mark_safe(' aria-current="true"') if drawn.is_selected else "",
        name=drawn.name,
        width=NODE_WIDTH,
        band=_band(drawn) if node.standing_label else "",
        status=_status(drawn, icons) if node.standing_label else "",
        text=text,
    )


def _band(drawn: DrawnNode) -> SafeString:
    return format_html(
        '<rect class="net-node__band" x="1" y="1" width="8" height="{}" rx="4" fill="url(#app-pattern-{})"/>',
        drawn.height - 2,
        status_icon(drawn.node.standing),
    )


def _status(drawn: DrawnNode, icons: str) -> SafeString:
    node = drawn.node
    return format_html(
        '<svg class="net-node__icon net-node__icon--{icon}" x="16" y="{}" width="14" height="14" viewBox="0 0 16 16">'
        '<use href="{}#status-{icon}"/></svg>'
        '<text class="net-node__status net-node__icon--{icon}" x="36" y="{}">{}{}</text>',
        drawn.icon_y,
        icons,
        drawn.status_y,
        node.standing_label,
        " · te laat" if node.late else "",
        icon=status_icon(node.standing),
    )


@register.simple_tag
def network_entry(entry: OutlineEntry, icons: str, is_page: bool) -> SafeString:
    """A node in the list; one that stands there already is only named."""
    node = entry.node
    if entry.is_again:
        return format_html(
            '<div class="net-entry{}"><span class="app-meta">{}</span> <a class="utrecht-link utrecht-link--html-a"'
            ' href="#lijst-{}">{}</a> <span class="app-meta">(staat al in de lijst)</span></div>',
            entry.state,
            capfirst(node.kind_label),
            node.key,
            entry.name,
        )
    return format_html(
        '<div class="net-entry{}" id="lijst-{key}" data-key="{key}">\n<span class="app-meta">{}</span>\n'
        '<a class="utrecht-link utrecht-link--html-a" href="{}#pad">{}</a>\n{}{}\n'
        '<span class="app-meta">{}</span></div>',
        entry.state,
        capfirst(node.kind_label),
        entry.address if is_page else "",
        node.label,
        badge(node.standing, node.standing_label, icons) if node.standing_label else "",
        mark_safe(' <strong class="app-late">te laat</strong>') if node.late else "",
        entry.facts,
        key=node.key,
    )
