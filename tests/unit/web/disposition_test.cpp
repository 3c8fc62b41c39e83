#include "web/disposition.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::web {
namespace {

TEST_CASE("Content-Disposition: both forms of the name, and no way out of the quotes") {
    CHECK(content_disposition(Disposition::attachment, "plan.pdf") ==
          "attachment; filename=\"plan.pdf\"; filename*=UTF-8''plan.pdf");
    CHECK(content_disposition(Disposition::inline_, "año – 1.txt") ==
          "inline; filename=\"a_o _ 1.txt\"; filename*=UTF-8''a%C3%B1o%20%E2%80%93%201.txt");
    CHECK(content_disposition(Disposition::attachment, "a\"; x=\"b\\c%41;'.txt") ==
          "attachment; filename=\"a_; x=_b_c_41;'.txt\"; "
          "filename*=UTF-8''a%22%3B%20x%3D%22b%5Cc%2541%3B%27.txt");
}

TEST_CASE("what can run is never shown, and text only as text") {
    for (const char* mime : {"image/svg+xml", "application/xml", "application/xhtml+xml", "application/octet-stream",
                             "application/javascript", "application/zip", "image/tiff", ""})
        CHECK_FALSE(inline_type(mime));
    for (const char* mime : {"text/html", "text/javascript", "text/css", "text/xml", "application/json"})
        CHECK(inline_type(mime) == "text/plain; charset=utf-8");
    for (const char* mime : {"image/png", "image/jpeg", "application/pdf", "audio/mpeg", "video/mp4"})
        CHECK(inline_type(mime) == mime);
}

TEST_CASE("what is shown is in a sandbox without an origin") {
    CHECK(content_policy("text/plain; charset=utf-8").starts_with("sandbox; default-src 'none'"));
    CHECK(content_policy("image/png").starts_with("sandbox; default-src 'none'"));
    CHECK(content_policy("application/pdf").starts_with("default-src 'none'"));
}

}  // namespace
}  // namespace bodega::web
