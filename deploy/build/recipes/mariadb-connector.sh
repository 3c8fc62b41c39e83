# shellcheck shell=bash
# MariaDB Connector/C 3.3 from bookworm's source package of mariadb, as a static library with the sign-in plugins
# linked in. Debian's own libmariadb.a has no caching_sha2_password, the default of MySQL 8.4 and later, and would
# load it from a file at run time.
# shellcheck source=deploy/build/debian_archive.sh
. "$RECIPES/debian_archive.sh"

debian_suites "$PWD/apt" deb-src bookworm
version=$(source_version "$PWD/apt" mariadb 10.11.)
private_apt "$PWD/apt" source --download-only --tar-only "mariadb=$version"
tar -xzf mariadb_*.orig.tar.gz --wildcards --strip-components=1 '*/libmariadb'
rm mariadb_*.orig.tar.gz

# g++ 12 has one warning in it, which its own build turns into an error.
grep -rl --include=CMakeLists.txt --include='*.cmake' -e -Werror libmariadb | xargs -r sed -i 's/-Werror\b//g'
toolchain=()
if [ -n "$CROSS" ]; then
    sysroot=$("$RECIPES/dependency.sh" "sysroot-$ARCH")
    toolchain=(-DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="${CROSS%%-*}" -DCMAKE_C_COMPILER="${CROSS}gcc"
        -DCMAKE_CXX_COMPILER="${CROSS}g++" -DCMAKE_LIBRARY_ARCHITECTURE="${CROSS%-}" -DCMAKE_FIND_ROOT_PATH="$sysroot"
        -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY
        -DCMAKE_FIND_ROOT_PATH_MODE_PROGRAM=NEVER
        -DCMAKE_C_FLAGS="-isystem $sysroot/usr/include/${CROSS%-}")
fi
cmake -S libmariadb -B build "${toolchain[@]}" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
    -DCMAKE_INSTALL_PREFIX="$OUT" -DWITH_UNIT_TESTS=OFF -DWITH_SSL=OPENSSL -DWITH_CURL=OFF -DWITH_EXTERNAL_ZLIB=ON \
    -DCLIENT_PLUGIN_{CACHING_SHA2_PASSWORD,SHA256_PASSWORD,CLIENT_ED25519,MYSQL_CLEAR_PASSWORD}=STATIC \
    -DCLIENT_PLUGIN_{DIALOG,REMOTE_IO,AUTH_GSSAPI_CLIENT,ZSTD}=OFF
cmake --build build --target mariadbclient --parallel "$(nproc)"

mkdir -p "$OUT/lib" "$OUT/include"
cp "$(find build -name libmariadbclient.a)" "$OUT/lib/"
cp -r libmariadb/include "$OUT/include/mariadb"
cp build/include/*.h "$OUT/include/mariadb/"
test -e "$OUT/include/mariadb/mysql.h" && test -e "$OUT/include/mariadb/mariadb_version.h"
cp libmariadb/COPYING.LIB "$OUT/"
sed -nE 's/^#define MARIADB_PACKAGE_VERSION "(.*)"/\1/p' "$OUT/include/mariadb/mariadb_version.h" >"$OUT/version"
echo "from mariadb $version" >>"$OUT/version"
