// Reads EC2's announcements of a machine's end from the instance metadata service, version 2 (IMDSv2). These are the
// lifecycle state that the Auto Scaling group gives the machine, and the notice that a spot instance will be reclaimed.
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "config/config.h"
#include "net/http_client.h"

namespace bodega::server {

// Returns the URL of the cloud's instance metadata service. The setting node.imds is that URL, "off" or "auto"; with
// "auto", the vendor's name in the machine's firmware decides whether there is such a service. Returns std::nullopt if
// there is no service, or if the setting is "off".
std::optional<std::string> metadata_service(const config::Node& node);

// Single-threaded.
class InstanceMetadata {
public:
    explicit InstanceMetadata(std::string_view url);

    // Returns why this machine is about to end, in a few words, or std::nullopt if nothing was announced. Blocks for
    // 12 s at most. Throws Error{unavailable} if the service does not answer as expected.
    std::optional<std::string> notice();

private:
    std::optional<std::string> read(std::string_view path);  // returns std::nullopt if the service answers 404
    net::HttpResponse get(std::string_view path);
    net::HttpResponse ask(const char* method, std::string_view path, const char* field, const std::string& value) const;

    const std::string url_;
    const net::HttpClient http_;
    std::string token_;
    base::Steady::time_point token_ends_{};
};

}  // namespace bodega::server
