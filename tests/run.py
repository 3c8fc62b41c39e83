#!/usr/bin/env python3
"""Runs the tests, suite by suite, and adds their counts up.

usage: run.py --binary BODEGA --tests BODEGA-TESTS [--sanitizer asan|tsan] [--list] [SUITE...]

Suites are: a folder of tests/ for each that holds C++ tests (unit, store, api, edge, ...), those of the catalog again
on MySQL 9 (mysql9; skipped where Debian's unstable suite can't be reached), the web app's own unit tests (web), and each executable script tests/FOLDER/*.{py,sh,mjs} (e2e/NAME, browser/NAME, ...). A script with a line
'fronts: direct tls nginx' runs again for each but the first, with BODEGA_FRONT=nginx, as e2e/NAME@nginx. SUITE
picks by the front of the name; for C++ also by that of the path (unit/base).

Suites run side by side, --jobs at a time. A script with a line 'alone: WHY' measures what others would disturb: it
runs when all others have ended, with nothing beside it: a process group that TESTS_BESIDE names is stopped meanwhile.

A script gets the binary's path in BODEGA and a TMPDIR of its own, and ends with a line 'N passed, N failed' (',
N skipped' may follow). What crashes, times out, leaves out its counts or exits other than it counted has failed.
Ends with that line for all; exit status 1 if any failed.
"""
import argparse
import concurrent.futures
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTS = re.compile(r"^(?:# |// )?fronts: ([a-z ]+)$", re.MULTILINE)
ALONE = re.compile(r"^(?:# |// )?alone: \S", re.MULTILINE)
COUNTS = re.compile(r"^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$", re.MULTILINE)
SHOWN = re.compile(r"^(?:attack  |skipped: ).*$", re.MULTILINE)  # in any case: what an attack cost, what was left out
SUITE_LIMIT = int(os.environ.get("BODEGA_SUITE_LIMIT", 900))  # seconds; what takes longer hangs
DEPENDENCY_LIMIT = 300  # seconds
OWN_LINES = 40  # of a C++ suite's own output, the log mostly, that are shown when it fails


class Counts:
    def __init__(self, passed=0, failed=0, skipped=0):
        self.passed, self.failed, self.skipped = passed, failed, skipped

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self):
        text = f"{self.passed} passed, {self.failed} failed"
        return text + (f", {self.skipped} skipped" if self.skipped else "")


class Run:
    """One child with its own process group, TMPDIR and sanitizer reports."""

    def __init__(self, options, more=None):
        self.options, self.more = options, more or {}
        self.temporary = tempfile.mkdtemp(prefix="bodega-test-")
        self.reports = Path(self.temporary, "sanitizer")
        self.output = ""
        self.status = 0

    def environment(self):
        env = dict(os.environ, BODEGA=str(self.options.binary.resolve()), TMPDIR=self.temporary, **self.more)
        env.pop("MAKEFLAGS", None)
        if self.options.sanitizer:
            log = f"log_path={self.reports}"
            env.update(
                BODEGA_SANITIZER=self.options.sanitizer,
                ASAN_OPTIONS=f"detect_leaks=1:{log}",
                UBSAN_OPTIONS=f"print_stacktrace=1:{log}",
                # die_after_fork: some tests fork a second process, which connects by a thread.
                TSAN_OPTIONS=f"second_deadlock_stack=1:die_after_fork=0:{log}",
            )
        return env

    def start(self, command):
        # The thread sanitizer of g++ 12 does not know every address layout that newer kernels choose.
        prefix = ["setarch", "-R"] if self.options.sanitizer == "tsan" else []
        with tempfile.TemporaryFile() as out:
            child = subprocess.Popen(prefix + command, cwd=ROOT, env=self.environment(), stdin=subprocess.DEVNULL,
                                     stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
            try:
                self.status = child.wait(SUITE_LIMIT)
            except subprocess.TimeoutExpired:
                self.status = "took longer than %d s" % SUITE_LIMIT
            finally:
                kill_group(child.pid)
                child.wait()
            out.seek(0)
            self.output = out.read().decode(errors="replace")

    def finish(self, counts):
        """What the child said, held against how it ended."""
        if self.status != 0 and counts.failed == 0:
            counts.failed = 1
            self.output += f"\nrun.py: ended with {self.status} without a failed test\n"
        for report in sorted(self.reports.parent.glob(self.reports.name + ".*")):
            counts.failed += 1
            self.output += "\n" + report.read_text(errors="replace")
        shutil.rmtree(self.temporary, ignore_errors=True)
        return counts


def kill_group(group):
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass


def spec(source, name):
    """A test spec of Catch2 for one test, by its name, whose special characters are escaped, and its file."""
    escaped = re.sub(r'([\\,\[\]"~])', r"\\\1", name)
    return f'"{escaped}"[#{Path(source).stem}]'


class CppSuite:
    alone = False

    def __init__(self, name, cases):
        self.name = name
        self.cases = cases  # [(source, name)]

    def environment(self):
        """What its tests get beside the usual."""
        return {}

    def run(self, options):
        run = Run(options, self.environment())
        specs, report, console = (Path(run.temporary, name) for name in ("cases", "report.xml", "console"))
        specs.write_text("".join(spec(*case) + "\n" for case in self.cases))
        run.start([str(options.tests), "--filenames-as-tags", "--input-file", str(specs),
                   "--reporter", f"console::out={console}", "--reporter", f"xml::out={report}"])
        said = console.read_text(errors="replace") if console.exists() else ""
        own = "\n".join(run.output.splitlines()[-OWN_LINES:])
        run.output = re.sub(r"^Filters: .*\n", "", said, flags=re.MULTILINE) + "\nthe end of what the tests wrote themselves:\n" + own
        found = re.search(r"<OverallResultsCases ([^>]*)/>", report.read_text(errors="replace") if report.exists() else "")
        values = {key: int(value) for key, value in re.findall(r'(\w+)="(\d+)"', found.group(1))} if found else {}
        passed = values.get("successes", 0) + values.get("expectedFailures", 0)
        counts = Counts(passed, values.get("failures", 0), values.get("skips", 0))
        unseen = len(self.cases) - counts.passed - counts.failed - counts.skipped
        if unseen > 0:
            counts.failed += unseen
            run.output += f"\nrun.py: {unseen} test cases did not come to an end\n"
        return run.finish(counts), run.output


class MysqlSuite(CppSuite):
    """The catalog's tests on MySQL 9, which Debian's unstable suite has: deploy/build/recipes/mysql-server.sh."""

    SOURCES = ("unit/db/", "store/")
    ENGINES = re.compile(r"test::engines\(\)|Dialect::mysql|MariaDb")

    def environment(self):
        return {"BODEGA_TEST_ENGINE": "mysql", "BODEGA_TEST_MYSQLD": str(self.server / "mysqld")}

    def run(self, options):
        self.server = dependency("mysql-server")
        if self.server is None:
            return Counts(skipped=len(self.cases)), "skipped: MySQL 9 could not be had from Debian's unstable suite"
        return super().run(options)

    @classmethod
    def of(cls, everything):
        """Those of all cases whose file knows of a server."""
        cases = [case for case in everything if case[0].startswith(cls.SOURCES)]
        known = {source: bool(cls.ENGINES.search((ROOT / "tests" / source).read_text())) for source, _ in cases}
        return cls("mysql9", [case for case in cases if known[case[0]]])


def dependency(name):
    """The folder of one that only tests need; None where it can't be had."""
    command = [str(ROOT / "deploy/build/dependency.sh"), name]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=DEPENDENCY_LIMIT, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return None
    return Path(done.stdout.strip()) if done.returncode == 0 else None


class ScriptSuite:
    def __init__(self, path, front):
        self.path, self.front = path, front
        self.alone = bool(ALONE.search(path.read_text(errors="replace")))
        self.name = str(path.relative_to(ROOT / "tests").with_suffix("")) + (f"@{front}" if front else "")

    def run(self, options):
        run = Run(options, {"BODEGA_FRONT": self.front} if self.front else {})
        run.start([str(self.path)])
        found = COUNTS.findall(run.output)
        counts = Counts(*(int(value or 0) for value in found[-1])) if found else Counts()
        if not found:
            counts.failed = 1
            run.output += "\nrun.py: no line 'N passed, N failed'\n"
        return run.finish(counts), run.output


class WebSuite:
    """The web app's unit tests, by node's own runner."""

    name = "web"
    alone = False

    def run(self, options):
        run = Run(options)
        run.start(["npm", "test", "--prefix", "assets", "--silent"])
        counted = {key: int(value) for key, value in re.findall(r"^(?:#|ℹ) (pass|fail|skipped) (\d+)$", run.output, re.MULTILINE)}
        if not counted:
            run.output += "\nrun.py: node's runner gave no counts\n"
        counts = Counts(counted.get("pass", 0), counted.get("fail", 0 if counted else 1), counted.get("skipped", 0))
        return run.finish(counts), run.output


def cpp_suites(tests, wanted):
    listed = subprocess.run([str(tests), "--list-tests", "--reporter", "xml"], check=True, capture_output=True, cwd=ROOT)
    suites, everything = {}, []
    for case in xml.etree.ElementTree.fromstring(listed.stdout).iter("TestCase"):
        source = re.sub(r"^.*?\btests/", "", case.findtext("SourceInfo/File").strip())
        everything.append((source, case.findtext("Name")))
        if matches(source, wanted):
            suites.setdefault(source.split("/")[0], []).append(everything[-1])
    order = ["unit", "store", "api", "edge"]
    found = [CppSuite(name, cases) for name, cases in sorted(suites.items(), key=lambda s: (order + [s[0]]).index(s[0]))]
    return found + [s for s in [MysqlSuite.of(everything)] if matches(s.name, wanted)]


def script_suites():
    found = [p for ending in ("py", "sh", "mjs") for p in ROOT.glob(f"tests/*/*.{ending}")]
    scripts = [p for p in found if os.access(p, os.X_OK) and p.parent.name not in ("support", "bench", "fuzz")]
    suites = [ScriptSuite(p, front) for p in scripts for front in fronts_of(p)]
    return sorted(suites, key=lambda s: (not s.name.startswith("e2e/"), s.name))


def fronts_of(script):
    """'' for most: they know no other. The first of several is the usual one and has no name either."""
    found = FRONTS.search(script.read_text(errors="replace"))
    return ["", *found[1].split()[1:]] if found else [""]


def matches(name, wanted):
    return not wanted or any(name == w or name.startswith(w) for w in wanted)


def chosen_suites(options):
    suites = cpp_suites(options.tests, options.suites) if options.tests else []
    if options.sanitizer:  # which looks at bodega, not at servers
        suites = [s for s in suites if not isinstance(s, MysqlSuite)]
    if not options.sanitizer and (ROOT / "assets/tests").is_dir():
        suites += [s for s in [WebSuite()] if matches(s.name, options.suites)]
    return suites + [s for s in script_suites() if matches(s.name, options.suites)]


def show(text):
    if not text.strip():
        return
    print("\n".join("    " + line for line in text.rstrip().splitlines()), flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--tests", type=Path)
    parser.add_argument("--sanitizer", choices=["asan", "tsan"])
    parser.add_argument("--list", action="store_true", help="name the suites")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many suites run side by side (default: the cores)")
    parser.add_argument("--verbose", action="store_true", help="show the output of what passed, too")
    parser.add_argument("suites", nargs="*", metavar="SUITE")
    options = parser.parse_args()
    options.tests = options.tests and options.tests.resolve()
    return options


@contextlib.contextmanager
def nothing_beside():
    """The process group that TESTS_BESIDE names, if it does and there still is one, stands still meanwhile."""
    group = int(os.environ.get("TESTS_BESIDE", 0))

    def tell(number):
        if group > 1:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, number)

    tell(signal.SIGSTOP)
    try:
        yield
    finally:
        tell(signal.SIGCONT)


def run_all(suites, options):
    """Those that may run beside others, then each of the rest by itself; the counts of all."""
    total, printing = Counts(), threading.Lock()

    def run(suite):
        start = time.monotonic()
        counts, output = suite.run(options)
        with printing:
            total.add(counts)
            print(f"{suite.name:28} {str(counts):32} {time.monotonic() - start:7.1f} s", flush=True)
            show(output if counts.failed or options.verbose else "\n".join(SHOWN.findall(output)))

    with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
        list(pool.map(run, [s for s in suites if not s.alone]))
    with nothing_beside():
        for suite in suites:
            if suite.alone:
                run(suite)
    return total


def main():
    options = arguments()
    suites = chosen_suites(options)
    if options.list:
        print("\n".join(s.name for s in suites))
        return 0
    total = run_all(suites, options)
    if not suites:
        print(f"run.py: no suite's name starts with {' or '.join(options.suites) or 'anything'}", file=sys.stderr)
        total.failed = 1
    print(total)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
