"""Both doors of the server, ASGI and WSGI, start the same things in one place: a second worker would do a job twice."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BOTH = """
import threading
import qiaomen.asgi, qiaomen.wsgi
print(sum(thread.name == "jobs" for thread in threading.enumerate()))
"""


def test_a_process_that_loads_both_doors_has_one_worker(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BOTH], cwd=ROOT, env={"QM_DATA": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.stdout.strip() == "1", done.stderr[-600:]


def test_neither_door_starts_or_reads_for_itself() -> None:
    for name in ("asgi", "wsgi"):
        text = (ROOT / "qiaomen" / f"{name}.py").read_text("utf-8")
        assert "start_worker" not in text and "FORWARDED" not in text
