"""What one revision says other than another, in the words of the screen."""

from __future__ import annotations

from dataclasses import dataclass

from projects.models import ReportRevision
from tracker.web.formatting import amount

FIELDS = ("done", "done_period", "stage", "progress", "problem", "next_step")
LABELS = {field.name: str(field.verbose_name) for field in ReportRevision._meta.fields}
AMOUNTS = frozenset({"done", "done_period"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of the comparison. Empty texts are blanks."""

    label: str
    old: str
    new: str

    @property
    def is_changed(self) -> bool:
        return self.old != self.new


def differences(old: ReportRevision | None, new: ReportRevision) -> tuple[Difference, ...]:
    """Every field of `new` beside `old` (nothing when None), changed or not; fields empty in both are left out. A stage
    left empty means the present one, so it is no change."""
    rows = (_difference(name, old, new) for name in FIELDS)
    return tuple(row for row in rows if row.old or row.new)


def _difference(name: str, old: ReportRevision | None, new: ReportRevision) -> Difference:
    before, after = _shown(old, name), _shown(new, name)
    return Difference(LABELS[name], before, before if name == "stage" and not after else after)


def _shown(revision: ReportRevision | None, name: str) -> str:
    if revision is None:
        return ""
    if name == "stage":
        return str(revision.get_stage_display())
    value = getattr(revision, name)
    if name in AMOUNTS:
        return "" if value is None else amount(value)
    return value
