// A certificate with its chain and its key, read from two PEM files and checked, so that whatever loads can be served.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/openssl.h"

namespace bodega::edge {

// Detects whether a file was replaced or written to.
struct FileStamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t changed = 0;  // ns

    bool operator==(const FileStamp&) const = default;

    static FileStamp of(const struct stat& status) noexcept;
    static FileStamp of(const std::string& path) noexcept;  // all zero: stat failed
};

struct CertificateFiles {
    std::string chain;
    std::string key;

    // Parses "FULLCHAIN.PEM KEY.PEM", an item of edge.tls.certificates. Throws base::Error{config_invalid}.
    static CertificateFiles of(std::string_view pair);
};

struct TlsCertificate {
    net::X509Certificate certificate;
    std::vector<net::X509Certificate> chain;  // sent with it: without the root
    net::PrivateKey key;
    std::vector<std::string> names;  // of its subjectAltName, in lower case, sorted; "*.example.org" unchanged
    std::int64_t expires_at = 0;     // in seconds since 1970
    bool self_signed = false;        // not signed by an authority
};

// Throws base::Error{config_invalid} with one line that names the file: missing, unreadable, not PEM, expired or not
// yet valid, a chain that is missing or does not match, a key that is encrypted or belongs to another certificate. May
// block on the disk.
TlsCertificate load_certificate(const CertificateFiles& files);

}  // namespace bodega::edge
