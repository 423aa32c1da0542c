"""What publications do by themselves each day."""

from django.utils.translation import gettext_lazy as _

from qiaomen.office import nightly
from qiaomen.publications import actions


@nightly.task("publications.drop-old", _("清除三十天没有公布的送检原件"))
def drop_old() -> str:
    """Drop what came in to be checked and was never published."""
    return _("清除了 {n} 份").format(n=actions.drop_old())
