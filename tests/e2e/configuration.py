#!/usr/bin/env python3
"""A mistake in a configuration is reported in one line with exit code 2, and leaves nothing behind."""
import os
import socket
import stat

from bodega import BINARY, environment, expect, main, same

# Mistakes, as (files, environment, flags), and the beginning of the line.
MISTAKES = [
    ({"config.toml": "[edge]\nlisten = ['http://127.0.0.1:0']\nlopps = 1\n"}, {}, [],
     "config.toml:3: there is no setting edge.lopps (did you mean edge.loops?)"),
    ({"config.toml": "[egde]\n"}, {}, [], "config.toml:1: there is no section [egde] (did you mean edge?)"),
    ({"config.toml": "[edge\n"}, {}, [], "config.toml:1: this is not TOML: "),
    ({"config.toml": "[app]\nlisten = \"a.sock\n[log]\n"}, {}, [], "config.toml:2: this is not TOML: Error while parsing string: unescaped control characters "
     "other than TAB (U+0009) are explicitly prohibited (does a string lack its closing quote?)"),
    ({"config.toml": "[app]\nlisten = 'a.sock\n[log]\n"}, {}, [], "config.toml:2: this is not TOML: Error while parsing literal string: "),
    ({"config.toml": "[edge]\nloops = 'two'\n"}, {}, [], "config.toml:2: edge.loops must be a whole number"),
    ({"config.toml": "[edge]\nhead_timeout = 5\n"}, {}, [], "config.toml:2: edge.head_timeout must be a duration such as"),
    ({"other.toml": "[log]\nlevel = 'loud'\n"}, {}, ["--config", "other.toml"], "other.toml:2: log.level must be one of"),
    ({}, {}, ["--config", "absent.toml"], "--config: could not read absent.toml: there is no such file"),
    ({}, {"BODEGA_CONFIG": "absent.toml"}, [], "BODEGA_CONFIG: could not read absent.toml: there is no such file"),
    ({}, {}, ["--edge-lisen", "x"], "serve: there is no flag --edge-lisen (did you mean --edge-listen?)"),
    ({}, {}, ["--edge-listen"], "serve: --edge-listen needs a value"),
    ({}, {}, ["--edge-loops", "many"], "--edge-loops: edge.loops must be a whole number"),
    ({}, {}, ["--edge-loops=-1"], "--edge-loops: edge.loops must be between 0 and 256"),
    ({}, {}, ["--edge-listen", "8080"], "--edge-listen: edge.listen must hold addresses such as"),
    ({}, {}, ["--database-password", "hunter2"], "--database-password: other users of the machine can see a command line"),
    ({}, {}, ["extra"], 'serve: "extra" is one argument too many; usage: bodega serve'),
    ({}, {"BODEGA_EDGE_LISTN": "x"}, [], "BODEGA_EDGE_LISTN: there is no such setting (did you mean BODEGA_EDGE_LISTEN?)"),
    ({".env": "BODEGA_LOG_LEVEL=hunter2\n"}, {}, [], 'BODEGA_LOG_LEVEL: log.level must be one of'),
    ({".env": "A=1\nthis is no variable\n"}, {}, [], ".env:2: this line is not KEY=value"),
    ({}, {"DB_NAME": "files"}, [], "DB_NAME is set without DB_HOST"),
    ({}, {"DB_HOST": "localhost", "DB_PASSWORD_FILE": "absent"}, [], "DB_PASSWORD_FILE: could not read absent: there is no such file"),
    ({}, {"DB_HOST": "localhost", "DB_PASSWORD": "a", "DB_PASSWORD_FILE": "b"}, [], "DB_PASSWORD and DB_PASSWORD_FILE are both set"),
    ({}, {"BODEGA_DATABASE_URL": "mysql://ana:hunter2@h/x"}, [], "BODEGA_DATABASE_URL: database.url must not hold the password"),
    ({}, {"BODEGA_ADMIN_USER": "root"}, [], "BODEGA_ADMIN_USER: accounts.admin_user needs accounts.admin_password_file"),
    ({}, {}, ["--app-threads", "8", "--app-uploads", "1", "--edge-upstream-connections", "10"], "--edge-upstream-connections: edge.upstream_connections must not be more"),
]


def check_mistake(place, number, files, env, flags, beginning):
    folder = f"{place.path}/{number}"
    os.mkdir(folder)
    for name, content in files.items():
        place.file(f"{number}/{name}", content)
    before = set(os.listdir(folder))
    code, out, err = run_in(place, folder, ["serve", *flags], env)
    expect(code == 2 and out == "" and err.count("\n") == 1, number, code, out, err)
    expect(err.startswith("bodega: " + beginning), number, err, beginning)
    expect("hunter2" not in err or "LOG_LEVEL" in err, number, err)
    same(set(os.listdir(folder)), before)


def run_in(place, folder, words, env=None):
    import subprocess

    done = subprocess.run([BINARY, *words], cwd=folder, env=environment(env), capture_output=True, timeout=30, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_each_mistake_is_one_line(place):
    for number, mistake in enumerate(MISTAKES):
        check_mistake(place, number, *mistake)


def test_config_check_reports_each_mistake_with_its_line(place):
    place.file("config.toml", "[edge]\nlopps = 1\nloops = 'two'\n\n[log]\nlevel = 'loud'\n")
    code, out, err = place.run("config", "check")
    same((code, out, [line.split(" ")[1] for line in err.splitlines()]), (2, "", ["config.toml:2:", "config.toml:3:", "config.toml:6:"]))
    place.file("config.toml", "[edge]\nlisten = ['https://127.0.0.1:0']\nerror_pages = 'none'\n[edge.tls]\ncertificates = ['a.pem b.pem']\n")
    code, out, err = place.run("config", "check")
    expect((code, out, err.count("\n")) == (2, "", 2) and "a.pem" in err and "none" in err, code, out, err)
    place.file("config.toml", "[database]\nurl = 'mysql://ana@h:db/x'\n")
    code, out, err = place.run("config", "check")
    expect((code, out) == (2, "") and "database.url has no valid port" in err, code, out, err)
    place.file("config.toml", "[edge]\nlisten = ['http://127.0.0.1:0']\n")
    same(place.run("config", "check"), (0, "the configuration is valid: config.toml\n", ""))
    same(sorted(os.listdir(place.path)), ["config.toml"])


def test_config_show_reports_where_each_value_comes_from(place):
    place.file("config.toml", """[edge]
listen = ["http://127.0.0.1:1"]
loops = 3
[[edge.routes]]
to = "redirect:https://ana:hunter2@example.org/"
[[edge.upstreams]]
name = "flask"
servers = ["127.0.0.1:5000"]
[[edge.routes]]
path = "/flask"
to = "upstream:flask"
set_request = ["Authorization: hunter2", "X-Script-Name: /flask"]
""")
    place.file(".env", "BODEGA_EDGE_LISTEN=http://127.0.0.1:2\nDB_HOST=db\nDB_PASSWORD=hunter2\n")
    code, out, err = place.run("config", "show", "--log-level", "debug", env={"BODEGA_LOG_FORMAT": "json"})
    expect((code, err) == (0, "") and "hunter2" not in out, code, out, err)
    lines = [" ".join(line.split()) for line in out.splitlines()]
    for line in ('listen = ["http://127.0.0.1:2"] # .env (BODEGA_EDGE_LISTEN), wins over config.toml:2', "loops = 3 # config.toml:3",
                 'level = "debug" # --log-level', 'format = "json" # environment (BODEGA_LOG_FORMAT)', "max_fields = 100 # default",
                 'url = "mysql://bodega@db:3306/bodega" # .env (DB_HOST)', 'password = "(set)" # .env (DB_PASSWORD)',
                 "[[edge.routes]] # config.toml:4", 'to = "redirect:https://ana:(set)@example.org/"',
                 'set_request = ["Authorization: (set)", "X-Script-Name: /flask"]'):
        expect(line in lines, line, out)
    same(place.succeeds("config", "show", "edge.loops").split("#")[0].split(), ["[edge]", "loops", "=", "3"])
    code, out, err = place.run("config", "show", "edge.lops")
    same((code, out, err), (2, "", "bodega: there is no setting edge.lops (did you mean edge.loops?)\n"))


def test_a_start_logs_overridden_settings(place):
    place.file("config.toml", "[log]\nlevel = 'info'\n[edge]\nloops = 3\n")
    place.file(".env", "BODEGA_EDGE_LOOPS=1\nBODEGA_LOG_LEVEL=info\n")
    server = place.serve().ready()
    lines = [line for line in server.output().splitlines() if "wins over the configuration file" in line]
    expect(len(lines) == 1 and ' warn ' in lines[0] and 'settings="edge.loops (config.toml:4)"' in lines[0], lines)
    same(server.stop(), 0)


def test_the_kits_nginx_does_not_take_the_edges_addresses(place):
    """Every source except a flag, which names NGINX's own addresses."""
    for files, env in (({"config.toml": "[edge]\nlisten = ['http://0.0.0.0:8080']\n"}, {}), ({".env": "BODEGA_EDGE_LISTEN=http://0.0.0.0:8080\n"}, {}),
                       ({}, {"BODEGA_EDGE_LISTEN": "http://0.0.0.0:8080"})):
        for name, text in files.items():
            place.file(name, text)
        code, out, err = place.run("kit", "nginx", env=env)
        expect((code, out, err.count("\n")) == (2, "", 1) and "bodega itself listens on http://0.0.0.0:8080" in err, code, out, err)
        expect("listen 0.0.0.0:80;" in place.run("kit", "nginx", "--edge-listen", "http://0.0.0.0:80", env=env)[1])
        for name in files:
            os.remove(f"{place.path}/{name}")
    place.file("config.toml", "[edge]\nlisten = []\n[app]\nlisten = '/run/app.sock'\npublic_url = 'https://files.example.org'\n")
    code, out, err = place.run("kit", "nginx")
    expect((code, err) == (0, "") and "server unix:/run/app.sock" in out and "listen 0.0.0.0:443 ssl" in out, code, err)
    os.remove(f"{place.path}/config.toml")
    code, out, err = place.run("kit", "nginx", "--app-public-url", "https://files.example.org")
    expect(code == 0 and err.count("\n") == 1 and "app.listen is empty" in err, code, err)


def test_a_kit_file_is_replaced_in_one_step(place):
    os.umask(0o077)
    out, mode = f"{place.path}/bodega.conf", lambda path: stat.S_IMODE(os.stat(path).st_mode)
    place.file("config.toml", f"[edge]\nlisten = []\n[app]\nlisten = '{place.path}/app.sock'\npublic_url = 'https://files.example.org'\n")
    same(place.run("kit", "nginx", "--output", out), (0, "", ""))
    with open(out) as file:
        whole = file.read()
    same((whole, mode(out)), (place.succeeds("kit", "nginx"), 0o644))
    # A reload of NGINX with an empty file would remove the site.
    for words, why in ((("kit", "nginx", "--app-threads", "many"), "app.threads"), (("kit", "bodega.socket"), "edge.listen is empty"), (("kit",), "--output needs the NAME")):
        code, _, err = place.run(*words, "--output", out)
        expect(code == 2 and why in err and open(out).read() == whole, words, code, err)
    os.chmod(out, 0o640)
    place.succeeds("kit", "nginx", "--output", out)
    same(mode(out), 0o640)
    place.file("secret", "a-secret-of-the-proxy-that-is-long")
    place.succeeds("kit", "nginx", "--app-listen", "127.0.0.1:5000", "--app-proxy-secret-file", "secret", "--output", out)
    expect(mode(out) == 0o600 and "a-secret-of-the-proxy" in open(out).read(), mode(out))
    # A certificate that only NGINX can read.
    flags = ("--edge-tls-certificates", "/nowhere/chain.pem /nowhere/key.pem")
    place.succeeds("config", "check", *flags)
    place.succeeds("kit", "nginx", *flags, "--output", out)
    expect("ssl_certificate /nowhere/chain.pem;" in open(out).read() and "ssl_certificate_key /nowhere/key.pem;" in open(out).read())
    code, _, err = place.run("kit", "nginx", "--output", place.path)
    expect(code == 2 and "is not a file" in err, code, err)
    same(sorted(os.listdir(place.path)), ["bodega.conf", "config.toml", "secret"])


def test_a_port_in_use(place):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        code, out, err = place.run("serve", "--edge-listen", url)
    expect(code == 2 and err.count("\n") == 1, code, out, err)
    expect("in use" in err and url.rsplit(":", 1)[1] in err, err)
    same(os.listdir(place.path), [])


def test_a_data_folder_that_can_not_be_created(place):
    place.file("file", "x")
    for data in ("file", "file/below", "/proc/nowhere"):
        code, out, err = place.run("serve", "--edge-listen", "http://127.0.0.1:0", "--node-data-dir", data)
        expect(code == 2 and err.startswith(f"bodega: the data folder {data} "), data, code, err)
        expect(err.count("\n") == 1 and out == "", err, out)


def test_a_read_only_data_folder(place):
    # Root writes wherever permissions say no, so what is read-only for all is used: /sys, and /proc/self.
    code, _, err = place.run("serve", "--edge-listen", "http://127.0.0.1:0", "--node-data-dir", "/proc/self")
    expect(code == 2 and err.startswith("bodega: the data folder /proc/self can't be written to: "), code, err)
    if os.geteuid() != 0:
        os.mkdir(f"{place.path}/ro", stat.S_IRUSR | stat.S_IXUSR)
        code, _, err = place.run("serve", "--edge-listen", "http://127.0.0.1:0", "--node-data-dir", "ro")
        expect(code == 2 and "can't be written to: Permission denied" in err, code, err)


def test_read_only_commands_create_nothing(place):
    for words in (["user", "list"], ["fsck"], ["export", "--space", "x", "out"], ["user", "passwd", "ana"]):
        code, out, err = place.run(*words)
        expect(code == 2 and "run this where bodega serve was started" in err, words, code, out, err)
    same(os.listdir(place.path), [])


def test_help_and_version(place):
    same(place.run("help")[0], 0)
    same(place.run("--help")[1], place.run("help")[1])
    expect("bodega 0" in place.run("version")[1])
    same(place.run("--version")[1], place.run("version")[1])
    for name in ("serve", "config check", "config show", "user add", "user list", "user passwd", "user disable", "user enable", "user unlock", "user tokens", "user sessions", "migrate", "import", "export", "fsck"):
        out = place.succeeds("help", *name.split())
        expect(out.startswith(f"Usage: bodega {name}"), name, out)
        same(place.succeeds(*name.split(), "--help"), out)
    out = place.succeeds("help", "user")  # a family of commands: its members
    expect(out.startswith("  user add") and "\n  user sessions" in out and "serve" not in out, out)
    code, out, err = place.run("srve")
    same((code, out, err), (2, "", 'bodega: there is no command "srve" (did you mean serve?); bodega help lists the commands\n'))
    same(place.run()[0], 2)


if __name__ == "__main__":
    main()
