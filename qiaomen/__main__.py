"""The `qiaomen` command: `python -m qiaomen …` (migrate, ledger verify, …)."""

import os
import sys


def main() -> None:
    """Hand the command line to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiaomen.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["qiaomen", *sys.argv[1:]])


if __name__ == "__main__":
    main()
