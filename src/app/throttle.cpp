#include "app/throttle.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/error.h"
#include "store/attempts.h"

namespace bodega::app {
namespace {

constexpr std::size_t kHouseholdBytes = 8;                                                    // a /64
constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};  // IPv4 as IPv6

store::AttemptCount add(db::Connection& connection, const std::string& subject, base::Milliseconds window) {
    return subject.empty() ? store::AttemptCount{} : store::Attempts(connection).add(subject, window);
}

}  // namespace

std::string address_subject(std::string_view address) {
    if (address.empty()) return {};
    std::array<std::uint8_t, 16> bytes{};
    std::string text(address);
    if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) {
        if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin())) text = text.substr(text.rfind(':') + 1);
        else text = base::hex(std::span(bytes).first(kHouseholdBytes)) + "/64";
    }
    return "address:" + text;
}

Attempt::Attempt(const Services& services, const std::optional<std::string>& username_key, std::string_view address)
    : account_(username_key ? "account:" + *username_key : std::string()), address_(address_subject(address)) {
    const auto window = services.config.accounts.attempts_window.count();
    const std::int64_t most = services.config.accounts.attempts;
    base::Milliseconds wait = services.catalog.transact([&](db::Connection& connection) {
        base::Milliseconds longest = 0;
        for (const std::string& subject : {account_, address_}) {
            store::AttemptCount count = add(connection, subject, window);
            if (count.failures > most) longest = std::max(longest, count.ends_in);
        }
        return longest;
    });
    if (wait > 0)
        throw base::Error(base::Code::throttled, "too many failed attempts; wait a while before the next one",
                          static_cast<int>((wait + 999) / 1000));
}

void Attempt::succeed(db::Connection& connection) const {
    store::Attempts attempts(connection);
    if (!account_.empty()) attempts.clear(account_);
    if (!address_.empty()) attempts.take_back(address_);
}

}  // namespace bodega::app
