#!/usr/bin/env bash
# Prints a version's section of deploy/CHANGELOG.md, without its heading. Fails if there is no such section.
#
# usage: changes.sh VERSION
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
part=$(awk -v version="$1" '/^## / { on = ($2 == version); next } on' "$here/../CHANGELOG.md" | sed -e '/./,$!d')
[ -n "$part" ] || { echo "changes.sh: deploy/CHANGELOG.md has no part \"## $1\"" >&2; exit 1; }
echo "$part"
