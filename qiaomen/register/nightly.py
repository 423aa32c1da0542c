"""What the register does by itself each day."""

from django.utils.translation import gettext_lazy as _

from qiaomen.office import nightly
from qiaomen.office.models import Organisation
from qiaomen.register.actions.duplicates import look_for_duplicates
from qiaomen.register.selectors.possible_duplicates import last_search


@nightly.task("register.duplicates", _("核对有没有重复的登记"))
def find_duplicates() -> str:
    """Look for duplicates in each community whose register has moved on since the last search."""
    done = 0
    for community in Organisation.objects.filter(kind="community").order_by("code"):
        last = last_search(community)
        if last is None or last["moved_on"]:
            look_for_duplicates(community)
            done += 1
    return f"核对了 {done} 个社区"
