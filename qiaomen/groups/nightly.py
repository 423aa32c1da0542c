"""What groups do by themselves each day."""

from django.utils.translation import gettext_lazy as _

from qiaomen.groups.actions import memberships
from qiaomen.office import nightly
from qiaomen.office.models import Organisation


@nightly.task("groups.refresh", _("按当天的情况更新关爱群体"), hour=nightly.AFTER_MIDNIGHT)
def keep_groups() -> str:
    """Bring every community's care groups in line with the new day, before anybody looks."""
    communities = Organisation.objects.filter(kind="community").order_by("code")
    for community in communities:
        memberships.keep_current(community)
    return _("更新了 {n} 个社区").format(n=len(communities))
