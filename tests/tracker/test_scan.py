"""What `make scan` calls explained: exactly what somebody has looked at."""

from __future__ import annotations

from scripts.scan.findings import Explanation, Finding, Outcome, explanations, judge


def _found(*places: str, rule: str = "B101") -> Outcome:
    return Outcome("bandit", "1", "", [Finding("bandit", rule, place, "1: assert") for place in places])


KNOWN = [Explanation("bandit", "B101", "tracker/*.py", "types", count=2)]


def test_just_so_many_findings_are_explained() -> None:
    assert judge(_found("tracker/a.py", "tracker/b.py"), KNOWN).passed


def test_one_more_is_a_finding() -> None:
    judged = judge(_found("tracker/a.py", "tracker/b.py", "tracker/c.py"), KNOWN)
    assert [found.where for found in judged.unexplained] == ["tracker/c.py"]


def test_one_less_is_a_reason_that_outlived_its_code() -> None:
    judged = judge(_found("tracker/a.py"), KNOWN)
    assert "found 1 times" in judged.unexplained[0].detail


def test_other_places_and_rules_are_not_meant() -> None:
    assert len(judge(_found("projects/a.py"), KNOWN[:0]).unexplained) == 1
    assert len(judge(_found("tracker/a.py", rule="B102"), [Explanation("bandit", "B101", "*", "x")]).unexplained) == 1


def test_a_run_that_broke_off_does_not_pass() -> None:
    assert not judge(Outcome("wapiti", "?", "stopped", errors=["no answer"]), []).passed


def test_every_explanation_says_why() -> None:
    assert all(len(known.why) > 20 for known in explanations())
