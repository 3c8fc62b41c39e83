#!/usr/bin/env bash
# Writes the definitions of src/base/version.h. Does not touch the file if nothing changed.
#
# usage: version.sh VERSION FILE
set -euo pipefail
version=$1
file=$2
commit=$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
if [ -n "$(git status --porcelain --untracked-files=no 2>/dev/null)" ]; then commit+=-dirty; fi
mkdir -p "$(dirname "$file")"
cat >"$file.new" <<END
#include "base/version.h"

namespace bodega::base {

std::string_view version() noexcept { return "$version"; }
std::string_view commit() noexcept { return "$commit"; }

}  // namespace bodega::base
END
if cmp -s "$file.new" "$file"; then rm "$file.new"; else mv "$file.new" "$file"; fi
