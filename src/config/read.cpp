#include "config/read.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <system_error>

#include "base/denied.h"
#include "base/error.h"
#include "base/fd.h"
#include "config/check.h"
#include "config/problems.h"
#include "config/rows.h"
#include "config/toml_file.h"
#include "config/variables.h"

extern "C" char** environ;

namespace bodega::config {
namespace {

using base::Code;
using base::Error;

constexpr std::size_t kMaxFile = 1 << 20;  // a larger file is a device or a log, given by mistake

[[noreturn]] void refuse(std::string_view what, const std::string& path, const std::string& why) {
    throw Error(Code::config_invalid, std::string(what) + ": could not read " + path + ": " + why);
}

// Shows the absolute path: a service's log does not tell the folder in which it was started.
[[noreturn]] void refuse(std::string_view what, const std::string& path, int error_number) {
    std::error_code error;
    const auto full = std::filesystem::absolute(path, error);
    refuse(what, error ? path : full.string(), base::denied_text(error_number));
}

// The file's bytes, or nothing if the file does not exist.
std::optional<std::string> read_bytes(const std::string& path, std::string_view what) {
    base::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!file && errno == ENOENT) return std::nullopt;
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0) refuse(what, path, errno);
    if (S_ISDIR(status.st_mode)) refuse(what, path, "it is a folder");
    std::string text;
    std::array<char, 16384> buffer{};
    for (;;) {
        ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) refuse(what, path, errno);
        if (got == 0) return text;
        text.append(buffer.data(), static_cast<std::size_t>(got));
        if (text.size() > kMaxFile) refuse(what, path, "it is larger than 1 MiB");
    }
}

// The file's text without a byte order mark, which some editors add.
std::optional<std::string> read_file(const std::string& path, std::string_view what) {
    auto text = read_bytes(path, what);
    if (text && (text->starts_with("\xff\xfe") || text->starts_with("\xfe\xff")))
        refuse(what, path, "it is UTF-16; save it as UTF-8");
    if (text && text->starts_with("\xef\xbb\xbf")) text->erase(0, 3);
    return text;
}

std::string in_folder(const std::string& folder, std::string_view name) {
    return folder == "." ? std::string(name) : folder + "/" + std::string(name);
}

using SourceOf = std::function<Source(const Setting&)>;

// Applies the settings of one source (a "layer") after another. A later layer has higher priority.
class Layers {
public:
    explicit Layers(Problems& problems) : problems_(problems) {}

    void apply(const Settings& settings, const SourceOf& source_of) {
        ++layer_;
        std::set<std::string_view> seen;
        for (const Setting& setting : settings) {
            problems_.attempt([&] { apply(setting, source_of(setting), seen.contains(setting.key->name)); });
            seen.insert(setting.key->name);
        }
    }

    // Reads the database's password file. If a password and a password file are both set, the later layer is used.
    // Throws if one layer sets both.
    void settle_password() {
        auto text = origins_.find("database.password"), file = origins_.find("database.password_file");
        Database& database = config_.database;
        if (text != origins_.end() && file != origins_.end() && !database.password.empty() &&
            !database.password_file.empty()) {
            const int text_layer = layers_["database.password"], file_layer = layers_["database.password_file"];
            if (text_layer == file_layer) {
                throw Error(Code::config_invalid, text->second.where + " and " + file->second.where +
                                                      " are both set: keep the one that holds the database's password");
            }
            if (text_layer > file_layer) database.password_file.clear();
        }
        if (database.password_file.empty()) return;
        database.password = read_secret(database.password_file, file->second.where);
        origins_["database.password"] = file->second;
    }

    // Lowers the default of edge.upstream_connections to app.threads + app.uploads, if this sum is smaller.
    void follow() {
        if (origins_.contains("edge.upstream_connections")) return;
        config_.edge.upstream_connections =
            std::min(config_.edge.upstream_connections, config_.app.threads + config_.app.uploads);
    }

    const Origins& origins() const noexcept { return origins_; }
    Config& config() noexcept { return config_; }

private:
    // `repeats`: the same layer has set this key before. If it is a flag with a list, its items are added to the list.
    void apply(const Setting& setting, Source source, bool repeats) {
        const Key& key = *setting.key;
        if (setting.begins) setting.begins->begin(config_, setting.row_origin);
        const std::string before = setting.row_origin.empty() ? show(key, config_) : std::string();
        auto* list = std::get_if<Member<std::vector<std::string>>>(&key.member);
        std::vector<std::string> items;
        if (list && repeats && source == Source::flag) items = (*list)(config_);
        assign(key, config_, setting.value, setting.origin);
        if (!items.empty()) (*list)(config_).insert((*list)(config_).begin(), items.begin(), items.end());
        layers_[key.name] = layer_;
        Origin& origin = origins_[std::string(key.name)];
        if (origin.source == Source::file && source != Source::file && show(key, config_) != before)
            origin.overridden = origin.where;
        origin.source = source;
        origin.where = setting.origin;
    }

    Problems& problems_;
    Config config_;
    Origins origins_;
    std::map<std::string_view, int> layers_;
    int layer_ = 0;
};

// Reads all sources into one Config. read() may be called only once.
class Reader {
public:
    Reader(const Sources& sources, Problems::Policy policy)
        : sources_(sources), problems_(policy), layers_(problems_) {}

    Reading read() {
        problems_.attempt([this] { read_dotenv(); });
        problems_.attempt([this] { apply_file(); });
        layers_.apply(read_variables(variables_, problems_), [this](const Setting& setting) {
            return sources_.environment.contains(setting.origin) ? Source::environment : Source::dotenv;
        });
        layers_.apply(sources_.flags, [](const Setting&) { return Source::flag; });
        problems_.attempt([this] { layers_.settle_password(); });
        layers_.follow();
        // If a setting could not be read, the checks would only report consequences of that.
        if (problems_.lines().empty()) check(layers_.config(), layers_.origins(), problems_);
        return {std::move(layers_.config()), layers_.origins(), std::move(files_), in_order()};
    }

private:
    // The process's variables have priority over those of .env.
    void read_dotenv() {
        variables_ = sources_.environment;
        const std::string path = in_folder(sources_.folder, ".env");
        const auto text = read_file(path, ".env");
        if (!text) return;
        files_.push_back(path);
        variables_.merge(parse_dotenv(*text, path));
    }

    void apply_file() {
        auto named = variables_.find("BODEGA_CONFIG");
        const bool is_named = named != variables_.end();
        const std::string origin = sources_.file ? "--config" : is_named ? "BODEGA_CONFIG" : "config.toml";
        path_ = sources_.file ? *sources_.file : is_named ? named->second : in_folder(sources_.folder, "config.toml");
        const auto text = read_file(path_, origin);
        if (!text && origin != "config.toml") refuse(origin, path_, "there is no such file");
        if (!text) return;
        files_.insert(files_.begin(), path_);
        layers_.apply(parse_toml(*text, path_, problems_), [](const Setting&) { return Source::file; });
    }

    // Returns the problems of config.toml, sorted by line, and then all others.
    std::vector<std::string> in_order() const {
        auto line_of = [this](const std::string& problem) {
            const bool of_file = !path_.empty() && problem.starts_with(path_ + ":");
            return of_file ? std::strtol(problem.c_str() + path_.size() + 1, nullptr, 10)
                           : std::numeric_limits<long>::max();
        };
        std::vector<std::string> lines = problems_.lines();
        std::stable_sort(lines.begin(), lines.end(),
                         [&](const std::string& a, const std::string& b) { return line_of(a) < line_of(b); });
        return lines;
    }

    const Sources& sources_;
    Problems problems_;
    Layers layers_;
    Variables variables_;
    std::string path_;
    std::vector<std::string> files_;
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
    while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
    if (text->empty()) refuse(what, path, "it is empty");
    if (text->find_first_of(std::string_view("\n\r\0", 3)) != text->npos)
        refuse(what, path, "it has more than one line; keep only the line with the secret");
    return *text;
}

std::string read_key(const std::string& path, std::string_view what) {
    auto text = read_bytes(path, what);
    if (!text) refuse(what, path, "there is no such file");
    if (text->ends_with('\n')) text->pop_back();
    if (text->ends_with('\r')) text->pop_back();
    if (text->empty()) refuse(what, path, "it is empty");
    return *text;
}

Config read(const Sources& sources) { return read_with_origins(sources).config; }

Reading read_with_origins(const Sources& sources) { return Reader(sources, Problems::Policy::thrown).read(); }

Reading examine(const Sources& sources) { return Reader(sources, Problems::Policy::kept).read(); }

}  // namespace bodega::config
