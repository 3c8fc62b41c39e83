#include "config/read.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <system_error>

#include "base/error.h"
#include "base/fd.h"
#include "config/check.h"
#include "config/rows.h"
#include "config/toml_file.h"
#include "config/variables.h"

extern "C" char** environ;

namespace bodega::config {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kMaxFile = 1 << 20;  // a configuration file is small; a device or a log is a mistake

[[noreturn]] void refuse(std::string_view what, const std::string& path, const std::string& why) {
    throw Error(Code::config_invalid, std::string(what) + ": could not read " + path + ": " + why);
}

// The file's bytes, or nothing if there is no such file.
std::optional<std::string> read_file(const std::string& path, std::string_view what) {
    base::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!file && errno == ENOENT) return std::nullopt;
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0) refuse(what, path, std::generic_category().message(errno));
    if (S_ISDIR(status.st_mode)) refuse(what, path, "it is a folder");
    std::string text;
    std::array<char, 16384> buffer{};
    for (;;) {
        ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) refuse(what, path, std::generic_category().message(errno));
        if (got == 0) return text;
        text.append(buffer.data(), static_cast<std::size_t>(got));
        if (text.size() > kMaxFile) refuse(what, path, "it is larger than 1 MiB");
    }
}

std::string in_folder(const std::string& folder, std::string_view name) {
    return folder == "." ? std::string(name) : folder + "/" + std::string(name);
}

// The process's variables over those of .env.
Variables all_variables(const Sources& sources) {
    Variables variables = sources.environment;
    std::string path = in_folder(sources.folder, ".env");
    if (auto text = read_file(path, ".env")) variables.merge(parse_dotenv(*text, path));
    return variables;
}

Settings file_settings(const Sources& sources, const Variables& variables) {
    auto named = variables.find("BODEGA_CONFIG");
    std::string origin = sources.file ? "--config" : named != variables.end() ? "BODEGA_CONFIG" : "config.toml";
    std::string path = sources.file               ? *sources.file
                       : named != variables.end() ? named->second
                                                  : in_folder(sources.folder, "config.toml");
    auto text = read_file(path, origin);
    if (text) return parse_toml(*text, path);
    if (origin != "config.toml") refuse(origin, path, "there is no such file");
    return {};
}

// Applies the settings of one layer over those of the layers before it.
class Layers {
public:
    void apply(const Settings& settings, bool lists_add_up) {
        ++layer_;
        std::map<std::string_view, bool> seen;
        for (const Setting& setting : settings) {
            if (setting.begins) setting.begins->begin(config_, setting.row_origin);
            auto* list = std::get_if<Member<std::vector<std::string>>>(&setting.key->member);
            std::vector<std::string> before;
            if (list && lists_add_up && seen[setting.key->name]) before = (*list)(config_);
            assign(*setting.key, config_, setting.value, setting.origin);
            if (!before.empty()) (*list)(config_).insert((*list)(config_).begin(), before.begin(), before.end());
            seen[setting.key->name] = true;
            origins_[setting.key->name] = {layer_, setting.origin};
        }
    }

    // A password and a password's file: the one of the higher layer counts; of one layer, neither.
    void settle_password() {
        auto text = origins_.find("database.password"), file = origins_.find("database.password_file");
        Database& database = config_.database;
        if (text != origins_.end() && file != origins_.end() && !database.password.empty() &&
            !database.password_file.empty()) {
            if (text->second.layer == file->second.layer) {
                throw Error(Code::config_invalid, text->second.origin + " and " + file->second.origin +
                                                      " are both set: keep the one that holds the database's password");
            }
            if (text->second.layer > file->second.layer) database.password_file.clear();
        }
        if (database.password_file.empty()) return;
        database.password = read_secret(database.password_file, file->second.origin);
    }

    // Fewer app threads than the default bring the default of the connections to them down too.
    void follow() {
        if (origins_.contains("edge.upstream_connections")) return;
        config_.edge.upstream_connections =
            std::min(config_.edge.upstream_connections, config_.app.threads + config_.app.uploads);
    }

    Origins origins() const {
        Origins out;
        for (const auto& [name, source] : origins_) out[std::string(name)] = source.origin;
        return out;
    }

    Config& config() noexcept { return config_; }

private:
    struct Source {
        int layer = 0;
        std::string origin;
    };

    Config config_;
    std::map<std::string_view, Source> origins_;
    int layer_ = 0;
};

}  // namespace

Variables process_environment() {
    Variables variables;
    for (char** entry = environ; entry && *entry; ++entry) {
        std::string_view text(*entry);
        std::size_t equals = text.find('=');
        if (equals != text.npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

std::string read_secret(const std::string& path, std::string_view what) {
    auto text = read_file(path, what);
    if (!text) refuse(what, path, "there is no such file");
    if (text->ends_with('\n')) text->pop_back();
    if (text->ends_with('\r')) text->pop_back();
    if (text->empty()) refuse(what, path, "it is empty");
    return *text;
}

Config read(const Sources& sources) {
    Variables variables = all_variables(sources);
    Layers layers;
    layers.apply(file_settings(sources, variables), false);
    layers.apply(read_variables(variables), false);
    layers.apply(sources.flags, true);
    layers.settle_password();
    layers.follow();
    check(layers.config(), layers.origins());
    return std::move(layers.config());
}

}  // namespace bodega::config
