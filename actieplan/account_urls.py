"""Log-in and what belongs to it, at Dutch addresses. Only the pages that are used: there is no sign-up."""

from allauth.account import views
from allauth.socialaccount.views import login_error
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path

urlpatterns = [
    path("inloggen/", views.login, name="account_login"),
    path("uitloggen/", views.logout, name="account_logout"),
    path("account/aanmelden/", views.signup, name="account_signup"),
    path("account/geblokkeerd/", views.account_inactive, name="account_inactive"),
    path("account/opnieuw-inloggen/", views.reauthenticate, name="account_reauthenticate"),
    path("account/wachtwoord/", views.password_change, name="account_change_password"),
    path("account/wachtwoord/instellen/", views.password_set, name="account_set_password"),
    path("account/wachtwoord/vergeten/", views.password_reset, name="account_reset_password"),
    path("account/wachtwoord/vergeten/verstuurd/", views.password_reset_done, name="account_reset_password_done"),
    # A key has a hyphen of its own: the first one ends the user's part.
    re_path(
        r"^account/wachtwoord/nieuw/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/wachtwoord/nieuw/klaar/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("account/twee-stappen/", include("allauth.mfa.urls")),
    path(
        "account/koppelingen/login/error/",
        login_not_required(login_error),
        name="socialaccount_login_error",
    ),
    path("account/koppelingen/", include("allauth.socialaccount.urls")),
    path("account/", include("allauth.socialaccount.providers.openid_connect.urls")),
]
