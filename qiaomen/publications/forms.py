"""What is asked of something to be published."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock
from qiaomen.office.form_words import DeskForm


class PublicationForm(DeskForm):
    """A title, until when, and a text or a file or both."""

    title = forms.CharField(
        label=_("标题"),
        max_length=60,
        help_text=_("公开页上看得到，不写姓名和门牌。"),
        error_messages={"required": _("请写标题，公开页上看得到。")},
    )
    end_day = forms.DateField(
        label=_("公布到哪一天"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("过了这一天，公开页上就没有了。"),
        error_messages={"required": _("请写公布到哪一天，过了这一天公开页上就没有了。")},
    )
    text = forms.CharField(
        label=_("贴文字"), max_length=200_000, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    file = forms.FileField(
        label=_("或者选一个文件（.docx、.xlsx、.csv、PDF、图片）"),
        required=False,
        help_text=_("原件只在这里封存到公布为止，出去的是新做的一份。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["end_day"].widget.attrs["min"] = clock.today().isoformat()
