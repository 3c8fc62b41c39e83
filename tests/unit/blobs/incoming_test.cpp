#include "blobs/incoming.h"

#include <catch2/catch_test_macros.hpp>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <vector>

#include "blobs/store.h"
#include "support/temp_folder.h"

namespace bodega::blobs {
namespace {

// A file system that counts its kinds of writes, and supports only what the test says.
class Counting : public FileOps {
public:
    bool set_direct(int fd, bool on) override {
        ++switches;
        if (on && !offers) return false;
        direct = on;
        return emulates || FileOps::set_direct(fd, on);
    }
    ssize_t write_at(int fd, const void* from, std::size_t size, off_t offset) override {
        if (direct && refuses) return errno = EINVAL, -1;
        if (direct) {
            ++direct_writes;
            CHECK(reinterpret_cast<std::uintptr_t>(from) % Incoming::kAlignment == 0);
            CHECK(size % Incoming::kAlignment == 0);
            CHECK(static_cast<std::size_t>(offset) % Incoming::kAlignment == 0);
        }
        return FileOps::write_at(fd, from, size, offset);
    }

    bool offers = true, refuses = false, emulates = true;
    bool direct = false;
    int switches = 0, direct_writes = 0;
};

// Aligned memory whose bytes encode their position.
class Block {
public:
    explicit Block(std::size_t size) : memory_(std::aligned_alloc(Incoming::kAlignment, size)), size_(size) {
        for (std::size_t i = 0; i < size; ++i) data()[i] = static_cast<std::uint8_t>(i / 4096 + i);
    }
    ~Block() { std::free(memory_); }
    Block(const Block&) = delete;
    std::uint8_t* data() { return static_cast<std::uint8_t*>(memory_); }
    std::span<const std::uint8_t> span(std::size_t from = 0) { return {data() + from, size_ - from}; }

private:
    void* memory_;
    std::size_t size_;
};

std::vector<std::uint8_t> content(const Store& store, const base::Ulid& id, std::int64_t size) {
    store.publish(id, size);
    std::vector<std::uint8_t> out(static_cast<std::size_t>(size));
    REQUIRE(store.open(id).read_at(out, 0) == out.size());
    return out;
}

// Writes `pieces` one after the other and checks the result.
void write_and_read(Counting& files, const std::vector<std::span<const std::uint8_t>>& pieces) {
    test::TempFolder folder;
    Store store(folder / "shared", files);
    base::Ulid id = base::Ulid::make();
    std::vector<std::uint8_t> wanted;
    Incoming file = store.create_incoming(id);
    for (auto piece : pieces) {
        file.write(piece);
        wanted.insert(wanted.end(), piece.begin(), piece.end());
        CHECK(file.size() == static_cast<std::int64_t>(wanted.size()));
    }
    file.seal();
    CHECK(content(store, id, file.size()) == wanted);
}

TEST_CASE("large aligned blocks are written with O_DIRECT, all else through the page cache", "[blobs]") {
    Block large(512 << 10), small(64 << 10);
    for (bool emulates : {true, false}) {
        Counting files;
        files.emulates = emulates;
        write_and_read(files, {large.span(), large.span(), small.span(), large.span(), small.span(1), large.span()});
        // After the odd piece nothing is aligned any more.
        if (emulates) CHECK(files.direct_writes == 3);
        if (emulates) CHECK(files.switches == 4);
    }
}

TEST_CASE("the unaligned end of a large block is written through the page cache", "[blobs]") {
    Block large(512 << 10);
    Counting files;
    write_and_read(files, {large.span().first((512 << 10) - 100)});
    CHECK(files.direct_writes == 1);
    CHECK_FALSE(files.direct);
}

TEST_CASE("a file system without O_DIRECT, or with other block sizes, is written to through the page cache",
          "[blobs]") {
    Block large(512 << 10);
    Counting cant;
    cant.offers = false;
    write_and_read(cant, {large.span(), large.span()});
    CHECK(cant.switches == 1);
    Counting refuses;
    refuses.refuses = true;
    write_and_read(refuses, {large.span(), large.span()});
    CHECK(refuses.direct_writes == 0);
    CHECK(refuses.switches == 2);
}

}  // namespace
}  // namespace bodega::blobs
