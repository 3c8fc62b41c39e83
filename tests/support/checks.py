"""Counts a script's checks, and ends it with the line that tests/run.py reads."""
import sys

counts = {"passed": 0, "failed": 0, "skipped": 0}


def check(name, ok, got=""):
    counts["passed" if ok else "failed"] += 1
    print(("ok    " if ok else "FAIL  ") + name + ("" if ok else f"   got: {got}"[:2000]), flush=True)
    return bool(ok)


def skip(name, why):
    counts["skipped"] += 1
    print(f"skip  {name}   {why}", flush=True)


def finish():
    skipped = f", {counts['skipped']} skipped" if counts["skipped"] else ""
    print(f"{counts['passed']} passed, {counts['failed']} failed{skipped}")
    sys.exit(1 if counts["failed"] else 0)
