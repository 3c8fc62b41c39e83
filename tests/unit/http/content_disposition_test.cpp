#include "http/content_disposition.h"

#include <catch2/catch_test_macros.hpp>

using namespace bodega::http;

TEST_CASE("Content-Disposition has both forms of the name, and no name can end the quotes", "[http]") {
    CHECK(content_disposition(Disposition::attachment, "plan.pdf") ==
          "attachment; filename=\"plan.pdf\"; filename*=UTF-8''plan.pdf");
    CHECK(content_disposition(Disposition::inline_, "año – 1.txt") ==
          "inline; filename=\"ano _ 1.txt\"; filename*=UTF-8''a%C3%B1o%20%E2%80%93%201.txt");
    CHECK(content_disposition(Disposition::attachment, "a\"; x=\"b\\c%41;'.txt") ==
          "attachment; filename=\"a_; x=_b_c_41;'.txt\"; "
          "filename*=UTF-8''a%22%3B%20x%3D%22b%5Cc%2541%3B%27.txt");
}

TEST_CASE("the ASCII form of a name keeps what ASCII can express", "[http]") {
    auto plain = [](std::string_view name) {
        std::string field = content_disposition(Disposition::attachment, name);
        std::size_t from = field.find('"') + 1;
        return field.substr(from, field.find('"', from) - from);
    };
    CHECK(plain("Überweisung März 2026.pdf") == "Uberweisung Marz 2026.pdf");
    CHECK(plain("contrato señalización.docx") == "contrato senalizacion.docx");
    CHECK(plain("naïve-Smörgåsbord-Łódź.txt") == "naive-Smorgasbord-_odz.txt");
    CHECK(plain("報告 2026.txt") == "__ 2026.txt");
    CHECK(plain("отчёт.csv") == "_____.csv");
    CHECK(plain("a\u037eb\u1fefc.txt") == "a;b`c.txt");
    CHECK(plain("\xff.txt") == "_.txt");
}

TEST_CASE("a name with line ends, NUL or nothing makes a whole field", "[http]") {
    CHECK(content_disposition(Disposition::attachment, "a\r\nb: c") ==
          "attachment; filename=\"a__b: c\"; filename*=UTF-8''a%0D%0Ab%3A%20c");
    CHECK(content_disposition(Disposition::attachment, std::string_view("a\0b", 3)) ==
          "attachment; filename=\"a_b\"; filename*=UTF-8''a%00b");
    CHECK(content_disposition(Disposition::attachment, "") == "attachment; filename=\"\"; filename*=UTF-8''");
}
