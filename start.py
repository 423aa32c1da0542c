#!/usr/bin/env python3
"""敲门 Qiaomen: the two commands. Needs only Python >= 3.11 with venv.

    python3 start.py            装好、造出演示县、启动网站
    python3 start.py test       全部测试：SQLite、PostgreSQL、真浏览器；--at 2026-12-31T23:55 把时钟拨到那一刻
    python3 start.py check      格式、静态检查、类型、导入契约、迁移
    python3 start.py bench 名   基准，连同对照一起跑；不写名字就列出有哪些
    python3 start.py prove 名   长时间证明：杀几千次服务器和浏览器，数丢了几件；不写名字就全跑

选项: --port 8000  --data 目录  --lan（HTTPS，同一网络里的手机可用）  --remake（旧的数据改名留着，重做演示县）

What the commands are made of stands in scripts/, the standard library only.
"""

import sys


def check_python() -> None:
    """Tell an old Python in one line, before it reads what it cannot understand."""
    if sys.version_info < (3, 11):  # noqa: UP036  the very check that an old Python needs
        sys.exit(f"✗ 需要 Python 3.11 或更新，这台机器上是 {sys.version.split()[0]}。macOS 可从 python.org 安装。")


check_python()

from scripts.base import ROOT, say, stop  # noqa: E402
from scripts.lanes import run_benchmark, run_checks, run_proofs, run_tests  # noqa: E402
from scripts.postgres import find_postgres, postgres, start_postgres  # noqa: E402
from scripts.setup import npm_command  # noqa: E402
from scripts.site import serve, server_words  # noqa: E402

__all__ = ["ROOT", "find_postgres", "npm_command", "postgres", "say", "server_words", "start_postgres", "stop"]


def main() -> None:
    """Choose the command."""
    words = sys.argv[1:]
    name = words.pop(0) if words and not words[0].startswith("-") else "run"
    commands = {"run": serve, "test": run_tests, "check": run_checks, "bench": run_benchmark, "prove": run_proofs}
    if name not in commands:
        sys.exit(__doc__)
    commands[name](words)


if __name__ == "__main__":
    main()
