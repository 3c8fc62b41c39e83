#!/usr/bin/env python3
"""Runs fuzz targets, several at a time, each seeded with the tests' vectors, and counts them.

usage: run.py --seconds N [--jobs N] TARGET...

A finding is printed with its input in base64, so that it can become a test.
Ends with 'N passed, N failed'; exit status 1 if any failed.
"""
import argparse
import base64
import concurrent.futures
import re
import subprocess
import sys
import tempfile
from pathlib import Path

GRACE = 60  # seconds beyond a target's own limit: then it hangs
LENGTH = 4096  # bytes of an input at most


def run(target, seconds):
    """(True if it found nothing, its output)"""
    with tempfile.TemporaryDirectory(prefix="bodega-fuzz-") as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        command = [str(target.resolve()), str(corpus), f"-max_total_time={seconds}", f"-max_len={LENGTH}",
                   "-timeout=10", "-rss_limit_mb=1024", "-print_final_stats=1", f"-artifact_prefix={folder}/found-"]
        try:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds + GRACE,
                                  cwd=folder, check=False)
        except subprocess.TimeoutExpired as late:
            return False, (late.stdout or b"").decode(errors="replace")[-2000:] + "\nit did not end in time"
        said = done.stdout.decode(errors="replace")
        seeds = len(list(corpus.glob("seed-*")))
        if done.returncode == 0 and seeds > 0:
            runs = re.search(r"number_of_executed_units:\s*(\d+)", said)
            return True, f"{runs.group(1) if runs else '?'} inputs, {seeds} of them seeds"
        found = [base64.b64encode(path.read_bytes()).decode() for path in Path(folder).glob("found-*")]
        return False, "\n".join(said.splitlines()[-40:] + ["input: " + text for text in found])


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("targets", nargs="+", type=Path)
    options = arguments.parse_args()
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for target, (ok, said) in zip(options.targets, pool.map(lambda t: run(t, options.seconds), options.targets)):
            failed += not ok
            print(f"{'ok' if ok else 'FAILED':8} {target.name:20} {said}", flush=True)
    print(f"{len(options.targets) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
