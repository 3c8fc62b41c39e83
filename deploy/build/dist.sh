#!/usr/bin/env bash
# Makes dist/: the stripped binary, its checksum, and its components, as a list and as a bill of materials (SPDX).
#
# usage: dist.sh VERSION ARCH BINARY      (a Debian architecture, and the binary that was built for it)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
version=$1
arch=$2
binary=$3
name=bodega-$version-linux-$arch
other='' strip='strip'
if [ "$arch" != "$(dpkg --print-architecture)" ]; then
    other=-$arch
    strip=$(dpkg-architecture -a "$arch" -q DEB_HOST_GNU_TYPE 2>/dev/null)-strip
fi

# Prints a Debian package and the version that was linked.
debian() { printf '%-24s %-28s %s\n' "$1" "$(version_of "$2")" "Debian $2"; }

version_of() {
    local versions
    versions=$([ -z "$other" ] || echo "$("$here/dependency.sh" --path "sysroot$other")/versions")
    if [ -n "$other" ] && grep -q "^$1 " "$versions"; then sed -n "s/^$1 //p" "$versions"
    elif [ -n "$other" ]; then dpkg-query -W -f '${Version}' "$1$other-cross"
    else dpkg-query -W -f '${Version}' "$1"
    fi
}

# Prints what a recipe built, and the source package's version if it differs.
recipe() {
    local versions
    versions=$("$here/dependency.sh" --path "$1$other")/version
    printf '%-24s %-28s %s\n' "$2" "$(head -n 1 "$versions")" "$3$(sed -nE 's/^from \S+( \S+)$/\1/p' "$versions")"
}

# Prints npm's packages for the web app; the build tools are not in the binary.
npm_packages() {
    npm ls --prefix assets --omit=dev --all --parseable --long 2>/dev/null |
        sed -nE 's,^.*:(@?[^:@]+)@([^:]+).*$,\1 \2,p' | grep -v '^bodega-web ' | sort -u |
        while read -r package number; do printf '%-24s %-28s %s\n' "$package" "$number" npm; done
}

components() {
    echo "bodega $version ($(git rev-parse --short=12 HEAD)) is linked from:"
    debian "OpenSSL" libssl-dev
    debian "SQLite" libsqlite3-dev
    debian "nghttp2" libnghttp2-dev
    debian "Argon2" libargon2-dev
    debian "utf8proc" libutf8proc-dev
    debian "zlib" zlib1g-dev
    debian "toml++" libtomlplusplus-dev
    debian "JSON for Modern C++" nlohmann-json3-dev
    debian "glibc" libc6-dev
    debian "libstdc++" libstdc++-12-dev
    recipe mariadb-connector "MariaDB Connector/C" "source of Debian mariadb"
    recipe httplib "cpp-httplib" "source of Debian cpp-httplib"
    echo "and its web app from:"
    npm_packages
}

rm -rf dist
mkdir dist
cp "$binary" "dist/$name"
"$strip" "dist/$name"
components >dist/COMPONENTS
node "$here/sbom.mjs" "$version" "$(git rev-parse HEAD)" "$(git log -1 --format=%ct)" "dist/$name" dist/COMPONENTS >"dist/$name.spdx.json"
(cd dist && sha256sum "$name" "$name.spdx.json" COMPONENTS >SHA256SUMS)
ls -l dist
