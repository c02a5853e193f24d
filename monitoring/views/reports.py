from django.http import HttpRequest, HttpResponse


def download(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
