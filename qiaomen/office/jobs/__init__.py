"""Work too long for a request: asked for by a view, claimed by a worker outside it, taken up again when the worker
dies.

A house declares what it can do in its `jobs.py`. A view asks within its own transaction; the worker thread of the web
process is woken when that commits. A claim that is older than `CLAIM` belongs to a process that was killed: whoever
looks next takes the job up again. Every work must therefore be safe to run twice: it locks what it works at and looks
whether it is done. docs/decisions/0031 says why there is no queue server.
"""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connections, models, transaction
from django.utils.translation import gettext as _

from qiaomen.kernel import clock, recall
from qiaomen.kernel.problems import Problem
from qiaomen.office.models import Job, Organisation, Staff

CLAIM = timedelta(minutes=5)
"""The longest work known, 200,000 rows committed, takes about three minutes on two cores."""
MOST_TRIES = 3
"""A job that took its process down so often is not tried again: it is marked as failed and says so."""
PATIENCE = timedelta(minutes=1)
"""How long the nightly process leaves a job to the web process, where its progress can be seen."""
LOOK_EVERY = 30.0
"""Seconds after which the worker looks although nobody woke it: for claims that have expired."""

Work = Callable[[Job], str]
log = logging.getLogger(__name__)
_works: dict[str, Work] = {}
_wake = threading.Event()


def work(code: str) -> Callable[[Work], Work]:
    """Declare a function as the work of the jobs of this code; a code used twice is a mistake (ValueError).

    It gets the job and returns what it did in counts, no names. It opens its own transactions.
    """

    def declare(function: Work) -> Work:
        if code in _works:
            raise ValueError(code)
        _works[code] = function
        return function

    return declare


def ask(*, community: Organisation, code: str, subject: UUID, actor: Staff, words: str = "") -> Job | None:
    """Note that a work is to be done and wake the worker when the transaction commits.

    `subject`: the key of what is worked at; `words`: what the person wrote as the reason, sealed. Return None when the
    same work at the same subject already waits or runs.
    """
    assert code in _works, code
    try:
        with transaction.atomic():
            job = Job.objects.create(
                community=community, code=code, subject=subject, asked_by=actor, asked_at=clock.now(), words=words
            )
    except IntegrityError:
        return None
    transaction.on_commit(_wake.set)
    return job


def under_way(subject: UUID) -> Job | None:
    """Return the job that waits for or works at this subject."""
    return Job.objects.filter(subject=subject, ended_at=None).first()


def last_failure(subject: UUID) -> Job | None:
    """Return the last job at this subject when it failed."""
    last = Job.objects.filter(subject=subject).exclude(ended_at=None).order_by("-ended_at").first()
    return last if last is not None and last.failed else None


def run_waiting(waiting_for: timedelta = timedelta()) -> list[Job]:
    """Do every job that waits for at least so long, or whose claim has expired; return them, ended."""
    done = []
    while (job := _claim(waiting_for)) is not None:
        _run(job)
        done.append(job)
    return done


def _claim(waiting_for: timedelta) -> Job | None:
    """Take the job that has waited longest: one UPDATE tells which of two processes has it."""
    now = clock.now()
    free = models.Q(claimed_at=None, asked_at__lte=now - waiting_for) | models.Q(claimed_at__lte=now - CLAIM)
    for job in Job.objects.filter(free, ended_at=None).order_by("asked_at", "pk"):
        same = Job.objects.filter(pk=job.pk, ended_at=None, claimed_at=job.claimed_at)
        if same.update(claimed_at=now, tries=models.F("tries") + 1):
            job.refresh_from_db()
            return job
    return None


def _run(job: Job) -> None:
    try:
        if job.tries > MOST_TRIES:
            job.outcome, job.failed = _("试了几次都没有做完，什么都没有改。请联系管理员。"), True
        else:
            job.outcome = _works[job.code](job)[:300]
    except Problem as problem:
        job.outcome, job.failed = problem.in_full()[:300], True
    except Exception:
        log.exception("job %s %s failed", job.code, job.pk)
        job.outcome, job.failed = _("没有做成，什么都没有改。请再试一次；再不行，请联系管理员。"), True
    finally:
        recall.forget()
    job.ended_at, job.words = clock.now(), ""
    job.save(update_fields=["outcome", "failed", "ended_at", "words"])


def start_worker() -> threading.Thread:
    """Start the thread that does the jobs of this process; the web server calls it once, as it starts."""
    thread = threading.Thread(target=_work_for_ever, name="jobs", daemon=True)
    thread.start()
    return thread


def _work_for_ever() -> None:
    while True:
        _wake.wait(LOOK_EVERY)
        _wake.clear()
        try:
            run_waiting()
        except Exception:  # the database is away: the next look tries again
            log.exception("jobs could not be looked for")
        finally:
            connections.close_all()
