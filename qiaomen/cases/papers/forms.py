"""What is asked when an office brings its own template."""

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.cases.papers.templates import KINDS
from qiaomen.office.form_words import DeskForm


class TemplateForm(DeskForm):
    """Which form, and the Word file."""

    kind = forms.ChoiceField(
        label=_("哪一种单子"), choices=list(KINDS.items()), error_messages={"required": _("请选是哪一种单子。")}
    )
    file = forms.FileField(
        label=_("模板文件（.docx）"),
        help_text=_("要填的地方写成两个大括号夹着字段的名字，字段见下面的清单。"),
        error_messages={"required": _("请选一个 .docx 文件。")},
    )
