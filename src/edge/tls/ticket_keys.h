// The keys that encrypt TLS session tickets (RFC 5077, RFC 8446 section 4.6.1). With a ticket, a returning client
// resumes its session.
//
// All nodes of a fleet use the same keys, which the server's owner passes to set(). Until then, a random key is used.
// The keys are secrets, since they can decrypt resumed TLS 1.2 sessions. So they are never logged, and their memory is
// wiped.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/mutex.h"
#include "net/openssl.h"

namespace bodega::edge {

struct TicketKey {
    std::array<std::uint8_t, 16> name{};    // not secret, since each ticket contains it
    std::array<std::uint8_t, 32> cipher{};  // key for AES-256
    std::array<std::uint8_t, 32> mac{};     // key for HMAC-SHA256

    ~TicketKey();
    static TicketKey random();
};

// Thread-safe.
class TicketKeys {
public:
    TicketKeys();  // starts with a random key
    TicketKeys(const TicketKeys&) = delete;
    TicketKeys& operator=(const TicketKeys&) = delete;

    // Replaces the keys. The first key encrypts; all keys decrypt. Requires: not empty.
    void set(std::vector<TicketKey> keys);

    // Makes the context use these keys for its tickets. Requires: the TicketKeys outlive the context.
    void serve(SSL_CTX* context);

private:
    using Keys = std::shared_ptr<const std::vector<TicketKey>>;  // shared with handshakes in progress

    static int on_ticket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
                         int encrypts) noexcept;
    Keys current() const;

    mutable base::Mutex mutex_;
    Keys keys_ GUARDED_BY(mutex_);
};

}  // namespace bodega::edge
