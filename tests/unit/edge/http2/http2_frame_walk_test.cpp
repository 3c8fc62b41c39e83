#include "edge/http2/http2_frame_walk.h"

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "support/http2_frames.h"

using namespace bodega;
using namespace bodega::test;

TEST_CASE("frames are recognised however their bytes arrive", "[http2]") {
    std::string bytes(edge::Http2FrameWalk::kPreface);
    bytes += http2::frame(http2::kSettings, 0, 0, http2::setting(4, 1));
    bytes += http2::frame(http2::kHeaders, http2::kEndStream, 1, "abc");
    bytes += http2::frame(http2::kContinuation, http2::kEndHeaders, 1, "");
    bytes += http2::frame(http2::kData, 0, 1, std::string(70000, 'x'));
    bytes += http2::frame(http2::kPing, 0, 0, "12345678");
    std::size_t headers_at = edge::Http2FrameWalk::kPreface.size() + 9 + 6;
    for (std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{9}, std::size_t{4096}, bytes.size()}) {
        edge::Http2FrameWalk walk;
        std::vector<int> types;
        std::vector<std::uint32_t> lengths, streams;
        for (std::size_t at = 0; at < bytes.size(); at += step) {
            std::string_view some = std::string_view(bytes).substr(at, step);
            while (walk.next(some)) {
                types.push_back(walk.frame().type);
                lengths.push_back(walk.frame().length);
                streams.push_back(walk.frame().stream);
            }
            if (step == 1) CHECK(walk.in_head() == (at >= headers_at + 8 && at < headers_at + 9 + 3 + 8));
        }
        CHECK(types == std::vector<int>{4, 1, 9, 0, 6});
        CHECK(lengths == std::vector<std::uint32_t>{6, 3, 0, 70000, 8});
        CHECK(streams == std::vector<std::uint32_t>{0, 1, 1, 1, 0});
        CHECK(walk.heads() == 1);
        CHECK_FALSE(walk.in_head());
    }
}

TEST_CASE("the stream dependency of a priority is read, wherever it is", "[http2]") {
    constexpr int kPriorityFlag = 0x20;
    struct Case {
        std::string bytes;
        std::uint32_t depends_on;
    };
    const std::string priority = http2::number(0x80000007) + "w";
    const std::vector<Case> cases = {
        {http2::frame(http2::kPriority, 0, 5, priority), 7},
        {http2::frame(http2::kPriority, 0, 5, "1234"), 0},  // not complete
        {http2::frame(http2::kHeaders, kPriorityFlag, 5, priority + "abc"), 7},
        {http2::frame(http2::kHeaders, kPriorityFlag | http2::kPadded, 5, "\x01" + priority + "abcp"), 7},
        {http2::frame(http2::kHeaders, kPriorityFlag, 5, "12"), 0},
        {http2::frame(http2::kHeaders, 0, 5, priority), 0},
        {http2::frame(http2::kData, kPriorityFlag, 5, priority), 0},
    };
    for (const Case& one : cases) {
        for (std::size_t step : {std::size_t{1}, std::size_t{10}, std::size_t{100}}) {
            edge::Http2FrameWalk walk;
            std::string bytes =
                std::string(edge::Http2FrameWalk::kPreface) + one.bytes + http2::frame(http2::kPing, 0, 0, "12345678");
            std::vector<std::uint32_t> seen;
            std::size_t taken = 0;
            for (std::size_t at = 0; at < bytes.size(); at += step) {
                std::string_view some = std::string_view(bytes).substr(at, step);
                while (walk.next(some)) seen.push_back(walk.frame().depends_on), taken = walk.taken();
            }
            CHECK(seen == std::vector<std::uint32_t>{one.depends_on, 0});
            CHECK(taken == 9);
        }
    }
}
