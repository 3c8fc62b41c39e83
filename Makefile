# bodega: one static binary from src/, its tests, and what surrounds them. `make help` lists the targets.
#
# A fresh clone needs git and make alone: what is missing of packages is installed, the dependencies that
# Debian lacks are built once into a cache (deploy/build/), and everything else goes to build/.

VERSION := 0.1.0

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory
ifeq (,$(filter -j% --jobserver%,$(MAKEFLAGS)))
MAKEFLAGS += -j$(shell nproc)
endif

# V=1 shows the commands; without it a line says what is made.
Q := $(if $(V),,@)
say = @printf '  %-8s %s\n' $(1) $(2)

# --- what is built -----------------------------------------------------------------------------------------------

# A Debian architecture. One that is not this machine's is cross-compiled: arm64 on amd64.
HOST_ARCH := $(shell dpkg --print-architecture 2>/dev/null)
ARCH ?= $(HOST_ARCH)
CROSS := $(filter-out $(HOST_ARCH),$(ARCH))
TRIPLET_arm64 := aarch64-linux-gnu
ifneq (,$(and $(CROSS),$(if $(TRIPLET_$(CROSS)),,unknown)))
$(error ARCH=$(ARCH): what can be cross-compiled is arm64)
endif

# release: g++, static. asan and tsan: g++ with sanitizers. clang: clang++-16, warnings are errors. fuzz: libFuzzer.
VARIANT ?= release
OUT := build/$(VARIANT)$(CROSS:%=-%)
GEN := build/gen

SOURCES := $(shell find src -name '*.cpp')
GENERATED := $(addprefix $(GEN)/,version.cpp assets.cpp kit.cpp $(if $(wildcard src/db/migrations.h),migrations.cpp))
TEST_SOURCES := $(shell find tests -name '*.cpp' -not -path 'tests/fuzz/*' -not -path 'tests/bench/*' -not -path 'tests/fleet/*')

OBJECTS := $(SOURCES:%.cpp=$(OUT)/%.o) $(GENERATED:build/%.cpp=$(OUT)/%.o)
MAIN := $(OUT)/main.o
TEST_OBJECTS := $(TEST_SOURCES:%.cpp=$(OUT)/%.o)

dependency = $(shell deploy/build/dependency.sh --path $(1)$(CROSS:%=-%))
CATCH2 := $(call dependency,catch2)
HTTPLIB := $(call dependency,httplib)
MARIADB := $(call dependency,mariadb-connector)
# What has to be there before anything is compiled.
SYSROOT := $(if $(CROSS),$(call dependency,sysroot))
READY := build/packages/build $(HTTPLIB)/.complete $(MARIADB)/.complete
READY += $(if $(CROSS),build/packages/$(CROSS) $(SYSROOT)/.complete)
NODE_MODULES := assets/node_modules/.installed
TEST_NODE_MODULES := $(patsubst %/package-lock.json,%/node_modules/.installed,$(wildcard tests/*/package-lock.json))

# --- flags -------------------------------------------------------------------------------------------------------

CXX_release := g++
CXX_asan := g++
CXX_tsan := g++
CXX_clang := clang++-16
CXX_fuzz := clang++-16
CXX := $(if $(CROSS),$(TRIPLET_$(CROSS))-)$(CXX_$(VARIANT))
CCACHE := $(shell command -v ccache)
# Clones in other folders share the cache's entries: no path of this one gets into an object.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1
# It only takes the tree's own path out of what is built, so that what one clone compiled another need not.
export CCACHE_IGNOREOPTIONS := -ffile-prefix-map=*

# Warnings are errors with the compilers that the tree is kept clean for. g++ 12's -Wrestrict is wrong about std::string.
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion
WARNINGS += $(if $(filter 12,$(shell $(CXX) -dumpversion 2>/dev/null)),-Werror -Wno-restrict)
HARDENING := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
SANITIZED := -O1 -g -fno-omit-frame-pointer
# What the sanitizers put into the code misleads g++ about what is set.
SANITIZED_GCC := $(SANITIZED) -Wno-maybe-uninitialized

FLAGS_release := -O2 -g1 -ffunction-sections -fdata-sections $(HARDENING)
# The tests wait more than they work: they are compiled in three quarters of the time.
TEST_FLAGS_release := -O1
FLAGS_clang := -O0 -fPIE -Werror
FLAGS_asan := $(SANITIZED_GCC) -fsanitize=address,undefined -fno-sanitize-recover=undefined
FLAGS_tsan := $(SANITIZED_GCC) -fsanitize=thread
FLAGS_fuzz := $(SANITIZED) -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined

CPPFLAGS := -Isrc -isystem $(HTTPLIB)/include -isystem $(MARIADB)/include -isystem $(MARIADB)/include/mariadb \
    $(if $(CROSS),-isystem $(SYSROOT)/usr/include/$(TRIPLET_$(CROSS)) -isystem $(SYSROOT)/usr/include) -DTOML_HEADER_ONLY=1
# A char has a sign here as it has on amd64.
CXXFLAGS_arm64 := -fsigned-char
CXXFLAGS := -std=c++20 -pipe $(WARNINGS) $(FLAGS_$(VARIANT)) -ffile-prefix-map=$(CURDIR)/= $(CXXFLAGS_$(ARCH))
TEST_CPPFLAGS := -Itests -isystem $(CATCH2)/include

STATIC := -static-pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,--gc-sections
# Relative relocations take a word each, and not three: ld knows them for amd64 alone.
LDFLAGS_release := $(STATIC) $(if $(CROSS),,-Wl,-z,pack-relative-relocs)
LDFLAGS_clang := $(STATIC)
LDFLAGS_asan := -fsanitize=address,undefined
LDFLAGS_tsan := -fsanitize=thread
LDFLAGS := $(LDFLAGS_$(VARIANT)) $(if $(CROSS),-L$(SYSROOT)/usr/lib/$(TRIPLET_$(CROSS)))
# The sanitizers have to see into httplib, whose threads run bodega's handlers: they compile it themselves.
HTTPLIB_asan := $(OUT)/httplib.o
HTTPLIB_tsan := $(OUT)/httplib.o
HTTPLIB_LINK := $(or $(HTTPLIB_$(VARIANT)),$(HTTPLIB)/lib/libhttplib.a)
LIBRARIES := $(HTTPLIB_LINK) $(MARIADB)/lib/libmariadbclient.a -lsqlite3 -lnghttp2 -lssl -lcrypto -largon2 -lutf8proc -lz

# A static glibc still names what it would need for NSS modules; bodega needs none of them (a test proves it).
NSS_WARNING := in statically linked applications requires at runtime the shared libraries|in function `
link = $(CXX) $(LDFLAGS) -o $@ $(1) $(LIBRARIES) 2> >(grep -vE '$(NSS_WARNING)' >&2 || true)

# --- targets -----------------------------------------------------------------------------------------------------

.PHONY: all run test chaos arm64 check asan tsan fuzz bench dist clean help objects binary tests web
.DEFAULT_GOAL := all

all: build/bodega ## build/bodega, the static binary

run: build/bodega ## build it and serve on http://127.0.0.1:8080 (ARGS="--edge-listen …")
	$(Q)exec build/bodega serve $(ARGS)

test: build/bodega $(OUT)/bodega-tests build/packages/test build/faulty-fs $(TEST_NODE_MODULES) ## all tests; SUITE=unit or SUITE=e2e/NAME for a part
	$(Q)python3 tests/run.py --binary build/bodega --tests $(OUT)/bodega-tests $(if $(V),--verbose) $(SUITE)

asan: ## the C++ tests under the address and undefined behaviour sanitizers
tsan: ## the C++ tests under the thread sanitizer
asan tsan: build/packages/test build/faulty-fs
	$(Q)$(MAKE) VARIANT=$@ build/$@/bodega-tests build/$@/bodega
	$(Q)python3 tests/run.py --binary build/$@/bodega --tests build/$@/bodega-tests --sanitizer $@ $(SUITE)

check: build/packages/check $(READY) $(NODE_MODULES) ## format, lint, layers, both compilers without a warning
	$(Q)CPPFLAGS='$(CPPFLAGS)' python3 deploy/build/check.py $(CHECK)

# Seconds a target; two run at a time.
FUZZ_SECONDS ?= 60
fuzz: build/packages/check ## the parsers under libFuzzer with sanitizers (FUZZ_SECONDS=60 each)
	$(Q)$(MAKE) VARIANT=fuzz fuzz-targets
	$(Q)tests/fuzz/run.py --seconds $(FUZZ_SECONDS) $(FUZZ_NAMES:%=build/fuzz/%)

# The whole of what `make test` runs a short form of; some twenty minutes.
CHAOS_KILLS ?= 200
chaos: build/bodega build/packages/test $(TEST_NODE_MODULES) ## a fleet under kill -9, rolling restarts, scaling and load, at length (CHAOS_KILLS=200, CHAOS_SEED=N)
	$(Q)CHAOS_KILLS=$(CHAOS_KILLS) CHAOS_NODES=4 ROLLING_REQUESTS=100000 THROUGHPUT_SECONDS=20 GROWTH_SECONDS=20 BODEGA_SUITE_LIMIT=3600 \
	    python3 tests/run.py --binary build/bodega --verbose fleet/chaos fleet/rolling fleet/throughput fleet/growth

# A whole second build, and the suites under emulation; half an hour on two cores.
arm64: build/bodega build/packages/test $(TEST_NODE_MODULES) ## the release for arm64: cross-compiled, and tried by suites under emulation
	$(Q)BODEGA_ARM64=1 BODEGA_SUITE_LIMIT=3600 python3 tests/run.py --binary build/bodega --verbose deploy/dist

bench: build/bodega build/floor build/packages/bench ## measure bodega and its peers in turn
	$(Q)tests/bench/run.py --binary build/bodega $(BENCH)

dist: $(if $(CROSS),$(OUT),build)/bodega ## dist/: the stripped binary, its checksum, its bill of materials (ARCH=arm64 cross-compiles)
	$(Q)deploy/build/dist.sh $(VERSION) $(ARCH) $<

clean: ## remove build/ and dist/ (the dependencies' cache stays)
	$(Q)rm -rf build dist

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

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

# What the web app's own build writes to build/web/ is embedded, with its compressed variants.
WEB_SOURCES := $(shell find assets -type f -not -path '*/node_modules/*' -not -path 'assets/tests/*' -not -path 'assets/dev/*' 2>/dev/null)

# npm ci has been seen to end well with half of the packages: npm ls has the last word.
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

# The deploy kit's files, for `bodega kit`. The folders are there so that a file that went is noticed too.
KIT := $(shell find deploy -mindepth 1 -not -path 'deploy/build*' -not -name '.*' -not -name README.md)

$(GEN)/kit.cpp: deploy/build/embed_kit.mjs deploy/kit.txt $(KIT) | build/packages/build
	$(call say,EMBED,deploy)
	$(Q)mkdir -p $(@D) && node $< deploy $@

# --- compiling and linking ---------------------------------------------------------------------------------------

# Objects are made anew when the flags change, and with them a dependency's folder.
FLAGS := $(OUT)/.flags
$(FLAGS): FORCE
	$(Q)mkdir -p $(@D) && echo '$(CPPFLAGS) $(TEST_CPPFLAGS) $(CXXFLAGS) $(TEST_FLAGS_$(VARIANT))' | cmp -s - $@ || echo '$(CPPFLAGS) $(TEST_CPPFLAGS) $(CXXFLAGS) $(TEST_FLAGS_$(VARIANT))' >$@

$(OUT)/gen/%.o: $(GEN)/%.cpp $(FLAGS) | $(READY)
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CCACHE) $(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c $< -o $@

$(OUT)/tests/%.o: tests/%.cpp $(FLAGS) | $(READY) $(CATCH2)/.complete
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CCACHE) $(CXX) $(CPPFLAGS) $(TEST_CPPFLAGS) $(CXXFLAGS) $(TEST_FLAGS_$(VARIANT)) -MMD -MP -c $< -o $@

$(OUT)/%.o: %.cpp $(FLAGS) | $(READY)
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CCACHE) $(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c $< -o $@

$(OUT)/httplib.o: $(FLAGS) | $(READY)
	$(call say,CXX,httplib.cc)
	$(Q)mkdir -p $(@D) && $(CCACHE) $(CXX) $(CPPFLAGS) -w $(filter-out -W%,$(CXXFLAGS)) -c $(HTTPLIB)/src/httplib.cc -o $@

$(OUT)/bodega: $(MAIN) $(OBJECTS) $(HTTPLIB_$(VARIANT)) | $(READY)
	$(call say,LINK,$@)
	$(Q)$(call link,$(MAIN) $(OBJECTS))

$(OUT)/bodega-tests: $(TEST_OBJECTS) $(OBJECTS) $(HTTPLIB_$(VARIANT)) | $(READY) $(CATCH2)/.complete
	$(call say,LINK,$@)
	$(Q)$(call link,$(TEST_OBJECTS) $(OBJECTS) $(CATCH2)/lib/libCatch2.a)

# The file system that fails as the tests want it to.
build/faulty-fs: tests/fleet/faulty_fs.cpp | build/packages/test
	$(call say,CXX,$<)
	$(Q)$(CXX_release) -std=c++20 -O1 $(filter-out -Wconversion,$(WARNINGS)) -D_FILE_OFFSET_BITS=64 -isystem /usr/include/fuse3 -o $@ $< -lfuse3

# What the kernel alone takes for a small answer.
build/floor: tests/bench/floor.cpp | build/packages/build
	$(call say,CXX,$<)
	$(Q)$(CXX_release) -std=c++20 -O2 $(WARNINGS) -o $@ $<

# A file of tests/fuzz/ with an entry is a target; the others, and the tests' vectors, are shared by all of them.
FUZZ_NAMES := $(basename $(notdir $(shell grep -l LLVMFuzzerTestOneInput tests/fuzz/*.cpp)))
FUZZ_SHARED := $(filter-out $(FUZZ_NAMES:%=$(OUT)/tests/fuzz/%.o),$(patsubst %.cpp,$(OUT)/%.o,$(wildcard tests/fuzz/*.cpp)))
FUZZ_SHARED += $(addprefix $(OUT)/tests/support/,edge_request_lines.o edge_request_fields.o edge_request_framing.o \
    edge_responses.o edge_chunked.o http2_frames.o)
# What the targets look into, of src/.
FUZZED := $(filter-out base/asset http/asset_response,$(patsubst src/%.cpp,%,$(wildcard src/base/*.cpp src/http/*.cpp)))
FUZZED += edge/exchange/answer net/buffer edge/exchange/connection_count edge/exchange/connections \
    edge/exchange/error_pages edge/exchange/exchange edge/http2/http2_answer edge/http2/http2_callbacks \
    edge/http2/http2_connection edge/http2/http2_fields edge/http2/http2_frame_walk edge/http2/http2_head \
    edge/http2/http2_memory edge/http2/http2_output edge/http2/http2_stream edge/exchange/kept_head net/linger \
    edge/observe/redact net/loop edge/observe/meters edge/exchange/overload edge/proxy_header \
    edge/exchange/report edge/observe/request_id edge/observe/request_stats edge/routing/trust net/wakeup \
    net/timer_wheel

fuzz-targets: $(FUZZ_NAMES:%=$(OUT)/%)
.PHONY: fuzz-targets

$(FUZZ_NAMES:%=$(OUT)/%): $(OUT)/%: $(OUT)/tests/fuzz/%.o $(FUZZ_SHARED) $(FUZZED:%=$(OUT)/src/%.o)
	$(call say,LINK,$@)
	$(Q)$(CXX) -fsanitize=fuzzer,address,undefined -o $@ $^ -lnghttp2

# The debug information stays in build/release/bodega, where gdb finds it through the link.
build/bodega: build/release/bodega
	$(Q)objcopy --strip-debug $< $@.new && objcopy --add-gnu-debuglink=$< $@.new && mv $@.new $@

ifneq ($(VARIANT),release)
build/release/bodega:
	$(Q)$(MAKE) VARIANT=release $@
endif

.PHONY: FORCE
FORCE:

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
