// The keys of TLS session tickets (RFC 5077, RFC 8446 section 4.6.1), which one who comes back resumes with.
//
// A fleet shares them: who composes the server sets those that all nodes have; until then there is a random one. They
// decrypt resumed sessions of TLS 1.2, so they are secrets: never logged, wiped when dropped.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "edge/tls/openssl.h"

namespace bodega::edge {

struct TicketKey {
    std::array<std::uint8_t, 16> name{};    // public: it is in each ticket
    std::array<std::uint8_t, 32> cipher{};  // AES-256
    std::array<std::uint8_t, 32> mac{};     // HMAC-SHA256

    ~TicketKey();
    static TicketKey random();
};

// Thread-safe.
class TicketKeys {
public:
    TicketKeys();  // a random one
    TicketKeys(const TicketKeys&) = delete;
    TicketKeys& operator=(const TicketKeys&) = delete;

    // The first one encrypts, all decrypt. Requires: not empty.
    void set(std::vector<TicketKey> keys);

    // From now on the context's connections use these, which outlive it.
    void serve(SSL_CTX* context);

private:
    using Keys = std::shared_ptr<const std::vector<TicketKey>>;  // owners: this, and a handshake under way

    static int on_ticket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
                         int encrypts) noexcept;
    Keys current() const;

    mutable std::mutex mutex_;
    Keys keys_;  // protected by mutex_
};

}  // namespace bodega::edge
