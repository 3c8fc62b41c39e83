#!/usr/bin/env python3
"""Runs the checks that do not run bodega: format, layers, words, shell, types, both compilers, lint.

usage: check.py [CHECK...]      CPPFLAGS in the environment, as the Makefile sets them

Prints one line per check, the output of failed checks, and at the end 'N passed, N failed'. Exit status 1 if any failed.
"""
import concurrent.futures
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

CACHE = Path(os.environ.get("BODEGA_CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "bodega"))
CPPFLAGS = os.environ.get("CPPFLAGS", "-Isrc").split()


def run(*command):
    """Returns (whether it succeeded, its output)."""
    # A make started from here runs its own job server: python does not pass this one's descriptors on.
    env = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", env=env)
    return done.returncode == 0, done.stdout


def files(*patterns):
    return sorted(str(p) for pattern in patterns for p in Path().glob(pattern))


def check_format():
    return run("clang-format-16", "--dry-run", "-Werror", "main.cpp", *files("src/**/*.cpp", "src/**/*.h", "tests/**/*.cpp", "tests/**/*.h"))


def check_layers():
    return run(sys.executable, "deploy/build/layers.py")


def check_words():
    return run(sys.executable, "deploy/build/words.py")


def check_shell():
    tracked = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True).stdout.split("\0")
    scripts = [f for f in tracked if f and os.path.isfile(f) and is_shell(f)]
    return run("shellcheck", "--external-sources", *scripts)


def is_shell(name):
    if name.endswith(".sh"):
        return True
    with open(name, "rb") as file:
        first = file.readline(80)
    return first.startswith(b"#!") and (b"bash" in first or first.strip().endswith(b"/sh"))


def check_web():
    return run("npm", "run", "--prefix", "assets", "--silent", "check")


def check_gcc():
    return run("make", "VARIANT=release", "objects")


def check_clang():
    return run("make", "VARIANT=clang", "objects")


def tidy(source):
    """Runs clang-tidy on one file. A clean result is cached by a hash of the preprocessed file and .clang-tidy."""
    flags = ["-std=c++20", *CPPFLAGS]
    text = subprocess.run(["clang++-16", *flags, "-E", "-C", source], capture_output=True, check=False).stdout
    key = hashlib.sha256(Path(".clang-tidy").read_bytes() + text.replace(os.getcwd().encode(), b"")).hexdigest()
    clean = CACHE / "tidy" / key[:2] / key
    if clean.exists():
        return True, ""
    ok, output = run("clang-tidy-16", "--quiet", source, "--", *flags)
    if ok:
        clean.parent.mkdir(parents=True, exist_ok=True)
        clean.touch()
    return ok, "" if ok else f"{source}:\n{output}"


def check_tidy():
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(tidy, ["main.cpp", *files("src/**/*.cpp")]))
    return all(ok for ok, _ in results), "".join(output for _, output in results)


CHECKS = {
    "format": check_format,
    "layers": check_layers,
    "words": check_words,
    "shell": check_shell,
    "web": check_web,
    "gcc": check_gcc,
    "clang": check_clang,
    "tidy": check_tidy,
}


def main():
    wanted = sys.argv[1:] or list(CHECKS)
    failed = 0
    for name in wanted:
        start = time.monotonic()
        ok, output = CHECKS[name]()
        failed += not ok
        print(f"{'ok' if ok else 'FAILED':8} {name:12} {time.monotonic() - start:7.1f} s", flush=True)
        if not ok:
            print("\n".join("    " + line for line in output.rstrip().splitlines()), flush=True)
    print(f"{len(wanted) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
