"""The address a request came from, behind a known number of reverse proxies."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client as seen by the outermost of our own proxies; without proxies, the peer of the connection.

    Each proxy appends the peer it saw to X-Forwarded-For, so only as many entries from the end are ours as there are
    proxies (`DUJIN_PROXIES`). Anything before them may have been written by the client and is ignored.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if not settings.TRUSTED_PROXIES:
        return peer
    entries = [entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",")]
    if len(entries) < settings.TRUSTED_PROXIES:
        return peer
    claimed = entries[-settings.TRUSTED_PROXIES]
    try:
        return str(ip_address(claimed))
    except ValueError:
        return peer
