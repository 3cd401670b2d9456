"""What is stored is ASCII, what is shown is Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from tests.guards.source import PACKAGES

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _enums(base: type = models.Choices) -> Iterator[type[models.Choices]]:
    for enum in base.__subclasses__():
        if enum.__module__.split(".")[0] in PACKAGES:
            yield enum
        yield from _enums(enum)


def _models() -> list[type[models.Model]]:
    return [model for label in PACKAGES for model in apps.get_app_config(label).get_models()]


def test_choice_values_are_ascii_and_labels_chinese() -> None:
    enums = list(_enums())
    assert enums
    for enum in enums:
        for value, label in enum.choices:
            assert str(value).isascii(), f"{enum.__qualname__}: {value}"
            assert CHINESE.search(str(label)), f"{enum.__qualname__}: {value} is labelled {label}"


def test_models_and_columns_have_chinese_names() -> None:
    """They appear in refusals and conflict pages."""
    nameless = [
        f"{model._meta.label}.{field.name}"
        for model in _models()
        for field in model._meta.get_fields()
        if field.concrete and not field.primary_key and not CHINESE.search(str(field.verbose_name))
    ]
    assert nameless == []
    assert [model._meta.label for model in _models() if not CHINESE.search(str(model._meta.verbose_name))] == []


def test_choices_come_from_an_enum() -> None:
    """A list of pairs written at the column could not be imported by anyone else."""
    known = [enum.choices for enum in _enums()]
    strangers = [
        f"{model._meta.label}.{field.name}"
        for model in _models()
        for field in model._meta.get_fields()
        if getattr(field, "choices", None) and field.choices not in known
    ]
    assert strangers == []
