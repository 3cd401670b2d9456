"""A small reader of OLE2 compound files: the names of the streams and the bytes of one stream.

Only what is needed to look into an .xls before the spreadsheet library does; every chain is bounded, so a file that
points at itself ends in `LedgerDeclined` instead of a loop.
"""

import struct

from projects.excel.errors import LedgerDeclined

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # values from here on are markers, not sectors
_BROKEN = "文件已损坏，无法打开。请在 Excel 中重新另存后再上传。"


class CompoundFile:
    """An OLE2 file opened for reading; raises `LedgerDeclined` when its structure is broken."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or data[:8] != MAGIC:
            raise LedgerDeclined(_BROKEN)
        self._data = data
        try:
            self._open()
        except (struct.error, IndexError, ValueError) as error:
            raise LedgerDeclined(_BROKEN) from error

    def _open(self) -> None:
        shift, mini_shift = struct.unpack_from("<HH", self._data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise LedgerDeclined(_BROKEN)
        self._size = 1 << shift
        directory, _, self._cutoff, mini_fat, _, difat, difat_count = struct.unpack_from("<7I", self._data, 48)
        fat_sectors = [s for s in struct.unpack_from("<109I", self._data, 76) if s < _END]
        per_sector = self._size // 4
        for _ in range(min(difat_count, len(self._data) // self._size)):
            if difat >= _END:
                break
            entries = struct.unpack(f"<{per_sector}I", self._sector(difat))
            fat_sectors += [s for s in entries[:-1] if s < _END]
            difat = entries[-1]
        if len(fat_sectors) * self._size > len(self._data):
            raise LedgerDeclined(_BROKEN)
        self._fat = [n for s in fat_sectors for n in struct.unpack(f"<{per_sector}I", self._sector(s))]
        mini = self._chain(mini_fat)
        self._mini_fat = list(struct.unpack(f"<{len(mini) // 4}I", mini))
        self._mini_stream = b""
        self._streams: dict[str, tuple[int, int]] = {}
        table = self._chain(directory)
        for offset in range(0, len(table) - 127, 128):
            length, kind = struct.unpack_from("<HB", table, offset + 64)
            start, size = struct.unpack_from("<II", table, offset + 116)
            if kind == 5:
                self._mini_stream = self._chain(start)
            elif kind == 2:
                name = table[offset : offset + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                self._streams.setdefault(name.lower(), (start, size))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        sector = self._data[start : start + self._size]
        return sector.ljust(self._size, b"\0") if sector else b"\0" * 0

    def _chain(self, start: int) -> bytes:
        parts, seen = [], set()
        while start < _END:
            if start in seen:
                raise LedgerDeclined(_BROKEN)
            seen.add(start)
            parts.append(self._sector(start))
            start = self._fat[start]
        return b"".join(parts)

    @property
    def names(self) -> frozenset[str]:
        """Stream names in lower case."""
        return frozenset(self._streams)

    def stream(self, name: str) -> bytes:
        """The bytes of a stream, cut at its declared size."""
        start, size = self._streams[name.lower()]
        try:
            if size >= self._cutoff:
                return self._chain(start)[:size]
            parts, seen = [], set()
            while start < _END:
                if start in seen:
                    raise LedgerDeclined(_BROKEN)
                seen.add(start)
                parts.append(self._mini_stream[start * 64 : start * 64 + 64])
                start = self._mini_fat[start]
            return b"".join(parts)[:size]
        except IndexError as error:
            raise LedgerDeclined(_BROKEN) from error
