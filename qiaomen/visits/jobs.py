"""What the visits do outside the request: searching on for a round that was dealt in haste."""

from django.utils.translation import gettext as _

from qiaomen.office import jobs
from qiaomen.office.models import Job
from qiaomen.visits.actions import rounds
from qiaomen.visits.models import Round


@jobs.work(rounds.BETTER)
def better(job: Job) -> str:
    """Better the round of the job; done twice, or after somebody set out, it changes nothing."""
    made = Round.objects.filter(pk=job.subject, community=job.community).first()
    done = made is not None and rounds.better_round(round=made, actor=job.asked_by)
    return _("这一轮重新排好了") if done else _("这一轮不用再排")
