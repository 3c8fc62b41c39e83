#!/usr/bin/env python3
"""Runs the tests, suite by suite, and adds up their counts.

usage: run.py --binary BODEGA --tests BODEGA-TESTS [--sanitizer asan|tsan] [--list] [SUITE...]
       run.py --tests BODEGA-TESTS --case CASE [--list]

Suites are: each folder of tests/ with C++ tests (unit, catalog, api, edge, ...); the catalog's tests again on MySQL 9
(mysql9; skipped where Debian's unstable suite can't be reached); the web app's unit tests (web); and each executable
script tests/FOLDER/*.{py,sh,mjs} (e2e/NAME, browser/NAME, ...). A script with a line 'fronts: direct tls nginx' runs
again for each front except the first, with BODEGA_FRONT=nginx, as e2e/NAME@nginx. SUITE selects by the beginning of the
name; for C++ also by the beginning of the path (unit/base).

CASE runs C++ tests only: a Catch2 filter ("name of a case", "*part*", "[tag]") or a path below tests/ (unit/base,
tests/unit/base/ulid_test.cpp). Without a mariadbd on the PATH, they run on SQLite, and the cases of MariaDB are skipped.

Suites run in parallel, --jobs at a time. A script with a line 'alone: WHY' makes measurements that others would disturb.
It runs when all others have ended; a process group that TESTS_BESIDE names is stopped meanwhile.

A script gets the binary's path in BODEGA and its own TMPDIR, and ends with a line 'N passed, N failed' (', N skipped'
may follow). A script fails if it crashes, times out, prints no counts, or exits with a status that does not match them.
The last line has the counts of all; exit status 1 if any failed.
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
SHOWN = re.compile(r"^(?:attack  |skipped: ).*$", re.MULTILINE)  # always shown: the cost of an attack, skipped checks
SUITE_LIMIT = int(os.environ.get("BODEGA_SUITE_LIMIT", 900))  # seconds; a suite that takes longer hangs
DEPENDENCY_LIMIT = 300  # seconds
OWN_LINES = 40  # lines of a C++ suite's own output (mostly the log) that are shown when it fails


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
    """One child process with its own process group, TMPDIR and sanitizer reports."""

    def __init__(self, options, more=None):
        self.options, self.more = options, more or {}
        self.temporary = tempfile.mkdtemp(prefix="bodega-test-")
        self.reports = Path(self.temporary, "sanitizer")
        self.output = ""
        self.status = 0

    def environment(self):
        env = dict(os.environ, TMPDIR=self.temporary, **self.more)
        if self.options.binary:
            env["BODEGA"] = str(self.options.binary.resolve())
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
        """Compares the child's counts with its exit status and its sanitizer reports."""
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
    """A Catch2 test spec for one test by its name, with special characters escaped, and its file."""
    escaped = re.sub(r'([\\,\[\]"~])', r"\\\1", name)
    return f'"{escaped}"[#{Path(source).stem}]'


class CppSuite:
    alone = False

    def __init__(self, name, cases):
        self.name = name
        self.cases = cases  # [(source, name)]

    def environment(self):
        """Additional variables for its tests."""
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
    """The catalog's tests on MySQL 9 from Debian's unstable suite: deploy/build/recipes/mysql-server.sh."""

    SOURCES = ("unit/db/", "catalog/")
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
        """The cases whose source file uses a server."""
        cases = [case for case in everything if case[0].startswith(cls.SOURCES)]
        known = {source: bool(cls.ENGINES.search((ROOT / "tests" / source).read_text())) for source, _ in cases}
        return cls("mysql9", [case for case in cases if known[case[0]]])


def dependency(name):
    """The folder of a dependency that only tests need; None where it is not available."""
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
    """The web app's unit tests, run by node's test runner."""

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


def cpp_cases(tests, *filters):
    """[(source, name)], all or those that filters of Catch2 select."""
    command = [str(tests), "--list-tests", "--filenames-as-tags", "--reporter", "xml", *filters]
    listed = subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    cases = xml.etree.ElementTree.fromstring(listed.stdout).iter("TestCase")
    return [(re.sub(r"^.*?\btests/", "", case.findtext("SourceInfo/File").strip()), case.findtext("Name")) for case in cases]


def suites_of(cases):
    suites = {}
    for case in cases:
        suites.setdefault(case[0].split("/")[0], []).append(case)
    order = ["unit", "catalog", "api", "edge"]
    return [CppSuite(name, cases) for name, cases in sorted(suites.items(), key=lambda s: (order + [s[0]]).index(s[0]))]


def cpp_suites(tests, wanted):
    everything = cpp_cases(tests)
    found = suites_of(case for case in everything if matches(case[0], wanted))
    return found + [s for s in [MysqlSuite.of(everything)] if matches(s.name, wanted)]


def case_suites(tests, wanted):
    """The C++ suites with the cases that a path, a name or a Catch2 filter selects; without MariaDB, on SQLite only."""
    if shutil.which("mariadbd") is None:
        print("run.py: no mariadbd on the PATH, so the catalog's cases run on SQLite only", file=sys.stderr)
        os.environ["BODEGA_TEST_ENGINE"] = "sqlite"
    path = wanted.removeprefix("tests/")
    everything = cpp_cases(tests)
    if (ROOT / "tests" / path).exists():
        return suites_of(case for case in everything if matches(case[0], [path]))
    named = [case for case in everything if case[1] == wanted]  # a name may hold what a filter gives a meaning to
    return suites_of(named or cpp_cases(tests, wanted))


def script_suites():
    found = [p for ending in ("py", "sh", "mjs") for p in ROOT.glob(f"tests/*/*.{ending}")]
    scripts = [p for p in found if os.access(p, os.X_OK) and p.parent.name not in ("support", "bench", "fuzz")]
    suites = [ScriptSuite(p, front) for p in scripts for front in fronts_of(p)]
    return sorted(suites, key=lambda s: (not s.name.startswith("e2e/"), s.name))


def fronts_of(script):
    """'' for most scripts, which have no fronts. The first of several fronts is the default and has no name either."""
    found = FRONTS.search(script.read_text(errors="replace"))
    return ["", *found[1].split()[1:]] if found else [""]


def matches(name, wanted):
    return not wanted or any(name == w or name.startswith(w) for w in wanted)


def chosen_suites(options):
    if options.case:
        return case_suites(options.tests, options.case)
    suites = cpp_suites(options.tests, options.suites) if options.tests else []
    if options.sanitizer:  # this test checks bodega, not servers
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
    parser.add_argument("--binary", type=Path)
    parser.add_argument("--tests", type=Path)
    parser.add_argument("--case", help="run C++ tests only: a Catch2 filter, or a path below tests/")
    parser.add_argument("--sanitizer", choices=["asan", "tsan"])
    parser.add_argument("--list", action="store_true", help="name the suites")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many suites run side by side (default: the cores)")
    parser.add_argument("--verbose", action="store_true", help="show the output of what passed, too")
    parser.add_argument("suites", nargs="*", metavar="SUITE")
    options = parser.parse_args()
    if options.tests is None if options.case else options.binary is None:
        parser.error("--case needs --tests, and suites need --binary")
    options.tests = options.tests and options.tests.resolve()
    return options


@contextlib.contextmanager
def nothing_beside():
    """Stops the process group that TESTS_BESIDE names, if any, for the duration of the block."""
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
    """Runs the suites that may run in parallel, then each of the others by itself; returns the counts of all."""
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
        what = f"case is {options.case}" if options.case else f"suite's name starts with {' or '.join(options.suites) or 'anything'}"
        print(f"run.py: no {what}", file=sys.stderr)
        total.failed = 1
    print(total)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
