#include "app/fleet/certificate_records.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "acme/seal.h"
#include "base/encoding.h"
#include "base/error.h"
#include "blobs/digest.h"
#include "store/fleet/acme.h"

namespace bodega::app {
namespace {

using Json = nlohmann::json;

std::string short_digest(const std::string& text) {
    return base::hex(blobs::sha256(base::as_bytes(text))).substr(0, 32);
}

std::string account_record(const config::Acme& settings) { return "account " + short_digest(settings.directory); }

}  // namespace

std::string certificate_record(const config::Acme& settings) {
    std::vector<std::string> names = settings.names;
    std::sort(names.begin(), names.end());
    std::string all = settings.directory;
    for (const std::string& name : names) all.append("\n").append(name);
    return "certificate " + short_digest(all);
}

std::string IssuedCertificate::text() const {
    return Json{
        {"chain", chain}, {"key", key}, {"renew_at", renew_at}, {"ordered_at", ordered_at}, {"again_at", again_at}}
        .dump();
}

IssuedCertificate IssuedCertificate::of_text(const std::string& text) {
    const Json json = Json::parse(text);
    return {json.at("chain").get<std::string>(), json.at("key").get<std::string>(),
            json.at("renew_at").get<base::Milliseconds>(), json.value("ordered_at", base::Milliseconds{0}),
            json.value("again_at", base::Milliseconds{0})};
}

bool is_due(const IssuedCertificate& certificate, base::Milliseconds now) noexcept {
    if (now < certificate.renew_at) return false;
    return now < certificate.ordered_at || now >= certificate.again_at;
}

std::optional<std::string> CertificateRecords::open(const std::string& name) const {
    const auto sealed = store::Acme(connection_).find_secret(name);
    if (!sealed) return std::nullopt;
    return acme::unseal(secret_, name, *sealed);
}

std::optional<IssuedCertificate> CertificateRecords::certificate() const {
    const auto text = open(certificate_record(settings_));
    if (!text) return std::nullopt;
    return IssuedCertificate::of_text(*text);
}

std::optional<std::string> CertificateRecords::account_key() const {
    const auto text = open(account_record(settings_));
    if (!text) return std::nullopt;
    return Json::parse(*text).at("key").get<std::string>();
}

void CertificateRecords::put(const IssuedCertificate& certificate) const {
    const std::string name = certificate_record(settings_);
    store::Acme(connection_).put_secret(name, acme::seal(secret_, name, certificate.text()));
}

void CertificateRecords::put_account_key(const std::string& pem) const {
    const std::string name = account_record(settings_);
    store::Acme(connection_).put_secret(name, acme::seal(secret_, name, Json{{"key", pem}}.dump()));
}

std::optional<std::string> CertificateRecords::why_closed(const std::string& name) const {
    try {
        open(name);
        return std::nullopt;
    } catch (const base::Error& error) {
        if (error.code() != base::Code::config_invalid) throw;
        return error.what();
    }
}

std::optional<std::string> CertificateRecords::why_closed() const {
    const std::string name = certificate_record(settings_);
    if (auto why = why_closed(name)) return why;
    if (store::Acme(connection_).find_secret(name)) return std::nullopt;
    return why_closed(account_record(settings_));
}

std::vector<std::string> CertificateRecords::forget(bool both) const {
    std::vector<std::string> forgotten;
    store::Acme records(connection_);
    for (const std::string& name : {certificate_record(settings_), account_record(settings_)}) {
        const bool goes = both ? records.find_secret(name).has_value() : why_closed(name).has_value();
        if (!goes) continue;
        records.remove_secret(name);
        forgotten.push_back(name);
    }
    return forgotten;
}

}  // namespace bodega::app
