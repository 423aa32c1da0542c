"""What finished rounds found, for whoever tells how satisfied residents are: computed, never typed."""

from django.urls import reverse

from qiaomen.callbacks.models import Sample
from qiaomen.callbacks.selectors.results import answers_of, is_over
from qiaomen.kernel import figures
from qiaomen.kernel.figures.asking import Sampled, register_sampled
from qiaomen.office.models import Organisation

SHOWN = 6
"""Rounds on the page of figures."""


def sampled_of(community: Organisation) -> list[Sampled]:
    """Return the finished rounds, the newest first."""
    rounds = Sample.objects.filter(community=community, state="drawn").order_by("-drawn_at", "-pk")[:SHOWN]
    return [
        Sampled(
            figures.get(sample.figure).title,
            sample.start,
            sample.end,
            reverse("callbacks:round", args=[sample.pk]),
            tuple(
                (question, stratum, tuple(lines))
                for question, strata in answers_of(sample)
                for stratum, lines in strata
            ),
        )
        for sample in rounds
        if is_over(sample)
    ]


register_sampled("callbacks", sampled_of)
