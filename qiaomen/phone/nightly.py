"""What the phones' house does by itself each day."""

import uuid
from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from qiaomen.office import nightly
from qiaomen.phone.actions import photo_uploads
from qiaomen.phone.models import ExpectedPhoto


@nightly.task("phone.arriving", _("清除没有传完的照片"))
def drop_left_over() -> str:
    """Forget photos that nobody goes on with, and what a late piece left of photos that are stored."""
    return f"清除了 {photo_uploads.drop_left_over(_settled)} 张"


def _settled(keys: Collection[uuid.UUID]) -> list[uuid.UUID]:
    return list(ExpectedPhoto.objects.filter(pk__in=keys, received_at__isnull=False).values_list("pk", flat=True))
