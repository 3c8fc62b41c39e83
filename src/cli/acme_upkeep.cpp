#include "cli/acme_upkeep.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>

#include "acme/key.h"
#include "base/error.h"
#include "base/fd.h"
#include "base/log.h"
#include "cli/data_dir.h"
#include "config/read.h"
#include "edge/tls_certificate.h"

namespace bodega::cli {
namespace {

// The key and its chain are in one file, so that they change in one step: between two writes a reload would find a pair
// that does not fit.
struct Files {
    explicit Files(const config::Config& config)
        : folder(config.node.data_dir + "/acme"),
          pair(folder + "/pair.pem"),
          former{folder + "/chain.pem", folder + "/key.pem"} {}

    const std::string folder, pair;
    const std::array<std::string, 2> former;  // where earlier versions kept the two
};

// Under its name when it is whole, or not at all; for this user alone.
void write_file(const std::string& path, const std::string& text) {
    std::string fresh = path + ".new";
    ::unlink(fresh.c_str());
    base::Fd file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    bool written = file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (!written || ::fsync(file.get()) != 0 || ::rename(fresh.c_str(), path.c_str()) != 0)
        throw base::system_error("write " + path, errno, base::Code::io);
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string pair_of(const Files& files) { return files.pair + " " + files.pair; }

// The edge does not start with one that has expired while this node was away, or was half written when it died.
bool is_usable(const std::string& chain, const std::string& key) {
    try {
        edge::load_certificate({chain, key});
        return true;
    } catch (const base::Error&) {
        return false;  // or there is none
    }
}

void write_pair(const Files& files, const std::string& chain, const std::string& key) {
    write_file(files.pair, key + chain);
}

void write_first_pair(const Files& files, const std::vector<std::string>& names) {
    if (is_usable(files.pair, files.pair)) return;
    const auto& [chain, key] = files.former;
    if (is_usable(chain, key)) return write_pair(files, read_file(chain), read_file(key));
    acme::Key fresh = acme::Key::make();
    write_pair(files, fresh.own_certificate(names), fresh.pem());
}

}  // namespace

void prepare_acme(config::Config& config) {
    const config::Acme& settings = config.edge.acme;
    if (settings.names.empty()) return;
    config::read_secret(settings.secret_file, "edge.acme.secret_file");  // now, instead of when it is needed
    make_data_dir(config);
    const Files files(config);
    if (::mkdir(files.folder.c_str(), 0700) != 0 && errno != EEXIST)
        throw base::system_error("make " + files.folder, errno, base::Code::io);
    write_first_pair(files, settings.names);
    config.edge.tls.certificates.push_back(pair_of(files));
}

std::string acme_pair(const config::Config& config) { return pair_of(Files(config)); }

AcmeUpkeep::AcmeUpkeep(const app::Services& services) : services_(services) {
    if (services.config.edge.acme.names.empty()) return;
    certificates_.emplace(services, [this](std::chrono::milliseconds time) { return pause(time); });
    try {
        write_current();
    } catch (const base::Error&) {
        // The first round tries again, and says it.
    }
}

void AcmeUpkeep::start() {
    if (!certificates_) return;
    rounds_.emplace("acme", services_.config.edge.tls.certificates_check, [this] { round(); });
}

AcmeUpkeep::~AcmeUpkeep() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stopped_.notify_all();
}

void AcmeUpkeep::round() {
    write_current();
    if (certificates_->renew_if_due()) write_current();
}

void AcmeUpkeep::write_current() {
    auto known = certificates_->current();
    const Files files(services_.config);
    if (!known || read_file(files.pair) == known->key + known->chain) return;
    write_pair(files, known->chain, known->key);
    base::log::info("acme", "the certificate was taken from the catalog",
                    {{"renewal", base::rfc3339(known->renew_at)}});
}

bool AcmeUpkeep::pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return !stopped_.wait_for(lock, time, [this] { return stopping_; });
}

}  // namespace bodega::cli
