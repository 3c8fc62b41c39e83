// API tests as data: a request, and texts that the answer has to contain or must not contain.
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

// One CHECK for each case and text, with the case's name and the answer in the message.
void run_cases(Caller& caller, const std::vector<ApiCase>& cases);

}  // namespace bodega::test
