#!/usr/bin/env python3
"""The printed units of the kit under a real systemd: a start, an upgrade, a stop that finishes a request, and the listening
sockets."""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))
from checks import check, finish, skip

BINARY = Path(os.environ.get("BODEGA", ROOT / "build/bodega")).resolve()
# mount's helper for a file system whose server starts late: it fails until then.
LATE = """\
#!/bin/sh
[ -e /boot.test/server ] || { echo "mount.late: no server" >&2; exit 32; }
mount -t tmpfs tmpfs "$2" && install -d -o bodega -g bodega "$2/files"
"""
# TimeoutStopSec is less than the request takes: bodega asks for more.
SCRIPT = r"""
trap 'journalctl --no-pager --output=cat >/boot.test/log' EXIT
install -m 0755 /boot.test/bodega /usr/local/bin/bodega
groupadd --system bodega
useradd --system --gid bodega --home-dir /var/lib/bodega --no-create-home --shell /usr/sbin/nologin bodega
install -d -m 0750 -g bodega /etc/bodega && cd /etc/bodega
printf 'BODEGA_EDGE_LISTEN=http://[::]\nBODEGA_NODE_DATA_DIR=/var/lib/bodega\n' >.env
chown bodega .env && chmod 0600 .env
bodega kit bodega.service | sed 's/^TimeoutStopSec=.*/TimeoutStopSec=1s/' >/etc/systemd/system/bodega.service
systemctl daemon-reload
systemctl start bodega.service
main() { systemctl show --property=MainPID --value bodega.service; }
first=$(main)
# A reload refuses what bodega config check does, and the service continues.
echo 'BODEGA_LOG_LEVEL=loud' >>.env
if systemctl reload bodega.service; then exit 1; fi
sed -i 's/loud/debug/' .env
systemctl reload bodega.service
[ "$(main)" = "$first" ]
systemctl kill --kill-who=main --signal=USR2 bodega.service
for _ in $(seq 100); do [ -e "/proc/$first" ] || break; sleep 0.1; done
[ "$(main)" != "$first" ]
exec 3<>/dev/tcp/127.0.0.1/80
printf 'POST /api/v1/session HTTP/1.1\r\nHost: h\r\nOrigin: http://h\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n{"username":"ana"' >&3
sleep 0.5
(sleep 3; printf '%-23s' ',"password":"wrong"}' >&3; timeout 10 head -1 <&3 >/boot.test/answer) &
systemctl stop bodega.service
wait
systemctl show --property=Result --value bodega.service >/boot.test/result
exec 3>&-
bodega kit bodega.socket >/etc/systemd/system/bodega.socket
systemctl daemon-reload
systemctl enable --now bodega.socket && systemctl start bodega.service
curl --fail --silent --show-error http://127.0.0.1/readyz 'http://[::1]/livez'
systemctl restart bodega.service
curl --fail --silent --show-error http://127.0.0.1/readyz
systemctl stop bodega.socket bodega.service
if curl --silent http://127.0.0.1/readyz; then exit 1; fi
if systemctl is-active bodega.socket bodega.service; then exit 1; fi

# A shared folder whose mount comes late, as at a boot: the service is there once it is, and not before.
rm -r /etc/systemd/system/bodega.socket /var/lib/bodega/*
install -m 0755 /boot.test/mount.late /sbin/mount.late
install -d /mnt/the-share
echo 'server:/ /mnt/the-share late _netdev 0 0' >>/etc/fstab
printf 'SHARED_DIR=/mnt/the-share/files\n' >>.env
bodega kit bodega.service >/etc/systemd/system/bodega.service
systemctl daemon-reload
systemctl start --no-block bodega.service
for _ in $(seq 200); do [ "$(systemctl show --property=NRestarts --value bodega.service)" -lt 1 ] || break; sleep 0.1; done
[ "$(systemctl show --property=NRestarts --value bodega.service)" -ge 1 ]
[ ! -e /mnt/the-share/files ]
touch /boot.test/server
curl --fail --silent --show-error --retry 100 --retry-delay 0 --retry-max-time 60 --retry-connrefused http://127.0.0.1/readyz
mountpoint /mnt/the-share
[ -d /mnt/the-share/files/blobs ]
"""


def main():
    folder = Path(tempfile.mkdtemp(prefix="bodega-boot-"))
    try:
        shutil.copy(BINARY, folder / "bodega")
        (folder / "mount.late").write_text(LATE)
        (folder / "script").write_text(SCRIPT)
        done = subprocess.run([ROOT / "tests/support/boot.sh", folder, "180"], capture_output=True, text=True, timeout=200)
        found = {path.name: path.read_text(errors="replace") for path in folder.iterdir() if path.name not in ("bodega", "mount.late") and path.is_file()}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if "output" not in found:
        return skip("the units under systemd", "it can't be booted here: " + done.stderr[-300:])
    shown = {name: text[-600:] if name != "log" else text[-8000:] for name, text in found.items() if name != "script"}
    check("started, replaced, stopped, started by its sockets, and after a late mount", found.get("status") == "0\n", shown)
    check("a request in flight was completed", found.get("answer", "").startswith("HTTP/1.1 4"), shown)
    check("a reload of a configuration with a mistake was refused with its line", "BODEGA_LOG_LEVEL: log.level must be one of" in found.get("log", ""), shown)
    check("nothing was killed", found.get("result") == "success\n" and "cut off" not in found.get("log", "cut off"), shown)


if __name__ == "__main__":
    main()
    finish()
