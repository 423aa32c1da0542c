"""Long work is asked for once, done outside the request, taken up again after a kill, and a failure is told in words."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from qiaomen.kernel import clock
from qiaomen.office import jobs
from qiaomen.office.models import Job, Organisation, Staff
from qiaomen.office.problems import OwnBrake

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """One work of our own in place of the houses'; it notes the words it was given."""
    words: list[str] = []
    monkeypatch.setattr(jobs, "_works", {})

    @jobs.work("t.count")
    def count(job: Job) -> str:
        words.append(job.words)
        if job.words == "refused":
            raise OwnBrake()
        if job.words == "broken":
            raise RuntimeError("王小明 的一行读不了")
        return "3+0"

    yield words


def ask(community: Organisation, worker: Staff, words: str, subject: uuid.UUID | None = None) -> Job | None:
    return jobs.ask(community=community, code="t.count", subject=subject or uuid.uuid4(), actor=worker, words=words)


def test_a_job_is_done_once_and_forgets_the_reason(done: list[str], community: Organisation, worker: Staff) -> None:
    subject = uuid.uuid4()
    assert (
        ask(community, worker, "传错了表", subject) is not None and ask(community, worker, "又点一下", subject) is None
    )
    assert jobs.under_way(subject) is not None
    with connection.cursor() as cursor:
        cursor.execute("select words from office_job")
        assert cursor.fetchone()[0].startswith("v1.")
    assert [job.outcome for job in jobs.run_waiting()] == ["3+0"] and jobs.run_waiting() == []
    assert done == ["传错了表"] and jobs.under_way(subject) is None and jobs.last_failure(subject) is None
    assert Job.objects.get().words == "" and ask(community, worker, "再一次", subject) is not None


def test_what_was_asked_for_in_a_transaction_that_failed_is_not_done(
    done: list[str], community: Organisation, worker: Staff
) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        ask(community, worker, "a")
        raise RuntimeError
    assert jobs.run_waiting() == [] and done == []


def test_a_job_whose_worker_was_killed_is_taken_up_again_but_not_for_ever(
    done: list[str], community: Organisation, worker: Staff
) -> None:
    with clock.at(NOON):
        ask(community, worker, "a")
        assert jobs._claim(timedelta()) is not None  # and here the process dies
        assert jobs.run_waiting() == []
    with clock.at(NOON + jobs.CLAIM):
        assert [job.tries for job in jobs.run_waiting()] == [2] and done == ["a"]
        job = ask(community, worker, "b")
        assert job is not None
    for tries in range(1, jobs.MOST_TRIES + 1):
        with clock.at(NOON + jobs.CLAIM * (tries + 1)):
            assert jobs._claim(timedelta()) is not None
    with clock.at(NOON + jobs.CLAIM * 9):
        assert [ended.failed for ended in jobs.run_waiting()] == [True] and done == ["a"]
    assert "试了几次" in Job.objects.get(pk=job.pk).outcome


def test_two_workers_never_have_the_same_job(
    done: list[str], community: Organisation, worker: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has read the job as free before the first claims it: its UPDATE finds another claim."""
    ask(community, worker, "a")
    seen = list(Job.objects.all())
    assert jobs._claim(timedelta()) is not None
    monkeypatch.setattr(type(Job.objects.all()), "order_by", lambda self, *names: seen)
    assert jobs._claim(timedelta()) is None


def test_the_nightly_process_leaves_a_fresh_job_to_the_web_server(
    done: list[str], community: Organisation, worker: Staff
) -> None:
    with clock.at(NOON):
        ask(community, worker, "a")
        assert jobs.run_waiting(jobs.PATIENCE) == []
    with clock.at(NOON + jobs.PATIENCE):
        assert len(jobs.run_waiting(jobs.PATIENCE)) == 1


@pytest.mark.parametrize("words", ["refused", "broken"])
def test_a_failure_is_told_without_names_and_keeps_no_other_back(
    done: list[str], community: Organisation, worker: Staff, words: str
) -> None:
    subject = uuid.uuid4()
    ask(community, worker, words, subject)
    ask(community, worker, "next")
    assert [job.failed for job in jobs.run_waiting()] == [True, False]
    failure = jobs.last_failure(subject)
    assert failure is not None and failure.outcome and "王小明" not in failure.outcome
