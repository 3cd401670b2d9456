"""Whatever people do to a report and its period, in whatever order, the state tables hold (docs/rules.md, States)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from projects import audit
from projects.enums import ReportState, ReviewDecision
from projects.models import ExpectedReport, Period, Report, ReportRevision, User
from projects.rules import transitions
from projects.services import periods, reports
from projects.services.report_values import ReportValues
from tests.support.county import County, moment
from tests.support.reporting import APRIL_OPENS, expected, open_at
from tests.support.states import Machine, explore

DONE = st.sampled_from(["2000", "2600", "3100"])


def test_reports_keep_their_state_table(county: County) -> None:
    open_at(APRIL_OPENS)
    row = expected(county.road, "2026-04")

    class Reports(Machine):
        start = moment(4, 30, 12)

        def __init__(self) -> None:
            super().__init__()
            self.revisions = 0
            self.entries = audit.verify().rows

        @property
        def report(self) -> Report:
            report, _ = Report.objects.get_or_create(
                expected=row, defaults={"period": row.period, "project": row.project}
            )
            return report

        def latest(self) -> ReportRevision | None:
            return self.report.latest

        def act(self, name: str, does: object, *, makes: int = 0) -> None:
            """Do it: what the table allows in the state may happen and leads where it says; nothing else happens."""
            before, version = self.report.state, self.report.version
            happened = self.done(does)
            after = self.report
            if not happened:
                assert (after.state, after.version) == (before, version), f"{name} was refused and yet did something"
                return
            assert transitions.allowed(transitions.REPORT, before, name), f"{name} in {before}"
            self.revisions += makes

        @rule(done=DONE)
        def save(self, done: str) -> None:
            self.act(
                "save",
                lambda: reports.save_draft(
                    expected=row, values={"done": done}, version=None, actor=county.transport_staff, at=self.now
                ),
            )

        @rule(done=DONE)
        def submit(self, done: str) -> None:
            before = self.revisions
            self.act("submit", lambda: self._submit(done, None), makes=1)
            if self.revisions > before:
                assert self.report.state == ReportState.SUBMITTED
                assert not periods.is_locked(row.period, self.now), "submitted after the lock"

        @rule(done=DONE)
        def submit_what_has_moved_on(self, done: str) -> None:
            assert not self.done(lambda: self._submit(done, self.report.version + 1))

        @rule(by=st.sampled_from([county.office_one, county.office_two, county.transport_staff]))
        def accept(self, by: User) -> None:
            revision = self.latest()
            if revision is None:
                return
            self.act("accept", lambda: reports.accept(revision=revision, actor=by, at=self.now))
            review = getattr(ReportRevision.objects.get(pk=revision.pk), "review", None)
            assert review is None or review.reviewer_id != revision.submitted_by_id, "checked by its maker"

        @rule(by=st.sampled_from([county.office_one, county.transport_staff]))
        def give_back(self, by: User) -> None:
            revision = self.latest()
            if revision is not None:
                self.act(
                    "return", lambda: reports.give_back(revision=revision, reason="数字不实", actor=by, at=self.now)
                )

        @rule(done=DONE)
        def correct(self, done: str) -> None:
            name = "correct" if self.report.state == ReportState.ACCEPTED else "submit"
            self.act(
                name,
                lambda: reports.correct(
                    expected=row,
                    values=ReportValues(done=Decimal(done), progress="核对"),
                    reason="核对凭证",
                    version=None,
                    actor=county.office_two,
                    at=self.now,
                ),
                makes=1,
            )

        @rule(hours=st.sampled_from([5, 60, 240]))
        def wait(self, hours: int) -> None:
            self.now += dt.timedelta(hours=hours)

        def _submit(self, done: str, version: int | None) -> None:
            reports.submit(
                expected=row,
                values=ReportValues(done=Decimal(done), progress="完成路基"),
                version=version,
                flag_reason="已核对",
                actor=county.transport_staff,
                at=self.now,
            )

        @invariant()
        def every_revision_is_kept(self) -> None:
            numbers = list(self.report.revisions.order_by("number").values_list("number", flat=True))
            assert numbers == list(range(1, self.revisions + 1))

        @invariant()
        def what_counts_was_accepted_last(self) -> None:
            accepted = self.report.revisions.filter(review__decision=ReviewDecision.ACCEPT).order_by("-number").first()
            assert self.report.accepted == accepted
            assert (self.report.state == ReportState.ACCEPTED) <= (accepted is not None)

        @invariant()
        def the_chain_grows_and_holds(self) -> None:
            found = audit.verify()
            assert found.fault is None and found.rows >= self.entries
            self.entries = found.rows

    explore(Reports)


def test_periods_open_once_and_never_unlock(county: County) -> None:
    class Periods(Machine):
        start = moment(4, 28, 9)

        def __init__(self) -> None:
            super().__init__()
            self.locked: dict[str, dt.datetime] = {}
            self.expected: set[tuple[int, int]] = set()

        @rule()
        def open_due(self) -> None:
            periods.open_due(at=self.now)
            again = periods.open_due(at=self.now)
            assert (again.periods, again.expected) == ([], 0), "opened twice"

        @rule()
        def lock_due(self) -> None:
            periods.lock_due(at=self.now)
            assert periods.lock_due(at=self.now) == [], "locked twice"

        @rule(hours=st.sampled_from([7, 26, 100, 400]))
        def wait(self, hours: int) -> None:
            self.now += dt.timedelta(hours=hours)

        @rule(due=st.integers(-3, 6), lock=st.integers(-3, 9))
        def reschedule(self, due: int, lock: int) -> None:
            period = Period.objects.order_by("pk").last()
            if period is None:
                return
            was_locked = periods.is_locked(period, self.now)
            due_at, lock_at = self.now + dt.timedelta(days=due), self.now + dt.timedelta(days=lock)
            moved = self.done(
                lambda: periods.reschedule(
                    period=period,
                    due_at=due_at,
                    lock_at=lock_at,
                    reason="汛期",
                    version=None,
                    actor=county.office_one,
                    at=self.now,
                )
            )
            assert moved == (not was_locked and lock_at >= due_at and lock_at > self.now)

        @rule(submitted=st.booleans())
        def waive_or_report(self, submitted: bool) -> None:
            row = ExpectedReport.objects.select_related("period", "project").order_by("pk").last()
            if row is None:
                return
            if submitted:
                self.done(
                    lambda: reports.submit(
                        expected=row,
                        values=ReportValues(done=Decimal(1000), progress="完成路基"),
                        version=None,
                        flag_reason="已核对",
                        actor=county.transport_staff,
                        at=self.now,
                    )
                )
            else:
                self.done(lambda: periods.waive(expected=row, reason="停工", actor=county.office_one, at=self.now))

        @invariant()
        def what_is_locked_stays_locked(self) -> None:
            locked = dict(Period.objects.exclude(locked_at=None).values_list("key", "locked_at"))
            assert self.locked.items() <= locked.items()
            self.locked = locked

        @invariant()
        def what_is_due_stays_due(self) -> None:
            rows = set(ExpectedReport.objects.values_list("period", "project"))
            assert self.expected <= rows
            self.expected = rows

        @invariant()
        def nobody_is_waived_who_reported(self) -> None:
            assert not Report.objects.exclude(expected__waived_reason="").exclude(state=ReportState.DRAFT).exists()

    explore(Periods)
