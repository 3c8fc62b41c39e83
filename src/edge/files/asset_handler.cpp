#include "edge/files/asset_handler.h"

#include <string>

#include "edge/exchange/answer.h"
#include "http/asset_response.h"

namespace bodega::edge {
namespace {

std::string lines_of(const http::AssetAnswer& found) {
    std::string out;
    for (const auto& [name, value] : found.fields) out.append(name).append(": ").append(value).append("\r\n");
    return out;
}

}  // namespace

net::Task<void> send_asset(Exchange& x, const base::Asset& asset, int status) {
    const http::RequestHead& request = x.request();
    if (request.method != http::Method::get && request.method != http::Method::head) {
        answer_error(x, 405, "This can only be read.", 0, "Allow: GET, HEAD\r\n");
        co_return;
    }
    const http::AssetAnswer found = http::answer_asset(asset, request.fields, status);
    if (found.status == 412) {
        answer_error(x, 412, "The page is not the one that was expected.");
        co_return;
    }
    const std::string fields = lines_of(found);
    Answer answer;
    answer.fields = fields;
    answer.length = found.bytes.size();
    answer.status = found.status;
    x.begin(answer);
    x.release_head();
    std::string_view rest = found.has_body() ? found.bytes : std::string_view{};
    while (x.write(rest) == Exchange::Write::blocked) {
        net::Wake wake = co_await x.wakeup().wait(x.deadline());
        if (wake != net::Wake::event) co_return;
    }
    if (!x.gone()) x.finish();
}

}  // namespace bodega::edge
