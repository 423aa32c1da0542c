"""What is asked about a door, from the desk or from paper."""

from datetime import date, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock
from qiaomen.office.access import staff_in
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Organisation, Staff
from qiaomen.visits.problems import AgreedUnclear
from qiaomen.visits.rules.vocabulary import OUTCOMES
from qiaomen.visits.selectors.labels import outcome_title


def walkers_in(community: Organisation) -> QuerySet[Staff]:
    """Return who can walk in a community."""
    return staff_in(community, "head", "worker", "volunteer").order_by("name")


class VisitForm(DeskForm):
    """One line for one door; `visit_id` is made with the page, so that a double press stays one visit."""

    visit_id = forms.UUIDField(widget=forms.HiddenInput)
    door = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=lambda: [(code, outcome_title(code)) for code in OUTCOMES],
        error_messages={"required": _("请选这扇门的结果：见到了、没人在，还是别的。")},
    )
    note = forms.CharField(label=_("说了什么（可不填）"), max_length=500, required=False)
    day = forms.DateField(label=_("约在哪天"), required=False)
    start = forms.TimeField(label=_("几点以后"), required=False)
    end = forms.TimeField(label=_("几点以前（可不填）"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse hours without their day, or that end before they begin, before anything is recorded."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        day, start, end = (values.get(name) for name in ("day", "start", "end"))
        if (day or start or end) and not _can_be_kept(day, start, end):
            self.add_error("note", AgreedUnclear().in_full())
        return values


def _can_be_kept(day: date | None, start: time | None, end: time | None) -> bool:
    if day is None or start is None or day < clock.today():
        return False
    return end is None or end > start


class AgreeForm(DeskForm):
    """改天、约时间: the day, from when to when, and whether we come whatever else waits."""

    agree_key = forms.UUIDField(widget=forms.HiddenInput)
    day = forms.DateField(
        label=_("约在哪天"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("请写约在哪天。")},
    )
    start = forms.TimeField(
        label=_("几点以后"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"required": _("请写几点以后，例如 14:00。")},
    )
    end = forms.TimeField(
        label=_("几点以前（可不填）"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    may = forms.BooleanField(label=_("说好顺路才来，不专门来"), required=False)


WEEKDAYS = [
    (0, _("周一")),
    (1, _("周二")),
    (2, _("周三")),
    (3, _("周四")),
    (4, _("周五")),
    (5, _("周六")),
    (6, _("周日")),
]


class TimesForm(DeskForm):
    """When a team goes out: its days, the hour, and for how long."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("每周哪几天"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    starts_at = forms.TimeField(
        label=_("几点出发"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"required": _("请写几点出发，例如 09:00。")},
    )
    minutes = forms.IntegerField(
        label=_("走多少分钟"),
        min_value=30,
        max_value=480,
        error_messages={"required": _("请写走多少分钟，30 到 480 之间。")},
    )


class WishForm(DeskForm):
    """How a household wants to be visited; everything empty means: as usual."""

    no_visits = forms.BooleanField(label=_("不要上门"), required=False)
    phone_instead = forms.BooleanField(label=_("改打电话"), required=False)
    quiet_from = forms.TimeField(
        label=_("这个时段不便：从"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    quiet_to = forms.TimeField(
        label=_("到"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    whom = forms.ModelChoiceField(
        label=_("只要谁来（可不填）"), queryset=Staff.objects.none(), required=False, empty_label=_("谁来都行")
    )
    most_per_month = forms.IntegerField(label=_("一个月最多来几次"), min_value=1, max_value=31, required=False)
    words = forms.CharField(label=_("住户怎么说的（可不填）"), max_length=200, required=False)
    until = forms.DateField(
        label=_("到哪天为止（可不填）"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, community: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whom"].queryset = walkers_in(community)  # type: ignore[attr-defined]


class PauseForm(DeskForm):
    """Away until a day."""

    until = forms.DateField(
        label=_("到哪天恢复"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("请写到哪天恢复上门。")},
    )
    reason = forms.CharField(label=_("原因（可不填）"), max_length=200, required=False)


class LeaveForm(DeskForm):
    """Who is away from a day to a day, and who walks instead."""

    staff = forms.ModelChoiceField(
        label=_("谁请假"), queryset=Staff.objects.none(), error_messages={"required": _("请选谁请假。")}
    )
    from_date = forms.DateField(
        label=_("从"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("请写从哪天开始请假。")},
    )
    to_date = forms.DateField(
        label=_("到"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("请写请假到哪天。")},
    )
    cover = forms.ModelChoiceField(
        label=_("谁代走"), queryset=Staff.objects.none(), required=False, empty_label=_("没有人代走")
    )

    def __init__(self, community: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("staff", "cover"):
            self.fields[name].queryset = walkers_in(community)  # type: ignore[attr-defined]


class TeamForm(DeskForm):
    """A knock team: its name and who walks in it."""

    name = forms.CharField(
        label=_("小组名称"), max_length=40, error_messages={"required": _("请给小组起个名称，例如“三网格敲门小组”。")}
    )
    members = forms.ModelMultipleChoiceField(
        label=_("谁一起走"),
        queryset=Staff.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一个走的人。")},
    )

    def __init__(self, community: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = walkers_in(community)  # type: ignore[attr-defined]
