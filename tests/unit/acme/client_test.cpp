#include "acme/client.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "base/error.h"
#include "support/certificate.h"
#include "support/temp_folder.h"

using namespace bodega;
using namespace bodega::acme;

namespace {

const auto kContinue = [](std::chrono::milliseconds) { return true; };

struct NoBoard : ChallengeBoard {
    void put(const std::string&, const std::string&) override {}
    void remove(const std::string&) noexcept override {}
};

}  // namespace

TEST_CASE("an unreadable CA bundle for the authority is an error that names the setting", "[acme]") {
    const Key key = Key::make();
    CHECK_THROWS_WITH(Client({"https://127.0.0.1:1/", "/absent.pem"}, key, kContinue),
                      Catch::Matchers::StartsWith("edge.acme.authorities: /absent.pem"));
}

TEST_CASE("an authority is asked over TLS only", "[acme]") {
    const test::TempFolder folder;
    const test::Authority authority(folder / "");
    const Key key = Key::make();
    NoBoard board;
    Client client({"http://127.0.0.1:1/dir", authority.file()}, key, kContinue);
    CHECK_THROWS_WITH(client.order({"a.example"}, key, "", board), Catch::Matchers::EndsWith("is not an https:// URL"));
}
