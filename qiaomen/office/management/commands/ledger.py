"""`qiaomen ledger verify`: walk every community's chain and name the first broken row."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qiaomen.office import ledger
from qiaomen.office.models import LedgerHead


class Command(BaseCommand):
    """Verifies the ledger from the shell; exit code 1 when a chain is broken."""

    help = "校验每个社区的台账链"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """One word: verify; optionally one community's code."""
        parser.add_argument("what", choices=["verify"])
        parser.add_argument("--community", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line a community; raise when one is broken."""
        heads = LedgerHead.objects.select_related("community").order_by("community__code")
        if options["community"]:
            heads = heads.filter(community__code=options["community"])
        broken = 0
        for head in heads:
            result = ledger.verify(head.community)
            if result.ok:
                self.stdout.write(f"{head.community.name}: {result.rows} 行，链完整，链头 {head.hash[:16]}")
            else:
                broken += 1
                self.stdout.write(f"{head.community.name}: 第 {result.first_broken_seq} 行起不可信({result.reason})")
        if broken:
            raise CommandError(f"{broken} 个社区的台账链断了")
