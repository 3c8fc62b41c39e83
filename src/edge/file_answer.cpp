#include "edge/file_answer.h"

#include <utility>

#include "base/log.h"
#include "edge/answer.h"

namespace bodega::edge {
namespace {

constexpr std::string_view kPrefix = "/_blobs/";

RangeSelection selection_for(const Exchange& x, const FileRequest& file, std::uint64_t size) {
    if (x.request().method != Method::get) return {};
    auto range = only_field(x.request().fields, Name::range);
    if (!range) return {};
    auto if_range = only_field(x.request().fields, Name::if_range);
    if (if_range && !if_range_holds(*if_range, file.etag, file.last_modified)) return {};
    return select_ranges(*range, size);
}

}  // namespace

Task<void> FileAnswers::send(Exchange& x, FileRequest file) {
    std::string_view location = file.location;
    if (!location.starts_with(kPrefix)) {
        answer_error(x, 500, "Something went wrong here.");
        co_return;
    }
    OpenFile opened = blobs_.open(location.substr(kPrefix.size()), BlobFolder::Waiting::yes);
    if (opened.status != OpenFile::Status::ready) {
        base::log::error("edge", "a blob can't be opened", {{"request_id", x.request_id()}, {"error", opened.error}});
        answer_error(x, 503, "The file's content is not available right now.", 5);
        co_return;
    }
    RangeSelection selection = selection_for(x, file, opened.size);
    ByteRange range{0, opened.size - 1};
    Answer answer;
    answer.has_date = file.has_date;
    file.fields += "Accept-Ranges: bytes\r\n";
    answer.length = opened.size;
    if (selection.kind == RangeSelection::Kind::unsatisfiable) {
        std::string extra = "Content-Range: bytes */" + std::to_string(opened.size) + "\r\n";
        answer_error(x, 416, "The file is shorter than that.", 0, extra);
        co_return;
    }
    if (selection.kind == RangeSelection::Kind::parts && selection.parts.size() == 1) {
        range = selection.parts[0];
        answer.status = 206;
        answer.length = range.length();
        file.fields += "Content-Range: " + content_range(range, opened.size) + "\r\n";
    }
    answer.fields = file.fields;
    x.begin(answer);
    bool whole = true;
    if (x.request().method != Method::head && opened.size > 0) whole = co_await send_bytes(x, opened.fd.get(), range);
    if (whole) x.finish();
}

Task<bool> FileAnswers::send_bytes(Exchange& x, int fd, ByteRange range) {
    auto offset = static_cast<off_t>(range.first);
    std::uint64_t left = range.length();
    while (left > 0) {
        Exchange::Write status = x.write_file(fd, offset, left);
        if (status == Exchange::Write::gone) co_return false;
        if (status == Exchange::Write::done) continue;
        Wake wake = co_await x.waiter().wait(x.deadline());
        if (wake != Wake::event) co_return false;
    }
    co_return true;
}

}  // namespace bodega::edge
