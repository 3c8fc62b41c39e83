#!/usr/bin/env bash
# Builds a dependency that Debian 12 lacks in the form that bodega needs, once per machine, and prints its folder.
#
# usage: dependency.sh NAME          builds it if the cache lacks it
#        dependency.sh --path NAME   only prints the folder, even if it does not exist yet
#
# NAME-ARCH cross-compiles it for another Debian architecture. A recipe's environment has OUT, the folder to fill; ARCH;
# and CROSS, the prefix of the compiler's and its tools' names, or nothing.
#
# The cache (BODEGA_CACHE, or bodega/ in the user's cache folder) is keyed by a hash of the recipe, so a changed
# recipe is built again and older clones keep their build. Several clones may start at once: one builds under a lock
# while the others wait. A folder appears in the cache only when it is complete.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
only_path=false
if [ "$1" = --path ]; then only_path=true; shift; fi
name=$1
case $name in
    *-arm64) ARCH=arm64 CROSS=aarch64-linux-gnu- ;;
    *) ARCH=$(dpkg --print-architecture 2>/dev/null || true) CROSS= ;;
esac
export ARCH CROSS
cache=${BODEGA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/bodega}
recipe=$here/recipes/${name%-arm64}.sh
key=$(cat "$recipe" "$here/debian_archive.sh" | sha256sum | cut -c1-12)
folder=$cache/$name-$key

if $only_path || [ -e "$folder/.complete" ]; then echo "$folder"; exit 0; fi
mkdir -p "$cache"
exec 9>"$cache/$name.lock"
flock 9
if [ ! -e "$folder/.complete" ]; then
    echo "Building the dependency $name into $folder" >&2
    work=$(mktemp -d "$cache/.$name.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    mkdir "$work/out" "$work/build"
    log=$work/log
    if ! (cd "$work/build" && OUT=$work/out RECIPES=$here bash -euo pipefail "$recipe") >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        echo "dependency.sh: $name could not be built; the lines above are the end of its log" >&2
        exit 1
    fi
    touch "$work/out/.complete"
    rm -rf "$folder"
    mv -T "$work/out" "$folder"
fi
echo "$folder"
