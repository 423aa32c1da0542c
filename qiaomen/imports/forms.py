"""The form by which a list comes in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.office.form_words import DeskForm


class RosterForm(DeskForm):
    """One workbook."""

    roster = forms.FileField(
        error_messages={"required": _("请先选一个表格文件（.xlsx、.xls 或 .csv）。")},
        label=_("花名册或台账（.xlsx、.xls 或 .csv）"),
        help_text=_(
            "办公室现有的表格直接上传，不用先整理：居民名册、低保、残疾人、老年人、留守儿童、走访记录等台账都认得。先看预览，再决定是否导入。"
        ),
    )
