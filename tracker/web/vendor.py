"""Static files taken from an installed package, one by one (docs/adr/0005-static-from-packages.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

PLOTLY_PATH = "plotly/plotly.min.js"
"""The name templates use: `{% static "plotly/plotly.min.js" %}`."""


class PlotlyFinder(BaseFinder):
    """Offers the drawing script that belongs to the installed plotly, and nothing else of its folder.

    The package is located, not imported: charts are the only place that imports it.
    """

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != PLOTLY_PATH:
            return []
        source = str(_package_data() / Path(PLOTLY_PATH).name)
        return [source] if find_all else source

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        storage = FileSystemStorage(location=_package_data())
        storage.prefix = Path(PLOTLY_PATH).parent.as_posix()  # as Django's own finders name a folder
        yield Path(PLOTLY_PATH).name, storage


def _package_data() -> Path:
    spec = find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise LookupError("plotly is not installed; install requirements.lock")
    return Path(next(iter(spec.submodule_search_locations))) / "package_data"
