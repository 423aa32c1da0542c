"""What imports do outside the request: the commit of a list, and taking a whole list back."""

from qiaomen.imports.actions import batches
from qiaomen.imports.models import ImportBatch
from qiaomen.office import jobs
from qiaomen.office.models import Job
from qiaomen.register.actions import duplicates


@jobs.work("imports.commit")
def commit(job: Job) -> str:
    """Write a list whose commit was claimed. Raises NotPreviewed when it was written or given up meanwhile."""
    batch = batches.finish_commit(batch=_batch(job), actor=job.asked_by)
    duplicates.ask_for_duplicates(community=job.community, actor=job.asked_by)
    return f"{batch.created}+{batch.changed}"


@jobs.work("imports.undo")
def undo(job: Job) -> str:
    """Take a list back. Raises AlreadyUndone, UndoTooLate."""
    done = batches.undo_roster(batch=_batch(job), actor=job.asked_by, reason=job.words)
    return f"{done.removed}+{done.restored}"


def _batch(job: Job) -> ImportBatch:
    return ImportBatch.objects.select_related("community", "act").get(pk=job.subject, community=job.community)
