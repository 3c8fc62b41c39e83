# shellcheck shell=bash
# cpp-httplib 0.18.7 with Debian's security patches, from trixie's source package: a header with declarations alone,
# and its implementation compiled once. Bookworm's package is older, and has no static library.
# shellcheck source=deploy/build/debian_archive.sh
. "$RECIPES/debian_archive.sh"

debian_suites "$PWD/apt" deb-src trixie
version=$(source_version "$PWD/apt" cpp-httplib 0.18.7)
private_apt "$PWD/apt" source "cpp-httplib=$version"
cd cpp-httplib-0.18.7 || exit

# Written into the header itself, so that the library and all who include it agree.
# The edge opens its connections in bursts, and has already held every request to its own, lower limits.
{
    echo '#define CPPHTTPLIB_LISTEN_BACKLOG 1024'
    echo '#define CPPHTTPLIB_REQUEST_URI_MAX_LENGTH 65536'
    echo '#define CPPHTTPLIB_HEADER_MAX_LENGTH 65536'
    echo '#define CPPHTTPLIB_MAX_LINE_LENGTH 65536'
    echo '#define CPPHTTPLIB_TCP_NODELAY true'
} >limits.h
sed -i '/^#define CPPHTTPLIB_HTTPLIB_H/r limits.h' httplib.h
python3 ./split.py -o split
"${CROSS}g++" -std=c++20 -O2 -g1 -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2 -ffunction-sections -fdata-sections \
    -ffile-prefix-map="$PWD/=httplib/" -Isplit -c split/httplib.cc -o httplib.o
mkdir "$OUT/lib" "$OUT/include" "$OUT/src"
"${CROSS}ar" rcs "$OUT/lib/libhttplib.a" httplib.o
cp split/httplib.h "$OUT/include/"
cp split/httplib.cc "$OUT/src/"
cp LICENSE "$OUT/"
echo "$version" >"$OUT/version"
