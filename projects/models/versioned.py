"""Rows that people edit."""

from django.db import models

FIRST_VERSION = 1
"""What the form of a row shows that nobody has written yet: the second to write it is told like any other."""


class Versioned(models.Model):
    """Abstract: `version` counts the edits, so that a form can tell whether it still shows the row as it is."""

    version = models.PositiveIntegerField("版本", default=FIRST_VERSION, editable=False)

    class Meta:
        abstract = True
