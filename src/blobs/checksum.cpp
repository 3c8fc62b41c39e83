#include "blobs/checksum.h"

#include <openssl/evp.h>
#include <zlib.h>

#include "base/error.h"

namespace bodega::blobs {

namespace {

void expect(int result) {
    if (result != 1) throw base::Error(base::Code::internal, "could not compute a checksum");
}

}  // namespace

void Checksum::Free::operator()(evp_md_ctx_st* context) const noexcept { EVP_MD_CTX_free(context); }

std::optional<Checksum> Checksum::named(std::string_view algorithm) {
    Checksum out;
    if (algorithm == "crc32") return out;
    const EVP_MD* kind = algorithm == "sha256"    ? EVP_sha256()
                         : algorithm == "sha-512" ? EVP_sha512()
                         : algorithm == "sha1"    ? EVP_sha1()
                         : algorithm == "md5"     ? EVP_md5()
                                                  : nullptr;
    if (kind == nullptr) return std::nullopt;
    out.context_.reset(EVP_MD_CTX_new());
    expect(EVP_DigestInit_ex(out.context_.get(), kind, nullptr));
    return out;
}

void Checksum::update(std::span<const std::uint8_t> bytes) {
    if (context_) expect(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
    else if (!bytes.empty()) crc_ = crc32_z(crc_, bytes.data(), bytes.size());
}

base::Bytes Checksum::value() {
    if (context_) {
        base::Bytes out(EVP_MAX_MD_SIZE);
        unsigned size = 0;
        expect(EVP_DigestFinal_ex(context_.get(), out.data(), &size));
        out.resize(size);
        return out;
    }
    base::Bytes out;
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(crc_ >> shift));
    return out;
}

}  // namespace bodega::blobs
