"""Zip files from anywhere: bounded, counted while they are read, refused with one clear line."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from rheobase.errors import DataRefusedError

MOST_MEMBERS = 200
# FoodData Central's largest file of the reference tables unpacks to some 300 MB.
MOST_UNPACKED = 600_000_000
# Text packs to a tenth or a twentieth; a bomb packs to a thousandth.
MOST_RATIO, SMALL = 150, 5_000_000


class _Bounded(io.RawIOBase):
    """A stream that is refused once it has given more than it may, whatever the archive claims."""

    def __init__(self, stream: IO[bytes], limit: int, name: str) -> None:
        super().__init__()
        self._stream, self._left, self._name = stream, limit, name

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read into a buffer; refuse when the limit is passed or the archive is damaged."""
        try:
            data = self._stream.read(len(buffer))
        except (zipfile.BadZipFile, EOFError, OSError, ValueError) as problem:
            raise DataRefusedError(f"{self._name}: is damaged or cut off ({problem}). Download it again.") from problem
        except Exception as problem:  # zlib.error and its kin have no common base
            raise DataRefusedError(f"{self._name}: cannot be unpacked ({problem}). Download it again.") from problem
        self._left -= len(data)
        if self._left < 0:
            raise DataRefusedError(f"{self._name}: unpacks to more than it says or than is read. It is refused.")
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def open_zip(
    path: Path, *, any_number: bool = False, once: Collection[str] = ()
) -> Iterator[dict[str, zipfile.ZipInfo]]:
    """Yield the members of a zip by the last part of their name, after checking what they claim.

    Args:
        path: The archive.
        any_number: Take an archive of any number of files, as Apple's is.
        once: Names that may stand in one folder of it only, since it would not be clear which is meant.

    Raises:
        DataRefusedError: It is no zip, is cut off, encrypted, or unpacks to too much.
    """
    file = path.name
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS and not any_number:
                raise DataRefusedError(f"{file}: holds {len(members)} files, at most {MOST_MEMBERS} are read.")
            found: dict[str, zipfile.ZipInfo] = {}
            for member in members:
                if member.is_dir():
                    continue
                if member.flag_bits & 1:
                    raise DataRefusedError(f"{file}: {member.filename!r} is encrypted. Unpack it first.")
                name = member.filename.replace("\\", "/").rpartition("/")[2]
                if name in once and name in found:
                    both = f"{found[name].filename!r} and {member.filename!r}"
                    raise DataRefusedError(f"{file}: holds {name} twice: {both}. Keep the one that is meant.")
                found[name] = member
            yield found
    except zipfile.BadZipFile as problem:
        raise DataRefusedError(f"{file}: is not a whole zip file ({problem}). Download it again.") from problem


@contextmanager
def open_member(path: Path, member: zipfile.ZipInfo, *, most: int = MOST_UNPACKED) -> Iterator[IO[bytes]]:
    """Yield one member as a stream that never gives more than it claims, nor more than ``most`` bytes.

    Raises:
        DataRefusedError: It claims too much, packs too well to be text, or is damaged.
    """
    file = f"{path.name}: {member.filename}"
    if member.file_size > most:
        raise DataRefusedError(
            f"{file}: says it unpacks to {member.file_size / 1e6:,.0f} MB, at most {most / 1e6:,.0f} MB is read."
        )
    if member.file_size > SMALL and member.file_size > MOST_RATIO * max(member.compress_size, 1):
        raise DataRefusedError(f"{file}: packs {member.file_size} bytes into {member.compress_size}; no table does.")
    with zipfile.ZipFile(path) as archive, _opened(archive, member, file) as stream:
        yield io.BufferedReader(_Bounded(stream, member.file_size, file), 1 << 20)


def _opened(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: str) -> IO[bytes]:
    try:
        return archive.open(member)
    except (NotImplementedError, RuntimeError, zipfile.BadZipFile) as problem:
        raise DataRefusedError(
            f"{file}: cannot be unpacked ({problem}). Unpack it first, or pack it anew."
        ) from problem
