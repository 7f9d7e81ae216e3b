"""Runs programs in interleaved rounds and says what they took, as tables that can be pasted into a page.

Every round runs each program once, in an order that moves on by one from round to round, so that none always comes after
the same other. The first lap warms the page cache and is not counted, but for a program so slow that it runs once only.
The ratio is of medians, to the first program of the table that is here; in brackets the least and the most ratio of two
times of one round. Peak memory is never less than the 16 MB of the process that starts the programs.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

# What the programs say goes nowhere.
NOWHERE = os.devnull


class Took:
    """What a program took: a time of each round, by the number of the round."""

    def __init__(self):
        self.walls = {}
        self.cpus = []
        self.peak = 0
        self.why = None

    @property
    def wall(self):
        return statistics.median(self.walls.values())

    def ratio(self, other):
        """The ratio of medians, and the least and the most of the rounds that both ran in."""
        rounds = [self.walls[at] / other.walls[at] for at in self.walls if at in other.walls]
        middle = self.wall / other.wall
        return middle, min(rounds, default=middle), max(rounds, default=middle)


class Program:
    """A program of a table: its name, its command (none: it is not here), and where its output goes."""

    def __init__(self, name, command, output=NOWHERE):
        self.name = name
        self.command = command if command and all(command) else None
        self.output = output


def run(program, longest):
    """Wall time, processor time in seconds and peak memory in MB, and why it failed: `None` if it did not."""
    with open(program.output, "wb") as out, tempfile.TemporaryFile() as err:
        begun = time.perf_counter()
        # In a group of its own, so that a pipe is stopped with all its parts.
        process = subprocess.Popen(program.command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, process_group=0)
        timer = threading.Timer(longest, os.killpg, (process.pid, signal.SIGKILL))
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        why = None
        if process.returncode == -signal.SIGKILL and wall >= longest:
            why = f"stopped after {seconds(longest)}"
        elif process.returncode not in (0, 1):  # ripgrep ends with 1 where nothing is found.
            err.seek(0)
            said = " ".join(err.read().decode(errors="replace").split())
            why = f"failed: {said[-200:] or process.returncode}"
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, why


def laps(programs, rounds, patience, longest):
    """What each program took, by name. One that takes more than `patience` seconds runs once, and no longer than `longest`."""
    here = [program for program in programs if program.command]
    took = {program.name: Took() for program in here}
    done = set()
    for lap in range(rounds + 1):
        turned = here[lap % len(here):] + here[:lap % len(here)]
        for program in turned:
            if program.name in done:
                continue
            one = took[program.name]
            wall, cpu, peak, one.why = run(program, longest)
            if one.why or wall > patience:
                done.add(program.name)
            if not one.why and (lap > 0 or wall > patience):
                one.walls[lap] = wall
                one.cpus.append(cpu)
                one.peak = max(one.peak, peak)
    return took


def seconds(time):
    return f"{time:.2f} s" if time >= 1 else f"{time * 1000:.0f} ms" if time >= 0.01 else f"{time * 1000:.1f} ms"


def amount(bytes):
    """A size as a person says it."""
    for unit, name in ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if bytes >= unit:
            return f"{bytes / unit:.3g} {name}"
    return f"{bytes} bytes"


def table(title, bytes, programs, took):
    """Prints what was measured."""
    print(f"\n### {title}" + (f", {amount(bytes)}\n" if bytes else "\n"))
    speed = " GB/s | cpu ns/byte |" if bytes else ""
    print(f"| | least | median | most | cpu |{speed} peak | ratio |")
    print("|---|---|---|---|---|" + ("---|---|" if bytes else "") + "---|---|")
    rounds = max((len(one.walls) for one in took.values()), default=0)
    reference = None
    for program in programs:
        one = took.get(program.name)
        if one is None or one.why:
            columns = 8 if bytes else 6
            print(f"| {program.name} | {one.why if one else 'not here'} |" + " |" * (columns - 1))
            continue
        reference = reference or one
        walls, cpu = one.walls.values(), statistics.median(one.cpus)
        name = program.name + (", once" if len(walls) < rounds else "")
        times = " | ".join(map(seconds, (min(walls), one.wall, max(walls), cpu)))
        speed = f" {bytes / one.wall / 1e9:.2f} | {cpu * 1e9 / bytes:.2f} |" if bytes else ""
        print(f"| {name} | {times} |{speed} {one.peak:.0f} MB | {'1' if one is reference else shown(one.ratio(reference))} |")
    sys.stdout.flush()


def shown(ratio):
    """A ratio with the least and the most of the rounds, if there are more than one."""
    middle, least, most = ratio
    return f"{middle:.2f}" if least == most else f"{middle:.2f} ({least:.2f} to {most:.2f})"
