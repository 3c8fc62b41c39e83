#include "base/denied.h"

#include <cerrno>

#include <catch2/catch_test_macros.hpp>

using bodega::base::denied_text;

TEST_CASE("a refusal of rights says whose they are, and what to do", "[base]") {
    for (int error : {EACCES, EPERM}) {
        CHECK(denied_text(error).find(" for ") != std::string::npos);
        CHECK(denied_text(error).find("uid ") != std::string::npos);
        CHECK(denied_text(error).ends_with("give that account the right to it (chown, chgrp, chmod)"));
    }
    CHECK(
        denied_text(EROFS).starts_with("Read-only file system; mount it for writing, or print the systemd unit again"));
    CHECK(denied_text(ENOENT) == "No such file or directory");
}
