"""The inputs of the comparisons, made by `benches/generate` or from what it made, once for the same arguments."""

import functools
import gzip
import itertools
import operator
import os
import shutil
import struct
import subprocess
import zipfile
import zlib

UNITS = {"": 1, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}

# Rules over event logs: the share of the events that they want, in the log that `CASEBOOK_CORPUS` has.
WANTED = {
    "6 % of the events": "{provider: Microsoft-Windows-WindowsUpdateClient, id: '19'}",
    "every event": "{channel: System}",
}

EVENT_RULE = """\
rule: generated/event
title: {{zh: 生成的规则, en: Generated rule}}
severity: failure
evidence:
  alpha:
    log: evtx
    fields: {fields}
signature: alpha
"""


def size(text):
    """Bytes: `100MB`, `1GiB`."""
    digits = text.rstrip("BKMGi")
    if not digits.isdigit() or text[len(digits):] not in UNITS:
        raise ValueError(f"{text}: not a size (100MB, 1GiB)")
    return int(digits) * UNITS[text[len(digits):]]


class Inputs:
    """Makes what is asked for in the folder `work`, with the programs in `programs` and the peers in `peers`."""

    def __init__(self, work, programs, peers):
        self.work, self.programs, self.peers = work, programs, peers
        os.makedirs(work, exist_ok=True)

    def path(self, name):
        return os.path.join(self.work, name)

    def tool(self, name):
        """A peer, or `None` where it is not here."""
        own = os.path.join(self.peers, name)
        return own if os.path.exists(own) else shutil.which(name)

    def casebook(self, *args):
        return [os.path.join(self.programs, "casebook"), *args]

    def versions(self):
        """Which programs are compared: the first line of what each says of itself."""
        programs = [self.casebook()[0], *map(self.tool, ("rg", "yr", "evtx_dump"))]
        for program in filter(None, programs):
            said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
            yield said.splitlines()[0] if said else program

    def made(self, name, wanted, make):
        """The path of `name`; `make` makes it unless it was made for the same arguments before."""
        path, note = self.path(name), self.path(name + ".made")
        if os.path.exists(path) and os.path.exists(note):
            with open(note) as file:
                if file.read() == wanted:
                    return path
        self.remove(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        make(path)
        with open(note, "w") as file:
            file.write(wanted)
        return path

    def remove(self, name):
        """Takes an input away again."""
        path = self.path(name)
        if os.path.isdir(path):
            shutil.rmtree(path)
        for file in (path, path + ".made"):
            if os.path.exists(file):
                os.remove(file)

    def generate(self, name, *args):
        program = os.path.join(self.programs, "examples", "generate")
        return self.made(name, " ".join(args), lambda path: subprocess.run([program, *args, path], check=True))

    def log(self, name, bytes, *args):
        return self.read_in(self.generate(name, "log", "--size", str(bytes), *args))

    def read_in(self, path):
        """Has the system hold a file in its cache as after it was read from its beginning to its end: in large pieces. Where a
        program that maps it was the first, it lies there page by page, and to map it takes more than twice the time."""
        with open(path, "rb", buffering=0) as file:
            if hasattr(os, "posix_fadvise"):
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            while file.read(1 << 20):
                pass
        return path

    def lines(self, name, lines, *args):
        return self.generate(name, "log", "--lines", str(lines), *args)

    def rules(self, count, kind="cbs"):
        """A knowledge base of so many rules: folder and pack. Packs are written anew, as the program may have changed."""
        folder = self.generate(f"{kind}/kb{count}", "rules", "--count", str(count), "--kind", kind)
        pack = folder + ".casebook"
        subprocess.run(self.casebook("compile", folder, "-o", pack, "--quiet"), check=True)
        return folder, pack

    def patterns(self, count, form="regex"):
        """The same rules as regular expressions, one a line, or as rules of YARA with one string for each of them."""
        return self.generate(f"{count}.{form}", "rules", "--count", str(count), "--form", form)

    def yara(self, count):
        """The rules of YARA, compiled; `None` where `yr` is not here or refuses them."""
        yr, source = self.tool("yr"), self.patterns(count, "yara")
        if not yr:
            return None
        try:
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            return self.made(f"{count}.compiled", yr, lambda path: subprocess.run([yr, "compile", "-o", path, source], check=True, **quiet))
        except subprocess.CalledProcessError as error:
            print(f"\nyara-x refuses {count} rules: status {error.returncode}")
            return None

    def events(self):
        """Knowledge bases over event logs, `(name, folder)`."""
        for name, fields in WANTED.items():
            folder = self.path("events/" + name.replace(" ", "-").replace("%", "percent"))
            os.makedirs(os.path.join(folder, "rules"), exist_ok=True)
            with open(os.path.join(folder, "casebook.yaml"), "w") as file:
                file.write("language: en\n")
            with open(os.path.join(folder, "rules", "event.yaml"), "w") as file:
                file.write(EVENT_RULE.format(fields=fields))
            yield name, folder

    def zipped(self, log, members=1):
        """One member with all of the log, or several with a part of it each."""
        def make(path):
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                for number, part in parts(log, members):
                    with archive.open(f"{number}/CBS.log", "w") as member:
                        shutil.copyfileobj(part, member, 1 << 20)
        return self.made(f"logs-{members}.zip", str(os.path.getsize(log)), make)

    def cabinets(self, log, count):
        """A folder of cabinets, each with a part of the log."""
        def make(path):
            os.makedirs(path, exist_ok=True)
            for number, part in parts(log, count):
                cabinet(os.path.join(path, f"CbsPersist_{number}.cab"), part)
        return self.made(f"cabinets-{count}", str(os.path.getsize(log)), make)

    def files(self, log):
        """A folder of small files, each of fifty lines without what tells a log."""
        def make(path):
            os.makedirs(path, exist_ok=True)
            with open(log, "rb") as lines:
                for number in itertools.count():
                    some = [line[50:] for line in itertools.islice(lines, 50)]
                    if not some:
                        break
                    with open(os.path.join(path, f"{number}.txt"), "wb") as file:
                        file.writelines(some)
        return self.made("files", str(os.path.getsize(log)), make)

    def gzipped(self, log):
        def make(path):
            with open(log, "rb") as file, gzip.open(path, "wb", compresslevel=6) as packed:
                shutil.copyfileobj(file, packed, 1 << 20)
        return self.made("gz/CBS.log.gz", str(os.path.getsize(log)), make)


class Part:
    """Bytes of a file, so many from where it stands."""

    def __init__(self, file, bytes):
        self.file, self.left = file, bytes

    def read(self, most):
        read = self.file.read(min(most, self.left))
        self.left -= len(read)
        return read


def parts(path, count):
    """A file in so many parts, each with its number."""
    with open(path, "rb") as file:
        each = -(-os.path.getsize(path) // count)
        for number in range(count):
            yield number, Part(file, each)


def cabinet(path, part):
    """A cabinet of one file, packed by MSZIP: blocks of 32 KiB, each deflated with the one before as its dictionary."""
    blocks, length, before = [], 0, b""
    while block := part.read(32 << 10):
        deflate = zlib.compressobj(6, zlib.DEFLATED, -15, zlib.DEF_MEM_LEVEL, zlib.Z_DEFAULT_STRATEGY, before)
        packed = b"CK" + deflate.compress(block) + deflate.flush()
        sizes = struct.pack("<HH", len(packed), len(block))
        blocks.append(struct.pack("<I", checksum(packed) ^ checksum(sizes)) + sizes + packed)
        length, before = length + len(block), block
    name = b"CBS.log\0"
    begin = 36 + 8 + 16 + len(name)
    folder = struct.pack("<IHH", begin, len(blocks), 1)
    file = struct.pack("<IIHHHH", length, 0, 0, 0, 0, 0x20) + name
    total = begin + sum(map(len, blocks))
    header = struct.pack("<4sIIIIIBBHHHHH", b"MSCF", 0, total, 0, 36 + len(folder), 0, 3, 1, 1, 1, 0, 0, 0)
    with open(path, "wb") as out:
        out.write(header + folder + file)
        out.writelines(blocks)


def checksum(bytes):
    """Of a cabinet: words together by exclusive or, the last bytes in the other order."""
    whole = len(bytes) // 4 * 4
    words = struct.unpack(f"<{whole // 4}I", bytes[:whole])
    return functools.reduce(operator.xor, words, int.from_bytes(bytes[whole:], "big"))
