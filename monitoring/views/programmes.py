from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def programme_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
