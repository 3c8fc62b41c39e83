#include "base/denied.h"

#include <cerrno>

#include <catch2/catch_test_macros.hpp>

using bodega::base::denied_text;

TEST_CASE("an error for missing rights names the owner and says what to do", "[base]") {
    for (int error : {EACCES, EPERM}) {
        CHECK(denied_text(error).find(" for ") != std::string::npos);
        CHECK(denied_text(error).find("uid ") != std::string::npos);
        CHECK(denied_text(error).ends_with("give that account the right to it (chown, chgrp, chmod)"));
    }
    CHECK(
        denied_text(EROFS).starts_with("Read-only file system; mount it for writing, or print the systemd unit again"));
    CHECK(denied_text(ENOENT) == "No such file or directory");
}
