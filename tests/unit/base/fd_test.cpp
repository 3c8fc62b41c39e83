#include "base/fd.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cerrno>
#include <utility>

using namespace bodega::base;

namespace {

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

std::pair<Fd, Fd> make_pipe() {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    return {Fd(ends[0]), Fd(ends[1])};
}

}  // namespace

TEST_CASE("a descriptor closes with its owner") {
    int number = -1;
    {
        auto [read, write] = make_pipe();
        number = read.get();
        CHECK(is_open(number));
    }
    CHECK_FALSE(is_open(number));
}

TEST_CASE("a descriptor has one owner") {
    auto [read, write] = make_pipe();
    int number = read.get();
    Fd second(std::move(read));
    CHECK_FALSE(read);  // NOLINT(bugprone-use-after-move): that it is empty is the point
    CHECK(second.get() == number);
    int before = write.get();
    write = std::move(second);
    CHECK(write.get() == number);
    CHECK_FALSE(is_open(before));
    int released = write.release();
    CHECK_FALSE(write);
    CHECK(is_open(released));
    ::close(released);
}

TEST_CASE("closing says whether it worked, and closes once") {
    auto [read, write] = make_pipe();
    CHECK(read.close_checked() == 0);
    CHECK_FALSE(read);
    CHECK(read.close_checked() == 0);
    Fd wrong(1 << 20);
    CHECK(wrong.close_checked() == EBADF);
}
