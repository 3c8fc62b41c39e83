#!/usr/bin/env python3
"""Fails on turns of phrase and coined names that bodega does not use, in comments, names and documents.

usage: words.py [ROOT]
One line per occurrence; exit status 1 if there is one.

A reader who learnt English as a second language reads this code at night. Each rule names what was hard to read and what
is written instead. KEPT lists the nouns of bodega's own that stay, each with its reason; .github/CONTRIBUTING.md explains
them.
"""
import re
import sys
from pathlib import Path

# In comments and documents: (pattern, what to write instead).
TURNS = [
    (r"\banew\b", "again"),
    (r"\b(goes|went) on\b(?! to\b)", "continues"),
    (r"\b(lets?|letting) go of\b", "releases"),
    (r"\b(of|by|for) whom\b", "name the noun"),
    (r"\bnor any\b", "or"),
    (r"\bbe it\b", "whether"),
    (r"\btak(es?|ing|en) note\b", "records"),
    (r"\bowes?\b", "must send, must write"),
    (r"\bgoodbye\b", "close_notify, or closes"),
    (r"(has|have) none[.;,]?( of its own)?(?=[ .]|$)", "say what is absent"),
    (r"\bif (there is|there are|it has) none\b|\bwhy there is none\b", "say what is absent"),
    (r"\bwho may (do|say)\b|\bsay who may\b", "permissions, or: which users can"),
    (r"^(Who|Whoever|Whom|To whom) ", "a noun as the subject: 'A caller that ...'"),
]
# In names and prose: (pattern, the field's term).
COINED = [
    (r"[Nn]ewcomers?", "ConnectionSetup"),
    (r"Lanes?", "EventLoopThread"),
    (r"[Ss]torehouses?", "Backend"),
    (r"[Ff]arewell", "shutdown watchdog"),
    (r"[Uu]pkeep", "renewal"),
    (r"shake_hands", "handshake"),
    (r"say_goodbye", "close_notify"),
    (r"become_lean", "release_buffers"),
    (r"look_around", "wake_all"),
    (r"[Dd]oom(ed|s)?", "terminate, or mark for deletion"),
    (r"[Ff]orsakes?|[Ff]orsaken", "abandon"),
    (r"[Jj]udge_\w+", "check_*"),
    (r"PatientFiles", "TimedFileOps"),
    (r"Lookout", "StallDetector"),
    (r"WriteGate", "FifoMutex"),
    (r"Depot", "AppFixture"),
]
KEPT = {
    "blob": "the bytes of a file under an id; also the term of git and of object stores",
    "space": "what a team shares; the API's own noun, and the app's",
    "entry": "a file or a folder, as readdir(3) has it",
    "catalog": "the database that knows the names; bodega is the files' library",
    "incoming": "the folder of uploads that are not complete; a name on disk",
    "exchange": "one request and its answer, whatever protocol carries it; the edge's seam",
    "edge": "the half that speaks to clients; 'front end' means the web app here",
    "sweeper": "the lease and log component of garbage collection, which operators have in their dashboards",
}
TEXTS = {".md": None, ".toml": "#", ".py": "#", ".sh": "#", ".yaml": "#", ".yml": "#", ".h": "//", ".cpp": "//", ".ts": "//", ".tsx": "//", ".mjs": "//"}
SELF = {"deploy/build/words.py", "deploy/CHANGELOG.md"}
URL = re.compile(r"\w+://\S+")
STRING = re.compile(r'"(?:\\.|[^"\\])*"')  # names of statements and of log components are what operators know


def sources(root):
    for top in ("src", "tests", "assets", "deploy", ".github", "README.md", "config.toml", "Makefile", "main.cpp"):
        path = root / top
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.suffix in TEXTS and "node_modules" not in file.parts and file.is_file():
                yield file.relative_to(root).as_posix(), file.suffix, file.read_text(errors="replace")


def prose(line, suffix):
    """The part of a line that a person reads: all of a document's, the comment of code."""
    line = URL.sub("", line)
    mark = TEXTS[suffix]
    if mark is None:
        return line
    at = line.find(mark)
    return line[at + len(mark):].strip() if at >= 0 else ""


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    turns = [(re.compile(pattern), better) for pattern, better in TURNS]
    coined = [(re.compile(rf"\b({pattern})\b"), better) for pattern, better in COINED]
    found = 0
    for name, suffix, text in sources(root):
        if name in SELF:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for rules, part in ((turns, prose(line, suffix)), (coined, STRING.sub("", line))):
                for pattern, better in rules:
                    if hit := pattern.search(part):
                        found += 1
                        print(f"{name}:{number}: \"{hit[0]}\": write {better}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
