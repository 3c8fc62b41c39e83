// API tests as data: what is asked, and what the answer has to say and must not.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "support/app_server.h"

namespace bodega::test {

struct ApiCase {
    std::string name;
    std::string method;
    std::string target;
    std::string body = {};
    HttpClient::Fields fields = {};
    int status = 200;
    std::vector<std::string> expected = {};   // in the head (names in any case) or the body
    std::vector<std::string> forbidden = {};  // in neither
};

// One CHECK a case and text, with the case's name and the answer in the message.
void run_cases(Caller& caller, const std::vector<ApiCase>& cases);

}  // namespace bodega::test
