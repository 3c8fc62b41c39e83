#!/usr/bin/env python3
"""Writes compile_commands.json from the commands that make prints.

usage: compdb.py PRINTED OUTPUT      PRINTED: what `make --dry-run --always-make V=1` said

A file that is compiled twice (by two variants) has its first command.
"""
import json
import os
import re
import shlex
import sys
from pathlib import Path

COMPILER = re.compile(r"(?:^|&&\s+)(\S*(?:clang\+\+|g\+\+)(?:-\d+)? .*)$")


def entries(printed):
    for line in printed.splitlines():
        found = COMPILER.search(line)
        if not found:
            continue
        arguments = shlex.split(found[1])
        sources = [a for a in arguments if a.endswith(".cpp")]
        if len(sources) == 1:
            output = arguments[arguments.index("-o") + 1]
            yield {"directory": os.getcwd(), "file": sources[0], "arguments": arguments, "output": output}


def main():
    printed, output = (Path(a) for a in sys.argv[1:3])
    first = {}
    for entry in entries(printed.read_text()):
        first.setdefault(entry["file"], entry)
    if not first:
        sys.exit(f"compdb.py: no command of a compiler in {printed}")
    output.write_text(json.dumps(list(first.values()), indent=1) + "\n")


if __name__ == "__main__":
    main()
