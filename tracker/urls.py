"""Composition root: every page of both apps."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from tracker.web import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("projects.urls")),
    path("", include("supervision.urls")),
]

if settings.DEBUG:
    from tracker.web.style import style_page

    urlpatterns.append(path("style/", style_page, name="style"))
