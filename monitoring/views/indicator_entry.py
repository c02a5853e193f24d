"""Adding and changing: an indicator, its parts, its targets and its measurements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from din.permissions import manages
from monitoring.held_back import HeldBack
from monitoring.held_text import HeldText, held_texts
from monitoring.indicator_changes import IndicatorMoved, revise_target, save_indicator, set_target, stand_of
from monitoring.indicator_forms import IndicatorForm, MeasurementForm, TargetForm
from monitoring.kept_text import drop_kept_text, keeps_typed_text, kept_text
from monitoring.measurements import Moved, change_measurement, is_public, record_measurement
from monitoring.models import AuditLine, Indicator, Measurement, Target
from monitoring.periods import days_label
from monitoring.permissions import CHANGE_PUBLIC_MEASUREMENT, MANAGE_INDICATORS, RECORD_MEASUREMENT
from monitoring.two_texts import TAKE, TwoTexts, first_typed, taken, two_texts
from monitoring.views.indicators import readable_indicator
from monitoring.views.reading import readable_programme
from monitoring.workflow import Refused

SITE = AuditLine.Origin.SITE


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def add_indicator(request: HttpRequest, slug: str) -> HttpResponse:
    """Add an indicator: with ?deel_van= a part of one, with ?doel= of a goal."""
    programme = readable_programme(request, slug)
    MANAGE_INDICATORS.require(request.user, programme)
    whole = request.GET.get("deel_van", "")
    part_of = readable_indicator(request, programme, int(whole)) if whole.isdecimal() and len(whole) < 18 else None
    if part_of is not None and part_of.part_of_id is not None:
        raise Http404("Een deel heeft zelf geen delen.")
    form = IndicatorForm(_typed(request), programme=programme, part_of=part_of, goal=request.GET.get("doel", ""))
    title = f"Deel toevoegen aan {part_of}" if part_of else "Indicator toevoegen"
    return _save_indicator(request, form, title=title)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def change_indicator(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change what an indicator, or a part of one, is."""
    programme = readable_programme(request, slug)
    indicator = readable_indicator(request, programme, pk)
    MANAGE_INDICATORS.require(request.user, programme)
    form = IndicatorForm(_typed(request), instance=indicator, programme=programme)
    return _save_indicator(request, form, title=f"{indicator.name} wijzigen")


def _save_indicator(request: HttpRequest, form: IndicatorForm, *, title: str) -> HttpResponse:
    indicator: Indicator = form.instance
    if request.method != "POST":
        return _page(request, indicator, form, title)
    if TAKE in request.POST and indicator.pk:
        return _indicators_met(request, indicator, title=title)
    if not form.is_valid():
        return _page(request, indicator, form, title, status=422)
    data = form.cleaned_data
    try:
        save_indicator(indicator=indicator, goals=data.get("goals"), seen=data["seen"] or 0, **_by(request))
    except IndicatorMoved as moved:
        return _indicators_met(request, moved.current, title=title)
    except ValidationError as error:
        return _page(request, indicator, form, title, error=error, status=422)
    return _saved(request, indicator, "De indicator is bewaard.")


def _indicators_met(request: HttpRequest, current: Indicator, *, title: str) -> HttpResponse:
    """Both texts of what differs between what was typed and `current`, and the form with what was chosen."""
    seen = stand_of(current)

    def made(data: QueryDict) -> IndicatorForm:
        # A form of a model writes what was typed into its instance.
        stored = Indicator.objects.get(pk=current.pk)
        return IndicatorForm(_sent_again(data, "seen", seen), instance=stored, programme=stored.programme)

    return _met(request, current, made, title)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def add_target(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Set a target of an indicator."""
    programme = readable_programme(request, slug)
    indicator = readable_indicator(request, programme, pk)
    MANAGE_INDICATORS.require(request.user, programme)
    form, title = TargetForm(_typed(request), indicator=indicator), f"Streefwaarde van {indicator.name}"
    if request.method != "POST":
        return _page(request, indicator, form, title)
    if not form.is_valid():
        return _page(request, indicator, form, title, status=422)
    try:
        set_target(indicator=indicator, promise=form.promise, **_by(request))
    except ValidationError as error:
        return _page(request, indicator, form, title, error=error, status=422)
    return _saved(request, indicator, "De streefwaarde is bewaard.")


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Revise a target, with a reason."""
    readable = Target.objects.filter(indicator__in=Indicator.objects.readable_by(request.user).values("pk"))
    target = get_object_or_404(readable.select_related("indicator__programme"), pk=pk)
    MANAGE_INDICATORS.require(request.user, target.indicator.programme)
    form = TargetForm(_typed(request), indicator=target.indicator, target=target)
    title = f"Streefwaarde van {target.indicator.name} herzien"
    if request.method != "POST":
        return _page(request, target.indicator, form, title)
    if not form.is_valid():
        return _page(request, target.indicator, form, title, status=422)
    try:
        revise_target(target=target, promise=form.promise, reason=form.cleaned_data["reason"], **_by(request))
    except Refused as refusal:
        return _page(request, target.indicator, form, title, error=ValidationError(str(refusal)), status=409)
    except ValidationError as error:
        return _page(request, target.indicator, form, title, error=error, status=422)
    return _saved(request, target.indicator, "De streefwaarde is herzien.")


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def add_measurement(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Record a measurement over a period."""
    programme = readable_programme(request, slug)
    indicator = readable_indicator(request, programme, pk)
    RECORD_MEASUREMENT.require(request.user, indicator)
    form = MeasurementForm(_typed(request), indicator=indicator, today=timezone.localdate())
    title = f"Meting van {indicator.name}"
    if request.method != "POST":
        return _page(request, indicator, form, title)
    if not form.is_valid():
        return _page(request, indicator, form, title, status=422)
    try:
        record_measurement(indicator=indicator, period=form.period, reading=form.reading, **_by(request))
    except Refused as refusal:
        return _page(request, indicator, form, title, error=ValidationError(str(refusal)), status=403)
    except ValidationError as error:
        return _page(request, indicator, form, title, error=error, status=422)
    return _saved(request, indicator, "De meting is bewaard.")


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def correct_measurement(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a measurement; of one that the council can read, with a reason."""
    found = Measurement.objects.readable_by(request.user).select_related("indicator__programme", "indicator__part_of")
    measurement = get_object_or_404(found.select_related("round"), pk=pk)
    indicator = measurement.indicator
    if not Indicator.objects.readable_by(request.user).filter(pk=indicator.pk).exists():
        raise Http404
    RECORD_MEASUREMENT.require(request.user, indicator)
    public = is_public(measurement)
    if public:
        CHANGE_PUBLIC_MEASUREMENT.require(request.user, indicator.programme)

    kind: Any = {"indicator": indicator, "today": timezone.localdate(), "is_public": public}

    def made(current: Measurement) -> Callable[[QueryDict], MeasurementForm]:
        """Makes the form over `current`, of who has seen it."""
        return lambda data: MeasurementForm(_sent_again(data, "version", current.version), measurement=current, **kind)

    form = MeasurementForm(_typed(request), measurement=measurement, **kind)
    title = f"{indicator.name}, {days_label(measurement.first_day, measurement.last_day)}: meting wijzigen"
    if request.method != "POST":
        return _page(request, indicator, form, title)
    if TAKE in request.POST:
        return _met(request, indicator, made(measurement), title)
    if not form.is_valid():
        return _page(request, indicator, form, title, status=422)
    version = form.cleaned_data["version"]
    try:
        change_measurement(measurement=measurement, reading=form.reading, version=version, **_by(request))
    except Moved as moved:
        return _met(request, indicator, made(moved.current), title)
    except Refused as refusal:
        return _page(request, indicator, form, title, error=ValidationError(str(refusal)), status=403)
    except ValidationError as error:
        return _page(request, indicator, form, title, error=error, status=422)
    return _saved(request, indicator, "De meting is gewijzigd.")


# --- answers -------------------------------------------------------------------------------------------------------


def _typed(request: HttpRequest) -> Any:
    """What was typed in the form: now, or before the visitor had to log in again."""
    if request.method == "POST":
        return request.POST
    kept = kept_text(request)
    return kept.data if kept else None


def _sent_again(data: QueryDict, name: str, seen: int) -> QueryDict:
    """The form as it was sent, of who has now seen what the other wrote."""
    again = data.copy()
    again[name] = str(seen)
    return again


def _met(request: HttpRequest, indicator: Indicator, made: Callable[[Any], Any], title: str) -> HttpResponse:
    """Both texts of what differs, and the form that `made` makes of what was typed or chosen."""
    differences = two_texts(made(first_typed(request.POST)))
    form = made(taken(request.POST, differences) if TAKE in request.POST else request.POST)
    return _page(request, indicator, form, title, differences=differences, status=409)


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.user, "origin": SITE, "no_bsn": request.POST.getlist("no_bsn")}


def _saved(request: HttpRequest, indicator: Indicator, done: str) -> HttpResponse:
    drop_kept_text(request)
    messages.success(request, done)
    return redirect(indicator)


def _page(
    request: HttpRequest,
    indicator: Indicator,
    form: Any,
    title: str,
    *,
    error: ValidationError | None = None,
    differences: Sequence[TwoTexts] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form with what was wrong; after a conflict with `differences`, None before one."""
    held: Sequence[HeldText] = ()
    if isinstance(error, HeldBack):
        held = held_texts(form, error, no_bsn=request.POST.getlist("no_bsn"))
    if error is not None:
        form.add_error(None, error)
    context = {
        "programme": indicator.programme,
        "may_manage": manages(request.user, indicator.programme),
        "nav": "indicators",
        "indicator": indicator if indicator.pk else indicator.part_of,
        "form": form,
        "title": title,
        "held": held,
        "differences": differences,
        "moved": differences is not None,
    }
    return render(request, "monitoring/indicator_form.html", context, status=status)
