#include "config/read.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/random.h"

using namespace bodega::config;

namespace {

// A temporary working directory with the given files.
class Folder {
public:
    Folder() : path_(std::filesystem::temp_directory_path() / ("bodega-config-" + bodega::base::random_secret(9))) {
        std::filesystem::create_directories(path_);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string write(const std::string& name, std::string_view text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
        return (path_ / name).string();
    }

    Sources sources() const {
        Sources sources;
        sources.folder = path_.string();
        return sources;
    }

    std::string refused(Sources sources) const {
        try {
            read(sources);
        } catch (const bodega::base::Error& error) {
            CHECK(error.code() == bodega::base::Code::config_invalid);
            std::string message = error.what();
            std::string prefix = path_.string() + "/";
            while (message.find(prefix) != message.npos) message.erase(message.find(prefix), prefix.size());
            return message;
        }
        return "accepted";
    }

    std::string refused_file(std::string_view toml) const {
        write("config.toml", toml);
        return refused(sources());
    }

private:
    std::filesystem::path path_;
};

Setting flag(std::string_view key, std::string text) {
    const Key* found = find_key(key);
    return {found, Plain{std::move(text)}, flag_name(*found)};
}

}  // namespace

TEST_CASE("without a source, settings are the defaults", "[config]") {
    Folder folder;
    Config config = read(folder.sources());
    for (const Key& key : keys()) CHECK(show(key, config) == show(key, Config{}));
}

TEST_CASE("flags override the environment, the environment .env, and .env the file", "[config]") {
    Folder folder;
    folder.write("config.toml", "[node]\nname = 'file'\n[edge]\nloops = 1\nmax_fields = 50\nfile_threads = 7\n");
    folder.write(".env", "BODEGA_NODE_NAME=dotenv\nBODEGA_EDGE_LOOPS=2\nexport BODEGA_EDGE_MAX_FIELDS=60\nOTHER=x\n");
    Sources sources = folder.sources();
    sources.environment = {{"BODEGA_NODE_NAME", "environment"}, {"BODEGA_EDGE_LOOPS", "3"}};
    sources.flags = {flag("node.name", "flag")};
    Config config = read(sources);
    CHECK(config.node.name == "flag");
    CHECK(config.edge.loops == 3);
    CHECK(config.edge.max_fields == 60);
    CHECK(config.edge.file_threads == 7);
}

TEST_CASE("repeated flags of a list add up and replace what was before", "[config]") {
    Folder folder;
    folder.write("config.toml", "[edge]\nlisten = ['http://127.0.0.1:1']\n");
    Sources sources = folder.sources();
    sources.flags = {flag("edge.listen", "http://127.0.0.1:2"), flag("edge.listen", "http://127.0.0.1:3")};
    CHECK(read(sources).edge.listen == std::vector<std::string>{"http://127.0.0.1:2", "http://127.0.0.1:3"});
}

TEST_CASE("a mistake in config.toml is reported with its line", "[config]") {
    Folder folder;
    CHECK(folder.refused_file("[edge]\nlisten = []\nlopps = 3\n") ==
          "config.toml:3: there is no setting edge.lopps (did you mean edge.loops?)");
    CHECK(folder.refused_file("\n[egde]\nloops = 3\n") ==
          "config.toml:2: there is no section [egde] (did you mean edge?)");
    CHECK(folder.refused_file("loops = 3\n").starts_with("config.toml:1: there is no setting loops"));
    CHECK(folder.refused_file("[edge]\nloops = 'x'\n") ==
          "config.toml:2: edge.loops must be a whole number, not the text \"x\"");
    CHECK(folder.refused_file("[edge]\nhead_timeout = 30\n") ==
          "config.toml:2: edge.head_timeout must be a duration such as \"30s\" or \"10min\", not the number 30");
    CHECK(folder.refused_file("[edge]\nloops = true\n") ==
          "config.toml:2: edge.loops must be a whole number, not true or false");
    CHECK(folder.refused_file("[edge]\nlisten = [1]\n") ==
          "config.toml:2: edge.listen must be a list of texts, not a list of other things than texts");
    CHECK(folder.refused_file("[edge]\nloops = 999\n") == "config.toml:2: edge.loops must be between 0 and 256");
    CHECK(folder.refused_file("[edge]\nloops = 1\nloops = 2\n").starts_with("config.toml:3: "));
    CHECK(folder.refused_file("[edge\n").starts_with("config.toml:1: "));
    CHECK(folder.refused_file("[edge.listen]\nx = 1\n") ==
          "config.toml:1: edge.listen must be a list of texts, not a table");
}

TEST_CASE("contradicting keys and malformed addresses are refused", "[config]") {
    Folder folder;
    CHECK(folder.refused_file("[edge]\nlisten = []\n").starts_with("config.toml:2: edge.listen is empty and so is"));
    CHECK(folder.refused_file("[edge]\nlisten = []\n[app]\nlisten = '127.0.0.1:5000'\n") == "accepted");
    CHECK(folder.refused_file("[edge]\nlisten = ['8080']\n") ==
          "config.toml:2: edge.listen must hold addresses such as \"http://127.0.0.1:8080\", not \"8080\"");
    CHECK(folder.refused_file("[edge]\nlisten = ['http://[::1]:0']\n") == "accepted");
    for (std::string good : {"http://0.0.0.0", "http://[::]", "http://localhost proxy_protocol"})
        CHECK(folder.refused_file("[edge]\nlisten = ['" + good + "']\n") == "accepted");
    for (std::string bad : {"http://", "http:// x", "http://:80", "http://[]", "http://::1", "http://a/", "http://a:x"})
        CHECK(folder.refused_file("[edge]\nlisten = ['" + bad + "']\n").ends_with(", not \"" + bad + "\""));
    CHECK(folder.refused_file("[edge]\nlisten = ['http://[::1]:0 redirect=443']\n") == "accepted");
    CHECK(folder.refused_file("[edge]\nlisten = ['http://[::1]:0 redirect']\n").find("no https:// address") !=
          std::string::npos);
    CHECK(folder.refused_file("[edge]\nlisten = ['http://[::1]:0 redirect=x']\n").find("accepts the words") !=
          std::string::npos);
    CHECK(folder.refused_file("[app]\nthreads = 8\n") == "accepted");
    CHECK(folder.refused_file("[app]\nthreads = 8\nuploads = 1\n[edge]\nupstream_connections = 10\n") ==
          "config.toml:5: edge.upstream_connections must not be more than app.threads + app.uploads (9)");
    CHECK(
        folder.refused_file("[edge]\nrate_limit = '9/day'\n") ==
        "config.toml:2: edge.rate_limit must be requests per s, min or h, such as \"100/s burst=200\", not \"9/day\"");
    CHECK(folder.refused_file("[app]\ntrusted_proxies = ['10.0.0.0/33']\n") ==
          "config.toml:2: app.trusted_proxies must hold networks such as \"10.0.0.0/8\", not \"10.0.0.0/33\"");
    for (const char* bad : {"files.example.org", "https://x/y?z", "https://x/a b/", "https://x/../"}) {
        INFO(bad);
        const std::string said = folder.refused_file("[app]\npublic_url = '" + std::string(bad) + "'\n");
        CHECK(said.starts_with("config.toml:2: app.public_url must"));
    }
    CHECK(folder.refused_file("[app]\npublic_url = 'https://x/y'\n") == "accepted");
    CHECK(folder.refused_file("[database]\nurl = 'postgres://x'\n") ==
          "config.toml:2: database.url must be \"sqlite:PATH\" or \"mysql://USER@HOST:PORT/NAME\"");
    for (const std::string text : {"ana:hunter2", "ana:hun/ter2", "ana:hun@ter/2", "ana:hun/ter@2", ":hunter2"})
        CHECK(folder.refused_file("[database]\nurl = 'mysql://" + text + "@h/x'\n") ==
              "config.toml:2: database.url must not hold the password: use database.password_file or DB_PASSWORD");
    CHECK(folder.refused_file("[database]\nurl = 'mysql://ana:hunter2/x'\n") ==
          "config.toml:2: database.url must name the user: \"mysql://USER@HOST:PORT/NAME\"");
    CHECK(
        folder.refused_file("[database]\nurl = 'mysql://ana@h/x?ssl-mode=REQUIRED'\n") ==
        "config.toml:2: database.url must hold no parameters such as ?ssl-mode=REQUIRED: for TLS with verification set "
        "database.ssl_ca");
    CHECK(folder.refused_file("[accounts]\nadmin_user = 'root'\n").starts_with("config.toml:2: accounts.admin_user"));
}

TEST_CASE("allowed origins are written as browsers send them", "[config]") {
    Folder folder;
    folder.write("config.toml",
                 "[app]\nallowed_origins = ['https://a.example', 'http://localhost:3000', 'http://[::1]:1']\n");
    CHECK(read(folder.sources()).app.allowed_origins.size() == 3);
    for (const char* origin : {"*", "null", "a.example", "ftp://a.example", "https://*.a.example", "https://a.example/",
                               "https://A.example", "https://a.example:443", "http://a.example:80", "https://",
                               "https://u@a.example", "https://a.example/x", "https://a.example?x", "https://:8443"}) {
        INFO(origin);
        CHECK(folder.refused_file("[app]\nallowed_origins = ['" + std::string(origin) + "']\n")
                  .starts_with("config.toml:2: app.allowed_origins must hold origins as browsers write them"));
    }
}

TEST_CASE("fewer app threads lower the default number of connections to the app", "[config]") {
    Folder folder;
    folder.write("config.toml", "[app]\nthreads = 8\nuploads = 4\n");
    CHECK(read(folder.sources()).edge.upstream_connections == 12);
}

TEST_CASE("a configuration file that is named must exist", "[config]") {
    Folder folder;
    Sources sources = folder.sources();
    sources.file = sources.folder + "/absent.toml";
    CHECK(folder.refused(sources) == "--config: could not read absent.toml: there is no such file");
    sources.file = sources.folder;
    CHECK(folder.refused(sources).ends_with("it is a folder"));
    sources.file = folder.write("other.toml", "[node]\nname = 'other'\n");
    CHECK(read(sources).node.name == "other");
    sources.environment = {{"BODEGA_CONFIG", sources.folder + "/third.toml"}};
    CHECK(read(sources).node.name == "other");
    sources.file.reset();
    CHECK(folder.refused(sources) == "BODEGA_CONFIG: could not read third.toml: there is no such file");
}

TEST_CASE("the database's password comes from a variable or a file, not both", "[config]") {
    Folder folder;
    std::string file = folder.write("password", "from file\r\n");
    Sources sources = folder.sources();
    sources.environment = {{"DB_PASSWORD_FILE", file}};
    CHECK(read(sources).database.password == "from file");
    sources.environment = {{"DB_PASSWORD", "direct"}};
    CHECK(read(sources).database.password == "direct");
    sources.environment = {{"DB_PASSWORD", "direct"}, {"DB_PASSWORD_FILE", file}};
    CHECK(folder.refused(sources) ==
          "DB_PASSWORD and DB_PASSWORD_FILE are both set: keep the one that holds the database's password");
    sources.environment = {{"DB_PASSWORD", "direct"}};
    sources.flags = {flag("database.password_file", file)};
    CHECK(read(sources).database.password == "from file");
    folder.write("config.toml", "[database]\npassword_file = '/nowhere'\n");
    sources.flags.clear();
    CHECK(read(sources).database.password == "direct");
    sources.environment.clear();
    CHECK(folder.refused(sources) == "config.toml:2: could not read /nowhere: there is no such file");
    sources.environment = {{"DB_PASSWORD_FILE", folder.write("empty", "\n")}};
    CHECK(folder.refused(sources) == "DB_PASSWORD_FILE: could not read empty: it is empty");
}

TEST_CASE("each value has its origin", "[config]") {
    Folder folder;
    folder.write("config.toml", "[edge]\nloops = 1\nmax_fields = 50\nfile_threads = 7\nhttp2_streams = 9\n");
    folder.write(".env", "BODEGA_EDGE_LOOPS=2\nBODEGA_EDGE_HTTP2_STREAMS=9\nBODEGA_LOG_LEVEL=warn\n");
    Sources sources = folder.sources();
    sources.environment = {{"BODEGA_EDGE_MAX_FIELDS", "60"}, {"DB_HOST", "db"}, {"DB_PASSWORD", "secret"}};
    sources.flags = {flag("log.format", "json")};
    const Origins origins = read_with_origins(sources).origins;
    const auto text = [&](std::string_view key) { return origins.find(key)->second.text(); };
    CHECK(text("edge.loops") == ".env (BODEGA_EDGE_LOOPS)");
    CHECK(text("edge.max_fields") == "environment (BODEGA_EDGE_MAX_FIELDS)");
    CHECK(text("edge.file_threads").ends_with("/config.toml:4"));
    CHECK(text("database.url") == "environment (DB_HOST)");
    CHECK(text("database.password") == "environment (DB_PASSWORD)");
    CHECK(text("log.format") == "--log-format");
    CHECK(Origin{}.text() == "default");
    CHECK(!origins.contains("edge.buffer"));
    // The same value twice needs no warning.
    CHECK(origins.find("edge.http2_streams")->second.overridden.empty());
    CHECK(origins.find("edge.loops")->second.overridden.ends_with("/config.toml:2"));
    CHECK(overridden_by(origins, Source::dotenv).starts_with("edge.loops ("));
    CHECK(overridden_by(origins, Source::environment).starts_with("edge.max_fields ("));
    CHECK(overridden_by(origins, Source::flag).empty());
}

TEST_CASE("a password is read from its secret file", "[config]") {
    Folder folder;
    Sources sources = folder.sources();
    sources.environment = {{"DB_HOST", "db"}, {"DB_PASSWORD_FILE", folder.write("password", "secret\n")}};
    CHECK(read_with_origins(sources).origins.find("database.password")->second.where == "DB_PASSWORD_FILE");
}

TEST_CASE("a byte order mark and trailing blank lines are not part of a secret, further lines are refused",
          "[config]") {
    Folder folder;
    for (const char* text :
         {"secret", "secret\n", "\xef\xbb\xbfsecret\r\n", "secret\n\n", "\xef\xbb\xbfsecret\r\n\r\n\n"})
        CHECK(bodega::config::read_secret(folder.write("secret", text), "it") == "secret");
    CHECK(bodega::config::read_secret(folder.write("secret", " a b \n"), "it") == " a b ");
    const std::string_view refused[] = {"",
                                        "\n",
                                        "\xef\xbb\xbf\n",
                                        "one\ntwo\n",
                                        "\none",
                                        std::string_view("a\0b", 3),
                                        std::string_view("\xff\xfes\0", 4)};
    for (const std::string_view text : refused)
        CHECK_THROWS_AS(bodega::config::read_secret(folder.write("secret", text), "it"), bodega::base::Error);
    // The key that a fleet shares is derived as earlier versions did.
    CHECK(bodega::config::read_key(folder.write("key", "\xef\xbb\xbfone\ntwo\n\n"), "it") == "\xef\xbb\xbfone\ntwo\n");
}

TEST_CASE("settings are read from files with a byte order mark, and UTF-16 is refused by name", "[config]") {
    Folder folder;
    folder.write(".env",
                 "\xef\xbb\xbf"
                 "BODEGA_EDGE_LOOPS=2\r\n");
    folder.write("config.toml", "\xef\xbb\xbf[edge]\r\nmax_fields = 50\r\n");
    CHECK(read(folder.sources()).edge.loops == 2);
    CHECK(read(folder.sources()).edge.max_fields == 50);
    folder.write(".env", std::string_view("\xff\xfe"
                                          "B\0",
                                          4));
    CHECK(folder.refused(folder.sources()) == ".env: could not read .env: it is UTF-16; save it as UTF-8");
}

TEST_CASE("config check finds every mistake, in the order of the file", "[config]") {
    Folder folder;
    const std::string path = folder.write("config.toml",
                                          "[log]\nlevel = 'loud'\n[edge]\nloops = 999\nlopps = 1\n[egde]\nx = 1\n"
                                          "[[edge.routes]]\npth = '/'\n[[edge.upstreams]]\n");
    Sources sources = folder.sources();
    sources.environment = {{"BODEGA_EDGE_LISTN", "x"}, {"BODEGA_APP_THREADS", "many"}, {"DB_NAME", "files"}};
    const std::vector<std::string> problems = examine(sources).problems;
    const std::vector<std::string> begin = {":2: log.level",
                                            ":4: edge.loops",
                                            ":5: there is no setting",
                                            ":6: there is no section",
                                            ":9: [[edge.routes]] has no setting",
                                            ":10: this table is empty"};
    REQUIRE(problems.size() == begin.size() + 3);
    for (std::size_t i = 0; i < begin.size(); ++i) CHECK(problems[i].starts_with(path + begin[i]));
    for (const std::string& line : problems) CHECK(line.find('\n') == line.npos);
}

TEST_CASE("config check also finds contradicting keys", "[config]") {
    Folder folder;
    folder.write("config.toml", "[edge]\ntrusted_proxies = ['x']\nrate_limit = 'often'\n[app]\npublic_url = 'files'\n");
    CHECK(examine(folder.sources()).problems.size() == 3);
    folder.write("config.toml", "[edge]\n");
    folder.write(".env", "A=1\nno variable\n");
    CHECK(examine(folder.sources()).problems.size() == 1);
    folder.write(".env", "");
    const Reading reading = examine(folder.sources());
    CHECK(reading.problems.empty());
    CHECK(reading.files.size() == 2);
}
