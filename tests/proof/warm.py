"""Forks web servers that need not import the product again: a line "PORT FILE_BYTES" in, the new process's id out."""

import os
import resource
import signal
import sys


def main() -> None:
    """Import what the first request would, then fork one server for each line until the end of input."""
    import granian.cli
    from django.urls import get_resolver

    import qiaomen.asgi  # noqa: F401
    import start

    assert get_resolver().url_patterns
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # killed servers leave no zombies
    for line in sys.stdin:
        port, file_bytes = map(int, line.split())
        child = os.fork()
        if child:
            print(child, flush=True)
            continue
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        if file_bytes:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a full disk answers an error; it does not kill
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
        sys.argv = start.server_words("127.0.0.1", port)[1:]
        granian.cli.entrypoint()
        os._exit(0)


if __name__ == "__main__":
    main()
