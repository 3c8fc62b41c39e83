// The access log's line, and the parts of a target that a log may show.
#include "edge/observe/access_log_line.h"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "edge/observe/redact.h"

using namespace bodega;
using edge::redacted_path;
using edge::redacted_url;

namespace {

struct Line {
    edge::RequestStats stats;
    edge::AccessLogEntry access;

    Line() {
        access.request_id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
        access.address = "192.0.2.1";
        access.method = "GET";
        access.host = "files.example.org";
        access.path = "/api/v1/spaces";
        access.status = 200;
        access.micros = 1'234'567;
        access.stats = &stats;
        stats.protocol = "HTTP/1.1";
        stats.whole = true;
    }
    std::string text() const {
        std::string out;
        edge::append_access_line(out, access, "node-1");
        return out;
    }
    nlohmann::json json() const { return nlohmann::json::parse(text()); }
};

}  // namespace

TEST_CASE("a line is one JSON object without absent fields") {
    Line line;
    line.stats.sent = 17;
    nlohmann::json json = line.json();
    CHECK(json["time"].get<std::string>().size() == std::string("2026-11-24T03:04:05.678Z").size());
    json.erase("time");
    CHECK(json == nlohmann::json{{"request_id", "01ARZ3NDEKTSV4RRFFQ69G5FAV"},
                                 {"node", "node-1"},
                                 {"client", "192.0.2.1"},
                                 {"method", "GET"},
                                 {"host", "files.example.org"},
                                 {"path", "/api/v1/spaces"},
                                 {"status", 200},
                                 {"received", 0},
                                 {"sent", 17},
                                 {"seconds", 1.234567},
                                 {"protocol", "HTTP/1.1"}});
}

TEST_CASE("a line has route, upstream, TLS, user agent and referer if there are any") {
    Line line;
    line.stats.route = "legacy";
    line.stats.upstream = "flask";
    line.stats.server = "127.0.0.1:5000";
    line.stats.upstream_micros = 5000;
    line.stats.tls = "TLSv1.3";
    line.stats.whole = false;
    line.access.user_agent = "curl/8";
    line.access.referer = "https://files.example.org/";
    nlohmann::json json = line.json();
    CHECK(json["route"] == "legacy");
    CHECK(json["upstream"] == "flask");
    CHECK(json["upstream_server"] == "127.0.0.1:5000");
    CHECK(json["upstream_seconds"] == 0.005);
    CHECK(json["tls"] == "TLSv1.3");
    CHECK(json["user_agent"] == "curl/8");
    CHECK(json["referer"] == "https://files.example.org/");
    CHECK(json["cut"] == true);
}

TEST_CASE("no bytes of a client can end a line or a string in it") {
    Line line;
    std::string all;
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
    line.access.method = line.access.host = line.access.path = line.access.user_agent = line.access.referer = all;
    std::string text = line.text();
    CHECK(text.find('\n') == text.size() - 1);
    CHECK(base::is_utf8(text));
    nlohmann::json json = nlohmann::json::parse(text);
    CHECK(json["status"] == 200);
    CHECK(json["user_agent"].get<std::string>().starts_with(std::string("\0\x01", 2)));
}

TEST_CASE("a log line has neither a query nor a share link's token") {
    CHECK(redacted_path("/api/v1/search?q=secret") == "/api/v1/search");
    CHECK(redacted_path("/s/abc") == "/s/-");
    CHECK(redacted_path("/s/abc?password=x") == "/s/-");
    CHECK(redacted_path("/s/abc/content/01ARZ") == "/s/-/content/01ARZ");
    CHECK(redacted_path("/s/") == "/s/");
    CHECK(redacted_path("/spaces/1") == "/spaces/1");
    CHECK(redacted_path("") == "");
    CHECK(redacted_url("https://ana:secret@files.example.org/s/abc/x?y#token=z") == "https://files.example.org/s/-/x");
    CHECK(redacted_url("https://files.example.org") == "https://files.example.org");
    CHECK(redacted_url("https://files.example.org?a=b") == "https://files.example.org");
    CHECK(redacted_url("/s/abc#d") == "/s/-");
}

TEST_CASE("a line does not take long to write", "[.cost]") {
    Line line;
    line.stats.route = "app";
    line.stats.upstream = "app";
    line.access.user_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    line.access.referer = "https://files.example.org/folders/01ARZ3NDEKTSV4RRFFQ69G5FAV";
    std::string out;
    constexpr int kTimes = 200'000;
    auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < kTimes; ++i) {
        out.clear();
        edge::append_access_line(out, line.access, "node-1");
    }
    auto took = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - begin);
    WARN(took.count() / kTimes << " ns a line of " << out.size() << " bytes");
}
