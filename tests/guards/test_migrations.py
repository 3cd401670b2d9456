"""Migrations say what the models say, and every constraint has words of its own for the person who meets it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models.constraints import BaseConstraint

from tests.guards.source import PACKAGES


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_constraints_have_readable_messages() -> None:
    silent = [
        constraint.name
        for label in PACKAGES
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message == BaseConstraint.default_violation_error_message
    ]
    assert silent == []
