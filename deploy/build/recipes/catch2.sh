# shellcheck shell=bash
# Catch2 3.7, the test framework, from bookworm-backports: its headers and static library, unpacked.
# Bookworm itself has version 2.
# shellcheck source=deploy/build/debian_archive.sh
. "$RECIPES/debian_archive.sh"

debian_suites "$PWD/apt" deb bookworm-backports
private_apt "$PWD/apt" download libcatch2-dev
dpkg-deb --extract libcatch2-dev_*.deb unpacked
mkdir "$OUT/lib"
cp -r unpacked/usr/include "$OUT/include"
find unpacked/usr/lib -name 'libCatch2*.a' -exec cp {} "$OUT/lib/" ';'
test -e "$OUT/lib/libCatch2.a"
dpkg-deb --field libcatch2-dev_*.deb Version >"$OUT/version"
