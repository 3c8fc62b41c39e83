#include "server/drain.h"

#include <catch2/catch_test_macros.hpp>

using bodega::server::Drain;

TEST_CASE("a drain lasts until its last reason is gone", "[server]") {
    Drain drain;
    CHECK_FALSE(drain.is_on());
    CHECK(drain.lasted().count() == 0);
    CHECK(drain.set(Drain::Reason::asked, true));
    CHECK_FALSE(drain.set(Drain::Reason::asked, true));
    CHECK(drain.set(Drain::Reason::machine_ends, true));
    CHECK(drain.set(Drain::Reason::asked, false));
    CHECK(drain.is_on());
    CHECK(drain.set(Drain::Reason::machine_ends, false));
    CHECK_FALSE(drain.is_on());
    CHECK_FALSE(drain.set(Drain::Reason::machine_ends, false));
}

TEST_CASE("a drain reports its reasons while it lasts", "[server]") {
    Drain drain;
    CHECK_FALSE(drain.why());
    drain.set(Drain::Reason::machine_ends, true, "the machine ends");
    drain.set(Drain::Reason::asked, true, "an operator wants it");
    CHECK(drain.why() == "an operator wants it");
    drain.set(Drain::Reason::asked, false);
    CHECK(drain.why() == "the machine ends");
    drain.set(Drain::Reason::machine_ends, false);
    CHECK_FALSE(drain.why());
}
