#!/usr/bin/env python3
"""Checks the rules of the source tree: includes point down, and only some layers may use some libraries.

usage: layers.py [ROOT]
Prints one line per breach; exit status 1 if there is any.
"""
import re
import sys
from pathlib import Path

import web_layers

# Each layer, and the layers that its files may include. cli may include all.
LAYERS = {
    "base": set(),
    "http": {"base"},
    "net": {"base"},
    "config": {"base"},
    "db": {"base"},
    "blobs": {"base"},
    "acme": {"base", "net"},
    "store": {"base", "db"},
    "app": {"base", "config", "db", "store", "blobs", "acme"},
    "web": {"base", "http", "config", "app", "store", "blobs"},
    "edge": {"base", "http", "net", "config"},
    "server": {"base", "http", "net", "config", "db", "blobs", "acme", "store", "app", "web", "edge"},
    "cli": {"base", "http", "net", "config", "db", "blobs", "acme", "store", "app", "web", "edge", "server"},
}
# A layer's rooms (subfolders), each with the rooms of the layer that its files may include. "" is the layer's own
# folder: if it comes first, the rooms build on it; if it comes last, it composes them.
ROOMS = {
    "db": {"": set(), "sqlite": {""}, "mysql": {""}},
    "store": {"": set(), "fleet": {""}, "tree": {"", "fleet"}, "auth": {"", "tree"}, "jobs": {""}, "uploads": {"", "tree"}, "backup": {"", "tree"}},
    "app": {
        "": set(), "names": {""}, "doctor": {""}, "auth": {"", "names"}, "fleet": {"", "auth"}, "tree": {"", "names", "auth", "fleet"},
        "uploads": {"", "auth", "fleet", "tree"}, "jobs": {"", "names", "auth", "fleet", "tree"}, "gc": {"", "fleet", "tree", "uploads"},
        "backup": {"", "fleet", "tree", "gc"},
    },
    "web": {"transport": set(), "call": {"transport"}, "api": {"transport", "call"}, "": {"transport", "call", "api"}},
    "edge": {
        "observe": set(), "tls": set(), "exchange": {"observe"}, "routing": {"exchange"}, "files": {"exchange", "routing"},
        "http2": {"observe", "exchange", "routing"}, "http1": {"observe", "exchange", "routing", "http2"},
        "proxy": {"observe", "exchange", "routing", "files", "http1"}, "uploads": {"observe", "exchange", "routing", "proxy"},
        "": {"observe", "tls", "exchange", "routing", "files", "http2", "http1", "proxy", "uploads"},
    },
    "cli": {"": {"kit"}, "kit": {""}},
}
# Exceptions: connect.cpp is the only file that includes both drivers.
EXCEPT = {"src/db/connect.cpp": {"sqlite", "mysql"}}
ROOM_NOUNS = 40
# Code that may only be in files whose path begins so: (description, pattern, paths).
CONFINED = [
    ("cpp-httplib", re.compile(r'#\s*include\s*[<"]httplib\.h[>"]'), ("src/web/", "src/net/http_client.")),
    ("SQL", re.compile(r'"\s*(SELECT\s.+\sFROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b'), ("src/db/", "src/store/")),
    ("SQLite's or MariaDB's header", re.compile(r'#\s*include\s*[<"](sqlite3|mysql|mariadb/mysql)\.h[>"]'), ("src/db/",)),
    ("nghttp2", re.compile(r"#\s*include\s*<nghttp2/"), ("src/edge/",)),
    ("epoll", re.compile(r"#\s*include\s*<sys/epoll\.h>"), ("src/net/", "src/web/")),
]
# The standard library's locks may stand only here: those of base carry the annotations that clang checks.
LOCK_FILES = {"src/base/mutex.h", "src/base/shared_mutex.h"}
STD_LOCK = re.compile(r"std::((?:recursive_|shared_)?(?:timed_)?mutex|lock_guard|unique_lock|scoped_lock|shared_lock|condition_variable(?:_any)?)\b")
FILE_LINES = 500
VAGUE = re.compile(r"(^|[_/])(utils?|helpers?|manager|common|misc)([_./]|$)")
UNDONE = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")  # in pieces: not a mark itself
SWALLOWED = re.compile(r"catch\s*\(\s*\.\.\.\s*\)\s*\{\s*\}")
CPP = {".cpp", ".h"}
TEXT = CPP | {".ts", ".tsx", ".mjs", ".py", ".sh", ".css"}


def sources(root):
    for top in ("src", "tests", "assets", "deploy", "main.cpp"):
        path = root / top
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.suffix in TEXT and "node_modules" not in file.parts:
                yield file.relative_to(root).as_posix(), file.read_text(errors="replace")


def layer_breaches(name, text):
    layer = name.split("/")[1]
    if layer not in LAYERS:
        yield f"src/ has no layer {layer}"
        return
    for included in re.findall(r'^\s*#\s*include\s*"(\w+)/', text, re.MULTILINE):
        if included in LAYERS and included != layer and included not in LAYERS[layer]:
            yield f"{layer} includes {included}/"
    yield from room_breaches(name, text, layer)
    for what, pattern, paths in CONFINED:
        if pattern.search(text) and not name.startswith(paths):
            yield f"{what} outside {', '.join(paths)}"
    if name not in LOCK_FILES:
        for lock in sorted(set(STD_LOCK.findall(text))):
            yield f"std::{lock} instead of base/mutex.h"


def room_breaches(name, text, layer):
    rooms = ROOMS.get(layer, {"": set()})
    room = "/".join(name.split("/")[2:-1])
    if room not in rooms:
        yield f"src/{layer} has no room {room}"
        return
    for included in re.findall(rf'^\s*#\s*include\s*"{layer}/(?:(\w+)/)?\w+\.h"', text, re.MULTILINE):
        if included != room and included not in rooms[room] and included not in EXCEPT.get(name, set()):
            yield f"{layer}/{room} includes {layer}/{included}"


def full_rooms(files):
    """Reports folders with too many nouns. A noun is a header, its source, or both."""
    nouns = {}
    for name, _ in files:
        if name.startswith("src/") and name.endswith((".h", ".cpp")):
            folder, _, file = name.rpartition("/")
            nouns.setdefault(folder, set()).add(file.partition(".")[0])
    return [f"{folder}: {len(found)} nouns, over {ROOM_NOUNS}" for folder, found in sorted(nouns.items()) if len(found) > ROOM_NOUNS]


def breaches(name, text):
    if text.count("\n") > FILE_LINES:
        yield f"{text.count(chr(10))} lines, over {FILE_LINES}"
    if VAGUE.search(name):
        yield "a name that says nothing"
    if UNDONE.search(text):
        yield "a mark of something left undone"
    if name.endswith((".cpp", ".h")) and SWALLOWED.search(text):
        yield "swallows every exception"
    if name.startswith("src/"):
        yield from layer_breaches(name, text)
    if name.startswith("tests/") and "TEST_CASE" in text and not re.search(r"\b(REQUIRE|CHECK)", text) and name.endswith(".cpp"):
        yield "test cases that assert nothing"


def twins(files):
    """Reports types that two headers define in one namespace: the linker would keep the members of only one."""
    first = {}
    for name, text in files:
        if not (name.startswith("src/") and name.endswith(".h")):
            continue
        namespace = re.search(r"^namespace ([\w:]+) \{", text, re.MULTILINE)
        for kind in re.findall(r"^(?:struct|class|enum class) (?:[A-Z_]{3,}(?:\(\S*\))? |\[\[\w+\]\] )*(\w+)[^;()]*\{", text, re.MULTILINE):
            before = first.setdefault((namespace and namespace[1], kind), name)
            if before != name:
                yield f"{name}: defines {kind}, as {before} does"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    files = list(sources(root))
    found = [f"{name}: {breach}" for name, text in files for breach in breaches(name, text)] + list(twins(files)) + full_rooms(files) + web_layers.breaches(files)
    for row in found:
        print(row)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
