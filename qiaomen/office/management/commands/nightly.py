"""`qiaomen nightly`: run the daily tasks whose turn has come."""

import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connections

from qiaomen.kernel import recall
from qiaomen.office import jobs, nightly

EVERY = 60
"""Seconds between two looks at the clock."""


class Command(BaseCommand):
    """Runs what is due and ends, or stays and looks again each minute."""

    help = "做每天自动要做的事：到时间、今天还没有做的"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Stay, or run once (for a timer of the system)."""
        parser.add_argument("--watch", action="store_true", help="一直运行，每分钟看一次")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say a line for each task run."""
        while True:
            titles = {one.code: one.title for one in nightly.tasks()}
            for run in nightly.run_due():
                self.stdout.write(f"{'没有做成' if run.failed else '做好了'}：{titles[run.code]}（{run.outcome}）")
            for job in jobs.run_waiting(jobs.PATIENCE):  # what a web server that was killed has left
                self.stdout.write(f"{'没有做成' if job.failed else '做好了'}：{job.code}（{job.outcome}）")
            recall.forget()
            if not options["watch"]:
                return
            connections.close_all()
            time.sleep(EVERY)
