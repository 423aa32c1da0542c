"""What is asked when an account begins or changes, why one is closed, and a password of one's own."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from qiaomen.office.accounts import rules
from qiaomen.office.accounts.passwords import rule_in_words
from qiaomen.office.accounts.people import organisations_of
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import ROLES, Organisation, Staff

ASCII_NAME = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{2,}$", _("登录名用小写字母和数字，至少 3 位，例如 wangge3；不要用中文和空格。")
)
TELEPHONE = RegexValidator(r"^[0-9+ -]{5,30}$", _("电话只写数字，例如 13900000000。"))


def place_title(organisation: Organisation) -> str:
    """Return where somebody works in words: a grid with its community."""
    above = f"{organisation.parent.name} · " if organisation.kind == "grid" and organisation.parent else ""
    return f"{above}{organisation.name}"


class AccountForm(DeskForm):
    """An account; of one's own, role and place stand and are not asked."""

    name = forms.CharField(
        label=_("姓名"), max_length=40, error_messages={"required": _("请写上姓名，居民在敲门证上看到的就是它。")}
    )
    login_name = forms.CharField(
        label=_("登录名"),
        max_length=40,
        validators=[ASCII_NAME],
        help_text=_("小写字母和数字，例如 wangge3；以后不能改。"),
        error_messages={"required": _("请写上登录名，例如 wangge3。")},
    )
    telephone = forms.CharField(label=_("电话（可不填）"), max_length=30, required=False, validators=[TELEPHONE])
    role = forms.ChoiceField(label=_("岗位"), error_messages={"required": _("请选他的岗位。")})
    organisation = forms.ModelChoiceField(
        label=_("归哪里"),
        queryset=Organisation.objects.none(),
        empty_label=_("请选"),
        error_messages={"required": _("请选他归哪个社区或网格。")},
    )

    def __init__(self, *args: Any, keeper: Staff, staff: Staff | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = staff
        role, place = self.fields["role"], self.fields["organisation"]
        own = staff is not None and staff.pk == keeper.pk
        given = [code for code in ROLES if code in rules.roles_given_by(keeper.role) or (own and code == keeper.role)]
        role.choices = [("", _("请选")), *((code, ROLES[code]) for code in given)]  # type: ignore[attr-defined]
        places = organisations_of(keeper)
        place.queryset = places.order_by("parent__code", "code")  # type: ignore[attr-defined]
        place.label_from_instance = place_title  # type: ignore[attr-defined]
        if staff is not None:
            del self.fields["login_name"]
        if own:
            del self.fields["role"], self.fields["organisation"]

    def clean_login_name(self) -> str:
        """Refuse a name that is taken."""
        name: str = self.cleaned_data["login_name"]
        if Staff.objects.filter(login_name=name).exists():
            raise ValidationError(_("这个登录名已经有人用了，请换一个。"))
        return name

    def clean(self) -> dict[str, Any]:
        """A role has its kind of place."""
        answers: dict[str, Any] = super().clean() or {}
        role, place = answers.get("role"), answers.get("organisation")
        if role and place is not None and not rules.fits(role, place.kind):
            wanted = _("社区或网格") if "grid" in rules.PLACES[role] else _("社区") if role == "head" else _("县或镇")
            self.add_error("organisation", _("这个岗位要归{kind}，请重新选归哪里。").format(kind=wanted))
        return answers


class ChangeForm(AccountForm):
    """The same of an account that is there, with the reason."""

    reason = forms.CharField(
        label=_("为什么改"),
        max_length=100,
        help_text=_("例如“调到二网格”。换了岗位或社区，他要重新登录，手机也要重新登记。"),
        error_messages={"required": _("请写为什么改，例如“调到二网格”。")},
    )

    def __init__(self, *args: Any, keeper: Staff, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, keeper=keeper, staff=staff, **kwargs)
        if staff.pk == keeper.pk:
            del self.fields["reason"]


class ReasonForm(DeskForm):
    """Why an account is closed, opened again or given a code."""

    reason = forms.CharField(
        label=_("为什么"), max_length=100, error_messages={"required": _("请写为什么这样做，台账里要留下理由。")}
    )


class PasswordForm(DeskForm):
    """A password of one's own; the present one is asked unless it is a code that was just typed."""

    old = forms.CharField(
        label=_("现在的密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请写上现在的密码。")},
    )
    new = forms.CharField(
        label=_("新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("请写上新密码。")},
    )
    again = forms.CharField(
        label=_("再写一遍新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("请把新密码再写一遍。")},
    )

    def __init__(self, *args: Any, request: HttpRequest, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.staff = request, staff
        self.fields["new"].help_text = rule_in_words()
        if staff.code_until is not None:
            del self.fields["old"]

    def clean_old(self) -> str:
        """Refuse a wrong present password; tries are counted as at the login, so that nobody guesses here."""
        old, name = self.cleaned_data["old"], self.staff.login_name
        if authenticate(self.request, login_name=name, username=name, password=old) is None:
            raise ValidationError(_("现在的密码不对。忘了的，请主任或系统管理员给一个一次性密码。"))
        return str(old)

    def clean_new(self) -> str:
        """Hold the new password against the rule, and against the present one."""
        new: str = self.cleaned_data["new"]
        password_validation.validate_password(new, self.staff)
        if self.staff.check_password(new):
            raise ValidationError(_("新密码和现在的一样，请换一个。"))
        return new

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        answers: dict[str, Any] = super().clean() or {}
        if answers.get("new") and answers.get("again") and answers["new"] != answers["again"]:
            self.add_error("again", _("两次写的不一样，请再写一遍。"))
        return answers
