"""One encrypted file: a tar stream inside the age format (age-encryption.org/v1), written and read in one pass.

The age format is kept by others and Debian ships a program that opens it (`age -d -i CARD FILE | tar x`), so a backup
outlives this code. Nothing unencrypted but what is wanted ever touches the disk.
"""

import errno
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import pyrage

from qiaomen.office.backups.problems import DamagedBackup, NoRoom, WrongCard

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Part:
    """A file of the archive: from a path, or from bytes. A path that is gone by then is left out."""

    name: str
    source: Path | bytes


class _Hashing(io.RawIOBase):
    """Hashes what is read through it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read and hash."""
        piece = self.file.read(size)
        self.hash.update(piece)
        return piece


def write(path: Path, parts: Iterable[Part], said: dict[str, Any], recipients: list[Any]) -> None:
    """Write parts and a manifest to `path`, encrypted, and on the disk when this returns. Raises NoRoom, OSError."""
    read_end, write_end = os.pipe()
    with ThreadPoolExecutor(1) as pool:
        packing = pool.submit(_pack, write_end, parts, said)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with os.fdopen(read_end, "rb") as stream, os.fdopen(handle, "wb") as target:
                pyrage.encrypt_io(stream, target, recipients)
                target.flush()
                os.fsync(target.fileno())
        except (pyrage.EncryptError, OSError) as error:
            if is_no_room(error):
                raise NoRoom(place=path.parent) from error
            raise
        packing.result()


def _pack(write_end: int, parts: Iterable[Part], said: dict[str, Any]) -> None:
    with os.fdopen(write_end, "wb") as out, tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        hashes: dict[str, str] = {}
        for part in parts:
            try:
                file: BinaryIO = io.BytesIO(part.source) if isinstance(part.source, bytes) else part.source.open("rb")
            except FileNotFoundError:
                continue
            with file:
                entry = tarfile.TarInfo(part.name)
                entry.size = file.seek(0, os.SEEK_END)
                file.seek(0)
                through = _Hashing(file)
                archive.addfile(entry, through)
                hashes[part.name] = through.hash.hexdigest()
        text = json.dumps({**said, "format": FORMAT, "files": hashes}, ensure_ascii=False).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))


def read(path: Path, identity: Any, target: Path, wanted: Callable[[str], bool]) -> dict[str, Any]:
    """Open a backup into `target`, only the files wanted, all of them compared; return its manifest.

    Raises WrongCard, DamagedBackup, NoRoom; what was written by then is the caller's to remove.
    """
    read_end, write_end = os.pipe()
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(_open, path, identity, write_end)
        fault: Exception | None = None
        manifest: dict[str, Any] = {}
        with os.fdopen(read_end, "rb") as stream:
            try:
                manifest = _unpack(stream, target, wanted)
            except (tarfile.TarError, OSError, ValueError, KeyError) as error:
                fault = error
            if fault is None:
                while stream.read(1 << 20):
                    pass  # the end of the stream proves that nothing was cut off
    _judge(opening.exception(), fault, target)
    return manifest


def _judge(opened: BaseException | None, fault: Exception | None, target: Path) -> None:
    if fault is not None and is_no_room(fault):
        raise NoRoom(place=target) from fault
    if isinstance(opened, pyrage.DecryptError) and "No matching keys" in str(opened):
        raise WrongCard(number="?") from opened
    error = fault if opened is None or isinstance(opened, BrokenPipeError) else opened
    if error is not None:
        raise DamagedBackup(reason=type(error).__name__) from error


def _open(path: Path, identity: Any, write_end: int) -> None:
    with os.fdopen(write_end, "wb") as out, path.open("rb") as file:
        pyrage.decrypt_io(file, out, [identity])


def _unpack(stream: BinaryIO, target: Path, wanted: Callable[[str], bool]) -> dict[str, Any]:
    found: dict[str, str] = {}
    manifest: dict[str, Any] = {}
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for entry in archive:
            file = archive.extractfile(entry)
            if file is None or PurePosixPath(entry.name).is_absolute() or ".." in PurePosixPath(entry.name).parts:
                raise ValueError(entry.name)
            if entry.name == MANIFEST:
                manifest = json.load(file)
                continue
            found[entry.name] = _copy(file, target / entry.name if wanted(entry.name) else None)
    if manifest.get("format") != FORMAT or manifest["files"] != found:
        raise ValueError("manifest")
    return manifest


def _copy(file: Any, target: Path | None) -> str:
    through = hashlib.sha256()
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(target or os.devnull, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
        while piece := file.read(1 << 20):
            through.update(piece)
            out.write(piece)
        if target is not None:
            out.flush()
            os.fsync(out.fileno())
    return through.hexdigest()


def is_no_room(error: BaseException) -> bool:
    """Say whether the disk, or what this process may use of it, is full; age and SQLite hand the reason on in words only."""
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    words = ("database or disk is full", "disk I/O error", *(f"[Errno {number}]" for number in full))
    return getattr(error, "errno", None) in full or any(one in str(error) for one in words)
