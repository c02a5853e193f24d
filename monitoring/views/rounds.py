from django.http import HttpRequest, HttpResponse


def open_round(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def manage(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def step(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def review(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
