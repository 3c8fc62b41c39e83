#include "edge/tls/tls_certificate.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>

#include "base/error.h"
#include "base/fd.h"
#include "http/syntax.h"

namespace bodega::edge {
namespace {

// The most bytes of a PEM file. A chain has a few KiB, so a larger file is a mistake, such as a device or a log.
constexpr std::size_t kMaxFile = 1 << 20;

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
    throw base::Error(base::Code::config_invalid, "edge.tls.certificates: " + path + " " + why);
}

std::string read_file(const std::string& path) {
    // O_NONBLOCK: the start must not wait for the writer of a pipe.
    base::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0)
        refuse(path, "can't be read: " + std::generic_category().message(errno));
    if (!S_ISREG(status.st_mode)) refuse(path, "is not a file.");
    std::string text;
    std::array<char, 16384> buffer{};
    for (;;) {
        ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) refuse(path, "can't be read: " + std::generic_category().message(errno));
        if (got == 0) return text;
        text.append(buffer.data(), static_cast<std::size_t>(got));
        if (text.size() > kMaxFile) refuse(path, "is larger than 1 MiB.");
    }
}

net::MemoryBio bio_over(const std::string& text) {
    return net::MemoryBio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// --- the chain

std::vector<net::X509Certificate> read_certificates(const std::string& path) {
    const std::string text = read_file(path);
    net::MemoryBio bio = bio_over(text);
    std::vector<net::X509Certificate> out;
    while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) out.emplace_back(certificate);
    // OpenSSL reports this error at the normal end of the file. Any other error means that the file is damaged.
    bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    std::string why = net::openssl_error();
    if (!ended) refuse(path, "holds a certificate that can't be read: " + why + ".");
    if (out.empty()) refuse(path, "holds no certificate in PEM form (\"-----BEGIN CERTIFICATE-----\").");
    return out;
}

bool issued_by_itself(X509* certificate) { return X509_check_issued(certificate, certificate) == X509_V_OK; }

bool issued_by(X509* certificate, X509* issuer) {
    bool ok =
        X509_check_issued(issuer, certificate) == X509_V_OK && X509_verify(certificate, X509_get0_pubkey(issuer)) == 1;
    net::forget_openssl_errors();
    return ok;
}

void check_chain(const std::vector<net::X509Certificate>& chain, const std::string& path) {
    if (chain.size() == 1 && !issued_by_itself(chain[0].get()))
        refuse(path,
               "holds only the server's certificate: clients can't verify it without its issuers. Append them, "
               "or use the file with the full chain.");
    for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
        if (issued_by(chain[i].get(), chain[i + 1].get())) continue;
        refuse(path, "is out of order: certificate " + std::to_string(i + 2) + " did not issue certificate " +
                         std::to_string(i + 1) + ". The server's own comes first, then its issuer, and so on.");
    }
}

void check_time(X509* certificate, const std::string& path) {
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) refuse(path, "has expired. Renew it.");
    if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
        refuse(path, "is not valid yet. Check this machine's clock.");
}

std::int64_t end_of(const X509* certificate, const std::string& path) {
    std::tm end{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) refuse(path, "has no readable expiry time.");
    return std::int64_t{::timegm(&end)};
}

std::vector<std::string> names_of(X509* certificate) {
    std::vector<std::string> out;
    auto* list = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
    for (int i = 0; i < sk_GENERAL_NAME_num(list); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(list, i);
        if (name->type != GEN_DNS) continue;
        std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                         static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
        std::transform(text.begin(), text.end(), text.begin(), http::lower);
        out.push_back(std::move(text));
    }
    GENERAL_NAMES_free(list);
    std::sort(out.begin(), out.end());
    return out;
}

// --- the key

int no_password(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

net::PrivateKey read_key(const std::string& path) {
    std::string text = read_file(path);
    net::MemoryBio bio = bio_over(text);
    bool encrypted = false;
    net::PrivateKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &no_password, &encrypted));
    OPENSSL_cleanse(text.data(), text.size());
    if (key) return key;
    std::string why = net::openssl_error();
    if (encrypted)
        refuse(path, "is encrypted, and the server can't ask for its password. Decrypt it: openssl pkey -in " + path +
                         " -out KEY.PEM");
    refuse(path, "holds no private key in PEM form: " + why + ".");
}

}  // namespace

FileStamp FileStamp::of(const struct stat& status) noexcept {
    return {status.st_dev, status.st_ino, status.st_size,
            status.st_mtim.tv_sec * std::int64_t{1'000'000'000} + status.st_mtim.tv_nsec};
}

FileStamp FileStamp::of(const std::string& path) noexcept {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? of(status) : FileStamp{};
}

CertificateFiles CertificateFiles::of(std::string_view pair) {
    std::size_t end = pair.find(' ');
    std::size_t next = end == pair.npos ? pair.npos : pair.find_first_not_of(' ', end);
    if (next == pair.npos || end == 0 || pair.find(' ', next) != pair.npos)
        throw base::Error(base::Code::config_invalid,
                          "edge.tls.certificates must hold two files each, \"FULLCHAIN.PEM KEY.PEM\", not \"" +
                              std::string(pair) + "\"");
    return {std::string(pair.substr(0, end)), std::string(pair.substr(next))};
}

TlsCertificate load_certificate(const CertificateFiles& files) {
    TlsCertificate out;
    out.chain = read_certificates(files.chain);
    check_chain(out.chain, files.chain);
    check_time(out.chain[0].get(), files.chain);
    out.key = read_key(files.key);
    if (X509_check_private_key(out.chain[0].get(), out.key.get()) != 1) {
        ERR_clear_error();
        refuse(files.key, "is not the key of the certificate in " + files.chain + ".");
    }
    out.expires_at = end_of(out.chain[0].get(), files.chain);
    out.self_signed = issued_by_itself(out.chain[0].get());
    out.certificate = std::move(out.chain[0]);
    out.chain.erase(out.chain.begin());
    // Removes the root, since clients that trust it already have it.
    if (!out.chain.empty() && issued_by_itself(out.chain.back().get())) out.chain.pop_back();
    out.names = names_of(out.certificate.get());
    return out;
}

}  // namespace bodega::edge
