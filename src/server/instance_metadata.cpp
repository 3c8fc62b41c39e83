#include "server/instance_metadata.h"

#include <fstream>

#include "base/error.h"

namespace bodega::server {
namespace {

constexpr std::chrono::milliseconds kTimeout{1500};  // time limit of one request
constexpr std::size_t kMaxResponse = 16 << 10;
constexpr std::chrono::seconds kTokenLife{21600};  // the longest lifetime that the service allows
constexpr std::chrono::minutes kTokenSpare{10};
constexpr std::string_view kState = "/latest/meta-data/autoscaling/target-lifecycle-state";
constexpr std::string_view kSpot = "/latest/meta-data/spot/instance-action";

// Nitro machines show their vendor in the first file, older machines in the second.
bool is_ec2() {
    for (const char* file : {"/sys/class/dmi/id/sys_vendor", "/sys/class/dmi/id/board_vendor"}) {
        std::string line;
        if (std::getline(std::ifstream(file), line) && line.starts_with("Amazon EC2")) return true;
    }
    std::string line;
    return static_cast<bool>(std::getline(std::ifstream("/sys/hypervisor/uuid"), line)) && line.starts_with("ec2");
}

}  // namespace

std::optional<std::string> metadata_service(const config::Node& node) {
    if (node.imds == "off" || (node.imds == "auto" && !is_ec2())) return std::nullopt;
    return node.imds == "auto" ? "http://169.254.169.254" : node.imds;
}

InstanceMetadata::InstanceMetadata(std::string_view url)
    : url_(url), http_({.timeout = kTimeout, .max_response = kMaxResponse, .tls = nullptr, .continues = nullptr}) {}

std::optional<std::string> InstanceMetadata::notice() {
    // One of "InService", "Terminated", "Warmed:Terminated" and others.
    const auto state = read(kState);
    if (state && state->ends_with("Terminated")) return "its Auto Scaling group terminates it";
    const auto action = read(kSpot);  // {"action":"terminate","time":"…"}, announced two minutes before
    return action ? std::optional("its spot instance is reclaimed: " + action->substr(0, 200)) : std::nullopt;
}

std::optional<std::string> InstanceMetadata::read(std::string_view path) {
    net::HttpResponse answer = get(path);
    if (answer.status == 401) {  // the token expired early
        token_.clear();
        answer = get(path);
    }
    if (answer.status == 404) return std::nullopt;
    if (answer.status == 200) return answer.body;
    throw base::Error(base::Code::unavailable, "EC2's metadata service answered " + std::to_string(answer.status));
}

net::HttpResponse InstanceMetadata::get(std::string_view path) {
    if (token_.empty() || base::Steady::now() >= token_ends_) {
        const std::string life = std::to_string(kTokenLife.count());
        net::HttpResponse made = ask("PUT", "/latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds", life);
        if (made.status != 200 || made.body.find_first_of("\r\n") != made.body.npos)
            throw base::Error(base::Code::unavailable,
                              "EC2's metadata service gives no token: it answered " + std::to_string(made.status));
        token_ = made.body;
        token_ends_ = base::Steady::now() + kTokenLife - kTokenSpare;
    }
    return ask("GET", path, "X-aws-ec2-metadata-token", token_);
}

net::HttpResponse InstanceMetadata::ask(const char* method, std::string_view path, const char* field,
                                        const std::string& value) const {
    return http_.send({method, url_ + std::string(path), {{field, value}}, {}});
}

}  // namespace bodega::server
