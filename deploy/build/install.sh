#!/usr/bin/env bash
# Installs the Debian packages of a purpose that this machine lacks, and prints what it does.
#
# usage: install.sh PURPOSE...      (build, test, check, bench: the lists in packages/)
#
# Upgrades and removes nothing, and does not change apt's sources. Any NAME on the PATH whose --version is at
# least VERSION satisfies a list's line `NAME >= VERSION`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
policy=/usr/sbin/policy-rc.d

wanted() {
    local purpose
    for purpose in "$@"; do grep -vE '^(#|$)' "$here/packages/$purpose.txt"; done | sort -u
}

major_of() {
    command -v "$1" >/dev/null || { echo 0; return; }
    "$1" --version 2>/dev/null | head -n 1 | grep -oE '[0-9]+' | head -n 1 || echo 0
}

# Prints the listed packages that are neither installed by dpkg nor replaced by a program on the PATH.
missing() {
    local name relation least
    wanted "$@" | while read -r name relation least; do
        if [ -n "$relation" ]; then
            local command=${name%js}  # Debian's nodejs is the program node
            [ "$(major_of "$command")" -lt "$least" ] || continue
        elif [ "$name" = npm ] && command -v npm >/dev/null; then
            continue
        fi
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || echo "$name"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then env DEBIAN_FRONTEND=noninteractive "$@"
    else sudo DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

# Waits while another apt runs on this machine.
apt() { as_root apt-get -o DPkg::Lock::Timeout=900 "$@"; }

# Server packages start their service when they are installed, and at every boot. bodega's tests start their own
# servers, so this prevents the start.
hold_services() {
    [ -e "$policy" ] && return
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    trap 'as_root rm -f "$policy"' EXIT
}

disable_new_services() {
    [ -d /run/systemd/system ] || return 0
    local name
    for name in "$@"; do
        case $name in
            nginx-light) as_root systemctl disable --quiet nginx.service || true ;;
            haproxy) as_root systemctl disable --quiet haproxy.service || true ;;
        esac
    done
}

# make runs this script for several purposes at once, but only one apt can run at a time.
exec 9<"${BASH_SOURCE[0]}"
flock 9
mapfile -t packages < <(missing "$@")
[ ${#packages[@]} -gt 0 ] || exit 0
echo "Installing what this machine lacks to $* bodega: ${packages[*]}"
if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    echo "install.sh: not root, and there is no sudo. As root, run: apt-get install ${packages[*]}" >&2
    exit 1
fi
hold_services
if ! apt install --yes --no-install-recommends --simulate "${packages[@]}" >/dev/null 2>&1; then
    echo "  apt-get update (its lists do not have them yet)"
    apt update -qq
fi
log=$(mktemp)
echo "  apt-get install --no-install-recommends (services are not started; the log is $log)"
if ! apt install --yes --no-install-recommends "${packages[@]}" >"$log" 2>&1; then
    # Outdated lists may name versions that the mirror no longer has.
    apt update -qq
    if ! apt install --yes --no-install-recommends "${packages[@]}" >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        exit 1
    fi
fi
rm -f "$log"
disable_new_services "${packages[@]}"
