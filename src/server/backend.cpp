#include "server/backend.h"

#include <sys/vfs.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/file_system.h"
#include "base/log.h"
#include "config/read.h"
#include "db/foreign_tables.h"
#include "db/migrate.h"
#include "db/schema.h"
#include "server/data_dir.h"
#include "store/backup/transfers.h"

namespace bodega::server {
namespace {

bool is_sqlite(const db::Source& source) { return source.dialect == db::Dialect::sqlite; }

void require_catalog(const config::Config& config) {
    db::Source source = catalog_source(config);
    std::error_code error;
    if (!is_sqlite(source) || std::filesystem::exists(source.path, error)) return;
    throw base::Error(
        base::Code::config_invalid,
        "there is no catalog in " + source.path + ": run this where bodega serve was started, or set node.data_dir");
}

// Creates the schema if it is missing and `absent` permits it. Returns true if it did. Throws if the schema is older
// than this binary: a command that runs beside a server must not change it.
bool prepare_schema(const config::Config& config, Backend::Absent absent) {
    db::Source source = catalog_source(config);
    const auto connection = db::connect(source);
    bool made = false;
    int version = db::schema_version(*connection);
    if (version == 0 && absent == Backend::Absent::make) {
        migrate_catalog(config);
        made = true;
    } else if (version == 0) {
        db::require_no_foreign_tables(*connection);
        throw base::Error(base::Code::config_invalid,
                          "there is no catalog in " + catalog_place(source) +
                              " yet: if that is the wrong database, see DB_NAME and DB_HOST (database.url); "
                              "bodega serve creates the catalog");
    } else if (version < db::newest_schema()) {
        throw base::Error(base::Code::config_invalid,
                          "the catalog's schema is version " + std::to_string(version) + " and this binary needs " +
                              std::to_string(db::newest_schema()) + ": run bodega migrate, or start bodega serve");
    }
    store::refuse_unfinished_transfer(*connection);
    return made;
}

// Prepares the data folder, then the catalog. The blobs' folders are created later, so that a failure here leaves none
// behind.
config::Config opened(config::Config config, Backend::Absent absent, bool& made_catalog) {
    if (absent == Backend::Absent::make) {
        make_data_dir(config);
    } else {
        require_data_dir(config);
        require_catalog(config);
    }
    made_catalog = prepare_schema(config, absent);
    return config;
}

constexpr config::Duration kAnswerWithin{5000};

// Returns nullptr if the folder is on a local disk, where calls do not hang.
std::unique_ptr<blobs::TimedFileOps> timed_files(const std::string& shared) {
    std::filesystem::path there = std::filesystem::absolute(shared);
    std::error_code error;
    while (!std::filesystem::exists(there, error) && there.has_relative_path()) there = there.parent_path();
    struct statfs found {};
    if (::statfs(there.c_str(), &found) != 0) return nullptr;  // the code that opens the folder reports the error
    if (!base::network_file_system(static_cast<std::uint64_t>(found.f_type))) return nullptr;
    return std::make_unique<blobs::TimedFileOps>(shared + "/incoming", blobs::TimedFileOps::Limits{});
}

// Throws if the folder belongs to another catalog. Creates nothing in such a folder.
const std::string& checked(const app::FolderBinding& binding, const std::string& shared) {
    binding.require_ours();
    return shared;
}

db::Pool::Options pool_options(const config::Database& database) {
    return {.size = database.pool_size, .wait = database.pool_wait};
}

}  // namespace

db::Source catalog_source(const config::Config& config) {
    const config::Database& database = config.database;
    std::string url = database.url.empty() ? "sqlite:" + config.node.data_dir + "/bodega.db" : database.url;
    db::Source source = db::Source::parse(url);
    source.password = database.password;
    if (!database.password_file.empty()) {
        auto fetch = [path = database.password_file] { return config::read_secret(path, "database.password_file"); };
        source.renewed = std::make_shared<db::Password>(database.password, fetch);
    }
    source.ssl_ca = database.ssl_ca;
    source.connect_timeout = database.connect_timeout;
    source.query_timeout = database.query_timeout;
    return source;
}

std::string catalog_place(const db::Source& source) {
    if (!is_sqlite(source)) return source.name + " on " + source.host;
    std::error_code error;
    const auto path = std::filesystem::absolute(source.path, error);
    return error ? source.path : path.lexically_normal().string();
}

std::string shared_dir(const config::Config& config) {
    return config.node.shared_dir.empty() ? config.node.data_dir : config.node.shared_dir;
}

bool Backend::shared_answers() const {
    const bool answers = files_ ? files_->answers() : services_.blobs.answers(kAnswerWithin);
    if (answered_.exchange(answers) == answers) return answers;
    const std::string folder = shared_dir(config_);
    if (answers) base::log::info("serve", "the shared folder answers again", {{"folder", folder}});
    else base::log::error("serve", "the shared folder does not answer: this node is not ready", {{"folder", folder}});
    return answers;
}

void Backend::forbid_changes(std::optional<std::string> why) {
    const base::MutexLock lock(mutex_);
    guarded_.forbid_changes(why.has_value());
    why_forbidden_ = std::move(why);
}

std::optional<std::string> Backend::why_forbidden() const {
    const base::MutexLock lock(mutex_);
    return why_forbidden_;
}

std::vector<int> migrate_catalog(const config::Config& config) { return db::migrate(catalog_source(config)); }

std::unique_ptr<db::Pool> open_catalog(const config::Config& config) {
    db::Source source = catalog_source(config);
    if (is_sqlite(source)) require_data_dir(config);
    require_catalog(config);
    prepare_schema(config, Backend::Absent::refuse);
    return std::make_unique<db::Pool>(std::move(source), pool_options(config.database));
}

Backend::Backend(config::Config config, Absent absent)
    : config_(opened(std::move(config), absent, made_catalog_)),
      files_(timed_files(shared_dir(config_))),
      free_space_(files(), shared_dir(config_), config_.files.reserve),
      guarded_(files(), &free_space_),
      catalog_(catalog_source(config_), pool_options(config_.database)),
      binding_(catalog_, files(), shared_dir(config_)),
      blobs_(checked(binding_, shared_dir(config_)), guarded_),
      services_{config_, catalog_, blobs_, nullptr, &free_space_} {
    if (absent == Absent::make) binding_.bind(blobs_);
    else if (binding_.state() == app::FolderBinding::State::unbound) binding_.require_fitting(blobs_);
}

}  // namespace bodega::server
