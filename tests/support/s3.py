"""A real S3-compatible server on this machine, spoken to over HTTP."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen

import boto3
import pytest
from moto.server import ThreadedMotoServer

BUCKET = "dujin-uploads"
KEY, SECRET = "county", "keep+this/secret"


@contextmanager
def s3_server(on: str = "127.0.0.1") -> Iterator[str]:
    """The address of a bucket on a fresh server, as `DUJIN_UPLOADS_URL` names it; `on` is where it listens."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_ALLOW_NONEXISTENT_REGION", "true")
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        server = ThreadedMotoServer(ip_address=on, port=0, verbose=False)
        server.start()
        try:
            host, port = server.get_host_and_port()
            endpoint = f"http://{host}:{port}"
            urlopen(Request(f"{endpoint}/moto-api/reset", method="POST"), timeout=10).close()  # buckets outlive servers
            client = boto3.client(
                "s3",
                endpoint_url=endpoint,
                aws_access_key_id=KEY,
                aws_secret_access_key=SECRET,
                region_name="us-east-1",
            )
            client.create_bucket(Bucket=BUCKET)
            yield f"s3+http://{KEY}:keep%2Bthis%2Fsecret@{host}:{port}/{BUCKET}"
        finally:
            server.stop()
