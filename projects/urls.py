"""Pages of the fact app. Every name here must stand in `projects.permissions.URL_ACTIONS`."""

from __future__ import annotations

from django.urls import path

from projects.views import home, session

urlpatterns = [
    path("", home.home, name="home"),
    path("as-of/", home.as_of, name="as_of"),
    path("sign-in/", session.sign_in, name="sign_in"),
    path("sign-out/", session.sign_out, name="sign_out"),
    path("password/", session.password_change, name="password_change"),
]
