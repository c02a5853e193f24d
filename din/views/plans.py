from django.http import HttpRequest, HttpResponse


def adopt(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
