"""`qiaomen reindex`: make what people are found by anew from the register."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from qiaomen.office.models import Organisation
from qiaomen.register.actions.search_index import reindex


class Command(BaseCommand):
    """Brings the search index in step; safe at any time, and needed after an upgrade that reads names differently."""

    help = "重建搜索索引：任何时候都可以运行，不改动登记"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Optionally one community's code."""
        parser.add_argument("--community", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line a community: people looked at, and how many were put right."""
        communities = Organisation.objects.filter(kind="community").order_by("code")
        if options["community"]:
            communities = communities.filter(code=options["community"])
            if not communities:
                raise CommandError(f"没有代码为 {options['community']} 的社区")
        for community in communities:
            with transaction.atomic():
                people, wrong = reindex(community)
            self.stdout.write(f"{community.name}: {people} 人，更正 {wrong} 人的搜索索引")
