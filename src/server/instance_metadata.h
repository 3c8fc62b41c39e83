// What EC2 tells a machine of its own end, by the instance metadata service, version 2 (IMDSv2): the state that its
// Auto Scaling group moves it to, and the notice that a spot instance is taken back.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "server/plain_http.h"
#include "config/config.h"

namespace bodega::cli {

// Where node.imds says that the service is; std::nullopt: this machine has none, or it is off. "auto" asks the
// machine's firmware who made it.
std::optional<std::string> metadata_service(const config::Node& node);

// One thread.
class InstanceMetadata {
public:
    explicit InstanceMetadata(std::string_view url);

    // Why this machine is about to end, in a few words; std::nullopt: nothing says so. Blocks for some seconds at most.
    // Throws Error{unavailable} if the service does not answer, or not as expected.
    std::optional<std::string> notice();

private:
    std::optional<std::string> read(std::string_view path);  // std::nullopt: 404
    PlainAnswer get(std::string_view path);

    PlainHttp service_;
    std::string token_;
    base::Steady::time_point token_ends_{};
};

}  // namespace bodega::cli
