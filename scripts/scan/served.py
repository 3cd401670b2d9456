"""The site as it is scanned: it lives on the day of its county, and a form may be sent again and again.

A scanner reads a form once and sends it a hundred times. The second time it would be led to the result of the first
(docs/trust.md, Double submission), and nothing behind the form would meet the other ninety-nine payloads.
"""

from __future__ import annotations

import uuid

from django.http import HttpRequest

from benchmarks.faults import shifted
from tracker.web import tokens

_checked = tokens.once


def _always_new(request: HttpRequest) -> uuid.UUID:
    _checked(request)
    return uuid.uuid4()


tokens.once = _always_new
application = shifted.application
