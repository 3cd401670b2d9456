"""Pages of the supervision app. Every name here must stand in `projects.permissions.URL_ACTIONS`."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
