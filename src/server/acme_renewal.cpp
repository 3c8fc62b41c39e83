#include "server/acme_renewal.h"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>

#include "acme/key.h"
#include "base/error.h"
#include "base/log.h"
#include "base/private_file.h"
#include "config/read.h"
#include "edge/tls/tls_certificate.h"
#include "server/data_dir.h"

namespace bodega::server {
namespace {

using Pair = std::array<std::string, 2>;  // paths of the chain and of the key

// The key and its chain share one file, so that they change atomically: with two files, a reload between the two writes
// would find a key that does not match.
struct Files {
    explicit Files(const config::Config& config)
        : folder(app::certificates_folder(config)),
          pair(folder + "/pair.pem"),
          former{Pair{config.node.data_dir + "/acme/pair.pem", config.node.data_dir + "/acme/pair.pem"},
                 Pair{config.node.data_dir + "/acme/chain.pem", config.node.data_dir + "/acme/key.pem"}} {}

    const std::string folder, pair;
    const std::array<Pair, 2> former;  // paths that earlier versions used
};

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string pair_of(const Files& files) { return files.pair + " " + files.pair; }

// Whether the files hold a valid certificate and its key. The certificate may have expired while this node was down, or
// the node may have died while it wrote the files.
bool is_usable(const std::string& chain, const std::string& key) {
    try {
        edge::load_certificate({chain, key});
        return true;
    } catch (const base::Error&) {
        return false;  // the files are unusable or missing
    }
}

// Whether the certificate comes from an authority and has not expired.
bool is_authority_signed(const std::string& pair) {
    try {
        const edge::TlsCertificate loaded = edge::load_certificate({pair, pair});
        return !loaded.self_signed && loaded.expires_at * 1000 > base::now_ms();
    } catch (const base::Error&) {
        return false;
    }
}

void write_pair(const Files& files, const std::string& chain, const std::string& key) {
    base::write_private_file(files.pair, key + chain);
}

void write_first_pair(const Files& files, const std::vector<std::string>& names) {
    if (is_usable(files.pair, files.pair)) return;
    for (const auto& [chain, key] : files.former) {
        if (!is_usable(chain, key)) continue;
        const std::string text = read_file(chain);
        return write_pair(files, text, chain == key ? std::string() : read_file(key));
    }
    acme::Key fresh = acme::Key::make();
    write_pair(files, fresh.own_certificate(names), fresh.pem());
}

}  // namespace

void prepare_acme(config::Config& config) {
    const config::Acme& settings = config.edge.acme;
    if (settings.names.empty()) return;
    // Reads the secret now, so that an unreadable secret fails the start, and not later the first order.
    config::read_key(settings.secret_file, "edge.acme.secret_file");
    make_data_dir(config);
    const Files files(config);
    if (::mkdir(files.folder.c_str(), 0700) != 0 && errno != EEXIST)
        throw base::system_error("make " + files.folder, errno, base::Code::io);
    write_first_pair(files, settings.names);
    config.edge.tls.certificates.push_back(pair_of(files));
}

std::string acme_pair(const config::Config& config) { return pair_of(Files(config)); }

AcmeRenewal::AcmeRenewal(const app::Services& services) : services_(services) {
    if (services.config.edge.acme.names.empty()) return;
    certificates_.emplace(services, [this](std::chrono::milliseconds time) { return pause(time); });
    try {
        write_current();
    } catch (const base::Error&) {
        // The thread that start() begins tries again and logs the error.
    }
}

void AcmeRenewal::start() {
    if (!certificates_) return;
    rounds_.emplace("acme", services_.config.edge.tls.certificates_check, [this] { round(); });
}

AcmeRenewal::~AcmeRenewal() {
    {
        const base::MutexLock lock(mutex_);
        stopping_ = true;
    }
    stopped_.notify_all();
}

void AcmeRenewal::round() {
    write_current();
    if (certificates_->renew_if_due()) write_current();
}

void AcmeRenewal::write_current() {
    const Files files(services_.config);
    std::optional<std::string> why = certificates_->why_closed();
    if (why && is_authority_signed(files.pair)) why.reset();
    set_why_unready(std::move(why));
    auto known = certificates_->current();
    if (!known || read_file(files.pair) == known->key + known->chain) return;
    write_pair(files, known->chain, known->key);
    base::log::info("acme", "installed the certificate from the catalog",
                    {{"renewal", base::rfc3339(known->renew_at)}});
}

void AcmeRenewal::set_why_unready(std::optional<std::string> why) {
    const base::MutexLock lock(mutex_);
    if (why && !why_unready_) base::log::error("acme", "this node is not ready", {{"why", *why}});
    if (!why && why_unready_) base::log::info("acme", "the records in the catalog can be opened again");
    why_unready_ = std::move(why);
}

std::optional<std::string> AcmeRenewal::why_unready() const {
    const base::MutexLock lock(mutex_);
    return why_unready_;
}

bool AcmeRenewal::pause(std::chrono::milliseconds time) {
    const base::MutexLock lock(mutex_);
    return !stopped_.wait_for(mutex_, time, [this]() REQUIRES(mutex_) { return stopping_; });
}

}  // namespace bodega::server
