"""A mail server that hangs, refuses one in a thousand, and answers 4xx and 5xx."""

from __future__ import annotations

import datetime as dt
import time

from benchmarks.faults.mailbox import HANG, accept, mail_server
from benchmarks.faults.rows import Tally
from benchmarks.faults.sites import BOTH, EMBEDDED, MESSAGES, Entry, Run, Site, fill, mail_settings, set_clock

TRY_LATER, NOBODY = "451 4.3.2 try later", "550 5.1.1 no such user"
HELD_UP_SECONDS = 120
"""Jobs and signs of life may be held up this long by a mail server that hangs; the health page waits for 180 s."""


def refuses_one(run: Run, tally: Tally) -> None:
    """One refused recipient in a thousand fails alone and is shown; every other message leaves once."""
    persons, of_each = run.size(3000, 300), run.size(1000, 100)
    tally.wanted = persons
    with mail_server() as mailbox, run.site(**mail_settings(mailbox.port)) as site:
        fill(site, persons)
        mailbox.answer = lambda number: NOBODY if number % of_each == 0 else "250 OK"
        _dispatch_until(site, "waiting")
        failed = _state(site, "failed")
        shown = site.count("supervision_delivery", "state = 'failed' AND error LIKE '%550%'")
        tally.tries = mailbox.offered
        tally.expect(failed == shown == persons // of_each, f"{failed} failed, {shown} with the server's answer")
        tally.lost += persons - len({key for key, _ in mailbox.taken}) - failed
        mailbox.count_repeats(tally, _rows_sent(site))
        tally.note = f"{failed} refused and shown, {len(mailbox.taken)} taken"


def temporary(run: Run, tally: Tally) -> None:
    """Every third message is put off with 451: it waits its minute, and then leaves without the mark of a repeat."""
    persons = run.size(600, 90)
    tally.wanted = persons
    now = dt.datetime.now(tz=dt.UTC)
    with mail_server() as mailbox, run.site(**mail_settings(mailbox.port), **run.clock_at(now)) as site:
        fill(site, persons)
        mailbox.answer = lambda number: TRY_LATER if number % 3 == 0 else "250 OK"
        site.manage("dispatcher", "--once")
        waiting, first = _state(site, "waiting"), len(mailbox.taken)
        tally.expect(waiting == persons // 3, f"{waiting} wait after 451")
        site.manage("dispatcher", "--once")
        tally.expect(len(mailbox.taken) == first, "what had been put off was tried again at once")
        mailbox.answer = accept
        set_clock(run.folder / "clock", now + dt.timedelta(minutes=5))
        site.manage("dispatcher", "--once")
        tally.tries = mailbox.offered
        tally.lost += persons - site.sent()
        mailbox.count_repeats(tally, site.message_rows())
        marked = sum(site.message_rows().values())
        tally.expect(marked == 0, f"{marked} marked as repeats although the server had refused the first")
        tally.note = f"{waiting} put off and sent a minute later"


def permanent(run: Run, tally: Tally) -> None:
    """A server that refuses everything with 550: every message stops, is shown, and is not tried again by itself."""
    persons = run.size(300, 60)
    tally.wanted = persons
    with mail_server() as mailbox, run.site(**mail_settings(mailbox.port)) as site:
        fill(site, persons)
        mailbox.answer = lambda number: NOBODY
        _dispatch_until(site, "waiting")
        tally.tries = mailbox.offered
        failed = site.count("supervision_delivery", "state = 'failed' AND error LIKE '%550%'")
        tally.lost += persons - failed
        site.manage("dispatcher", "--once")
        tally.expect(mailbox.offered == persons, f"{mailbox.offered} tries for {persons} messages")
        tally.note = f"{failed} stopped and shown"


def hangs(run: Run, tally: Tally) -> None:
    """The server takes messages and stops answering for a while: jobs and signs of life go on, nothing is lost."""
    persons = run.size(600, 90)
    tally.wanted = persons
    now = dt.datetime.now(tz=dt.UTC)
    with mail_server() as mailbox, run.site(**mail_settings(mailbox.port), **run.clock_at(now)) as site:
        fill(site, persons)
        half = persons // 2
        mailbox.answer = lambda number: HANG if number > half else "250 OK"
        site.start(*site.manager, "dispatcher", "--every", "0.2")
        site.wait(lambda: mailbox.offered > half, "the server was not reached")
        held_up = _job_held_up(site)
        tally.expect(held_up < HELD_UP_SECONDS, f"a job waited {held_up:.0f} s for the mail server")
        mailbox.answer = accept
        set_clock(run.folder / "clock", now + dt.timedelta(minutes=90))
        site.wait(lambda: site.sent() >= persons, "not all was sent", 180)
        site.end()
        tally.tries = mailbox.offered
        site.check_notices(tally, persons)
        mailbox.count_repeats(tally, site.message_rows())
        marked = sum(site.message_rows().values())
        tally.note = f"a job waited {held_up:.0f} s, {marked} of unknown outcome sent again with the mark"


def _job_held_up(site: Site) -> float:
    """Seconds until a job that is asked for now is done, and a sign of life newer than it was left."""
    begin = time.monotonic()
    site.must(
        "-c",
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tracker.settings'; django.setup()\n"
        "import benchmarks.faults.shifted\n"
        "from supervision.services import jobs; from tracker import clock\n"
        "jobs.request(name='verify_audit', as_of=clock.today(), actor=None, at=clock.now())",
    )
    site.wait(
        lambda: site.count("supervision_jobrun", "name = 'verify_audit' AND state = 'done'") == 1,
        "the job was not done",
        600,
    )
    return time.monotonic() - begin


def _state(site: Site, state: str) -> int:
    return site.count("supervision_delivery", f"{MESSAGES} AND state = '{state}'")


def _rows_sent(site: Site) -> dict[str, bool]:
    rows = site.query(f"SELECT message_id, is_repeat FROM supervision_delivery WHERE {MESSAGES} AND state = 'sent'")
    return {key: bool(is_repeat) for key, is_repeat in rows}


def _dispatch_until(site: Site, state: str) -> None:
    """Rounds of the dispatcher until nothing is in that state; the first round writes the notices."""
    for _ in range(100):
        site.manage("dispatcher", "--once")
        if not _state(site, state):
            return
    raise RuntimeError(f"deliveries still {state} after 100 rounds")


FAULTS = (
    Entry("mail-refused", "SMTP refuses one recipient in a thousand", BOTH, refuses_one),
    Entry("mail-4xx", "SMTP puts every third message off (451)", (EMBEDDED,), temporary),
    Entry("mail-5xx", "SMTP refuses every message (550)", (EMBEDDED,), permanent),
    Entry("mail-hangs", "SMTP hangs in the middle of a batch", BOTH, hangs),
)
