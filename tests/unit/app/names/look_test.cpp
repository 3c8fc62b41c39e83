// Names that look alike.
#include "app/names/look.h"

#include <catch2/catch_test_macros.hpp>

#include "app/auth/username.h"
#include "base/error.h"

namespace bodega::app {

TEST_CASE("a word with letters of several scripts is a mixed one") {
    for (const char* name : {"ana", "Álvaro", "иван", "иван.petrov", "ivan@пример", "山田たろう", "김철수", "ana山田",
                             "μαρία", "دانا", "u2024", "אבי.avi", "", "..."}) {
        INFO(name);
        CHECK(is_of_one_script(name));
    }
    for (const char* name : {"\u0430na", "an\u0430", "p\u0430ypal", "\u03bfla", "иванivan", "ana.m\u0430ria",
                             "たろう\u0430", "김\u0430", "\u0570ana", "אbi"}) {
        INFO(name);
        CHECK_FALSE(is_of_one_script(name));
    }
}

TEST_CASE("names that look alike are recognised, others are not") {
    struct Pair {
        const char *one, *other;
    };
    for (const Pair& pair : {Pair{"ace", "\u0430\u0441\u0435"},
                             {"ACE", "\u0410\u0421\u0415"},
                             {"ace", "\u0410\u0441\u0415"},
                             {"paco", "\u0440\u0430\u0441\u043e"},
                             {"noh", "\u0578\u0585\u0570"},
                             {"iris", "\u0131ris"},
                             {"ana", "ANA"},
                             {"ace", "\uff41\uff43\uff45"}}) {
        INFO(pair.one << " " << pair.other);
        CHECK(username_look(pair.one) == username_look(pair.other));
    }
    for (const Pair& pair :
         {Pair{"ana", "ann"}, {"иван", "ivan"}, {"user1", "userl"}, {"bob0", "bobo"}, {"мария", "maria"}}) {
        INFO(pair.one << " " << pair.other);
        CHECK(username_look(pair.one) != username_look(pair.other));
    }
}

TEST_CASE("a user name of mixed scripts is refused for new accounts, and still signs in") {
    CHECK_THROWS_AS(clean_username("\u0430na"), base::Error);
    CHECK(username_key("\u0430na"));
    CHECK(clean_username("иван") == "иван");
}

TEST_CASE("a name of blanks, formatting and filler characters is invisible") {
    for (const char* text :
         {"\u200b", "\u200b\u200d\u2060", "\ufeff", " \u00a0\u200b", "\u00ad", "\u202e", "\u2066\u2069", "\u3164",
          "\u115f", "\u2800", "\ufe0f", "\u034f", "\U000e0041", "\u180e"}) {
        INFO(text);
        CHECK(is_invisible(text));
    }
    for (const char* text : {"a", "\u200ba", "—", "👩\u200d💻", "é", "名", " .", "\u05d0\u200f"}) {
        INFO(text);
        CHECK_FALSE(is_invisible(text));
    }
}

}  // namespace bodega::app
