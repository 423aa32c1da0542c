"""What is asked when a need is heard at the window, and when a case moves."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.cases.models import RELATIONS
from qiaomen.cases.rules.procedure import Step
from qiaomen.cases.selectors import may_hold
from qiaomen.cases.selectors.standing_page import pause_title, relation_title
from qiaomen.kernel import clock
from qiaomen.needs.models import Need
from qiaomen.needs.rules.vocabulary import KINDS, ORIGINS
from qiaomen.needs.selectors import handling_title, kind_title, origin_title
from qiaomen.office.access import staff_in
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Body, Organisation, Staff
from qiaomen.office.shared.bodies import bodies_of
from qiaomen.register.models import Household, Person
from qiaomen.visits.rules.vocabulary import HANDLINGS


class HearForm(DeskForm):
    """A need brought to the window or told on the telephone; `need_id` is made with the page."""

    need_id = forms.UUIDField(widget=forms.HiddenInput)
    origin = forms.ChoiceField(
        label=_("怎么来的"), error_messages={"required": _("请选是窗口说的、电话说的还是别的。")}
    )
    kind = forms.ChoiceField(label=_("种类"), error_messages={"required": _("请选这件事属于哪一种。")})
    words = forms.CharField(
        label=_("居民的原话"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("密封保存，每次查看都记台账。"),
        error_messages={"required": _("请写下居民的原话，一句也行。")},
    )
    handling = forms.ChoiceField(label=_("怎么办"), error_messages={"required": _("请选这件事怎么办。")})
    procedure = forms.ChoiceField(label=_("按哪个规程办"), required=False)

    def __init__(self, *args: Any, procedures: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "procedure": procedures,
            "kind": [(code, kind_title(code)) for code in KINDS],
            "handling": [(code, handling_title(code)) for code in HANDLINGS],
            "origin": [(code, origin_title(code)) for code in ORIGINS if code != "visit"],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]
        self.fields["handling"].initial = "office"


class WordsForm(DeskForm):
    """The words of a step."""

    sentence = forms.CharField(
        label=_("做了什么"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写这一步做了什么。")},
    )


class StepForm(WordsForm):
    """One step of a case."""


class CorrectStepForm(WordsForm):
    """What a step should say, and why it is put right."""

    reason = forms.CharField(
        label=_("为什么更正"),
        max_length=200,
        error_messages={"required": _("请写一句为什么更正，例如“写错了日期”。")},
    )


class CloseForm(DeskForm):
    """What the resident is told when a case is closed, and how it ended."""

    sentence = forms.CharField(
        label=_("给居民的一句话"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写居民听得懂的话：办成了什么、什么时候办的。"),
        error_messages={"required": _("请写给居民的一句话：办成了什么，或者为什么办不成。")},
    )
    outcome = forms.ChoiceField(label=_("结果"), error_messages={"required": _("请选这件事的结果。")})

    def __init__(self, *args: Any, endings: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = list(endings)  # type: ignore[attr-defined]


class AnswerForm(DeskForm):
    """The resident's word on a closed case."""

    answer = forms.ChoiceField(
        label=_("居民怎么说"),
        choices=[("solved", _("解决了")), ("not_solved", _("没有解决"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选居民说解决了，还是没有解决。")},
    )
    words = forms.CharField(label=_("原话（可不填）"), max_length=500, required=False)


class OwnerForm(DeskForm):
    """Who takes the case over."""

    owner = forms.ModelChoiceField(
        label=_("交给"), queryset=Staff.objects.none(), error_messages={"required": _("请选交给哪位同事。")}
    )

    def __init__(self, need: Need, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [staff.pk for staff in staff_in(need.community, "head", "worker") if may_hold(need, staff)]
        self.fields["owner"].queryset = Staff.objects.filter(pk__in=able)  # type: ignore[attr-defined]


class ProcedureForm(DeskForm):
    """Under which procedure a case runs."""

    procedure = forms.ChoiceField(label=_("按哪个规程办"), error_messages={"required": _("请选一个规程。")})

    def __init__(self, procedures: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["procedure"].choices = list(procedures)  # type: ignore[attr-defined]


class RecordForm(DeskForm):
    """One step of the procedure: of what is decided outside the day, the number and the result are recorded."""

    happened_on = forms.DateField(
        label=_("哪一天"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请写是哪一天。")},
    )
    result = forms.ChoiceField(label=_("结果"), error_messages={"required": _("请选结果。")})
    number = forms.CharField(
        label=_("文号或受理号"), max_length=60, error_messages={"required": _("请写文号或者受理号，以后好查。")}
    )
    sentence = forms.CharField(
        label=_("说明"), max_length=500, required=False, error_messages={"required": _("请写一句话说明。")}
    )

    def __init__(self, step: Step, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["happened_on"].initial = clock.today
        if step.results:
            choices = [("", "——"), *((result.code, _(result.title)) for result in step.results)]
            self.fields["result"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["result"]
        if "number" not in step.asks:
            self.fields["number"].required = False
            if not step.is_outside:
                del self.fields["number"]
        if not step.is_outside:
            self.fields["happened_on"].required = False
            self.fields["happened_on"].widget = forms.HiddenInput()
        self.fields["sentence"].required = "sentence" in step.asks


class PauseForm(DeskForm):
    """Why the clock stands still, and until when."""

    kind = forms.ChoiceField(label=_("为什么暂停"), error_messages={"required": _("请选为什么暂停。")})
    until = forms.DateField(
        label=_("哪一天接着办"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("到了那天期限自己接着走，那天算一天。"),
        error_messages={"required": _("请写哪一天接着办：没有日子不能暂停。")},
    )
    reason = forms.CharField(
        label=_("缺什么、等什么"),
        max_length=500,
        error_messages={"required": _("请写缺什么或者等什么，居民听得懂。")},
    )

    def __init__(self, kinds: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, pause_title(kind)) for kind in kinds]  # type: ignore[attr-defined]


class ReasonForm(DeskForm):
    """A reason that somebody is told."""

    reason = forms.CharField(
        label=_("原因"), max_length=500, error_messages={"required": _("请写一句原因，要讲给居民或者同事听。")}
    )


class ReferForm(DeskForm):
    """To whom a case is referred, and that the resident agreed."""

    body = forms.ModelChoiceField(
        label=_("转给哪个单位"), queryset=Body.objects.none(), error_messages={"required": _("请选一个单位。")}
    )
    number = forms.CharField(
        label=_("函的文号（可不填）"),
        max_length=60,
        required=False,
        error_messages={"required": _("请写文号或者受理号，以后好查。")},
    )
    sentence = forms.CharField(
        label=_("怎么跟居民说"),
        max_length=500,
        help_text=_("两个工作日内告诉居民：转给了谁，什么时候有答复。"),
        error_messages={"required": _("请写告诉居民的一句话：转给了谁。")},
    )
    agreed = forms.BooleanField(
        label=_("居民同意把这件事告诉这个单位"), error_messages={"required": _("请先问居民同不同意，同意了再勾上。")}
    )

    def __init__(self, community: Organisation, *args: Any, letter: Step | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if letter is not None and "number" in letter.asks:
            self.fields["number"].required = True
            self.fields["number"].label = _("函的文号")
        self.fields["body"].queryset = bodies_of(community)  # type: ignore[attr-defined]


class ReplyForm(DeskForm):
    """What the body outside answered."""

    sentence = forms.CharField(
        label=_("答复里怎么说"), max_length=500, error_messages={"required": _("请写外单位是怎么答复的。")}
    )


class NearForm(DeskForm):
    """Whose near relative a resident is."""

    person = forms.ModelChoiceField(
        label=_("居民"), queryset=Person.objects.none(), error_messages={"required": _("请选是哪一位居民。")}
    )
    staff = forms.ModelChoiceField(
        label=_("工作人员"), queryset=Staff.objects.none(), error_messages={"required": _("请选是谁的近亲属。")}
    )
    relation = forms.ChoiceField(
        label=_("关系"),
        choices=[(code, relation_title(code)) for code in RELATIONS],
        error_messages={"required": _("请选是什么关系。")},
    )

    def __init__(self, household: Household, actor: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].initial = actor.pk
        self.fields["person"].queryset = household.people.filter(state="living")  # type: ignore[attr-defined]
        staff = staff_in(household.community)
        mine = staff if actor.role == "head" else staff.filter(pk=actor.pk)
        self.fields["staff"].queryset = mine.order_by("name")  # type: ignore[attr-defined]
