"""What the register does outside the request: looking through a whole community for records of one person."""

from qiaomen.office import jobs
from qiaomen.office.models import Job
from qiaomen.register.actions.duplicates import look_for_duplicates


@jobs.work("register.duplicates")
def duplicates(job: Job) -> str:
    """Look for duplicates in the community of the job."""
    return str(look_for_duplicates(job.community))
