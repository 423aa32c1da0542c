"""`qiaomen createadmin`: the first administrator of a new office, and a way back in for one who forgot the password."""

import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from qiaomen.office.accounts import acts, people
from qiaomen.office.accounts.forms import ASCII_NAME
from qiaomen.office.models import Staff


class Command(BaseCommand):
    """Makes an administrator; the one-time code is printed once."""

    help = _("开第一个系统管理员的账号，显示一次性密码；--forgotten 给忘了密码的管理员一个新的")

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The name to sign in with; the person's name and the county's for a new one."""
        parser.add_argument("login_name", help=_("登录名，例如 guanli"))
        parser.add_argument("--name", default="", help=_("姓名"))
        parser.add_argument("--county", default=_("本县"), help=_("县的名称，系统里还没有县的时候用"))
        parser.add_argument("--forgotten", action="store_true", help=_("账号已经有了，只要一个新的一次性密码"))

    def handle(self, *_args: Any, login_name: str, name: str, county: str, forgotten: bool, **_options: Any) -> None:
        """Do it and print the code; a refusal is one sentence and exit code 1."""
        if forgotten:
            code = acts.give_admin_code(login_name=login_name)
            if code is None:
                raise CommandError(_("没有叫这个登录名的、在用的系统管理员。"))
            until = Staff.objects.get(login_name=login_name).code_until
        else:
            staff, code = acts.make_admin(login_name=self._checked(login_name), name=name or login_name, county=county)
            until = staff.code_until
        assert until is not None
        self.stdout.write(_("登录名：{name}").format(name=login_name))
        self.stdout.write(_("一次性密码：{code}").format(code=code))
        day = timezone.localtime(until).strftime("%Y-%m-%d %H:%M")
        self.stdout.write(_("{day} 以前有效，只显示这一次；第一次登录要换成自己的密码。").format(day=day))

    def _checked(self, login_name: str) -> str:
        if people.active_admins().exists():
            raise CommandError(_("已经有系统管理员了：请他在“账号”页添加；忘了密码的用 --forgotten。"))
        try:
            ASCII_NAME(login_name)
        except ValidationError as error:
            raise CommandError("".join(map(str, error.messages))) from error
        if Staff.objects.filter(login_name=login_name).exists():
            raise CommandError(_("这个登录名已经有人用了，请换一个。"))
        return login_name
