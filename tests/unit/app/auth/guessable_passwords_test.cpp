// The passwords that attackers try first.
#include "app/auth/guessable_passwords.h"

#include <catch2/catch_test_macros.hpp>

namespace bodega::app {

TEST_CASE("common passwords are known in their usual disguises") {
    for (const char* password : {"password123",      "Password1!",
                                 "P@ssw0rd123",      "passw0rd2024",
                                 "1234567890",       "0987654321",
                                 "123456789012",     "qwertyuiop",
                                 "qwertyuiop1",      "QwertyUiop",
                                 "1q2w3e4r5t",       "1qaz2wsx3edc",
                                 "zaq12wsxcde3",     "asdfghjkl1",
                                 "iloveyou12",       "iloveyou!!",
                                 "letmein123",       "welcome2024",
                                 "Summer2024!",      "sunshine1!",
                                 "princess123",      "football12",
                                 "abc123abc123",     "aaaaaaaaaa",
                                 "abababababab",     "          ",
                                 "1111111111",       "admin12345",
                                 "administrator",    "changeme123",
                                 "Contraseña1",      "contrasena123",
                                 "dragon2020",       "monkey12345",
                                 "qwerty123456",     "abcdefghij",
                                 "passwordpassword", "adminadmin",
                                 "secretpassword",   "\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0",
                                 "starwars77",       "liverpool1",
                                 "qwerty-123",       "trustno1trustno1",
                                 "bodega2024",       "!@#$%^&*()"}) {
        INFO(password);
        CHECK_FALSE(why_guessable(password, "ana").empty());
    }
}

TEST_CASE("passwords made of the account's own data are refused") {
    for (const char* password :
         {"marialopez", "MariaLopez1", "marialopez2024", "2024marialopez", "marialopezmarialopez"}) {
        INFO(password);
        CHECK_FALSE(why_guessable(password, "marialopez").empty());
    }
}

TEST_CASE("other passwords are accepted, whatever they are made of") {
    for (const char* password :
         {"correct horse battery", "sunshine over Prague", "a new long one", "tr0ub4dor&3 again", "zanahoria lunes 47",
          "ninguna regla", "just lower case", "8472905136", "sunshine4915123456", "kdjfhgieur", "ана и её кот",
          "密码是一只猫在屋顶上", "maria lopez likes tea", "password manager made this", "qwertyuiop is not enough"}) {
        INFO(password);
        CHECK(why_guessable(password, "marialopez").empty());
    }
}

}  // namespace bodega::app
