"""`python -m tests.proof [NAME] [words for pytest]`: the proofs at their promised figures; start.py calls it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import start

HISTORIES = "histories"


def live_histories() -> int:
    """Live 100,000 histories on the phone's own code, a process for each core; returns how many processes failed."""
    shards = os.cpu_count() or 1
    seed = os.environ.get("QM_SEED", str(time.time_ns() // 1000 % 2**31))
    command, env = start.npm_command("run", "test", "--silent", "--", HISTORIES)
    lives = [
        subprocess.Popen(command, cwd=start.ROOT, env={**env, "QM_SEED": seed, "QM_SHARD": f"{shard}/{shards}"})
        for shard in range(shards)
    ]
    return sum(live.wait() != 0 for live in lives)


def proofs() -> dict[str, Path]:
    """Return every proof by its name: the files of this folder, and the tests of a house that say how much more they
    do with QM_PROVE (`visits.etiquette`: 10,000 plans).
    """
    found = {path.stem.removeprefix("test_"): path for path in sorted(Path(__file__).parent.glob("test_*.py"))}
    for path in sorted((start.ROOT / "qiaomen").glob("*/tests/test_*.py")):
        if "QM_PROVE" in path.read_text(encoding="utf-8"):
            found[f"{path.parts[-3]}.{path.stem.removeprefix('test_')}"] = path
    return found


def main() -> None:
    """Run the proof named, or all; end with an error when one does not hold."""
    files = proofs()
    names, words = [*files, HISTORIES], sys.argv[1:]
    if words and words[0] not in names:
        start.stop("请写明证明哪一项：" + "、".join(names) + "；不写就全部")
    chosen, began, failed = words[:1] or names, time.monotonic(), 0
    if paths := [str(files[name]) for name in chosen if name in files]:
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "qiaomen.settings",
            "QM_LOG_LEVEL": "CRITICAL",
        }  # refusals are meant
        command = [sys.executable, "-m", "pytest", "-q", "-s", *paths, *words[1:]]
        failed += subprocess.run(command, cwd=start.ROOT, env=env).returncode
    if HISTORIES in chosen:
        failed += live_histories()
    start.say(f"用时 {time.monotonic() - began:.0f} 秒")
    if failed:
        start.stop("没有证明出来，经过和种子见上；QM_SEED=种子 可以照样重来一遍")
    start.say("都证明了：丢失 0，重复 0")


if __name__ == "__main__":
    main()
