"""The inputs of the comparisons, made by `benches/generate` or from what it made, once for the same arguments."""

import gzip
import os
import shutil
import subprocess
import zipfile

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

    def zipped(self, log):
        def make(path):
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                archive.write(log, "CBS.log")
        return self.made("logs.zip", str(os.path.getsize(log)), make)

    def gzipped(self, log):
        def make(path):
            with open(log, "rb") as file, gzip.open(path, "wb", compresslevel=6) as packed:
                shutil.copyfileobj(file, packed, 1 << 20)
        return self.made("gz/CBS.log.gz", str(os.path.getsize(log)), make)
