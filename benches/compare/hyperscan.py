"""Searches a file with hyperscan or vectorscan, as a program of its own that `compare.sh --with-hyperscan LIBRARY` times.

    python3 hyperscan.py LIBRARY compile PATTERNS DATABASE
    python3 hyperscan.py LIBRARY scan DATABASE FILE

LIBRARY is a built `libhs.so.5` (Debian: `apt-get download libvectorscan5`, `dpkg -x`); it is called through ctypes, so
that nothing has to be compiled here. The file is mapped and scanned in block mode, as one block of at most 4 GiB, by the
code that the library chooses for this processor. What is printed: how many lines end a match, and of how many patterns.
"""

import ctypes
import mmap
import sys

BLOCK = 1


def checked(library, name, *arguments):
    """Calls a function of the library; all of them say by a number other than zero that they failed."""
    status = getattr(library, name)(*arguments)
    if status != 0:
        raise SystemExit(f"{name}: {status}")


def compile_patterns(library, patterns, to):
    """Writes the database of these patterns, a regular expression a line."""
    lines = open(patterns, "rb").read().splitlines()
    count = len(lines)
    expressions = (ctypes.c_char_p * count)(*lines)
    flags, ids = (ctypes.c_uint * count)(), (ctypes.c_uint * count)(*range(count))
    database, error = ctypes.c_void_p(), ctypes.c_void_p()
    checked(library, "hs_compile_multi", expressions, flags, ids, count, BLOCK, None, ctypes.byref(database), ctypes.byref(error))
    data, length = ctypes.c_void_p(), ctypes.c_size_t()
    checked(library, "hs_serialize_database", database, ctypes.byref(data), ctypes.byref(length))
    with open(to, "wb") as file:
        file.write(memoryview((ctypes.c_char * length.value).from_address(data.value)))


def scan(library, database, file):
    """Scans the file and prints what was found."""
    data = open(database, "rb").read()
    loaded, scratch = ctypes.c_void_p(), ctypes.c_void_p()
    checked(library, "hs_deserialize_database", data, ctypes.c_size_t(len(data)), ctypes.byref(loaded))
    del data
    checked(library, "hs_alloc_scratch", loaded, ctypes.byref(scratch))
    with open(file, "rb") as opened:
        # ctypes asks for a buffer that may be written to; nothing is written, the copy is private.
        block = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_COPY)
    places = set()
    numbers = set()

    def seen(number, _begin, end, _flags, _context):
        numbers.add(number)
        places.add(end)
        return 0

    offset, number = ctypes.c_ulonglong, ctypes.c_uint
    called = ctypes.CFUNCTYPE(ctypes.c_int, number, offset, offset, number, ctypes.c_void_p)(seen)
    first = (ctypes.c_char * len(block)).from_buffer(block)
    checked(library, "hs_scan", loaded, first, ctypes.c_uint(len(block)), 0, scratch, called, None)
    # A hole at the end of a pattern ends at every letter: what counts is the line.
    lines = {block.rfind(b"\n", 0, end) for end in places}
    print(f"{len(lines)} lines, {len(numbers)} patterns")


def main():
    library, action, *rest = sys.argv[1:]
    {"compile": compile_patterns, "scan": scan}[action](ctypes.CDLL(library), *rest)


if __name__ == "__main__":
    main()
