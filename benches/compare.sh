#!/usr/bin/env bash
# Builds the peers into a folder of their own and times them and casebook on the same inputs, in one interleaved run.
#
#   benches/compare.sh [--size 1GiB] [--rounds 5] [--rules 10,100,1000,10000] [--only NAME,…] [--peers DIR] [--work DIR]
#                      [--programs DIR] [--with-hyperscan LIBRARY] [--patience SECONDS] [--longest SECONDS]
#
# Peers are built once, by `cargo install`, into the folder of --peers or CASEBOOK_PEERS (yara-x takes half an hour on two
# cores); without the network those that are there already are used and the others are left out, with a word. casebook is
# built too, unless --programs names a folder that has it. Inputs are generated, the same bytes every time; event logs need
# a real one to repeat: CASEBOOK_CORPUS names a folder that has one. hyperscan or vectorscan is a built library that is
# called as it is, such as the one in Debian's package (apt-get download libvectorscan5; dpkg -x). What is printed are
# tables in Markdown, and at the end the bars. What counts is the ratio. `--size 20MiB --rounds 1` tries whether all of it
# works. `--only memory,lines` makes logs of ten times the size and more, one after the other, and takes them away again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

peers=${CASEBOOK_PEERS:-target/peers}
programs=
rest=()
while [ $# -gt 0 ]; do
  case $1 in
    --peers) peers=$2; shift 2 ;;
    --programs) programs=$2; shift 2 ;;
    --help) sed -n '2,/^set/p' "$0" | sed -n 's/^# \{0,1\}//p'; exit 0 ;;
    *) rest+=("$1"); shift ;;
  esac
done

# Versions are fixed, so that a figure of today is one of tomorrow.
install() {
  local program=$1 crate=$2 version=$3
  [ -x "$peers/bin/$program" ] && return
  echo "building $crate $version into $peers" >&2
  CARGO_TARGET_DIR="$peers/target" cargo install --quiet --locked --root "$peers" --version "$version" "$crate" ||
    echo "$crate could not be built: left out" >&2
}
mkdir -p "$peers"
install rg ripgrep 15.2.0
install evtx_dump evtx 0.15.1
install yr yara-x-cli 1.22.1

if [ -z "$programs" ]; then
  cargo build --quiet --release --locked --bin casebook --example generate
  target=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
  programs=$target/release
fi
exec python3 -B benches/compare --programs "$programs" --peers "$peers/bin" ${rest[@]+"${rest[@]}"}
