"""What one report says otherwise than the one before."""

from dataclasses import replace
from decimal import Decimal

from grader.watch.news import changes
from tests.flagship import FLASK, MONGO, NGINX, report


def test_the_same_verdict_is_no_news() -> None:
    assert changes(report(NGINX, FLASK, MONGO), report(NGINX, FLASK, MONGO)) == ()


def test_a_fault_is_told_with_what_it_costs_and_its_repair_with_what_it_wins() -> None:
    right, wrong = report(NGINX, FLASK, MONGO), report(NGINX, FLASK)
    lost, won = changes(right, wrong), changes(wrong, right)
    assert sum(each.points for each in lost) == wrong.score - right.score
    assert sum(each.points for each in won) == right.score - wrong.score
    assert {each.check for each in lost} == {each.check for each in won}
    assert [abs(each.points) for each in lost] == sorted((abs(each.points) for each in lost), reverse=True)
    assert {each.status for each in won} == {"passed"}


def test_a_part_of_a_check_is_told_too() -> None:
    both = replace(MONGO, on=("private-net-1", "public-net-1"))
    change = next(
        each
        for each in changes(report(NGINX, FLASK, MONGO), report(NGINX, FLASK, both))
        if each.check == "mongo-attached"
    )
    assert (change.was, change.status, change.points) == ("passed", "failed", Decimal(-4))


def test_that_a_failed_check_now_waits_for_another_one_is_no_news() -> None:
    failed = report(NGINX, FLASK)
    check = next(each for each in failed.checks if each.status == "failed")
    waiting = tuple(each.model_copy(update={"status": "skipped"}) if each is check else each for each in failed.checks)
    assert changes(failed, failed.model_copy(update={"checks": waiting})) == ()


def test_that_a_check_can_no_longer_be_looked_at_is_news() -> None:
    failed = report(NGINX, FLASK)
    check = next(each for each in failed.checks if each.status == "failed")
    unseen = tuple(each.model_copy(update={"status": "error"}) if each is check else each for each in failed.checks)
    assert [each.status for each in changes(failed, failed.model_copy(update={"checks": unseen}))] == ["error"]
