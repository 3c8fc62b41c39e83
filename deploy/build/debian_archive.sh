# shellcheck shell=bash
# Packages of a Debian suite that the machine's own apt does not know: sourced by the recipes.
#
# apt works in a private folder with sources of its own, so the machine's sources, lists and cache
# stay as they are. Packages are those of the architecture $ARCH. Signatures are checked as always, with Debian's keyring.

# The mirrors that the machine already uses.
debian_mirror() {
    local kind=$1 found
    found=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
        grep -vE '^#' | grep -oE 'https?://[^ ]+' | sed 's,/*$,,' | grep -E "/$kind\$" | head -n 1 || true)
    [ -n "$found" ] || { echo "no mirror of Debian's archive ($kind) in this machine's apt sources: add one" >&2; return 1; }
    echo "$found"
}

# debian_suites FOLDER TYPE SUITE...: makes FOLDER a private apt that knows these suites (TYPE: deb or deb-src).
debian_suites() {
    local folder=$1 type=$2 suite kind
    shift 2
    mkdir -p "$folder"/{sources,lists/partial,cache/archives/partial}
    for suite in "$@"; do
        case $suite in *-security) kind=debian-security ;; *) kind=debian ;; esac
        printf 'Types: %s\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n\n' "$type" "$(debian_mirror "$kind")" \
            "$suite" /usr/share/keyrings/debian-archive-keyring.gpg
    done >"$folder/sources/private.sources"
    private_apt "$folder" update -qq
}

# private_apt FOLDER ARGUMENT...: apt-get in that folder; private_cache the same for apt-cache.
private_apt() { local folder=$1; shift; apt_in "$folder" apt-get -qq "$@"; }
private_cache() { local folder=$1; shift; apt_in "$folder" apt-cache "$@"; }

apt_in() {
    local folder=$1 program=$2
    shift 2
    "$program" -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$folder/sources" \
        -o Dir::State::lists="$folder/lists" -o Dir::Cache="$folder/cache" -o APT::Sandbox::User="$(id -un)" \
        -o APT::Architecture="$ARCH" -o APT::Architectures::="$ARCH" "$@"
}

# source_version FOLDER PACKAGE PREFIX: the newest version of a source package that starts with PREFIX, or fails.
source_version() {
    local folder=$1 package=$2 prefix=$3 version best=""
    while read -r version; do
        case ${version#*:} in "$prefix"*) ;; *) continue ;; esac
        if [ -z "$best" ] || dpkg --compare-versions "$version" gt "$best"; then best=$version; fi
    done < <(private_cache "$folder" showsrc "$package" | sed -n 's/^Version: //p')
    [ -n "$best" ] || { echo "no version $prefix of the source package $package in these suites" >&2; return 1; }
    echo "$best"
}
