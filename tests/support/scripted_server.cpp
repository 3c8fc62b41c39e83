#include "support/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <utility>

namespace bodega::test {

bool ScriptedServer::Client::send(std::string_view bytes) const {
    if (ssl_) return SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) > 0;
    return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

void ScriptedServer::Client::wait() const {
    std::array<char, 4096> buffer{};
    while (::recv(fd_, buffer.data(), buffer.size(), 0) > 0) {
    }
}

ScriptedServer::ScriptedServer(Script script, const std::string& certificate) : script_(std::move(script)) {
    if (const std::size_t blank = certificate.find(' '); blank != certificate.npos) {
        context_.reset(SSL_CTX_new(TLS_server_method()));
        const std::string chain = certificate.substr(0, blank), key = certificate.substr(blank + 1);
        REQUIRE(SSL_CTX_use_certificate_chain_file(context_.get(), chain.c_str()) == 1);
        REQUIRE(SSL_CTX_use_PrivateKey_file(context_.get(), key.c_str(), SSL_FILETYPE_PEM) == 1);
    }
    thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
    listener_.stop();
    thread_.join();
}

std::string ScriptedServer::url(const std::string& host) const {
    return (context_ ? "https://" : "http://") + host + ":" + std::to_string(listener_.port());
}

std::string ScriptedServer::heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
}

void ScriptedServer::serve() {
    for (;;) {
        const base::Fd accepted = listener_.accept();
        if (!accepted) return;
        Client client;
        client.fd_ = accepted.get();
        const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(context_ ? SSL_new(context_.get()) : nullptr, &SSL_free);
        client.ssl_ = ssl.get();
        const bool connected = !ssl || (SSL_set_fd(ssl.get(), client.fd_) == 1 && SSL_accept(ssl.get()) == 1);
        if (connected) answer(client);
    }
}

void ScriptedServer::answer(const Client& client) {
    std::string request;
    std::array<char, 4096> buffer{};
    while (request.find("\r\n\r\n") == request.npos) {
        const ssize_t got = client.ssl_ ? SSL_read(client.ssl_, buffer.data(), static_cast<int>(buffer.size()))
                                        : ::recv(client.fd_, buffer.data(), buffer.size(), 0);
        if (got <= 0) return;
        request.append(buffer.data(), static_cast<std::size_t>(got));
    }
    {
        const std::lock_guard lock(mutex_);
        heard_ = std::move(request);
    }
    script_(client);
}

}  // namespace bodega::test
