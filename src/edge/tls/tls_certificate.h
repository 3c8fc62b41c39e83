// A certificate with its chain and its key, read from two PEM files. They are checked, so a certificate that loads can
// be served.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/openssl.h"

namespace bodega::edge {

// Identifies a file and its state, to detect that it was replaced or written to.
struct FileStamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t changed = 0;  // ns since 1970 when the content changed (mtime)

    bool operator==(const FileStamp&) const = default;

    static FileStamp of(const struct stat& status) noexcept;
    static FileStamp of(const std::string& path) noexcept;  // all members are 0 if stat failed
};

struct CertificateFiles {
    std::string chain;
    std::string key;

    // Parses an item of edge.tls.certificates: "FULLCHAIN.PEM KEY.PEM". Throws base::Error{config_invalid}.
    static CertificateFiles of(std::string_view pair);
};

struct TlsCertificate {
    net::X509Certificate certificate;
    std::vector<net::X509Certificate> chain;  // the certificates that are sent after `certificate`, without the root
    net::PrivateKey key;
    std::vector<std::string> names;  // the names of subjectAltName, in lower case, sorted; may contain "*.example.org"
    std::int64_t expires_at = 0;     // in seconds since 1970
    bool self_signed = false;        // true if no authority has signed the certificate
};

// Throws base::Error{config_invalid} with one line that names the file and one of these reasons: the file is missing,
// can't be read or is not PEM; the certificate is expired or not yet valid; the chain is missing or does not match; the
// key is encrypted or belongs to another certificate. May block on the disk.
TlsCertificate load_certificate(const CertificateFiles& files);

}  // namespace bodega::edge
