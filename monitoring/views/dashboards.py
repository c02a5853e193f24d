from django.http import HttpRequest, HttpResponse


def programme(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def theme(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
