"""What is asked about a door, from the desk or from paper."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock
from qiaomen.office.access import staff_in
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Organisation, Staff
from qiaomen.planner.promise import MOST_DAYS
from qiaomen.visits.problems import AgreedUnclear
from qiaomen.visits.rules.due import may_be_agreed
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
    if day is None or start is None or not may_be_agreed(day, clock.today()):
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


class CorrectVisitForm(DeskForm):
    """What a visit should say, and why it is put right."""

    outcome = VisitForm.base_fields["outcome"]
    note = VisitForm.base_fields["note"]
    reason = forms.CharField(
        label=_("为什么更正"),
        max_length=200,
        error_messages={"required": _("请写一句为什么更正，例如“选错了一行”。")},
    )


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
    two_first = forms.BooleanField(label=_("第一次上门请两个人一起来"), required=False)
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
    women = forms.ModelMultipleChoiceField(
        label=_("其中哪几位是女同志（去女孩家要有一位）"),
        queryset=Staff.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, community: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("members", "women"):
            self.fields[name].queryset = walkers_in(community)  # type: ignore[attr-defined]


def _minutes_input() -> forms.NumberInput:
    return forms.NumberInput(attrs={"step": "0.5"})


def _days_field(label: str) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"aria-label": label})
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=MOST_DAYS, widget=widget)


class PromiseForm(DeskForm):
    """What the office promises: how often each tier, with which hours and minutes. What is empty is not promised."""

    hours = forms.FloatField(
        label=_("各小组每周一共走多少小时"),
        required=False,
        min_value=0,
        max_value=400,
        widget=forms.NumberInput(attrs={"step": "0.5"}),
    )
    minutes_cadence = forms.FloatField(
        label=_("重点探访一次多少分钟"), required=False, min_value=0.5, max_value=120, widget=_minutes_input()
    )
    minutes_unseen = forms.FloatField(
        label=_("看看每一户一次多少分钟"), required=False, min_value=0.5, max_value=120, widget=_minutes_input()
    )
    from_date = forms.DateField(
        label=_("从哪天起"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("请写从哪天起算。")},
    )

    def __init__(self, tiers: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, title in tiers.items():
            self.fields[f"days_{code}"] = _days_field(_("{tier}：多少天见一次").format(tier=title))
            self.fields[f"door_{code}"] = _days_field(_("{tier}：至少多少天上门一次").format(tier=title))
        self.tiers = tiers

    def clean(self) -> dict[str, Any]:
        """Refuse a promise of nothing, and a door seen more often than anybody is."""
        found: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(found.get(f"days_{code}") for code in self.tiers):
            self.add_error(None, _("请至少给一档写上多少天见一次。"))
        for code in self.tiers:
            days, door_days = found.get(f"days_{code}"), found.get(f"door_{code}")
            if door_days and (not days or door_days < days):
                self.add_error(f"door_{code}", _("上门的间隔要不短于见面的间隔；都上门的，这一格空着。"))
        return found

    def rows(self) -> list[dict[str, Any]]:
        """Return the two fields of each tier with its title."""
        return [
            {"title": title, "days": self[f"days_{code}"], "door": self[f"door_{code}"]}
            for code, title in self.tiers.items()
        ]


class StairwellForm(DeskForm):
    """A stairwell goes from one walk to another; `stairs`: how it is written on the page, 3-1."""

    stairs = forms.CharField(
        label=_("哪个楼道"),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "qm-stairs", "autocomplete": "off", "placeholder": "3-1"}),
        error_messages={"required": _("请写哪个楼道，例如 3-1。")},
    )
    walk = forms.ChoiceField(
        label=_("从哪一轮"), required=False, error_messages={"invalid_choice": _("这一轮已经变了，请重新选。")}
    )
    to = forms.ChoiceField(label=_("挪到"), error_messages={"required": _("请选挪到哪一天、哪个小组。")})

    def __init__(self, walks: list[tuple[str, str]], slots: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["walk"].choices = [("", _("不管哪一轮")), *walks]  # type: ignore[attr-defined]
        self.fields["to"].choices = [("", _("请选")), *slots]  # type: ignore[attr-defined]
