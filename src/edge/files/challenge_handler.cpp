#include "edge/files/challenge_handler.h"

#include <algorithm>
#include <string>
#include <utility>

#include "edge/exchange/answer.h"

namespace bodega::edge {
namespace {

constexpr std::string_view kPrefix = "/.well-known/acme-challenge/";

// True for a token in base64url (RFC 8555 section 8.1).
bool is_token(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 255 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

}  // namespace

ChallengeHandler::ChallengeHandler(FileHandler& files, std::shared_ptr<const BlobFolder> shared)
    : files_(files), shared_(std::move(shared)) {}

bool ChallengeHandler::is_asked(std::string_view path) noexcept { return path.starts_with(kPrefix); }

net::Task<bool> ChallengeHandler::handle(Exchange& x) {
    const http::RequestHead& request = x.request();
    bool reads = request.method == http::Method::get || request.method == http::Method::head;
    std::string token(request.path.substr(kPrefix.size()));
    if (!reads || !is_token(token)) co_return false;
    // Opens the whole path from the shared folder each time, since certbot creates the folders in it and removes them
    // later.
    FileHandler::Opened opened = co_await files_.open(x, shared_, "acme" + std::string(kPrefix) + token);
    if (!opened.blob || x.gone()) co_return false;
    x.stats().route = "acme";
    FileRequest file;
    file.content_type = "application/octet-stream";
    file.fields = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n";
    co_await files_.send_opened(x, std::move(file), std::move(opened.blob));
    co_return true;
}

}  // namespace bodega::edge
