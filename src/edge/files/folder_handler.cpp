#include "edge/files/folder_handler.h"

#include <array>
#include <utility>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/media_type.h"
#include "edge/exchange/answer.h"
#include "edge/routing/route_path.h"
#include "http/accept_encoding.h"
#include "http/conditions.h"
#include "http/media_type.h"

namespace bodega::edge {
namespace {

constexpr std::string_view kIndex = "index.html";
constexpr std::int64_t kSecond = 1'000'000'000;  // one second in nanoseconds

struct Form {
    http::Coding coding;
    std::string_view name;
    std::string_view suffix;
};
constexpr std::array<Form, 2> kForms{{{http::Coding::brotli, "br", ".br"}, {http::Coding::gzip, "gzip", ".gz"}}};

// True for types whose files may have compressed forms beside them. Other types, such as images, are already
// compressed.
bool compresses(std::string_view type) noexcept {
    return type.starts_with("text/") || type.ends_with("json") || type.ends_with("xml") || type.ends_with("javascript");
}

std::string type_of(const std::string& path) {
    std::string type(base::media_type_of(path));
    if (type.starts_with("text/") || type == "application/javascript") type += "; charset=utf-8";
    return type;
}

// Returns an entity tag made of the file's identity and the content coding.
std::string etag_of(const OpenFile& file, std::string_view coding) {
    std::string out = "\"" + std::to_string(file.size) + "-" + std::to_string(file.identity.modified / kSecond);
    if (!coding.empty()) out.append("-").append(coding);
    return out + "\"";
}

void answer_redirect(Exchange& x, std::string_view path) {
    std::string location;
    for (std::size_t i = 0; i < path.size(); ++i)
        location += path[i] == '/' ? std::string("/") : base::percent_encode(path.substr(i, 1));
    answer_error(x, 308, "This is a folder.", 0, "Location: " + location + "/\r\n");
}

}  // namespace

net::Task<void> FolderHandler::handle(Exchange& x, const ConfiguredRoute& rule,
                                      std::shared_ptr<const BlobFolder> folder, const std::string& path) {
    if (x.request().method != http::Method::get && x.request().method != http::Method::head) {
        answer_error(x, 405, "This can only be read.", 0, "Allow: GET, HEAD\r\n");
        co_return;
    }
    std::string name(behind_segments(path, count_segments(rule.path)));
    while (name.starts_with('/')) name.erase(0, 1);
    bool is_folder = name.empty() || name.ends_with('/');
    Found found;
    if (is_folder) found = co_await find(x, folder, name += kIndex);
    else found = co_await find(x, folder, name);
    if (!found.blob && !is_folder && !x.gone()) {
        Found index = co_await find(x, folder, name + "/" + std::string(kIndex));
        if (index.blob) {
            answer_redirect(x, path);
            co_return;
        }
    }
    if (x.gone()) co_return;
    if (found.blob) co_await answer(x, rule, name, std::move(found));
    else answer_error(x, 404, "There is nothing here.");
}

// Opens the requested file: the compressed or plain form that the client supports best, of those that exist.
net::Task<FolderHandler::Found> FolderHandler::find(Exchange& x, std::shared_ptr<const BlobFolder> folder,
                                                    std::string path) {
    if (!BlobFolder::is_plain(path)) co_return Found{};
    const http::Weights weights = http::coding_weights(x.request().fields);
    bool brotli = compresses(base::media_type_of(path)), gzip = brotli;
    for (const Form& form : kForms) {
        bool& may = form.coding == http::Coding::brotli ? brotli : gzip;
        if (http::choose_coding(weights, gzip, brotli) != form.coding) continue;
        FileHandler::Opened opened = co_await files_.open(x, folder, path + std::string(form.suffix));
        if (opened.blob) co_return Found{std::move(opened.blob), form.name};
        may = false;
    }
    FileHandler::Opened plain = co_await files_.open(x, folder, path);
    co_return Found{std::move(plain.blob), {}};
}

net::Task<void> FolderHandler::answer(Exchange& x, const ConfiguredRoute& rule, const std::string& path, Found found) {
    FileRequest file;
    file.etag = etag_of(found.blob->file, found.coding);
    file.last_modified = base::http_date(found.blob->file.identity.modified / kSecond * 1000);
    file.content_type = type_of(path);
    file.fields = "ETag: " + file.etag + "\r\nLast-Modified: " + file.last_modified + "\r\n";
    if (!found.coding.empty()) file.fields.append("Content-Encoding: ").append(found.coding).append("\r\n");
    if (compresses(http::essence_of(file.content_type))) file.fields += "Vary: Accept-Encoding\r\n";
    if (rule.response.passes("X-Content-Type-Options")) file.fields += "X-Content-Type-Options: nosniff\r\n";
    file.fields += rule.response.lines();
    const base::Milliseconds modified_at = found.blob->file.identity.modified / kSecond * 1000;
    switch (http::check_read(http::conditions_of(x.request().fields), {file.etag, modified_at})) {
        case http::Precondition::holds:
            co_await files_.send_opened(x, std::move(file), std::move(found.blob));
            co_return;
        case http::Precondition::failed:
            answer_error(x, 412, "The file does not match the request's condition.");
            co_return;
        case http::Precondition::not_modified: break;
    }
    Answer answer;
    answer.status = 304;
    answer.fields = file.fields;
    x.begin(answer);
    x.finish();
}

}  // namespace bodega::edge
