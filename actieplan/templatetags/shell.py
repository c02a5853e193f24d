"""What the shared partials need: classes and aria attributes on form controls, tones, Dutch dates and numbers."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField, BoundWidget
from django.template import Context
from django.templatetags.static import static
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from actieplan.shell import NavItem, account_navigation, programme_navigation
from monitoring.models import ReportingRound

register = template.Library()

# The tone of the NL Design System's badge, by status of an update.
STATUS_TONES = {
    "on_track": "safe",
    "achieved": "safe",
    "delayed": "warning",
    "at_risk": "danger",
    "not_achieved": "danger",
}
# Tone and icon, by state of an update, a round, a plan, an import or a commitment.
STATES = {
    "todo": ("neutral", "waiting"),
    "draft": ("neutral", "writing"),
    "submitted": ("info", "sent"),
    "returned": ("warning", "back"),
    "approved": ("safe", "done"),
    "not_delivered": ("danger", "missing"),
    "planned": ("neutral", "waiting"),
    "open": ("info", "open"),
    "in_review": ("warning", "review"),
    "adopted": ("safe", "locked"),
    "concept": ("neutral", "writing"),
    "closed": ("neutral", "locked"),
    "previewed": ("info", "review"),
    "applied": ("safe", "done"),
    "rejected": ("danger", "missing"),
    "undone": ("neutral", "back"),
    "proposed": ("warning", "sent"),
    "settled": ("safe", "done"),
}
_CONTROL_CLASSES = {
    "select": "utrecht-select utrecht-select--html-select",
    "textarea": "utrecht-textarea utrecht-textarea--html-textarea",
    "checkbox": "utrecht-checkbox utrecht-checkbox--html-input",
    "file": "app-file",
    "text": "utrecht-textbox utrecht-textbox--html-input",
}


@register.filter
def status_tone(status: str) -> str:
    return STATUS_TONES.get(status, "neutral")


@register.filter
def status_icon(status: str) -> str:
    """The name of the icon and the pattern of a status; an unknown one gets those of "no progress yet".

    "not_delivered" is no status but stands among them in bars and lists of an adopted round.
    """
    return status if status in STATUS_TONES or status in ("not_started", "dropped", "not_delivered") else "none"


@register.simple_tag
def status_badge(status: str, label: str) -> SafeString:
    """The badge of a status: its icon and its word. A tag, not a partial: a list has one in every row."""
    return badge(status, label if status else label or "nog geen voortgang", static("app/icons.svg"))


@lru_cache(maxsize=256, typed=True)  # typed: a text that counts as safe is not the same as one that has to be escaped
def badge(status: str, label: str, icons: str) -> SafeString:
    """The badge of a status; `icons` is the address of the icons, empty in a file that has them itself."""
    return format_html(
        '<span class="utrecht-status-badge utrecht-status-badge--{} app-badge app-badge--{icon}">'
        '<svg class="app-icon" aria-hidden="true" focusable="false" width="16" height="16">'
        '<use href="{}#status-{icon}"></use></svg>{}</span>',
        status_tone(status),
        icons,
        label,
        icon=status_icon(status),
    )


@register.filter
def state_tone(state: str) -> str:
    return STATES.get(state, ("neutral", "waiting"))[0]


@register.filter
def state_icon(state: str) -> str:
    return STATES.get(state, ("neutral", "waiting"))[1]


@register.filter
def alert_tone(message_tags: str) -> str:
    """The tone of an alert for the tags of a Django message."""
    for tag, tone in (("error", "error"), ("warning", "warning"), ("success", "ok")):
        if tag in message_tags.split():
            return tone
    return "info"


# --- forms ---------------------------------------------------------------------------------------------------------


@register.filter
def control_kind(field: BoundField) -> str:
    """How _field.html lays a field out: "choices", "checkbox", "select", "textarea", "file" or "text"."""
    widget = field.field.widget
    # CheckboxSelectMultiple is a RadioSelect too.
    if isinstance(widget, forms.RadioSelect):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.Select):
        return "select"
    if isinstance(widget, forms.Textarea):
        return "textarea"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "text"


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's control with the classes of the design system, tied to its help text and its error."""
    kind = control_kind(field)
    widget = field.field.widget
    attrs: dict[str, Any] = {"class": f"{_CONTROL_CLASSES.get(kind, '')} {widget.attrs.get('class', '')}".strip()}
    if widget.attrs.get("autocomplete"):
        # allauth repeats the label inside the field, in grey that is hard to read and goes away while typing.
        attrs["placeholder"] = False
    if described := described_by(field):
        attrs["aria-describedby"] = described
    if field.errors:
        attrs["aria-invalid"] = "true"
        attrs["class"] += f" {attrs['class'].split()[0]}--invalid"
    if isinstance(widget, forms.DateInput) and widget.input_type in ("text", "date"):
        # A browser's date control speaks ISO 8601 only, whatever the language.
        widget = forms.DateInput(attrs=widget.attrs, format="%Y-%m-%d")
        widget.input_type = "date"
        return field.as_widget(widget, attrs)
    return field.as_widget(attrs=attrs)


@register.filter
def described_by(field: BoundField) -> str:
    """The ids that say more about the field: what its widget names already, its help text, its error."""
    ids = [field.field.widget.attrs.get("aria-describedby", "")]
    if field.help_text:
        ids.append(f"{field.auto_id}_helptext")
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    return " ".join(filter(None, ids))


@register.filter
def autocomplete(field: BoundField, purpose: str) -> BoundField:
    """The field, with the purpose of its control for the browser and for assistive technology (WCAG 1.3.5)."""
    field.field.widget.attrs["autocomplete"] = purpose
    return field


@register.filter
def help_text(field: BoundField) -> str:
    """The help text: HTML only where Django made it (the rules for passwords), everything else is escaped."""
    return str(field.help_text)


@register.filter
def choice_input(choice: BoundWidget) -> SafeString:
    """One radio button or checkbox of a group."""
    kind = "radio-button" if choice.data["type"] == "radio" else "checkbox"
    choice.data["attrs"]["class"] = f"utrecht-{kind} utrecht-{kind}--html-input"
    # The group says these once.
    for name in ("aria-describedby", "aria-invalid"):
        choice.data["attrs"].pop(name, None)
    return choice.tag()


@register.filter
def with_focus(choice: BoundWidget) -> BoundWidget:
    """The radio button or checkbox, with the focus when the page opens."""
    choice.data["attrs"]["autofocus"] = True
    return choice


@register.filter
def error_target(field: BoundField) -> str:
    """The id that a link in the error summary goes to: the control, or the first one of a group."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def qr_code(svg: str) -> SafeString:
    """allauth's drawing of the code for an authenticator app, inside the page.

    allauth offers it as a data: address, which the content security policy refuses. The drawing is made by the server
    from squares alone; no text of a user is in it.
    """
    drawing = svg[svg.index("<svg") :]
    return mark_safe(drawing.replace("<svg", '<svg role="img" aria-label="Code om te scannen"', 1))  # noqa: S308


# --- lists ---------------------------------------------------------------------------------------------------------


@register.filter
def page_range(page: Page) -> Iterator[int | str]:
    """The page numbers to show, with … where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


@register.filter
def svg_number(value: float) -> str:
    """A number with a point, whatever the language."""
    return f"{value:.3f}"


# --- Dutch ---------------------------------------------------------------------------------------------------------


@register.filter
def dutch_date(value: datetime.date | None) -> str:
    """For example "9 juli 2024"; empty without a date."""
    return formats.date_format(value, "j F Y") if value else ""


@register.filter
def dutch_number(value: Decimal | float | None, decimals: int | None = None) -> str:
    """For example "1.031" or "68,5"; empty without a number."""
    if value is None or value == "":
        return ""
    return formats.number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)


# --- navigation ----------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def programme_pages(context: Context) -> tuple[NavItem, ...]:
    """The navigation of the programme in the context."""
    programme = context["programme"]
    may_manage = bool(context.get("may_manage"))
    return programme_navigation(
        slug=programme.slug,
        may_manage=may_manage,
        works_on_rounds=context["user"].has_perm("monitoring.read_open_rounds"),
        nav=context.get("nav") or "",
        round_url=_round_url(context, programme) if may_manage else "",
    )


def _round_url(context: Context, programme: Any) -> str:
    """The address of the round that runs or is planned: the running one on the page, or else one query finds it."""
    on_page = context.get("round")
    if isinstance(on_page, ReportingRound) and on_page.is_running:
        return on_page.get_absolute_url()
    unfinished = ReportingRound.objects.filter(programme__slug=programme.slug).unfinished().only("pk").first()
    return unfinished.get_absolute_url() if unfinished else ""


@register.simple_tag(takes_context=True)
def account_pages(context: Context) -> tuple[NavItem, ...]:
    return account_navigation(context["request"])
