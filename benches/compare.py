"""Times casebook and its peers on the same inputs, interleaved; `compare.sh` builds them and calls this.

Every round runs each program once, in an order that moves on by one from round to round, so that none always comes after
the same other. What is printed: the least, the median and the most of the wall time, the median of the processor time,
the peak memory (never less than the 16 MB of the process that starts them), and the ratio of medians to the first
program of the group. Nothing but Python's own library is used.
"""

import argparse
import glob
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import zipfile

UNITS = {"": 1, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
NAMES = ["rules", "load", "start", "setupapi", "utf16", "zip", "evtx", "hits", "curve"]
# A literal that no generated log holds.
ABSENT = "PendingRebootWasNeverAskedFor"


def size(text):
    digits = text.rstrip("BKMGi")
    return int(digits) * UNITS[text[len(digits):]]


def run(command, output):
    """Wall time and processor time in seconds and peak memory in MB of a command, or why it failed."""
    with open(output, "wb") as out, open(output + ".err", "wb") as err:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    # ripgrep ends with 1 where nothing is found.
    if process.returncode not in (0, 1):
        with open(output + ".err", errors="replace") as err:
            return None, err.read().strip()[-300:] or f"status {process.returncode}"
    return wall, (usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        self.work = arguments.work
        os.makedirs(self.work, exist_ok=True)

    def path(self, name):
        return os.path.join(self.work, name)

    def tool(self, name):
        """A peer, or None where it is not here."""
        own = os.path.join(self.arguments.peers, name)
        return own if os.path.exists(own) else shutil.which(name)

    def generate(self, name, *args):
        """An input, made once for the same arguments."""
        path, made = self.path(name), self.path(name + ".made")
        wanted = " ".join(args)
        if os.path.exists(path) and os.path.exists(made) and open(made).read() == wanted:
            return path
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        program = os.path.join(self.arguments.programs, "examples", "generate")
        subprocess.run([program, *args, path], check=True)
        with open(made, "w") as file:
            file.write(wanted)
        return path

    def casebook(self, *args):
        return [os.path.join(self.arguments.programs, "casebook"), *args]

    def scan(self, log, threads, *args):
        return self.casebook("scan", log, "--format", "json", "--threads", str(threads), "--quiet", *args)

    def rules(self, count, kind="cbs"):
        """A knowledge base of so many rules: folder and pack."""
        folder = self.generate(f"{kind}/kb{count}", "rules", "--count", str(count), "--kind", kind)
        pack = folder + ".casebook"
        subprocess.run(self.casebook("compile", folder, "-o", pack, "--quiet"), check=True)
        return folder, pack

    def log(self, name, *args, bytes=None):
        return self.generate(name, "log", "--size", str(bytes or size(self.arguments.size)), *args)

    def compare(self, title, bytes, programs):
        """Runs programs, `(name, command)`, in interleaved rounds and prints what they took."""
        here = [(name, command) for name, command in programs if command and command[0]]
        took = {name: ([], [], []) for name, _ in here}
        failed = {}
        for lap in range(self.arguments.rounds + 1):
            turned = here[lap % len(here):] + here[:lap % len(here)]
            for name, command in turned:
                if name in failed:
                    continue
                wall, rest = run(command, self.path("output." + name.replace(" ", "-").replace("/", "-")))
                if wall is None:
                    failed[name] = rest
                elif lap > 0:  # The first lap warms the page cache.
                    took[name][0].append(wall)
                    took[name][1].append(rest[0])
                    took[name][2].append(rest[1])
        print(f"\n{title}" + (f" ({bytes / 2**30:.2f} GiB)" if bytes else ""))
        print(f"  {'':32} {'least':>9} {'median':>9} {'most':>9} {'cpu':>9} {'GB/s':>7} {'peak':>8}  ratio")
        reference = None
        for name, _ in programs:
            if name in failed:
                print(f"  {name:32} failed: {failed[name]}")
            elif name not in took:
                print(f"  {name:32} not here")
            else:
                walls, times, memories = took[name]
                median = statistics.median(walls)
                reference = reference or median
                speed = f"{bytes / median / 1e9:7.2f}" if bytes else f"{'':7}"
                print(f"  {name:32} {min(walls):8.3f}s {median:8.3f}s {max(walls):8.3f}s {statistics.median(times):8.3f}s {speed} "
                      f"{max(memories):6.0f}MB {median / reference:6.2f}")
        sys.stdout.flush()

    def same(self, *names):
        """Results must not depend on threads, or on how the knowledge base came."""
        texts = [open(self.path("output." + name.replace(" ", "-"))).read() for name in names]
        if any(text != texts[0] for text in texts):
            print(f"  NOT THE SAME RESULT: {', '.join(names)}")
        else:
            print(f"  the same result: {', '.join(names)}; findings: {len(json.loads(texts[0])['findings'])}")

    def bench_rules(self):
        log = self.log("CBS.log")
        bytes = os.path.getsize(log)
        rg, yr = self.tool("rg"), self.tool("yr")
        packs, commands = [], []
        for count in self.arguments.rules:
            folder, pack = self.rules(count)
            patterns = self.generate(f"regex{count}", "rules", "--count", str(count), "--form", "regex")
            yara = self.generate(f"rules{count}.yar", "rules", "--count", str(count), "--form", "yara")
            limits = ["--regex-size-limit", "4G", "--dfa-size-limit", "4G"]
            compiled = yara + "c"
            if yr and not os.path.exists(compiled):
                subprocess.run([yr, "compile", "-o", compiled, yara], check=False, stdout=subprocess.DEVNULL)
            self.compare(f"{count} rules", bytes, [
                ("casebook 1 thread", self.scan(log, 1, "--kb", pack)),
                ("casebook 2 threads", self.scan(log, 2, "--kb", pack)),
                ("casebook from folder", self.scan(log, 1, "--kb", folder)),
                ("rg one absent literal", rg and [rg, "-c", "-F", ABSENT, log]),
                ("rg -f the same patterns", rg and [rg, "-c", *limits, "-f", patterns, log]),
                ("yara-x the same patterns", yr and [yr, "scan", "--threads", "1", "-C", compiled, log]),
            ])
            self.same("casebook 1 thread", "casebook 2 threads", "casebook from folder")
            packs.append((count, pack))
        for count, pack in packs:
            commands.append((f"casebook {count} rules", self.scan(log, 1, "--kb", pack)))
        if len(commands) > 1:
            self.compare("casebook by the number of rules", bytes, commands)

    def bench_load(self):
        empty = self.path("empty.log")
        open(empty, "w").close()
        for count in self.arguments.rules:
            folder, pack = self.rules(count)
            self.compare(f"{count} rules on an empty file; the pack is {os.path.getsize(pack)} bytes", 0, [
                ("from the pack", self.scan(empty, 1, "--kb", pack)),
                ("from the folder", self.scan(empty, 1, "--kb", folder)),
                ("compile", self.casebook("compile", folder, "-o", self.path("again.casebook"), "--quiet")),
                ("nothing but the program", self.casebook("--version")),
            ])

    def bench_start(self):
        log = self.log("small/CBS.log", bytes=1_000_000)
        self.compare("the default knowledge base", 0, [
            ("casebook --version", self.casebook("--version")),
            ("casebook scan of 1 MB", self.casebook("scan", log, "--format", "json", "--quiet")),
        ])

    def bench_setupapi(self):
        log = self.log("setupapi.dev.log", "--kind", "setupapi")
        _, pack = self.rules(1000, "setupapi")
        rg = self.tool("rg")
        self.compare("1000 rules over device installation sections", os.path.getsize(log), [
            ("rg one absent literal", rg and [rg, "-c", "-F", ABSENT, log]),
            ("casebook 1 thread", self.scan(log, 1, "--kb", pack)),
            ("casebook 2 threads", self.scan(log, 2, "--kb", pack)),
        ])

    def bench_utf16(self):
        log = self.log("utf16/CBS.log", "--utf16")
        _, pack = self.rules(1000)
        rg = self.tool("rg")
        self.compare("1000 rules over UTF-16", os.path.getsize(log), [
            ("rg one absent literal", rg and [rg, "-c", "-F", ABSENT, log]),
            ("casebook 1 thread", self.scan(log, 1, "--kb", pack)),
            ("casebook 2 threads", self.scan(log, 2, "--kb", pack)),
        ])

    def bench_zip(self):
        log = self.log("CBS.log")
        packed = self.path("logs.zip")
        if not os.path.exists(packed) or os.path.getmtime(packed) < os.path.getmtime(log):
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                archive.write(log, "CBS.log")
        _, pack = self.rules(1000)
        unzip = shutil.which("unzip")
        self.compare("1000 rules over a zip member", os.path.getsize(log), [
            ("unzip -p | cat", unzip and ["sh", "-c", f"'{unzip}' -p '{packed}' | cat >/dev/null"]),
            ("casebook 1 thread", self.scan(packed, 1, "--kb", pack)),
            ("casebook 2 threads", self.scan(packed, 2, "--kb", pack)),
        ])

    def bench_evtx(self):
        found = glob.glob(os.path.join(os.environ.get("CASEBOOK_CORPUS", ""), "evtx", "system-2017*.evtx"))
        if not found:
            print("\nevent logs: left out, CASEBOOK_CORPUS names no folder with one")
            return
        wanted = str(min(size(self.arguments.size), 256 * 2**20))
        log = self.generate("events.evtx", "evtx", "--from", found[0], "--size", wanted)
        dump = self.tool("evtx_dump")
        self.compare("an event log", os.path.getsize(log), [
            ("evtx_dump, 1 thread", dump and [dump, "-t", "1", "-o", "jsonl", log]),
            ("evtx_dump, 2 threads", dump and [dump, "-t", "2", "-o", "jsonl", log]),
            ("casebook 1 thread", self.scan(log, 1)),
            ("casebook 2 threads", self.scan(log, 2)),
        ])

    def bench_hits(self):
        wanted = min(size(self.arguments.size), 256 * 2**20)
        log = self.log("hits/CBS.log", "--every", "0", "--rules", "1000", bytes=wanted)
        folder, pack = self.rules(1000)
        patterns = self.generate("regex1000", "rules", "--count", "1000", "--form", "regex")
        rg = self.tool("rg")
        self.compare("1000 rules, a hit on every line", os.path.getsize(log), [
            ("rg -f the same patterns", rg and [rg, "-c", "--dfa-size-limit", "4G", "-f", patterns, log]),
            ("casebook 1 thread", self.scan(log, 1, "--kb", pack)),
            ("casebook 2 threads", self.scan(log, 2, "--kb", pack)),
        ])

    def bench_curve(self):
        """What a scan costs when the log, the rules and the hits grow: by ten, by a hundred, by a hundred."""
        whole = size(self.arguments.size)
        packs = {count: self.rules(count)[1] for count in (10, 100, 1000)}
        for times, bytes in (("1x", whole // 10), ("10x", whole)):
            programs = []
            for hits, every in (("1x", 20_000), ("100x", 200)):
                # All failures are those of the first rule, so the number of rules changes nothing but itself.
                log = self.log(f"curve/{times}-{hits}/CBS.log", "--every", str(every), "--rules", "100", bytes=bytes)
                for count, pack in packs.items():
                    programs.append((f"{count} rules, {hits} hits", self.scan(log, 1, "--kb", pack)))
            self.compare(f"the cost curve: {times} the log", bytes, programs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", default="1GiB", help="of the generated logs (default 1GiB)")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (default 5)")
    parser.add_argument("--rules", default="10,100,1000,10000", help="numbers of rules")
    parser.add_argument("--only", default=",".join(NAMES), help=f"of {', '.join(NAMES)}")
    parser.add_argument("--work", default="target/compare", help="folder of the inputs (default target/compare)")
    parser.add_argument("--programs", required=True, help="folder of the built programs")
    parser.add_argument("--peers", required=True, help="folder of the peers' programs")
    arguments = parser.parse_args()
    arguments.rules = [int(count) for count in arguments.rules.split(",")]
    chosen = arguments.only.split(",")
    unknown = [name for name in chosen if name not in NAMES]
    if unknown:
        parser.error(f"{', '.join(unknown)}: no such comparison")
    bench = Bench(arguments)
    print(f"{os.cpu_count()} cores, {arguments.rounds} rounds, logs of {arguments.size}")
    for name in chosen:
        getattr(bench, "bench_" + name)()


if __name__ == "__main__":
    main()
