"""What is asked about a call, an alert, a sweep, and whom to ask instead."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from qiaomen.calls.rules.calling import OUTCOMES, WAYS
from qiaomen.calls.selectors.labels import GO_BETWEEN_TITLES, OUTCOME_TITLES, WAY_TITLES, alert_title, alerts
from qiaomen.calls.selectors.sweeps import topics
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Organisation
from qiaomen.register.models import Building, Compound


class CallForm(DeskForm):
    """One call; `call_id` is made with the page, so that a double press stays one call."""

    call_id = forms.UUIDField(widget=forms.HiddenInput)
    way = forms.ChoiceField(
        label=_("怎么问的"),
        choices=lambda: [(code, WAY_TITLES[code]) for code in WAYS],
        error_messages={"required": _("请选电话、视频还是托人看。")},
    )
    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=lambda: [(code, OUTCOME_TITLES[code]) for code in OUTCOMES],
        error_messages={"required": _("请选这通电话的结果：都好、没人接，还是别的。")},
    )
    note = forms.CharField(label=_("说了什么（可不填）"), max_length=500, required=False)


class CorrectCallForm(DeskForm):
    """What should stand of a call, and why it is put right."""

    way = CallForm.base_fields["way"]
    outcome = CallForm.base_fields["outcome"]
    note = CallForm.base_fields["note"]
    reason = forms.CharField(
        label=_("为什么更正"),
        max_length=200,
        error_messages={"required": _("请写一句为什么更正，例如“按错了一行”。")},
    )


class AlertForm(DeskForm):
    """Which warning, where, until when."""

    kind = forms.ChoiceField(
        label=_("哪一种"),
        choices=lambda: [(code, alert_title(code)) for code in alerts()],
        error_messages={"required": _("请选停电、高温还是寒潮。")},
    )
    place = forms.ChoiceField(label=_("哪里"), required=False)
    until = forms.DateField(
        label=_("到哪天为止"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("请写到哪天为止。")},
    )

    def __init__(self, community: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        compounds = Compound.objects.filter(community=community).order_by("name")
        buildings = Building.objects.filter(community=community).select_related("compound")
        self.places: dict[str, tuple[Compound | None, Building | None]] = {"": (None, None)}
        self.places |= {f"c{row.pk}": (row, None) for row in compounds}
        self.places |= {f"b{row.pk}": (None, row) for row in buildings.order_by("compound__name", "order")}
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (key, str(building or compound or _("全社区"))) for key, (compound, building) in self.places.items()
        ]

    def chosen_place(self) -> tuple[Compound | None, Building | None]:
        """Return the compound or the building that was chosen; neither: the whole community."""
        return self.places[self.cleaned_data.get("place") or ""]


class SweepForm(DeskForm):
    """What is asked, of whom, where, until when."""

    title = forms.CharField(
        label=_("题目"), max_length=40, error_messages={"required": _("请写一个题目，例如“谁想找活干”。")}
    )
    codes = forms.MultipleChoiceField(
        label=_("问什么（一到三个）"),
        choices=lambda: [(code, _now(fact.ask)) for code, fact in topics().items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选一到三个问题。")},
    )
    compound = forms.ModelChoiceField(
        label=_("问哪里"), queryset=Compound.objects.none(), required=False, empty_label=_("全社区")
    )
    from_age = forms.IntegerField(
        label=_("问多大的人：从"),
        min_value=0,
        max_value=150,
        initial=18,
        error_messages={"required": _("请写年龄，例如 18。")},
    )
    to_age = forms.IntegerField(
        label=_("到"), min_value=0, max_value=150, initial=120, error_messages={"required": _("请写年龄，例如 18。")}
    )
    until = forms.DateField(
        label=_("问到哪天为止"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("请写问到哪天为止。")},
    )

    def __init__(self, community: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        compounds = Compound.objects.filter(community=community).order_by("name")
        self.fields["compound"].queryset = compounds  # type: ignore[attr-defined]


class GoBetweenForm(DeskForm):
    """Whom a household named; no name: nobody."""

    kind = forms.ChoiceField(
        label=_("是什么人"),
        choices=lambda: list(GO_BETWEEN_TITLES.items()),
        error_messages={"required": _("请选是什么人。")},
    )
    name = forms.CharField(label=_("姓名（空着就是没有）"), max_length=40, required=False)
    phone = forms.CharField(label=_("电话（可不填）"), max_length=20, required=False)


def read_answers(posted: Any) -> dict[tuple[uuid.UUID, str], str]:
    """Return what was chosen per person and question, by fields named `answer-<person>:<code>`."""
    found = {}
    for name, value in posted.items():
        head, _dash, rest = name.partition("-")
        person, _colon, code = rest.partition(":")
        if head == "answer" and value:
            try:
                found[(uuid.UUID(person), code)] = str(value)
            except ValueError:
                continue
    return found
