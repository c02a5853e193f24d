from django.http import HttpRequest, HttpResponse


def goal_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def goal(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
