"""`python3 start.py`: everything made ready on two cores at once, the site opened with the first community of
the demo.
"""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

from scripts.base import PY, ROOT, option, say, stop
from scripts.lan import open_to_lan
from scripts.setup import build_web, check_fonts, install

MAKING = "demo-making.json"
FIRST, REST = "C", "AB"
"""The communities of the demo: the small one opens the site, the others are made while it is open."""
COMPILE = "from qiaomen.planner.plan import compile_loops; compile_loops()"
ACCOUNTS = """\
  演示账号 zhuren 主任 · wangge3 网格员（儿童主任） · wangge5 网格员 · xiaodui 志愿者 · xianji 县级督导 · shenji 审计员 · guanli 管理员
  密码     qiaomen-demo
  按 Ctrl-C 停止
"""
HERE = """
  办公端   http://localhost:{port}/desk/
  手机端   http://localhost:{port}/m/（手机上用要加 --lan）
  公开页   http://localhost:{port}/"""
NOT_OURS = (
    "这里的数据库升级不了（也许是别的版本造的），里面的内容没有动；"
    "只是演示数据时，运行 python3 start.py --remake 重做一份（旧的目录改名留着，不删除）。经过在 {log}"
)
LOCKED = ("database is locked", "SQLite does not support JSONFields")
"""How a locked SQLite ends `migrate`: the second when Django asked it what it can."""
IN_USE = "数据库正被另一个程序写着（也许另一个敲门在用这个目录），里面的内容没有动；等它停了再启动，或者换一个目录：--data 目录"


def check_port(port: int) -> None:
    """Stop when somebody answers there already: the web server would share the port without a word."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            stop(f"端口 {port} 已被占用（也许敲门已经在运行）。换一个端口：python3 start.py --port {port + 10}")


def server_words(host: str, port: "int | str") -> "list[str]":
    """Return how Python starts the web server, for the proofs, too. Threads and limits: qiaomen/frontdoor."""
    address = ["--host", host, "--port", str(port), "--http", "1", "--no-ws", "--log-level", "error"]
    waiting = ["--backlog", "4096", "--backpressure", "4096"]
    headers = ["--http1-buffer-size", "65536", "--http1-header-read-timeout", "10000"]
    return ["-m", "granian", "--interface", "asginl", "qiaomen.asgi:application", *address, *waiting, *headers]


def put_aside(data: Path) -> None:
    """Give the data folder another name, so that the demo is made anew; nothing is deleted."""
    if os.environ.get("QM_DATABASE_URL"):
        stop("数据库在 PostgreSQL 里，--remake 不动它。请另建一个空库，改 QM_DATABASE_URL 再启动")
    if not data.exists():
        return
    name, number = f"{data.name}.old-{time.strftime('%Y%m%d')}", 1
    while data.with_name(f"{name}-{number}").exists():
        number += 1
    kept = data.with_name(f"{name}-{number}")
    try:
        data.rename(kept)
    except OSError:  # a volume of its own cannot be renamed, its contents can
        kept = data / kept.name
        kept.mkdir()
        for entry in data.iterdir():
            if entry != kept and not entry.name.startswith(f"{data.name}.old-"):
                shutil.move(str(entry), kept / entry.name)
    say(f"旧的数据留在 {kept}，现在重做")


def make_ready(data: Path, env: "dict[str, str]") -> None:
    """Bring the database up to date and make the first community, while the other core builds the front end."""
    demo = (ROOT / "simtown").exists()
    say("准备数据库" + ("和演示县的第一个社区" if demo else "") + "，同时构建网页")
    making = subprocess.Popen([str(PY), "-c", COMPILE], cwd=ROOT)  # once a machine: half a minute and 300 MB
    try:
        migrate(data / "start.log", env)
        build_web()
    finally:
        making.wait()
    if demo:
        run_demo(FIRST, env)


def migrate(log: Path, env: "dict[str, str]") -> None:
    """Bring the database up to date; what goes wrong is one sentence here and the whole story in the log."""
    with log.open("wb") as story:
        if not subprocess.run([str(PY), "-m", "qiaomen", "migrate", "-v0"], cwd=ROOT, env=env, stderr=story).returncode:
            return
    said = log.read_text(errors="replace")
    stop(IN_USE if any(words in said for words in LOCKED) else NOT_OURS.format(log=log))


def run_demo(letters: str, env: "dict[str, str]") -> None:
    """Make communities of the demo, or go on with them; what goes wrong is told by simtown in its one sentence."""
    if subprocess.run([str(PY), "-m", "simtown", "--only", letters], cwd=ROOT, env=env).returncode:
        raise SystemExit(1)


def end(process: "subprocess.Popen[bytes]", patience: float = 15) -> None:
    """Ask a process to end, and end it when it does not."""
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Company:
    """What runs beside the web server: first the communities still to be made, then the daily tasks.

    One after the other: the tasks bring a community up to today, and one that is made lives four weeks ago.
    """

    def __init__(self, env: "dict[str, str]") -> None:
        self.env, self.over = env, threading.Event()
        self.running: subprocess.Popen[bytes] | None = None
        self.thread = threading.Thread(target=self._keep, daemon=True)
        self.thread.start()

    def _keep(self) -> None:
        if (ROOT / "simtown").exists():
            self._run("simtown", "--only", REST)
        self._run("qiaomen", "nightly", "--watch")

    def _run(self, *words: str) -> None:
        if not self.over.is_set():
            self.running = subprocess.Popen([str(PY), "-m", *words], cwd=ROOT, env=self.env)
            self.running.wait()

    def end(self) -> None:
        """Stop what runs; an act of the demo that is not whole is undone and done again at the next start."""
        self.over.set()
        if self.running is not None:
            end(self.running)
        self.thread.join(15)


def serve(words: "list[str]") -> None:
    """Set up, make the demo county when there is none, serve until Ctrl-C."""
    port = option(words, "--port", "8000")
    data = Path(option(words, "--data", os.environ.get("QM_DATA", str(ROOT / "data"))))
    env = {**os.environ, "QM_DATA": str(data), "QM_DEMO": "1", "DJANGO_SETTINGS_MODULE": "qiaomen.settings"}
    say("检查运行环境")
    check_port(int(port))
    if "--remake" in words:
        put_aside(data)
    data.mkdir(parents=True, exist_ok=True)
    (data / MAKING).unlink(missing_ok=True)
    install("app")
    check_fonts()
    make_ready(data, env)
    tls, ca_server, host = [], None, "127.0.0.1"
    if "--lan" in words:
        (tls, ca_server), host = open_to_lan(str(data), port, env), "0.0.0.0"
    else:
        print(HERE.format(port=port))
    print(ACCOUNTS, flush=True)
    server = subprocess.Popen([str(PY), *server_words(host, port), *tls], cwd=ROOT, env=env)
    beside = Company(env)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # asked to end, it leaves no server behind
    try:
        server.wait()
    except KeyboardInterrupt:
        end(server)
        say("已停止")
        return
    finally:
        beside.end()
        (data / MAKING).unlink(missing_ok=True)
        if ca_server is not None:
            ca_server.shutdown()
    if server.returncode > 0:
        stop(f"网站没有运行起来（退出码 {server.returncode}），原因见上")
