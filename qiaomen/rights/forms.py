"""Forms of what residents ask about their own data, and of the answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.criteria.facts import Fact
from qiaomen.kernel import clock
from qiaomen.register.models import Person
from qiaomen.register.selectors.facts import age_on
from qiaomen.rights import actions

END = "-"
CHILD_AGE = 18


def _fits(fact: Fact, person: Person) -> bool:
    """A child's facts are asked of the young, an elder's of the old; of whom the age is not known, everything."""
    age = age_on(clock.today(), person.birth_date)
    if age is None:
        return True
    if fact.sensitivity == "child":
        return age < CHILD_AGE
    return age >= CHILD_AGE or fact.sensitivity in ("health", "finance")


class RightsForm(forms.Form):
    """What a resident asks about their own data."""

    kind = forms.ChoiceField(label=_("要求"), choices=list(actions.KINDS.items()))
    words = forms.CharField(label=_("居民怎么说的"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(forms.Form):
    """How a request was answered."""

    outcome = forms.ChoiceField(label=_("结果"), choices=[("done", _("已办")), ("refused", _("不能办"))])
    answer = forms.CharField(
        label=_("办了什么，或者为什么不能办"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
