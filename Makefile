# Builds bodega, one static binary from src/, its tests and its release. `make help` lists the targets.
#
# A fresh clone needs only git and make: missing Debian packages are installed, the dependencies that Debian
# lacks are built once into a cache (deploy/build/), and everything else goes to build/.

VERSION := 0.1.0

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory
ifeq (,$(filter -j% --jobserver%,$(MAKEFLAGS)))
MAKEFLAGS += -j$(shell nproc)
endif

# V=1 shows the commands; without it, one line per target shows what is built.
Q := $(if $(V),,@)
say = @printf '  %-8s %s\n' $(1) $(2)

# --- build configuration -----------------------------------------------------------------------------------------------

# A Debian architecture. Another one than this machine's is cross-compiled: arm64 on amd64.
HOST_ARCH := $(shell dpkg --print-architecture 2>/dev/null)
ARCH ?= $(HOST_ARCH)
CROSS := $(filter-out $(HOST_ARCH),$(ARCH))
TRIPLET_arm64 := aarch64-linux-gnu
ifneq (,$(and $(CROSS),$(if $(TRIPLET_$(CROSS)),,unknown)))
$(error ARCH=$(ARCH): only arm64 can be cross-compiled)
endif

# release: g++, static. debug: g++, unoptimised, dynamic. asan and tsan: g++ with sanitizers. clang: clang++-16, warnings
# are errors. fuzz: libFuzzer.
VARIANT ?= release
OUT := build/$(VARIANT)$(CROSS:%=-%)
GEN := build/gen

SOURCES := $(shell find src -name '*.cpp')
GENERATED := $(addprefix $(GEN)/,version.cpp assets.cpp kit.cpp $(if $(wildcard src/db/migrations.h),migrations.cpp))
TEST_SOURCES := $(shell find tests -name '*.cpp' -not -path 'tests/fuzz/*' -not -path 'tests/bench/*' -not -path 'tests/fleet/*')

# The generated sources come first: npm waits for the network, and the compilers work meanwhile.
OBJECTS := $(GENERATED:build/%.cpp=$(OUT)/%.o) $(SOURCES:%.cpp=$(OUT)/%.o)
MAIN := $(OUT)/main.o
TEST_OBJECTS := $(TEST_SOURCES:%.cpp=$(OUT)/%.o)

dependency = $(shell deploy/build/dependency.sh --path $(1)$(CROSS:%=-%))
CATCH2 := $(call dependency,catch2)
HTTPLIB := $(call dependency,httplib)
MARIADB := $(call dependency,mariadb-connector)
# Required before anything is compiled.
SYSROOT := $(if $(CROSS),$(call dependency,sysroot))
READY := build/packages/build $(HTTPLIB)/.complete $(MARIADB)/.complete
READY += $(if $(CROSS),build/packages/$(CROSS) $(SYSROOT)/.complete)
NODE_MODULES := assets/node_modules/.installed
TEST_NODE_MODULES := $(patsubst %/package-lock.json,%/node_modules/.installed,$(wildcard tests/*/package-lock.json))

# --- flags -------------------------------------------------------------------------------------------------------

CXX_release := g++
CXX_debug := g++
CXX_asan := g++
CXX_tsan := g++
CXX_clang := clang++-16
CXX_fuzz := clang++-16
CXX := $(if $(CROSS),$(TRIPLET_$(CROSS))-)$(CXX_$(VARIANT))
CCACHE := $(shell command -v ccache)
# No path of this clone gets into an object, so clones in other folders share the cache's entries.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1
# This option only removes the clone's own path from objects, so it must not separate the clones' cache entries.
export CCACHE_IGNOREOPTIONS := -ffile-prefix-map=*
# Precompiled headers are known by the text that they come from (their .sum).
export CCACHE_PCH_EXTSUM := 1
export CCACHE_SLOPPINESS := pch_defines,time_macros

# Warnings are errors with g++ 12 and in the clang variant. g++ 12's -Wrestrict reports false positives in std::string.
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion
WARNINGS += $(if $(filter 12,$(shell $(CXX) -dumpversion 2>/dev/null)),-Werror -Wno-restrict)
HARDENING := -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS -fPIE
HARDENING += $(if $(filter amd64,$(ARCH)),-fcf-protection)
SANITIZED := -O1 -g -fno-omit-frame-pointer
# The sanitizers' instrumentation causes false -Wmaybe-uninitialized warnings in g++.
SANITIZED_GCC := $(SANITIZED) -Wno-maybe-uninitialized

FLAGS_release := -O2 -g1 -ffunction-sections -fdata-sections $(HARDENING)
# The tests wait more than they compute; -O1 compiles them in three quarters of the time.
TEST_FLAGS_release := -O1
# libstdc++'s assertions check indices and empty optionals without changing a type. _GLIBCXX_DEBUG changes the containers'
# types, so it does not link with the prebuilt httplib and Catch2.
FLAGS_debug := -O0 -g3 -D_GLIBCXX_ASSERTIONS
FLAGS_clang := -O0 -fPIE -Werror -Wthread-safety -Werror=thread-safety
FLAGS_asan := $(SANITIZED_GCC) -fsanitize=address,undefined -fno-sanitize-recover=undefined
FLAGS_tsan := $(SANITIZED_GCC) -fsanitize=thread
FLAGS_fuzz := $(SANITIZED) -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined

CPPFLAGS := -Isrc -isystem $(HTTPLIB)/include -isystem $(MARIADB)/include -isystem $(MARIADB)/include/mariadb \
    $(if $(CROSS),-isystem $(SYSROOT)/usr/include/$(TRIPLET_$(CROSS)) -isystem $(SYSROOT)/usr/include) -DTOML_HEADER_ONLY=1
# char is signed, as on amd64.
CXXFLAGS_arm64 := -fsigned-char
CXXFLAGS := -std=c++20 -pipe $(WARNINGS) $(FLAGS_$(VARIANT)) -ffile-prefix-map=$(CURDIR)/= $(CXXFLAGS_$(ARCH))
TEST_CPPFLAGS := -Itests -isystem $(CATCH2)/include
# Release and debug are compiled with the standard library's headers precompiled, which takes a third of the time away.
# The other variants are not, so that clang notices a file that includes too little.
PRECOMPILED_release := $(OUT)/precompiled/src.h $(OUT)/precompiled/tests.h
PRECOMPILED_debug := $(PRECOMPILED_release)
# (With them g++ 12 warns of std::string's own code.)
PRECOMPILE_release = -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread \
    -fpch-preprocess -Winvalid-pch -include $(OUT)/precompiled/$(1).h
PRECOMPILE_debug = $(PRECOMPILE_release)
precompiled = $(call PRECOMPILE_$(VARIANT),$(1))
# ccache identifies a precompiled header by this sum. It leaves out the clone's path, so that clones share cache entries.
pch_sum = { $(CXX) --version; sed 's|$(CURDIR)/||g' $(FLAGS); cat $(1); } | sha256sum >$@.gch.sum

STATIC := -static-pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,--gc-sections
# Packed relative relocations take one word each instead of three; ld supports them only on amd64.
LDFLAGS_release := $(STATIC) $(if $(CROSS),,-Wl,-z,pack-relative-relocs)
LDFLAGS_clang := $(STATIC)
LDFLAGS_asan := -fsanitize=address,undefined
LDFLAGS_tsan := -fsanitize=thread
LDFLAGS := $(LDFLAGS_$(VARIANT)) $(if $(CROSS),-L$(SYSROOT)/usr/lib/$(TRIPLET_$(CROSS)))
# httplib's threads run bodega's handlers, so the sanitizer variants compile httplib with instrumentation, too.
HTTPLIB_asan := $(OUT)/httplib.o
HTTPLIB_tsan := $(OUT)/httplib.o
HTTPLIB_LINK := $(or $(HTTPLIB_$(VARIANT)),$(HTTPLIB)/lib/libhttplib.a)
LIBRARIES := $(HTTPLIB_LINK) $(MARIADB)/lib/libmariadbclient.a -lsqlite3 -lnghttp2 -lssl -lcrypto -largon2 -lutf8proc -lz

# A static glibc warns about functions that need NSS modules at run time; bodega calls none of them (a test proves it).
NSS_WARNING := in statically linked applications requires at runtime the shared libraries|in function `
link = $(CXX) $(LDFLAGS) -o $@ $(1) $(LIBRARIES) 2> >(grep -vE '$(NSS_WARNING)' >&2 || true)

# --- targets -----------------------------------------------------------------------------------------------------

.PHONY: all run test unit debug chaos arm64 check asan tsan fuzz bench dist compdb hook clean help objects binary tests web
.DEFAULT_GOAL := all

all: build/bodega ## build the static binary build/bodega

run: build/bodega ## build bodega and serve on http://127.0.0.1:8080 (ARGS="--edge-listen …")
	$(Q)exec build/bodega serve $(ARGS)

test: build/bodega $(OUT)/bodega-tests build/packages/test build/faulty-fs $(TEST_NODE_MODULES) ## run all tests; SUITE=unit or SUITE=e2e/NAME runs a part
	$(Q)python3 tests/run.py --binary build/bodega --tests $(OUT)/bodega-tests $(if $(V),--verbose) $(SUITE)

# Needs only the packages of a build. Without MariaDB, the catalog's cases run on SQLite.
unit: $(OUT)/bodega-tests ## run C++ tests only, without the packages of other suites (CASE="a Catch2 filter", CASE=unit/PATH, VARIANT=debug)
	$(Q)python3 tests/run.py --tests $(OUT)/bodega-tests --case "$${CASE-unit}" $(if $(V),--verbose)

debug: ## build build/debug/bodega and bodega-tests for a debugger: -O0 -g3, libstdc++'s assertions
	$(Q)$(MAKE) VARIANT=debug build/debug/bodega build/debug/bodega-tests

asan: ## run the C++ tests under the address and undefined behaviour sanitizers
tsan: ## run the C++ tests under the thread sanitizer
asan tsan: build/packages/test build/faulty-fs
	$(Q)$(MAKE) VARIANT=$@ build/$@/bodega-tests build/$@/bodega
	$(Q)python3 tests/run.py --binary build/$@/bodega --tests build/$@/bodega-tests --sanitizer $@ $(SUITE)

check: build/packages/check $(READY) $(NODE_MODULES) ## check format, lint and layers; compile with both compilers without a warning
	$(Q)CPPFLAGS='$(CPPFLAGS)' python3 deploy/build/check.py $(CHECK)

# Seconds per target; two targets run at a time.
FUZZ_SECONDS ?= 60
fuzz: build/packages/check ## fuzz the parsers under libFuzzer with sanitizers (FUZZ_SECONDS=60 each)
	$(Q)$(MAKE) VARIANT=fuzz fuzz-targets
	$(Q)tests/fuzz/run.py --seconds $(FUZZ_SECONDS) $(FUZZ_NAMES:%=build/fuzz/%)

# The full form of fleet suites that `make test` runs in a short form; takes about twenty minutes.
CHAOS_KILLS ?= 200
chaos: build/bodega build/packages/test $(TEST_NODE_MODULES) ## run a fleet under kill -9, rolling restarts, scaling and load, at length (CHAOS_KILLS=200, CHAOS_SEED=N)
	$(Q)CHAOS_KILLS=$(CHAOS_KILLS) CHAOS_NODES=4 ROLLING_REQUESTS=100000 THROUGHPUT_SECONDS=20 GROWTH_SECONDS=20 BODEGA_SUITE_LIMIT=3600 \
	    python3 tests/run.py --binary build/bodega --verbose fleet/chaos fleet/rolling fleet/throughput fleet/growth

# A second full build, and the suites under emulation; takes half an hour on two cores.
arm64: build/bodega build/packages/test $(TEST_NODE_MODULES) ## cross-compile the release for arm64 and test it under emulation
	$(Q)BODEGA_ARM64=1 BODEGA_SUITE_LIMIT=3600 python3 tests/run.py --binary build/bodega --verbose deploy/dist

bench: build/bodega build/floor build/packages/bench ## measure bodega and its peers in turn
	$(Q)tests/bench/run.py --binary build/bodega $(BENCH)

dist: $(if $(CROSS),$(OUT),build)/bodega ## make dist/: the stripped binary, its checksum, its bill of materials (ARCH=arm64 cross-compiles)
	$(Q)deploy/build/dist.sh $(VERSION) $(ARCH) $<

# The commands of the clang variant: clang's tools cannot read g++'s precompiled headers.
compdb: $(READY) $(CATCH2)/.complete ## write compile_commands.json for clangd and other tools
	$(Q)$(MAKE) --dry-run --always-make VARIANT=clang CCACHE= V=1 objects build/faulty-fs build/floor >build/compdb.txt
	$(Q)$(MAKE) --dry-run --always-make VARIANT=fuzz CCACHE= V=1 fuzz-targets >>build/compdb.txt
	$(Q)python3 deploy/build/compdb.py build/compdb.txt compile_commands.json

hook: ## install a pre-commit hook in this clone: format and layers of what is staged
	$(Q)git config core.hooksPath deploy/build/hooks

clean: ## remove build/ and dist/ (the dependencies' cache stays)
	$(Q)rm -rf build dist

help: ## show this list
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## (.*)/  make \1\t\2/' | expand -t 16

objects: $(MAIN) $(OBJECTS) $(TEST_OBJECTS)
binary: $(OUT)/bodega
tests: $(OUT)/bodega-tests
web: build/web.stamp

# --- packages and dependencies -----------------------------------------------------------------------------------

build/packages/%: deploy/build/packages/%.txt deploy/build/install.sh
	$(Q)mkdir -p $(@D) && deploy/build/install.sh $* && touch $@

%/.complete: | build/packages/build $(CROSS:%=build/packages/%)
	$(Q)deploy/build/dependency.sh $$(basename $* | sed -E 's/-[0-9a-f]{12}$$//') >/dev/null

# --- generated sources -------------------------------------------------------------------------------------------

$(GEN)/version.cpp: FORCE
	$(Q)deploy/build/version.sh $(VERSION) $@

# The web app's build writes to build/web/; these files are embedded, with compressed variants.
WEB_SOURCES := $(shell find assets -type f -not -path '*/node_modules/*' -not -path 'assets/tests/*' -not -path 'assets/dev/*' 2>/dev/null)

# npm ci sometimes succeeds with half of the packages missing; npm ls detects that.
%/node_modules/.installed: %/package-lock.json | build/packages/build
	$(call say,NPM,$*)
	$(Q)cd $* && npm ci --no-audit --no-fund --loglevel=error >/dev/null && npm ls >/dev/null && touch node_modules/.installed

build/web.stamp: $(WEB_SOURCES) $(NODE_MODULES) | build/packages/build
	$(call say,WEB,build/web)
	$(Q)npm run --prefix assets --silent build >build/web.log || { cat build/web.log >&2; false; }
	$(Q)touch $@

$(GEN)/assets.cpp: build/web.stamp deploy/build/embed_assets.mjs
	$(call say,EMBED,build/web)
	$(Q)node deploy/build/embed_assets.mjs build/web $(GEN)/assets $@

$(GEN)/migrations.cpp: deploy/build/embed_migrations.mjs $(wildcard src/db/migrations/*/*.sql) src/db/migrations | build/packages/build
	$(call say,EMBED,src/db/migrations)
	$(Q)mkdir -p $(@D) && node $< src/db/migrations $@

# The deploy kit's files, for `bodega kit`. The list includes the folders, so that a removed file is noticed, too.
KIT := $(shell find deploy -mindepth 1 -not -path 'deploy/build*' -not -name '.*' -not -name README.md)

$(GEN)/kit.cpp: deploy/build/embed_kit.mjs deploy/kit.txt $(KIT) | build/packages/build
	$(call say,EMBED,deploy)
	$(Q)mkdir -p $(@D) && node $< deploy $@

# --- compiling and linking ---------------------------------------------------------------------------------------

# Objects are rebuilt when the flags change; these include the dependencies' folders.
FLAGS := $(OUT)/.flags
$(FLAGS): FORCE
	$(Q)mkdir -p $(@D) && echo '$(CPPFLAGS) $(TEST_CPPFLAGS) $(CXXFLAGS) $(TEST_FLAGS_$(VARIANT))' | cmp -s - $@ || echo '$(CPPFLAGS) $(TEST_CPPFLAGS) $(CXXFLAGS) $(TEST_FLAGS_$(VARIANT))' >$@

$(OUT)/precompiled/src.h: deploy/build/precompiled.h $(FLAGS) | $(READY)
	$(call say,CXX,$@)
	$(Q)mkdir -p $(@D) && cp $< $@ && $(CXX) $(CPPFLAGS) $(CXXFLAGS) -x c++-header $@ -o $@.gch
	$(Q)$(call pch_sum,$<)

$(OUT)/precompiled/tests.h: deploy/build/precompiled.h $(FLAGS) | $(READY) $(CATCH2)/.complete
	$(call say,CXX,$@)
	$(Q)mkdir -p $(@D) && { cat $<; echo '#include <catch2/catch_test_macros.hpp>'; } >$@
	$(Q)$(CXX) $(CPPFLAGS) $(TEST_CPPFLAGS) $(CXXFLAGS) $(TEST_FLAGS_$(VARIANT)) -x c++-header $@ -o $@.gch
	$(Q)$(call pch_sum,$@)

$(OUT)/gen/%.o: $(GEN)/%.cpp $(FLAGS) | $(READY)
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CCACHE) $(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c $< -o $@

$(OUT)/tests/%.o: tests/%.cpp $(FLAGS) $(PRECOMPILED_$(VARIANT)) | $(READY) $(CATCH2)/.complete
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CCACHE) $(CXX) $(CPPFLAGS) $(TEST_CPPFLAGS) $(CXXFLAGS) $(TEST_FLAGS_$(VARIANT)) $(call precompiled,tests) -MMD -MP -c $< -o $@

$(OUT)/%.o: %.cpp $(FLAGS) $(PRECOMPILED_$(VARIANT)) | $(READY)
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CCACHE) $(CXX) $(CPPFLAGS) $(CXXFLAGS) $(call precompiled,src) -MMD -MP -c $< -o $@

$(OUT)/httplib.o: $(FLAGS) | $(READY)
	$(call say,CXX,httplib.cc)
	$(Q)mkdir -p $(@D) && $(CCACHE) $(CXX) $(CPPFLAGS) -w $(filter-out -W%,$(CXXFLAGS)) -c $(HTTPLIB)/src/httplib.cc -o $@

$(OUT)/bodega: $(MAIN) $(OBJECTS) $(HTTPLIB_$(VARIANT)) | $(READY)
	$(call say,LINK,$@)
	$(Q)$(call link,$(MAIN) $(OBJECTS))

$(OUT)/bodega-tests: $(TEST_OBJECTS) $(OBJECTS) $(HTTPLIB_$(VARIANT)) | $(READY) $(CATCH2)/.complete
	$(call say,LINK,$@)
	$(Q)$(call link,$(TEST_OBJECTS) $(OBJECTS) $(CATCH2)/lib/libCatch2.a)

# A FUSE file system that fails on demand, for the tests.
build/faulty-fs: tests/fleet/faulty_fs.cpp | build/packages/test
	$(call say,CXX,$<)
	$(Q)$(CXX_release) -std=c++20 -O1 $(filter-out -Wconversion,$(WARNINGS)) -D_FILE_OFFSET_BITS=64 -isystem /usr/include/fuse3 -o $@ $< -lfuse3

# Measures the kernel's own cost of a small response, for the benchmarks.
build/floor: tests/bench/floor.cpp | build/packages/build
	$(call say,CXX,$<)
	$(Q)$(CXX_release) -std=c++20 -O2 $(WARNINGS) -o $@ $<

# A file of tests/fuzz/ with an entry point is a target; all targets share the other files and the tests' vectors.
FUZZ_NAMES := $(basename $(notdir $(shell grep -l LLVMFuzzerTestOneInput tests/fuzz/*.cpp)))
FUZZ_SHARED := $(filter-out $(FUZZ_NAMES:%=$(OUT)/tests/fuzz/%.o),$(patsubst %.cpp,$(OUT)/%.o,$(wildcard tests/fuzz/*.cpp)))
FUZZ_SHARED += $(addprefix $(OUT)/tests/support/,edge_request_lines.o edge_request_fields.o edge_request_framing.o \
    edge_responses.o edge_chunked.o http2_frames.o)
# The files of src/ that the targets may use, as an archive: what no target calls is not linked, nor what it would need.
FUZZED := $(filter-out src/base/asset.cpp src/http/asset_response.cpp,$(wildcard src/base/*.cpp src/http/*.cpp))
FUZZED += $(addprefix net/,buffer linger loop timer_wheel wakeup)
FUZZED += $(wildcard src/edge/exchange/*.cpp src/edge/http2/*.cpp src/edge/observe/*.cpp)
FUZZED := $(patsubst src/%.cpp,%,$(FUZZED)) edge/proxy_header edge/routing/trust config/authority config/public_url

fuzz-targets: $(FUZZ_NAMES:%=$(OUT)/%)
.PHONY: fuzz-targets

$(OUT)/libfuzzed.a: $(FUZZED:%=$(OUT)/src/%.o)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(FUZZ_NAMES:%=$(OUT)/%): $(OUT)/%: $(OUT)/tests/fuzz/%.o $(FUZZ_SHARED) $(OUT)/libfuzzed.a
	$(call say,LINK,$@)
	$(Q)$(CXX) -fsanitize=fuzzer,address,undefined -o $@ $^ -lnghttp2

# Symbols and debug information stay in build/release/bodega; gdb finds them through the debug link.
build/bodega: build/release/bodega
	$(Q)objcopy --strip-all $< $@.new && objcopy --add-gnu-debuglink=$< $@.new && mv $@.new $@

ifneq ($(VARIANT),release)
build/release/bodega:
	$(Q)$(MAKE) VARIANT=release $@
endif

.PHONY: FORCE
FORCE:

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
