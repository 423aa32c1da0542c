"""The pages of this house in the menu."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, Verb, register, register_verbs
from qiaomen.register.selectors.possible_duplicates import undecided_count


def _undecided(viewer: Any, community: Any) -> int:
    """Pairs that may be one person and wait for somebody's word."""
    return undecided_count(community)


register(
    Entry(55, "register:places", _("小区和门牌"), door="residents", covers=True),
    Entry(80, "register:totals", _("底数"), door="residents", is_verb=True, covers=True),
    Entry(90, "register:duplicates", _("重复"), door="residents", is_verb=True, badge=_undecided),
)
register_verbs(
    Verb("register:places", _("加一扇门"), (_("加小区"), _("加楼栋"), _("加单元"), _("登记一户"))),
    Verb(
        "register:correct",
        _("改资料"),
        (_("改电话"), _("改姓名"), _("改身份证号"), _("更正")),
        of="register.person",
        offered=True,
    ),
    Verb("register:tell", _("记下情况"), (_("记情况"),), of="register.person", offered=True),
    Verb("register:life", _("搬走"), (_("迁出"),), of="register.household", more=("moved_out",)),
    Verb("register:life", _("社区内搬家"), (_("搬家"),), of="register.household", more=("moved_within",)),
    Verb("register:life", _("搬入"), (_("迁入"), _("加人")), of="register.household", more=("moved_in",)),
    Verb("register:life", _("出生"), of="register.household", more=("born",)),
    Verb("register:life", _("结婚入户"), (_("结婚"),), of="register.household", more=("married",)),
    Verb("register:life", _("去世"), (_("死亡"),), of="register.household", more=("died",)),
    Verb("register:life", _("分户"), of="register.household", more=("split",)),
    Verb("register:life", _("换户主"), of="register.household", more=("head_changed",)),
)
