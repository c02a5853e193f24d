from django.http import HttpRequest, HttpResponse


def upload(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def preview(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
