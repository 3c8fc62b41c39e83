#!/usr/bin/env python3
"""The build's own tools do what they say: the layers check finds each breach, clang each field that is used without its
mutex, the runner counts every kind of end, dependencies are built once however many ask, and assets and migrations are
embedded or refused."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))
from checks import check, finish, skip

BUILD = ROOT / "deploy/build"
BREACHES = {
    "src/base/a.cpp": ('#include "db/pool.h"\n', "base includes db/"),
    "src/store/a.cpp": ('#include "app/auth/authorizer.h"\n', "store includes app/"),
    "src/web/a.cpp": ('#include "edge/server.h"\n', "web includes edge/"),
    "src/edge/a.cpp": ('#include "app/auth/authorizer.h"\n', "edge includes app/"),
    "src/app/a.cpp": ("#include <httplib.h>\n", "cpp-httplib outside src/web/, src/net/http_client."),
    "src/app/b.cpp": ('auto q = "SELECT id FROM users";\n', "SQL outside src/db/, src/store/"),
    "src/blobs/c.cpp": ("#include <sqlite3.h>\n", "SQLite's or MariaDB's header outside src/db/"),
    "src/net/a.cpp": ("std::mutex mutex_;\n", "std::mutex instead of base/mutex.h"),
    "src/net/b.cpp": ("const std::lock_guard lock(mutex_);\n", "std::lock_guard instead of base/mutex.h"),
    "src/net/c.cpp": ("std::unique_lock<M> lock(mutex_);\n", "std::unique_lock instead of base/mutex.h"),
    "src/net/d.cpp": ("std::scoped_lock lock(a, b);\n", "std::scoped_lock instead of base/mutex.h"),
    "src/net/e.h": ("std::condition_variable changed_;\n", "std::condition_variable instead of base/mutex.h"),
    "src/net/f.h": ("std::condition_variable_any changed_;\n", "std::condition_variable_any instead of base/mutex.h"),
    "src/net/g.h": ("std::shared_mutex mutex_;\n", "std::shared_mutex instead of base/mutex.h"),
    "src/net/h.cpp": ("const std::shared_lock lock(mutex_);\n", "std::shared_lock instead of base/mutex.h"),
    "src/attic/a.cpp": ("\n", "src/ has no layer attic"),
    "src/app/string_utils.h": ("\n", "a name that says nothing"),
    "src/app/long.cpp": ("\n" * 501, "501 lines, over 500"),
    "src/app/later.cpp": ("// TO" + "DO: the rest\n", "a mark of something left undone"),
    "src/app/swallow.cpp": ("void f() { try {} catch (...) {} }\n", "swallows every exception"),
    "tests/unit/empty_test.cpp": ('TEST_CASE("a") {}\n', "test cases that assert nothing"),
}
ALLOWED = {
    "src/base/mutex.h": "std::mutex mutex_;\n",
    "src/store/users.cpp": '#include "base/clock.h"\n#include "db/pool.h"\nauto q = "SELECT id FROM users";\n',
    "src/cli/serve.cpp": '#include "edge/server.h"\n#include "web/server.h"\n',
    "src/web/server.cpp": '#include <httplib.h>\n#include "app/auth/authorizer.h"\n',
}
# A class for clang, the body of its one function, and whether the analysis has a complaint.
GUARDED = """#include "base/mutex.h"
class Counter {
public:
    int next() { %s }

private:
    bodega::base::Mutex mutex_;
    bodega::base::Condition changed_;
    int value_ GUARDED_BY(mutex_) = 0;
};
int use() { return Counter().next(); }
"""
BODIES = [
    ("const bodega::base::MutexLock lock(mutex_); return ++value_;", ""),
    ("return ++value_;", "requires holding mutex 'mutex_'"),
    ("bodega::base::MutexLock lock(mutex_); lock.unlock(); return ++value_;", "requires holding mutex 'mutex_'"),
    ("const bodega::base::MutexLock lock(mutex_); const bodega::base::MutexUnlock free(mutex_); return ++value_;", "requires holding mutex 'mutex_'"),
    ("changed_.wait(mutex_); return 0;", "requires holding mutex 'mutex_'"),
]
# A script for the runner: its body, and the expected result.
ENDS = {
    "good": ("echo 3 passed, 0 failed", "3 passed, 0 failed "),
    "skips": ("echo 1 passed, 0 failed, 2 skipped", "1 passed, 0 failed, 2 skipped"),
    "fails": ("echo 2 passed, 1 failed; exit 1", "2 passed, 1 failed "),
    "lies": ("echo 2 passed, 0 failed; exit 3", "2 passed, 1 failed "),
    "crashes": ("kill -SEGV $$", "0 passed, 1 failed "),
    "silent": ("true", "0 passed, 1 failed "),
    "leaves": ('sleep 1000 & echo "$!" >"$OUT/left"; echo 1 passed, 0 failed', "1 passed, 0 failed "),
}


def write(root, name, text, mode=0o644):
    path = Path(root, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def run(*command, **more):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, **more)


def check_layers():
    root = tempfile.mkdtemp()
    for name, text in ALLOWED.items():
        write(root, name, text)
    done = run(sys.executable, BUILD / "layers.py", root)
    check("a correct tree passes the layers check", done.returncode == 0 and not done.stdout, done)
    for name, (text, _) in BREACHES.items():
        write(root, name, text)
    done = run(sys.executable, BUILD / "layers.py", root)
    for name, (_, breach) in BREACHES.items():
        check(f"the layers check finds: {breach}", f"{name}: {breach}" in done.stdout.splitlines(), done.stdout)
    check("the layers check finds nothing else", done.returncode == 1 and len(done.stdout.splitlines()) == len(BREACHES), done.stdout)


def check_lock_analysis():
    if not shutil.which("clang++-16"):
        return skip("clang's analysis of locks", "no clang++-16")
    for body, complaint in BODIES:
        file = write(tempfile.mkdtemp(), "counter.cpp", GUARDED % body)
        done = run("clang++-16", "-std=c++20", "-fsyntax-only", "-Werror=thread-safety", "-Wthread-safety", f"-I{ROOT}/src", file)
        wanted = complaint in done.stderr and done.returncode == 1 if complaint else done.returncode == 0
        check(f"clang {'refuses' if complaint else 'accepts'}: {body}", wanted, done)


def check_runner():
    root = tempfile.mkdtemp()
    shutil.copy(ROOT / "tests/run.py", write(root, "tests/run.py", ""))
    for name, (body, _) in ENDS.items():
        write(root, f"tests/e2e/{name}.sh", f"#!/bin/bash\n{body}\n", 0o755)
    write(root, "tests/e2e/not_executable.sh", "exit 1\n")
    done = run(sys.executable, Path(root, "tests/run.py"), "--binary", "/bin/true", env=dict(os.environ, OUT=root))
    for name, (_, counts) in ENDS.items():
        check(f"the runner counts a script that {name}", re.search(rf"^e2e/{name} +{counts}", done.stdout, re.MULTILINE), done.stdout)
    last = done.stdout.splitlines()[-1]
    check("the runner adds up the counts", last == "9 passed, 4 failed, 2 skipped" and done.returncode == 1, done.stdout)
    left = int(Path(root, "left").read_text())
    check("processes that a script left behind are ended", comes_to(left, "Z", None), left)

    done = run(sys.executable, Path(root, "tests/run.py"), "--binary", "/bin/true", "e2e/good")
    check("one suite can be selected", done.stdout.splitlines()[-1] == "3 passed, 0 failed" and done.returncode == 0, done.stdout)
    done = run(sys.executable, Path(root, "tests/run.py"), "--binary", "/bin/true", "nothing/like/it")
    check("selecting no suite is a failure", done.returncode == 1, done.stdout)
    check_what_runs_beside(root)


def comes_to(process, *states):
    """Whether the process comes to one of the states within some seconds; None: it is gone."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            state = None
        if state in states:
            return True
        time.sleep(0.05)
    return False


def check_what_runs_beside(root):
    for name, word in (("measures", "# alone: the clock\n"), ("works", "")):
        state = 'cut -d " " -f 3 "/proc/$TESTS_BESIDE/stat" | tee "$OUT/state_$0"'.replace("$0", name)
        write(root, f"tests/fleet/{name}.sh", f"#!/bin/bash\n{word}{state}\necho 1 passed, 0 failed\n", 0o755)
    beside = subprocess.Popen(["sleep", "1000"], start_new_session=True)
    try:
        run(sys.executable, Path(root, "tests/run.py"), "--binary", "/bin/true", "fleet", env=dict(os.environ, OUT=root, TESTS_BESIDE=str(beside.pid)))
        states = [Path(root, f"state_{name}").read_text().strip() for name in ("measures", "works")]
        check("the group that runs beside is stopped for a measuring suite, and for no other", states == ["T", "S"], states)
        check("the group that runs beside continues afterwards", comes_to(beside.pid, "S"))
    finally:
        beside.kill()
        beside.wait()


def check_dependencies():
    root = tempfile.mkdtemp()
    for name in ("dependency.sh", "debian_archive.sh"):
        shutil.copy(BUILD / name, root)
    recipe = write(root, "recipes/probe.sh", 'sleep 0.3\necho built >>"$BODEGA_CACHE/count"\necho 1 >"$OUT/version"\n')
    env = dict(os.environ, BODEGA_CACHE=root + "/cache")
    asked = [subprocess.Popen([root + "/dependency.sh", "probe"], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
             for _ in range(4)]
    folders = {child.communicate()[0].strip() for child in asked}
    built = Path(root, "cache/count").read_text().splitlines()
    check("clones that build at once build a dependency once", len(built) == 1 and len(folders) == 1, (built, folders))
    folder = folders.pop()
    check("the dependency's folder is complete", Path(folder, "version").read_text() == "1\n" and Path(folder, ".complete").exists(), folder)
    recipe.write_text(recipe.read_text() + "false\n")
    done = run(root + "/dependency.sh", "probe", env=env)
    left = [p.name for p in Path(root, "cache").iterdir() if p.is_dir()]
    check("a dependency that fails to build reports it and leaves nothing", done.returncode == 1 and left == [Path(folder).name], (done, left))


def embed(files, tool, *arguments):
    root = tempfile.mkdtemp()
    for name, text in files.items():
        write(root, name, text)
    done = run("node", BUILD / tool, *arguments, cwd=root)
    out = Path(root, "out.cpp")
    return done, out.read_text() if out.exists() else ""


def check_embedding():
    files = {"web/index.html": "<!doctype html>" * 100, "web/assets/app-ABCDEFGH.js": "x", "web/assets/app.js": "y" * 200}
    done, text = embed(files, "embed_assets.mjs", "web", "bytes", "out.cpp")
    check("assets are embedded in order of their paths", done.returncode == 0 and
          text.index('"/assets/app-ABCDEFGH.js"') < text.index('"/assets/app.js"') < text.index('"/index.html"'), done)
    rows = dict(re.findall(r'\{"(/[^"]+)", "[^"]+", "[^ ]+", (true|false)', text))
    check("a name with a hash is immutable, another is not", rows == {
        "/assets/app-ABCDEFGH.js": "true", "/assets/app.js": "false", "/index.html": "false"}, rows)
    check("one byte has no compressed variant", "{bodega_asset_0_identity, 1}, {}, {}" in text, text)
    done, _ = embed({"web/a.exe": "x"}, "embed_assets.mjs", "web", "bytes", "out.cpp")
    check("a kind of file without a content type is refused", done.returncode == 1 and "a.exe" in done.stderr, done)

    done, text = embed({"m/sqlite/0001_a.sql": "A;\n", "m/sqlite/0002_b.sql": "B;\n", "m/mysql/0001_a.sql": "x" * 40000},
                       "embed_migrations.mjs", "m", "out.cpp")
    check("migrations are embedded with version and name", done.returncode == 0 and '{2, "0002_b", R"sql(B;\n)sql"}' in text, done)
    check("long migrations are embedded in pieces that every compiler accepts", max(map(len, re.findall(r"\(x+\)", text))) < 16384, done)
    for name, why in {"1_a.sql": "not named", "0001_b.sql": "two of version 1"}.items():
        done, _ = embed({"m/sqlite/0001_a.sql": "A;", f"m/sqlite/{name}": "B;", "m/mysql/0001_a.sql": "A;"},
                        "embed_migrations.mjs", "m", "out.cpp")
        check(f"a migration named {name} beside 0001_a.sql is refused", done.returncode == 1 and why in done.stderr, done)


def check_kit_embedding():
    kit = {"d/kit.txt": "# a comment\n\na/x.conf   the x\n", "d/a/x.conf": "x\n", "d/README.md": "", "d/a/README.md": "", "d/build/tool.sh": ""}
    done, text = embed(kit, "embed_kit.mjs", "d", "out.cpp")
    check("the kit's files are embedded with their descriptions", done.returncode == 0 and
          '{"a/x.conf", R"kit(the x)kit", {R"kit(x\n)kit", 2}},' in text and text.count("{R") == 1, (done, text))
    for more, why in [({"d/a/y.conf": ""}, "a/y.conf is not in kit.txt"), ({"d/kit.txt": "a/x.conf x\na/y.conf y\n"}, "kit.txt names a/y.conf"),
                      ({"d/kit.txt": "a/x.conf x\na/x.conf x\n"}, "names a file twice"), ({"d/kit.txt": "a/x.conf\n"}, "is not a path and what it is"),
                      ({"d/a/x.conf": "x" * (2 << 20)}, "over")]:
        done, _ = embed({**kit, **more}, "embed_kit.mjs", "d", "out.cpp")
        check(f"a kit is refused where {why}", done.returncode == 1 and why in done.stderr, done)


def main():
    check_layers()
    check_lock_analysis()
    check_runner()
    check_dependencies()
    check_embedding()
    check_kit_embedding()
    finish()


if __name__ == "__main__":
    main()
