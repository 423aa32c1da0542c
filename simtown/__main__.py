"""`python -m simtown`: make the invented county; `--only C` makes the small community alone."""

import os
import sys


def main() -> None:
    """Set Django up and play."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiaomen.settings")
    import django

    django.setup()
    from simtown.play import play

    play(only=sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else "ABC")


if __name__ == "__main__":
    main()
