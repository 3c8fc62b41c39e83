#include "app/auth/passwords.h"

#include <argon2.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <thread>
#include <vector>

#include "base/error.h"

namespace bodega::app {
namespace {

config::Accounts cheap() {
    config::Accounts accounts;
    accounts.argon2_memory = 64 << 10;
    accounts.argon2_passes = 1;
    return accounts;
}

// The minimum CPU time of the work on this thread, however busy the machine is.
template <class Work>
std::int64_t cpu_time_of(Work work) {
    auto now = [] {
        timespec time{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
    };
    std::int64_t least = INT64_MAX;
    for (int i = 0; i < 4; ++i) {
        const auto begin = now();
        work();
        least = std::min<std::int64_t>(least, now() - begin);
    }
    return least;
}

}  // namespace

TEST_CASE("a password matches only its own hash") {
    const auto accounts = cheap();
    Passwords passwords(accounts);
    const std::string one = passwords.hash("correct horse"), two = passwords.hash("correct horse");
    CHECK(one.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    CHECK(one != two);  // each with a salt of its own
    CHECK(passwords.verify("correct horse", one));
    CHECK(passwords.verify("correct horse", two));
    CHECK_FALSE(passwords.verify("Correct horse", one));
    CHECK_FALSE(passwords.verify("", one));
    CHECK_FALSE(passwords.verify("correct horse", "not a hash"));
    CHECK_FALSE(passwords.verify(std::string(1 << 20, 'x'), one));
}

TEST_CASE("a password matches in each Unicode form, even if its hash was made from another form") {
    const auto accounts = cheap();
    Passwords passwords(accounts);
    const std::string composed = "caf\u00e9 au lait", decomposed = "cafe\u0301 au lait", other = "cafe au lait";
    const std::string korean = "\ud55c\uad6d\uc5b4 \ube44\ubc00\ubc88\ud638";
    for (const std::string& form : {composed, decomposed}) {
        CHECK(passwords.verify(composed, passwords.hash(form)));
        CHECK(passwords.verify(decomposed, passwords.hash(form)));
        CHECK_FALSE(passwords.verify(other, passwords.hash(form)));
        // As an earlier version of bodega made it, before passwords were composed.
        std::array<char, 128> old{};
        REQUIRE(argon2id_hash_encoded(1, 64, 1, form.data(), form.size(), "salt salt", 9, 32, old.data(), old.size()) ==
                ARGON2_OK);
        CHECK(passwords.verify(composed, old.data()));
        CHECK(passwords.verify(decomposed, old.data()));
        CHECK_FALSE(passwords.verify(other, old.data()));
    }
    CHECK(passwords.verify(korean, passwords.hash(korean)));
    // Ten combining marks are not ten characters.
    CHECK_THROWS_AS(passwords.check_rules("e\u0301e\u0300e\u0302e\u0308e\u0301", "ana"), base::Error);
}

TEST_CASE("a sign-in takes as long for an unknown account as for a known one") {
    config::Accounts accounts = cheap();
    accounts.argon2_memory = 16 << 20;
    Passwords passwords(accounts);
    const std::string hash = passwords.hash("correct horse");
    const auto known = cpu_time_of([&] { passwords.verify("wrong", hash); });
    const auto unknown = cpu_time_of([&] { CHECK_FALSE(passwords.verify("wrong", "")); });
    CHECK(unknown > known / 2);
    CHECK(known > unknown / 2);
}

TEST_CASE("a hash with other parameters is outdated") {
    const auto accounts = cheap();
    config::Accounts stronger = accounts;
    stronger.argon2_passes = 2;
    Passwords old_ones(accounts), new_ones(stronger);
    const std::string hash = old_ones.hash("correct horse");
    CHECK_FALSE(old_ones.is_outdated(hash));
    CHECK(new_ones.is_outdated(hash));
    CHECK(new_ones.verify("correct horse", hash));  // and still good
}

TEST_CASE("the rules of passwords") {
    const auto accounts = cheap();
    const Passwords passwords(accounts);
    CHECK_NOTHROW(passwords.check_rules("ten chars!", "ana"));
    CHECK_NOTHROW(passwords.check_rules("ñandú ñoñó", "ana"));  // characters, not bytes
    std::string longest;
    for (int i = 0; longest.size() < 1024; ++i) longest += "word" + std::to_string(i * i) + " ";
    longest.resize(1024);
    CHECK_NOTHROW(passwords.check_rules(longest, "ana"));
    CHECK_THROWS_AS(passwords.check_rules(longest + "x", "ana"), base::Error);
    CHECK_THROWS_AS(passwords.check_rules("password123", "ana"), base::Error);
    CHECK_THROWS_AS(passwords.check_rules("nine char", "ana"), base::Error);
    CHECK_THROWS_AS(passwords.check_rules("ñññññ", "ana"), base::Error);
    CHECK_THROWS_AS(passwords.check_rules("", "ana"), base::Error);
    CHECK_THROWS_AS(passwords.check_rules("ten chars\xff", "ana"), base::Error);
    CHECK_THROWS_AS(passwords.check_rules("long-username", "long-username"), base::Error);
}

TEST_CASE("concurrent hashes are limited, and too many waiting callers are refused") {
    config::Accounts accounts = cheap();
    accounts.argon2_memory = 8 << 20;
    accounts.argon2_concurrency = 1;
    Passwords passwords(accounts);
    std::atomic<int> done{0}, refused{0};
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 100; ++i) {
            callers.emplace_back([&] {
                try {
                    passwords.hash("correct horse");
                    ++done;
                } catch (const base::Error& error) {
                    if (error.code() == base::Code::unavailable && error.retry_after() > 0) ++refused;
                }
            });
        }
    }
    CHECK(done + refused == 100);
    CHECK(refused >= 1);
    CHECK(done >= 1);
}

TEST_CASE("new hashes fit into the control group's memory limit, at the same cost") {
    config::Accounts accounts;  // 64 MiB, 2 passes, 2 at once
    const auto under = [&](std::int64_t mib) {
        return Passwords(accounts, [mib] { return base::MemoryLimit{mib << 20, mib << 20}; }).hash("correct horse");
    };
    CHECK(Passwords(accounts, [] { return std::nullopt; })
              .hash("correct horse")
              .starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
    CHECK(under(1024).starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
    CHECK(under(256).starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
    CHECK(under(128).starts_with("$argon2id$v=19$m=32768,t=4,p=1$"));
    CHECK(under(64).starts_with("$argon2id$v=19$m=16384,t=8,p=1$"));
    CHECK(under(16).starts_with("$argon2id$v=19$m=8192,t=16,p=1$"));  // the setting's minimum
}

TEST_CASE("a hash with less memory is not outdated if its cost is the same") {
    config::Accounts accounts;
    const Passwords large(accounts, [] { return std::nullopt; });
    const Passwords small(accounts, [] { return base::MemoryLimit{64 << 20, 64 << 20}; });
    for (const char* good :
         {"$argon2id$v=19$m=65536,t=2,p=1$", "$argon2id$v=19$m=16384,t=8,p=1$", "$argon2id$v=19$m=8192,t=16,p=1$"}) {
        CAPTURE(good);
        CHECK_FALSE(large.is_outdated(good));
    }
    CHECK_FALSE(small.is_outdated("$argon2id$v=19$m=16384,t=8,p=1$"));
    CHECK(small.is_outdated("$argon2id$v=19$m=65536,t=2,p=1$"));  // its memory is already allocated
    for (const char* old : {"$argon2id$v=19$m=16384,t=2,p=1$", "$argon2id$v=19$m=131072,t=2,p=1$",
                            "$argon2i$v=19$m=65536,t=2,p=1$", "x"}) {
        CAPTURE(old);
        CHECK(large.is_outdated(old));
        CHECK(small.is_outdated(old));
    }
}

TEST_CASE("a hash that does not fit is refused, before any memory is taken") {
    config::Accounts accounts;
    Passwords before(accounts, [] { return std::nullopt; });
    const std::string hash = before.hash("correct horse");
    std::int64_t left = 64 << 20;
    Passwords passwords(accounts, [&] { return base::MemoryLimit{64 << 20, left}; });
    try {
        passwords.verify("correct horse", hash);
        FAIL("it was computed");
    } catch (const base::Error& error) {
        CHECK(error.code() == base::Code::unavailable);
        CHECK(error.retry_after() > 0);
    }
    const std::string small = passwords.hash("correct horse");
    CHECK(passwords.verify("correct horse", small));
    CHECK_FALSE(passwords.verify("correct horse", ""));
    left = 10 << 20;
    CHECK_THROWS_AS(passwords.verify("correct horse", small), base::Error);
}

TEST_CASE("hashes that do not fit into memory together run one after the other") {
    config::Accounts accounts;
    accounts.argon2_memory = 8 << 20;
    Passwords passwords(accounts, [] { return base::MemoryLimit{64 << 20, 14 << 20}; });
    std::vector<std::jthread> callers;
    std::atomic<int> done{0};
    for (int i = 0; i < 4; ++i) {
        callers.emplace_back([&] {
            passwords.hash("correct horse");
            ++done;
        });
    }
    callers.clear();
    CHECK(done == 4);
}

}  // namespace bodega::app
