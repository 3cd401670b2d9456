"""Composition root: every page of both apps."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tracker.web import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
