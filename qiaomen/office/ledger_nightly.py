"""Each night: every chain is walked from its last signed head on (on Sundays from its first line), the new heads are
signed, and a copy leaves the machine.
"""

import shlex
import subprocess
from collections.abc import Sequence
from datetime import date, time
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock
from qiaomen.office import ledger_check, ledger_heads, nightly
from qiaomen.office.ledger_heads import Anchor
from qiaomen.office.models import LedgerHead

HOUR = time(0, 20)
"""After the new day has begun, before the backup."""
COMMAND_SECONDS = 60
FULL_WALK = 7
"""ISO day of the week on which the chains are walked whole: a county's year of 20 million lines takes some minutes."""


class LedgerDoesNotHold(Exception):
    """A chain does not hold; the heads of the others are signed all the same."""


@nightly.task("office.ledger-heads", _("校验台账并留存链头"), hour=HOUR)
def sign_heads() -> str:
    """Verify every chain, sign the heads of those that hold, send a copy out. Raises LedgerDoesNotHold."""
    good, bad = [], []
    for checked in ledger_check.verify_all(from_last=clock.today().isoweekday() != FULL_WALK):
        if checked.result.ok and checked.community is not None:
            good.append(checked.community.pk)
        else:
            bad.append(checked)
    heads = LedgerHead.objects.select_related("community").filter(pk__in=good, seq__gt=0).order_by("community__code")
    signed = ledger_heads.sign(list(heads), clock.today())
    send_out(clock.today(), signed)
    if bad or ledger_check.guards_missing():
        raise LedgerDoesNotHold(", ".join(one.code or one.name for one in bad) or "triggers")
    return str(_("签存了 {n} 个链头").format(n=len(signed)))


def write_out(heads: Sequence[Anchor]) -> str:
    """Return heads as the lines one reads, prints and types again: code, line, hash, name."""
    return "".join(f"{one.code} {one.seq} {one.hash} {one.name}\n" for one in heads)


def send_out(day: date, heads: Sequence[Anchor]) -> None:
    """Copy the day's heads to QM_LEDGER_HEADS_DIR and hand them to QM_LEDGER_HEADS_COMMAND, where they are set.

    Raises OSError or subprocess.SubprocessError, so that the daily task fails and is seen.
    """
    name, text = f"heads-{day.isoformat()}.txt", write_out(heads)
    kept = ledger_heads.folder() / name
    kept.write_text(text, encoding="utf-8")
    if settings.LEDGER_HEADS_DIR:
        target = Path(settings.LEDGER_HEADS_DIR) / name
        with target.open("a", encoding="utf-8") as file:  # never over what was sent before
            file.write(text)
    if settings.LEDGER_HEADS_COMMAND:
        words = [*shlex.split(settings.LEDGER_HEADS_COMMAND), str(kept)]
        subprocess.run(words, check=True, timeout=COMMAND_SECONDS, stdin=subprocess.DEVNULL)
