from django.http import HttpRequest, HttpResponse


def record(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def worklist(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
