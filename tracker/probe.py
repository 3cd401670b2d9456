"""`python -m tracker.probe`: does the web process of this container answer? For the HEALTHCHECK of the image."""

from __future__ import annotations

import http.client
import os
import sys


def main() -> int:
    """0 when `/healthz` answers 200 under the first of the site's own names, a leading dot aside."""
    name = os.environ.get("DUJIN_HOSTS", "").split(",")[0].strip().removeprefix(".")
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("GRANIAN_PORT", "8000")), timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": name})
        return int(connection.getresponse().status != 200)
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
