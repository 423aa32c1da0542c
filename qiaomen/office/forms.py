"""The login form."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock
from qiaomen.office.form_words import DeskForm
from qiaomen.office.models import Staff


class LoginForm(DeskForm):
    """Name and password; an unknown name and a wrong password answer alike."""

    login_name = forms.CharField(
        label=_("登录名"), max_length=40, error_messages={"required": _("请写上登录名，例如 wangge3。")}
    )
    password = forms.CharField(
        label=_("密码"),
        widget=forms.PasswordInput,
        max_length=200,
        strip=False,
        error_messages={"required": _("请写上密码。")},
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        self.staff: Staff | None = None
        self.refused_name = ""
        super().__init__(*args, **kwargs)
        self.fields["login_name"].widget.attrs.update(autocomplete="username", autofocus=True)
        self.fields["password"].widget.attrs.update(autocomplete="current-password")

    def clean(self) -> dict[str, Any]:
        """Try the name and password."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("login_name") and values.get("password"):
            found = authenticate(
                self.request,
                login_name=values["login_name"],
                username=values["login_name"],
                password=values["password"],
            )
            if not isinstance(found, Staff):
                self.refused_name = values["login_name"]
                raise forms.ValidationError(_("登录名或密码不对。请再试一次；忘记密码请找主任或系统管理员。"))
            if found.code_until is not None and found.code_until < clock.now():
                raise forms.ValidationError(_("这个一次性密码已经过期。请找主任或系统管理员再要一个。"))
            self.staff = found
        return values
