"""Times casebook and its peers on the same inputs; `compare.sh` builds them and calls this. Only Python's own library."""

import argparse
import os
import resource
import sys

from comparisons import LONG, NAMES, Comparisons
from inputs import Inputs, size
from interleave import amount


def numbers(text):
    return [int(count) for count in text.split(",")]


def arguments():
    parser = argparse.ArgumentParser(prog="compare.sh", description=__doc__)
    parser.add_argument("--size", type=size, default="1GiB", help="of the generated logs (default 1GiB)")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (default 5)")
    parser.add_argument("--rules", type=numbers, default="10,100,1000,10000", help="numbers of rules")
    parser.add_argument("--only", default=",".join(NAMES), help=f"of {', '.join(NAMES)}, {', '.join(LONG)} (the last ones not unless named)")
    parser.add_argument("--patience", type=float, default=20, help="a program that takes more seconds runs once only (default 20)")
    parser.add_argument("--longest", type=float, default=300, help="a program that takes more seconds is stopped (default 300)")
    parser.add_argument("--work", default="target/compare", help="folder of the inputs (default target/compare)")
    parser.add_argument("--programs", required=True, help="folder of the built programs")
    parser.add_argument("--peers", required=True, help="folder of the peers' programs")
    parser.add_argument("--with-hyperscan", metavar="LIBRARY", help="a libhs.so.5 (hyperscan or vectorscan) to compare with")
    chosen = parser.parse_args()
    chosen.only = chosen.only.split(",")
    unknown = [name for name in chosen.only if name not in NAMES + LONG]
    if unknown:
        parser.error(f"{', '.join(unknown)}: no such comparison")
    if chosen.rounds < 1:
        parser.error("--rounds: at least one")
    return chosen


def main():
    chosen = arguments()
    # A program that wants more memory than there is fails by itself, before the machine does; mapped files are not counted.
    limit = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 3 // 4
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    inputs = Inputs(chosen.work, chosen.programs, chosen.peers)
    print(f"{os.cpu_count()} cores, {chosen.rounds} rounds, logs of {amount(chosen.size)}; load at the beginning {os.getloadavg()[0]:.1f}")
    print(", ".join(inputs.versions()))
    comparisons = Comparisons(inputs, chosen)
    for name in chosen.only:
        getattr(comparisons, name)()
    comparisons.bars()
    print(f"\nload at the end {os.getloadavg()[0]:.1f}")
    return 1 if comparisons.differ else 0


if __name__ == "__main__":
    sys.exit(main())
