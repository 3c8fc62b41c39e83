// A certificate with its chain and its key, read from two PEM files and checked: what is loaded can be served.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "edge/tls/openssl.h"

namespace bodega::edge {

// Tells whether a file is another than before: replaced, or written to.
struct FileStamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t changed = 0;  // ns

    bool operator==(const FileStamp&) const = default;

    static FileStamp of(const struct stat& status) noexcept;
    static FileStamp of(const std::string& path) noexcept;  // all zero: it can't be looked at
};

struct CertificateFiles {
    std::string chain;
    std::string key;

    // "FULLCHAIN.PEM KEY.PEM", as edge.tls.certificates has it. Throws base::Error{config_invalid}.
    static CertificateFiles of(std::string_view pair);
};

struct TlsCertificate {
    X509Certificate certificate;
    std::vector<X509Certificate> chain;  // what is sent with it: without the root
    PrivateKey key;
    std::vector<std::string> names;  // of its subjectAltName, in lower case, sorted; "*.example.org" as it is
    std::int64_t expires_at = 0;     // in seconds since 1970
    bool self_signed = false;        // no authority vouches for it
};

// Throws base::Error{config_invalid} with one line that names the file: missing, unreadable, not PEM, expired or not
// yet valid, a chain that is missing or leads elsewhere, a key that is encrypted or another's. May block on the disk.
TlsCertificate load_certificate(const CertificateFiles& files);

}  // namespace bodega::edge
