"""What is compared with what, and which ratio is held to which bar."""

import glob
import json
import os
import shutil
import subprocess
import sys

from interleave import Program, amount, laps, seconds, shown, table

# Comparisons, in their order; each is a method below. The long ones make inputs ten times as large, and take them away again.
NAMES = ["rules", "load", "start", "setupapi", "utf16", "zip", "gz", "members", "cabinets", "files", "evtx", "trace", "hits", "curve"]
LONG = ["memory", "lines"]

# A literal that no generated log holds.
ABSENT = "PendingRebootWasNeverAskedFor"

# What ripgrep needs to take ten thousand patterns.
LIMITS = ["--regex-size-limit", "4G", "--dfa-size-limit", "4G"]

# Above this many patterns hyperscan compiles for minutes and takes gigabytes.
HYPERSCAN_AT_MOST = 1000



def piped(*command):
    """Its output, in full, through a pipe into another program."""
    return all(command) and ["bash", "-o", "pipefail", "-c", '"$0" "$@" | cat >/dev/null', *command]


class Comparisons:
    def __init__(self, inputs, chosen):
        self.inputs, self.chosen = inputs, chosen
        self.rg, self.yr = inputs.tool("rg"), inputs.tool("yr")
        # Rows of the last table, and whether a result was not what it had to be.
        self.held, self.differ = [], False

    # How it is measured.

    def compare(self, title, bytes, programs, rounds=None):
        programs = [Program(*program) for program in programs]
        took = laps(programs, rounds or self.chosen.rounds, self.chosen.patience, self.chosen.longest)
        table(title, bytes, programs, took)
        return took

    def scan(self, log, threads, *args):
        return self.inputs.casebook("scan", log, "--format", "json", "--threads", str(threads), "--quiet", *args)

    def output(self, name):
        return self.inputs.path("output." + name)

    def literal(self, log):
        return ("rg -c, one absent literal", self.rg and [self.rg, "-c", "-F", ABSENT, log])

    def ratio(self, what, took, one, other, bar, least=False):
        """Holds the ratio of two programs to a bar: at most so much, or at least."""
        one, other = took.get(one), took.get(other)
        if not (one and other and one.walls and other.walls):
            return
        measured = one.ratio(other)
        middle = measured[0]
        held = middle >= bar if least else middle <= bar
        self.held.append((what, f"{'at least' if least else 'at most'} {bar}", shown(measured), held))

    def limit(self, what, took, name, wall=None, memory=None):
        """Holds a time or a peak to a bar."""
        one = took.get(name)
        if not (one and one.walls):
            return
        if wall:
            walls = one.walls.values()
            self.held.append((what, f"under {seconds(wall)}", f"{seconds(one.wall)} ({seconds(min(walls))} to {seconds(max(walls))})", one.wall < wall))
        if memory:
            self.held.append((what, f"under {memory} MB", f"{one.peak:.0f} MB", one.peak < memory))

    def bars(self):
        if not self.held:
            return
        print("\n### Bars\n\n| measure | bar | measured | held |\n|---|---|---|---|")
        for what, bar, measured, held in self.held:
            print(f"| {what} | {bar} | {measured} | {'yes' if held else 'no'} |")

    def same(self, *names):
        """Results must not depend on threads, or on how the knowledge base came."""
        texts = [open(self.output(name), errors="replace").read() for name in names]
        if any(text != texts[0] for text in texts):
            print(f"\nNOT THE SAME RESULT: {', '.join(names)}")
            self.differ = True
        else:
            print(f"\nThe same result, byte for byte, with {len(json.loads(texts[0])['findings'])} findings: {', '.join(names)}.")
        sys.stdout.flush()

    # What is measured.

    def rules(self):
        log = self.inputs.log("CBS.log", self.chosen.size)
        bytes = os.path.getsize(log)
        packs = {count: self.of_rules(log, bytes, count) for count in self.chosen.rules}
        if len(packs) > 1:
            took = self.compare("casebook by the number of rules, 1 thread", bytes, [
                (f"{count} rules", self.scan(log, 1, "--kb", pack)) for count, pack in packs.items()
            ])
            self.ratio("10 000 rules against 100", took, "10000 rules", "100 rules", 1.5)

    def of_rules(self, log, bytes, count):
        folder, pack = self.inputs.rules(count)
        patterns, yara = self.inputs.patterns(count), self.inputs.yara(count)
        took = self.compare(f"{count} rules", bytes, [
            self.literal(log),
            ("casebook, 1 thread", self.scan(log, 1, "--kb", pack), self.output("one")),
            ("casebook, 2 threads", self.scan(log, 2, "--kb", pack), self.output("two")),
            ("casebook, 1 thread, from its folder", self.scan(log, 1, "--kb", folder), self.output("folder")),
            ("rg -c -f, 1 thread", self.rg and [self.rg, "-c", "--threads", "1", *LIMITS, "-f", patterns, log]),
            ("yara-x, compiled, 1 thread", yara and [self.yr, "scan", "--threads", "1", "-C", yara, log]),
            ("hyperscan, block mode", self.hyperscan("scan", self.database(count), log)),
        ])
        self.same("one", "two", "folder")
        self.peers_say(took)
        if count == 1000:
            here = "casebook, 1 thread"
            self.ratio("1 000 rules against one absent literal", took, here, "rg -c, one absent literal", 1.6)
            self.ratio("1 000 rules: rg -f against casebook", took, "rg -c -f, 1 thread", here, 10, least=True)
            self.ratio("1 000 rules: yara-x against casebook", took, "yara-x, compiled, 1 thread", here, 10, least=True)
            self.ratio("1 000 rules: hyperscan against casebook", took, "hyperscan, block mode", here, 3, least=True)
            self.ratio("1 000 rules: 1 thread against 2", took, here, "casebook, 2 threads", 1.5, least=True)
            self.limit(f"peak memory, {amount(bytes)}, 1 000 rules", took, here, memory=100)
            self.limit(f"peak memory, {amount(bytes)}, 1 000 rules, 2 threads", took, "casebook, 2 threads", memory=100)
        return pack

    def peers_say(self, took):
        print("\ncasebook's findings are written in full, with file, line and time. `rg -c` counts lines; yara-x says which rules match the"
              " file, not where; hyperscan reports ends of matches. Peers' memory includes the mapped log.")
        sys.stdout.flush()

    def hyperscan(self, *args):
        library = self.chosen.with_hyperscan
        if not library or not all(args):
            return None
        return [sys.executable, os.path.join(os.path.dirname(__file__), "hyperscan.py"), library, *args]

    def database(self, count):
        """The patterns as a database of hyperscan's."""
        if not self.chosen.with_hyperscan or count > HYPERSCAN_AT_MOST:
            return None
        patterns = self.inputs.patterns(count)
        compile = self.hyperscan("compile", patterns)
        return self.inputs.made(f"{count}.hyperscan", self.chosen.with_hyperscan, lambda path: subprocess.run([*compile, path], check=True))

    def load(self):
        empty = self.inputs.path("empty.log")
        open(empty, "w").close()
        small = self.inputs.log("small/CBS.log", 100_000)
        for count in self.chosen.rules:
            folder, pack = self.inputs.rules(count)
            patterns, yara = self.inputs.patterns(count), self.inputs.yara(count)
            again = self.inputs.path("again")
            took = self.compare(f"start with {count} rules; the pack is {os.path.getsize(pack)} bytes", 0, [
                ("pack, an empty log", self.scan(empty, 1, "--kb", pack)),
                ("folder, an empty log", self.scan(empty, 1, "--kb", folder)),
                ("pack, 100 KB", self.scan(small, 1, "--kb", pack)),
                ("folder, 100 KB", self.scan(small, 1, "--kb", folder)),
                ("compile", self.inputs.casebook("compile", folder, "-o", again, "--quiet")),
                ("rg -c -f, 100 KB", self.rg and [self.rg, "-c", *LIMITS, "-f", patterns, small]),
                ("yara-x, compile", self.yr and [self.yr, "compile", "-o", again, self.inputs.patterns(count, "yara")]),
                ("yara-x, compiled, 100 KB", yara and [self.yr, "scan", "--threads", "1", "-C", yara, small]),
                ("hyperscan, compile", self.database(count) and self.hyperscan("compile", patterns, again)),
                ("hyperscan, compiled, 100 KB", self.hyperscan("scan", self.database(count), small)),
            ])
            if count == 10_000:
                self.limit("pack of 10 000 rules, an empty log", took, "pack, an empty log", wall=0.05)
                self.limit("pack of 10 000 rules, 100 KB", took, "pack, 100 KB", wall=0.05)
                self.ratio("10 000 rules: folder against pack", took, "folder, an empty log", "pack, an empty log", 10, least=True)

    def start(self):
        large, small = self.inputs.log("mega/CBS.log", 1_000_000), self.inputs.log("small/CBS.log", 100_000)
        took = self.compare("the default knowledge base, as many threads as there are", 0, [
            ("--version", self.inputs.casebook("--version")),
            ("scan of 100 KB", self.inputs.casebook("scan", small, "--format", "json", "--quiet")),
            ("scan of 1 MB", self.inputs.casebook("scan", large, "--format", "json", "--quiet")),
        ], rounds=4 * self.chosen.rounds)
        self.limit("default knowledge base, 1 MB", took, "scan of 1 MB", wall=0.05)
        self.limit("--version", took, "--version", wall=0.01)

    def over(self, title, log, pack, *more):
        """A log and 1 000 rules, beside a search for one literal."""
        return self.compare(f"1000 rules over {title}", os.path.getsize(log), [
            self.literal(log),
            ("casebook, 1 thread", self.scan(log, 1, "--kb", pack), self.output("one")),
            ("casebook, 2 threads", self.scan(log, 2, "--kb", pack), self.output("two")),
            *more,
        ])

    def setupapi(self):
        log = self.inputs.log("setupapi.dev.log", self.chosen.size, "--kind", "setupapi")
        _, pack = self.inputs.rules(1000, "setupapi")
        self.over("device installation sections", log, pack, (
            "rg -c -f, 1 thread", self.rg and [self.rg, "-c", "--threads", "1", *LIMITS, "-f", self.inputs.patterns(1000), log],
        ))
        self.same("one", "two")

    def utf16(self):
        log = self.inputs.log("utf16/CBS.log", self.chosen.size, "--utf16")
        self.over("UTF-16", log, self.inputs.rules(1000)[1])
        self.same("one", "two")

    def packed(self, title, unpacked, packed, reference):
        _, pack = self.inputs.rules(1000)
        name = reference[0]
        took = self.compare(f"1000 rules over {title}", os.path.getsize(unpacked), [
            reference,
            ("casebook, 1 thread", self.scan(packed, 1, "--kb", pack), self.output("one")),
            ("casebook, 2 threads", self.scan(packed, 2, "--kb", pack), self.output("two")),
        ])
        self.same("one", "two")
        self.ratio(f"{title} against `{name}`", took, "casebook, 2 threads", name, 1.3)
        self.ratio(f"{title}, 1 thread, against `{name}`", took, "casebook, 1 thread", name, 1.3)

    def zip(self):
        log = self.inputs.log("CBS.log", self.chosen.size)
        packed, unzip = self.inputs.zipped(log), shutil.which("unzip")
        self.packed("a zip member", log, packed, ("unzip -p to cat", piped(unzip, "-p", packed)))

    def gz(self):
        log = self.inputs.log("CBS.log", self.chosen.size)
        packed, gzip = self.inputs.gzipped(log), shutil.which("gzip")
        self.packed("a gz file", log, packed, ("gzip -dc to cat", piped(gzip, "-dc", packed)))

    def members(self):
        """A zip of several large members, which are read side by side."""
        log = self.inputs.log("CBS.log", self.chosen.size)
        packed, unzip = self.inputs.zipped(log, 4), shutil.which("unzip")
        self.packed("a zip of four members", log, packed, ("unzip -p to cat", piped(unzip, "-p", packed)))

    def cabinets(self):
        """A folder of cabinets, as Windows keeps older logs of its servicing."""
        log = self.inputs.log("CBS.log", self.chosen.size)
        folder, cabextract = self.inputs.cabinets(log, 4), self.inputs.tool("cabextract")
        cabinets = sorted(glob.glob(os.path.join(folder, "*.cab")))
        self.packed("four cabinets", log, folder, ("cabextract -p to cat", piped(cabextract, "-q", "-p", *cabinets)))

    def files(self):
        """Small files of no kind: each has to be told from all kinds."""
        folder = self.inputs.files(self.inputs.log("files.log", self.chosen.size // 100))
        bytes = sum(entry.stat().st_size for entry in os.scandir(folder))
        self.compare(f"{len(os.listdir(folder))} small files of no kind, the default knowledge base", bytes, [
            ("rg -c, one absent literal", self.rg and [self.rg, "-c", "--threads", "1", ABSENT, folder]),
            ("casebook, 1 thread", self.scan(folder, 1), self.output("one")),
            ("casebook, 2 threads", self.scan(folder, 2), self.output("two")),
        ])
        self.same("one", "two")

    def evtx(self):
        found = glob.glob(os.path.join(os.environ.get("CASEBOOK_CORPUS", ""), "evtx", "system-2017*.evtx"))
        if not found:
            print("\nEvent logs are left out: CASEBOOK_CORPUS names no folder with one.")
            return
        bytes = min(self.chosen.size, 256 * 2**20)
        log = self.inputs.generate("events.evtx", "evtx", "--from", found[0], "--size", str(bytes))
        dump = self.inputs.tool("evtx_dump")
        for name, base in [("the default knowledge base", None), *self.inputs.events()]:
            kb = ["--kb", base] if base else []
            took = self.compare(f"an event log, rules that want {name}" if base else f"an event log, {name}", os.path.getsize(log), [
                ("evtx_dump, 1 thread", dump and [dump, "-t", "1", "-o", "jsonl", log]),
                ("evtx_dump, 2 threads", dump and [dump, "-t", "2", "-o", "jsonl", log]),
                ("casebook, 1 thread", self.scan(log, 1, *kb)),
                ("casebook, 2 threads", self.scan(log, 2, *kb)),
            ])
            self.ratio(f"evtx against evtx_dump, {name}", took, "casebook, 1 thread", "evtx_dump, 1 thread", 1.3)

    def trace(self):
        """What processes asked of the system, as CSV: nearly all rows are of no use."""
        bytes = min(self.chosen.size, 256 * 2**20)
        log = self.inputs.read_in(self.inputs.generate("Logfile.CSV", "trace", "--size", str(bytes)))
        self.compare("a trace, the default knowledge base", os.path.getsize(log), [
            self.literal(log),
            ("casebook, 1 thread", self.scan(log, 1), self.output("one")),
            ("casebook, 2 threads", self.scan(log, 2), self.output("two")),
        ])
        self.same("one", "two")

    def hits(self):
        bytes = min(self.chosen.size, 256 * 2**20)
        log = self.inputs.log("hits/CBS.log", bytes, "--every", "0", "--rules", "1000")
        _, pack = self.inputs.rules(1000)
        patterns = self.inputs.patterns(1000)

        rg = self.rg and [self.rg, "--threads", "1", *LIMITS, "-f", patterns, log]
        took = self.compare("1000 rules, a hit on every line", os.path.getsize(log), [
            ("rg -n -f to cat, 1 thread", rg and piped(*rg, "-n")),
            ("rg -c -f, 1 thread", rg and [*rg, "-c"]),
            ("casebook's JSON to cat, 1 thread", piped(*self.scan(log, 1, "--kb", pack))),
            ("casebook's JSON to cat, 2 threads", piped(*self.scan(log, 2, "--kb", pack))),
        ])
        print("\nBoth write what they find into a pipe: ripgrep every line with its number, casebook its findings, each with how often"
              " it was seen, when first and last, and the lines of the last time.")
        self.ratio("all lines hit, against `rg -n -f`", took, "casebook's JSON to cat, 1 thread", "rg -n -f to cat, 1 thread", 1)
        # ripgrep reads one file on one thread, however many there are.
        self.ratio("all lines hit, 2 threads, against `rg -n -f`", took, "casebook's JSON to cat, 2 threads", "rg -n -f to cat, 1 thread", 1)
        self.ratio("all lines hit, against `rg -c -f`", took, "casebook's JSON to cat, 1 thread", "rg -c -f, 1 thread", 1)

    def curve(self):
        """What a scan costs when the log, the rules and the hits grow: by ten, by a hundred, by a hundred."""
        packs = {count: self.inputs.rules(count)[1] for count in (10, 100, 1000)}
        for times, bytes in (("a tenth of the log", self.chosen.size // 10), ("the whole log", self.chosen.size)):
            programs = []
            for hits, every in (("1x", 20_000), ("100x", 200)):
                # All failures are those of the first rule, so the number of rules changes nothing but itself.
                log = self.inputs.log(f"curve/{bytes}-{hits}/CBS.log", bytes, "--every", str(every), "--rules", "100")
                programs += [(f"{count} rules, {hits} hits", self.scan(log, 1, "--kb", pack)) for count, pack in packs.items()]
            self.compare(f"the cost curve: {times}, 1 thread", bytes, programs)

    def long(self, title, name, log, pack):
        """A log too large to keep, in two rounds at most."""
        took = self.compare(title, os.path.getsize(log), [
            self.literal(log),
            ("casebook, 1 thread", self.scan(log, 1, "--kb", pack)),
            ("casebook, 2 threads", self.scan(log, 2, "--kb", pack)),
        ], rounds=min(self.chosen.rounds, 2))
        self.inputs.remove(name)
        return took

    def memory(self):
        """Ten times the log."""
        name = "ten/CBS.log"
        log = self.inputs.log(name, 10 * self.chosen.size)
        bytes = os.path.getsize(log)
        took = self.long("1000 rules over ten times the log", name, log, self.inputs.rules(1000)[1])
        for threads in ("1 thread", "2 threads"):
            self.limit(f"peak memory, {amount(bytes)}, 1 000 rules, {threads}", took, f"casebook, {threads}", memory=100)

    def lines(self):
        """With 1 GiB: 100 million lines with a failure each hour of the log's clock, and 10 million with a hit on each."""
        million = max(1, self.chosen.size * 10**6 // 2**30)
        _, pack = self.inputs.rules(1000)
        name = "hourly/CBS.log"
        log = self.inputs.lines(name, 100 * million, "--hourly", "--rules", "100")
        self.long(f"{100 * million} lines, a failure each hour, 1000 rules", name, log, pack)
        name = "every/CBS.log"
        log = self.inputs.lines(name, 10 * million, "--every", "0", "--rules", "1000")
        self.long(f"{10 * million} lines, a hit on each, 1000 rules", name, log, pack)
