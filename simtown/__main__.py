"""`python -m simtown`: make the invented county, or go on with it; `--only C` makes the small community alone."""

import os
import sys
import traceback

FAILED = "演示县没有造完：{why}。已经造好的都在；再运行一次就从这里接着造。详情在 {log}"


def main() -> None:
    """Set Django up and play; what goes wrong is one sentence here and the whole story in the log."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiaomen.settings")
    import django

    django.setup()
    from simtown.play import ORDER, play

    try:
        play(only=sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else ORDER)
    except KeyboardInterrupt:
        sys.exit("✗ 演示县没有造完：您停了它。已经造好的都在；再运行一次就从这里接着造。")
    except Exception as error:
        sys.exit("✗ " + FAILED.format(why=type(error).__name__, log=keep_story()))


def keep_story() -> str:
    """Write the traceback to the log beside the data; returns where."""
    from django.conf import settings

    from qiaomen.kernel import clock

    path = settings.DATA / "simtown.log"
    with path.open("a", encoding="utf-8") as log:
        log.write(f"{clock.now():%Y-%m-%d %H:%M:%S}\n{traceback.format_exc()}\n")
    return str(path)


if __name__ == "__main__":
    main()
