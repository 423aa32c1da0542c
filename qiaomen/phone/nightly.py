"""What the phones' house does by itself each day."""

import uuid
from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock
from qiaomen.office import nightly, occasions
from qiaomen.phone.actions import devices, photo_uploads
from qiaomen.phone.models import ExpectedPhoto, Pack
from qiaomen.phone.rules.moments import LONGEST_ON_A_PHONE


@nightly.task("phone.arriving", _("清除没有传完的照片"))
def drop_left_over() -> str:
    """Forget photos that nobody goes on with, and what a late piece left of photos that are stored."""
    return _("清除了 {n} 张").format(n=photo_uploads.drop_left_over(_settled))


def _settled(keys: Collection[uuid.UUID]) -> list[uuid.UUID]:
    return list(ExpectedPhoto.objects.filter(pk__in=keys, received_at__isnull=False).values_list("pk", flat=True))


@nightly.task("phone.packs", _("忘掉从前名单的内容"))
def drop_old_packs() -> str:
    """Forget what packs contained when nothing of them can arrive any more without a person looking at it."""
    dropped, _by_model = Pack.objects.filter(expires_at__lt=clock.now() - LONGEST_ON_A_PHONE).delete()
    return _("忘掉了 {n} 份").format(n=dropped)


# Any backup then holds the key that phones seal to, however early it was made.
occasions.on(occasions.MIGRATED)(devices.current_key)
occasions.on(occasions.RESTORED)(devices.make_epoch)
