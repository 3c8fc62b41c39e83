# shellcheck shell=bash
# The static libraries and headers of packages/build.txt for another architecture, unpacked and not installed: the
# machine's own packages stay of one architecture. $OUT/versions says which they are.
# shellcheck source=deploy/build/debian_archive.sh
. "$RECIPES/debian_archive.sh"

mapfile -t packages < <(grep -xE 'lib[a-z0-9]+-dev|[a-z0-9]+-dev|nlohmann-json3-dev' "$RECIPES/packages/build.txt")
debian_suites "$PWD/apt" deb bookworm bookworm-security
private_apt "$PWD/apt" download "${packages[@]}"
for package in *.deb; do
    dpkg-deb --extract "$package" unpacked
    echo "$(dpkg-deb --field "$package" Package) $(dpkg-deb --field "$package" Version)" >>"$OUT/versions"
done
mv unpacked/usr "$OUT/"
