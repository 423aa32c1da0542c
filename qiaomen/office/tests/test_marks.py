"""One filter gives a text the punctuation of its reader."""

import pytest
from django.template import Context, Template
from django.utils import translation

from qiaomen.office.templatetags.marks import punctuate

pytestmark = pytest.mark.once
CHINESE = [
    ("第3片,第 125 行:不清楚", "第3片，第 125 行：不清楚"),
    ("敲门 (补录)", "敲门（补录）"),
    ("约 14:01 ， 走 240 分钟 。", "约 14:01，走 240 分钟。"),
    ("人 人", "人人"),
    ("比例 1:500", "比例 1:500"),
    ("A, B", "A, B"),
]
ENGLISH = [
    ("Ann、Bob，Cy；Dee", "Ann, Bob, Cy; Dee"),
    ("Owner：Ann（grid 3）。", "Owner: Ann (grid 3)."),
    ("a , b", "a, b"),
]


@pytest.mark.parametrize(("text", "said"), CHINESE)
def test_chinese_is_full_width_and_tight(text: str, said: str) -> None:
    assert punctuate(text, "zh-hans") == said
    assert punctuate(said, "zh-hans") == said, "said twice it stays"


@pytest.mark.parametrize(("text", "said"), ENGLISH)
def test_english_is_narrow_with_a_blank_behind(text: str, said: str) -> None:
    assert punctuate(text, "en").strip() == said


def test_it_is_the_readers_language_and_escapes_what_is_not_safe() -> None:
    page = Template('{% load marks %}{{ names|join:"、"|punctuated }}')
    for language, said in (("zh-hans", "甲、&lt;b&gt;"), ("en", "甲, &lt;b&gt;")):
        with translation.override(language):
            assert page.render(Context({"names": ["甲", "<b>"]})) == said
