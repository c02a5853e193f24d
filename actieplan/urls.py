from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from actieplan import views

# The admin's own log-in form has no limit on attempts: send people to the log-in page that has one.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = "Beheer van de programmamonitor"
admin.site.site_title = "Beheer"
admin.site.index_title = "Gegevens en rechten"

handler403 = "actieplan.errors.forbidden"
urlpatterns = [
    path("", include("actieplan.account_urls")),
    path("", include("monitoring.urls")),
    path("", include("din.urls")),
    path("toegankelijkheid/", views.accessibility_statement, name="accessibility_statement"),
    path("healthz", views.healthz, name="healthz"),
    path("beheer/", admin.site.urls),
]
