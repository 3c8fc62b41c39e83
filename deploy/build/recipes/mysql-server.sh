# shellcheck shell=bash
# MySQL 9, for the tests alone: the server of Debian's unstable suite and the libraries that it is linked with, unpacked,
# and the command `mysqld`, which starts it with its own loader. Bookworm has no MySQL.
# shellcheck source=deploy/build/debian_archive.sh
. "$RECIPES/debian_archive.sh"

debian_suites "$PWD/apt" deb sid
: >no_packages # of this machine count: their versions are older
private_apt "$PWD/apt" -o Dir::State::status="$PWD/no_packages" -o APT::Install-Recommends=false --download-only --yes \
    install mysql-server-core >/dev/null
for package in apt/cache/archives/*.deb; do
    case ${package##*/} in perl* | libperl*) continue ;; esac # for scripts that no test runs
    dpkg-deb --extract "$package" "$OUT"
done
(cd "$OUT" && rm -rf usr/bin usr/share/{doc,man,locale,i18n} usr/lib/locale var)

# By its own place, since the cache gives the folder another name. --no-defaults has to be the first argument.
cat >"$OUT/mysqld" <<'SCRIPT'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
libraries=$(ls -d "$here"/usr/lib/*-linux-gnu*)
exec "$libraries"/ld-linux*.so.* --library-path "$libraries:$here/usr/lib" "$here/usr/sbin/mysqld" "$@" \
    --basedir="$here/usr" --lc-messages-dir="$here/usr/share/mysql" --plugin-dir="$here/usr/lib/mysql/plugin" \
    --character-sets-dir="$here/usr/share/mysql/charsets" --secure-file-priv=NULL
SCRIPT
chmod 755 "$OUT/mysqld"
"$OUT/mysqld" --no-defaults --version
dpkg-deb --field "$(ls apt/cache/archives/mysql-server-core_*.deb)" Version >"$OUT/version"
