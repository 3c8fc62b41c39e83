// A server on 127.0.0.1 that answers one client after the other by a script, in plain TCP or TLS.
#pragma once

#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "support/listening_socket.h"

namespace bodega::test {

class ScriptedServer {
public:
    // A connection whose request was read up to the end of its head.
    class Client {
    public:
        bool send(std::string_view bytes) const;  // false: the client has left
        void wait() const;                        // until the client leaves

    private:
        friend class ScriptedServer;
        int fd_ = -1;
        SSL* ssl_ = nullptr;  // null: plain TCP
    };
    using Script = std::function<void(const Client&)>;  // at its end the connection is closed

    // `certificate`: of Authority::issue(); empty: plain TCP.
    explicit ScriptedServer(Script script, const std::string& certificate = {});
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;

    std::string url(const std::string& host = "127.0.0.1") const;
    std::string heard() const;  // the last request's head; complete once its response arrived

private:
    void serve();
    void answer(const Client& client);

    const Script script_;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, &SSL_CTX_free};
    const ListeningSocket listener_;
    mutable std::mutex mutex_;
    std::string heard_;  // protected by mutex_
    std::thread thread_;
};

}  // namespace bodega::test
