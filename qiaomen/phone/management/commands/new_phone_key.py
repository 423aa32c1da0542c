"""`qiaomen new_phone_key`: phones seal to a new key from their next list on; the older ones stay."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from qiaomen.office import ledger
from qiaomen.office.models import Organisation
from qiaomen.phone.actions.devices import make_key


class Command(BaseCommand):
    """Makes the next sealing key."""

    help = "换一把手机密封用的钥匙：手机下次取名单起用新的，旧的留着，迟到的走访照样打得开"

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and say so."""
        key = make_key()
        for community in Organisation.objects.filter(kind="community"):
            ledger.record(community=community, actor=None, code="phone.key-made", detail={"key": key.pk})
        self.stdout.write(
            f"新的密封钥匙：{key.pk}。请马上做一次备份，并在恢复卡上记下：换过钥匙，旧备份打不开今后的走访。"
        )
