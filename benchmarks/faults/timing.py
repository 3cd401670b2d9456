"""Four generators at once, a beat that is missing on Monday, and a clock that jumps."""

from __future__ import annotations

import datetime as dt

from benchmarks.faults.rows import Tally
from benchmarks.faults.sites import BOTH, Entry, Run, Site, fill, set_clock

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
DAY = dt.timedelta(days=1)
JUMPS = (DAY, -DAY, 40 * DAY, -40 * DAY, dt.timedelta(hours=3), dt.timedelta(hours=-3))
SIGN_OF_LIFE_SECONDS = 60


def four_generators(run: Run, tally: Tally) -> None:
    """Four processes issue the digests of the same week at once, for several weeks."""
    persons, weeks = run.size(2000, 200), run.size(4, 2)
    tally.wanted = 4 * weeks
    with run.site() as site:
        fill(site, persons)
        today = dt.datetime.now(tz=SHANGHAI).date()
        for back in range(weeks):
            as_of = (today - dt.timedelta(weeks=back)).isoformat()
            processes = [site.start("manage.py", "weekly_notices", "--as-of", as_of, "--send") for _ in range(4)]
            for process in processes:
                status = process.wait()
                site.running.remove(process)
                tally.expect(status == 0, f"a generator ended with {status}")
                tally.tries += 1
        site.start_work()  # what a generator left when its share was done
        site.wait(lambda: site.sent() >= weeks * persons, "not all was sent", 120)
        site.end()
        for column, each in (("period_key", weeks), ("recipient_id", persons)):
            found = site.one(f"SELECT count(DISTINCT {column}) FROM supervision_notice")
            tally.lost += max(each - found, 0)
        notices = site.count("supervision_notice")
        tally.lost += max(weeks * persons - notices, 0)
        tally.doubled += max(notices - weeks * persons, 0)
        tally.doubled += site.count("supervision_delivery", "channel <> 'inbox'") - notices
        tally.repeats, tally.note = sum(site.message_rows().values()), f"{notices} notices of {weeks} weeks"


def missing_monday(run: Run, tally: Tally) -> None:
    """No process runs from Friday to Wednesday: the digests of Monday are made up once, and marked as such."""
    persons = run.size(500, 50)
    tally.wanted = 3
    friday = _friday()
    with run.site(**run.clock_at(dt.datetime.now(tz=dt.UTC))) as site:
        fill(site, persons)
        _rounds(site)  # the digests of this week, which the prepared county asks for
        _move(run, friday)
        _rounds(site)
        monday = friday + 3 * DAY
        _move(run, monday + 2 * DAY)
        for _ in range(3):
            _rounds(site)
            tally.tries += 1
        runs = site.query(
            "SELECT is_made_up, state FROM supervision_jobrun WHERE name = 'weekly_notices' AND"
            f" as_of = '{monday.date().isoformat()}'"
        )
        tally.expect([(bool(made_up), state) for made_up, state in runs] == [(True, "done")], f"runs: {runs}")
        of_week = f"period_key = '{_week(monday)}'"
        found = site.count("supervision_notice", of_week)
        tally.lost += max(persons - found, 0)
        tally.doubled += max(found - persons, 0)
        unmarked = site.count("supervision_notice", f"{of_week} AND NOT is_made_up")
        tally.expect(unmarked == 0, f"{unmarked} not marked as made up")
        tally.note = f"{found} made up on Wednesday"


def clock_jumps(run: Run, tally: Tally) -> None:
    """The clock of a running site jumps ahead and back: signs of life go on, no message waits for the wrong day, and
    the schedule of the next day is kept."""
    persons = run.size(200, 30)
    tally.wanted = len(JUMPS)
    friday = _friday()
    with run.site(**run.clock_at(friday)) as site:
        fill(site, persons)
        site.start(*site.manager, "dispatcher", "--every", "0.2")
        site.start(*site.manager, "scheduler", "--every", "0.5")
        _alive(site, friday, tally)
        moment = friday
        for jump in JUMPS:
            moment += jump
            _move(run, moment)
            tally.tries += 1
            _alive(site, moment, tally)
        _move(run, friday + DAY + dt.timedelta(hours=12))  # Saturday 22:00: the night's jobs are due again
        saturday = (friday + DAY).date().isoformat()
        site.wait(
            lambda: site.count("supervision_jobrun", f"name = 'lock_periods' AND as_of = '{saturday}'") >= 1,
            "the schedule stood still after the clock was put back",
            60,
        )
        site.wait(
            lambda: site.count("supervision_delivery", "state IN ('waiting', 'sending')") == 0, "messages wait", 120
        )
        site.end()
        doubles = site.query(
            "SELECT count(*) FROM supervision_notice GROUP BY recipient_id, kind, period_key, level HAVING count(*) > 1"
        )
        tally.doubled += len(doubles)
        people = site.one("SELECT count(DISTINCT recipient_id) FROM supervision_notice")
        tally.lost += persons - people
        site.check_chain(tally)
        tally.note = f"{site.count('supervision_notice')} notices; jumps of 3 hours, 1 day and 40 days, ahead and back"


def _alive(site: Site, moment: dt.datetime, tally: Tally) -> None:
    """Both processes leave a sign of life that fits the clock as it stands now, and nothing else from the future."""

    def seen() -> bool:
        # compared as text on SQLite, as a moment on PostgreSQL: both write ISO order in UTC
        since = moment.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
        until = (moment + dt.timedelta(minutes=10)).astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
        rows = site.query(
            f"SELECT component, sum(CASE WHEN at >= '{since + zone}' AND at < '{until + zone}' THEN 1 ELSE 0 END),"
            f" sum(CASE WHEN at >= '{until + zone}' THEN 1 ELSE 0 END) FROM supervision_heartbeat GROUP BY component"
        )
        return len(rows) == 2 and all(fresh and not ahead for _, fresh, ahead in rows)

    zone = "+00" if site.database else ""
    try:
        site.wait(seen, "no sign of life", SIGN_OF_LIFE_SECONDS)
    except RuntimeError as error:
        tally.errors.append(f"at {moment}: {error}")


def _friday() -> dt.datetime:
    """Friday 10:00 of the week after this one, in Shanghai."""
    now = dt.datetime.now(tz=SHANGHAI)
    return now.replace(hour=10, minute=0, second=0, microsecond=0) + (11 - now.weekday()) * DAY


def _week(moment: dt.datetime) -> str:
    year, week, _ = moment.astimezone(SHANGHAI).isocalendar()
    return f"{year}-W{week:02}"


def _move(run: Run, moment: dt.datetime) -> None:
    set_clock(run.folder / "clock", moment)


def _rounds(site: Site) -> None:
    site.manage("scheduler", "--once")
    site.manage("dispatcher", "--once")


FAULTS = (
    Entry("generators", "Four generators at once", BOTH, four_generators),
    Entry("monday", "Beat missing on Monday", BOTH, missing_monday),
    Entry("clock", "Clock jumps ahead and back", BOTH, clock_jumps),
)
