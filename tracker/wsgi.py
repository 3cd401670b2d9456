"""WSGI entry point. A half-configured site refuses to serve."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
application = get_wsgi_application()

from tracker.checks import refuse_half_configuration  # noqa: E402  needs the settings

refuse_half_configuration()
