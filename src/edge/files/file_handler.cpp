#include "edge/files/file_handler.h"

#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "base/log.h"
#include "edge/exchange/answer.h"
#include "http/multipart.h"

namespace bodega::edge {
namespace {

constexpr std::string_view kPrefix = "/_blobs/";
constexpr std::chrono::milliseconds kRetryDelay{50};
constexpr net::Moment kOpenLimit = 5000;  // ms; an open that takes longer is considered to hang

bool has_wrong_size(const OpenFile& file, std::optional<std::uint64_t> size) noexcept {
    return file.status == OpenFile::Status::ready && size && file.size != *size;
}

// Opens a file on a thread that may block. If the file is missing, looks again: NFS caches that a name does not exist,
// although another node may have created the file since.
class OpenJob final : public net::FileJob {
public:
    OpenJob(std::shared_ptr<const BlobFolder> folder, std::string path, std::optional<std::uint64_t> size)
        : folder_(std::move(folder)), path_(std::move(path)), size_(size) {}
    OpenFile take() noexcept { return std::move(file_); }

private:
    void run() noexcept override {
        file_ = folder_->open(path_, BlobFolder::Waiting::yes);
        bool again = (file_.status == OpenFile::Status::absent && folder_->names() == BlobFolder::Names::ids) ||
                     (file_.status == OpenFile::Status::failed && file_.error == ESTALE) ||
                     has_wrong_size(file_, size_);
        if (!again) return;
        std::this_thread::sleep_for(kRetryDelay);
        folder_->refresh(path_);
        file_ = folder_->open(path_, BlobFolder::Waiting::yes);
    }

    const std::shared_ptr<const BlobFolder> folder_;
    const std::string path_;
    const std::optional<std::uint64_t> size_;
    OpenFile file_;
};

// Closes a file of a network file system on a thread of the file pool, since close(2) may block there.
class CloseJob final : public net::FileJob {
public:
    explicit CloseJob(std::unique_ptr<const Blob> blob) : blob_(std::move(blob)) {}

private:
    void run() noexcept override { blob_.reset(); }

    std::unique_ptr<const Blob> blob_;
};

std::shared_ptr<const Blob> shared(std::unique_ptr<const Blob> blob, net::FilePool& pool) {
    if (!blob->folder->is_remote()) return blob;
    return {blob.release(), [&pool](const Blob* last) {
                pool.close_later(std::make_shared<CloseJob>(std::unique_ptr<const Blob>(last)));
            }};
}

http::RangeSelection selection_for(const Exchange& x, const FileRequest& file, std::uint64_t size) {
    // Range has no meaning for other methods (RFC 9110 section 14.2).
    if (x.request().method != http::Method::get) return {};
    auto range = http::only_field(x.request().fields, http::Name::range);
    if (!range) return {};
    auto if_range = http::only_field(x.request().fields, http::Name::if_range);
    if (if_range && !http::if_range_holds(*if_range, file.etag, file.last_modified)) return {};
    return http::select_ranges(*range, size);
}

void begin(Exchange& x, const FileRequest& file, int status, std::uint64_t length, std::string_view content_type,
           std::string_view extra) {
    std::string fields = file.fields;
    if (!content_type.empty()) fields.append("Content-Type: ").append(content_type).append("\r\n");
    fields.append("Accept-Ranges: bytes\r\n").append(extra);
    Answer answer;
    answer.status = status;
    answer.fields = fields;
    answer.length = length;
    answer.has_date = file.has_date;
    x.begin(answer);
}

}  // namespace

net::Task<void> FileHandler::send(Exchange& x, FileRequest file) {
    std::string_view path = file.location;
    if (!path.starts_with(kPrefix) || !BlobFolder::is_safe(path.substr(kPrefix.size()))) {
        base::log::error("edge", "the app's X-Accel-Redirect is not a path below /_blobs/",
                         {{"request_id", x.request_id()}});
        answer_error(x, 502, "The application's answer could not be understood.");
        co_return;
    }
    Opened opened = co_await open(x, blobs_, std::string(path.substr(kPrefix.size())), file.size);
    if (opened.blob && !has_wrong_size(opened.blob->file, file.size)) {
        co_await send_opened(x, std::move(file), std::move(opened.blob));
        co_return;
    }
    report_damaged(x, file, opened);
    if (!x.gone()) answer_error(x, 503, "The file's content is not available right now.", 5);
}

void FileHandler::report_damaged(Exchange& x, const FileRequest& file, const Opened& opened) {
    if (!opened.blob) {
        base::log::error("edge", "a blob can't be opened", {{"request_id", x.request_id()}, {"blob", file.location}});
        if (opened.status == OpenFile::Status::absent) context_.counters.damaged_files.add();
        return;
    }
    context_.counters.damaged_files.add();
    base::log::error("edge", "a blob is damaged: it has another size than the catalog says; run bodega fsck",
                     {{"request_id", x.request_id()},
                      {"blob", file.location},
                      {"size", static_cast<std::int64_t>(opened.blob->file.size)},
                      {"catalog_size", static_cast<std::int64_t>(*file.size)}});
}

net::Task<FileHandler::Opened> FileHandler::open(Exchange& x, std::shared_ptr<const BlobFolder> folder,
                                                 std::string path, std::optional<std::uint64_t> size) {
    if (auto kept = small_files_.find(folder, path)) co_return Opened{OpenFile::Status::ready, std::move(kept)};
    OpenFile file = folder->open(path, BlobFolder::Waiting::no);
    if (file.status != OpenFile::Status::ready || has_wrong_size(file, size)) {
        auto job = std::make_shared<OpenJob>(folder, path, size);
        bool done = co_await context_.files->run(job, x.wakeup(), context_.loop.now() + kOpenLimit);
        if (done) file = job->take();
    }
    if (file.status == OpenFile::Status::failed) {
        base::log::error(
            "edge", "a file can't be opened",
            {{"request_id", x.request_id()}, {"file", path}, {"error", std::generic_category().message(file.error)}});
    }
    if (file.status != OpenFile::Status::ready) co_return Opened{file.status, nullptr};
    OpenFile::Status status = file.status;
    const bool is_sound = !has_wrong_size(file, size);
    auto blob = std::make_unique<const Blob>(Blob{std::move(folder), std::move(path), std::move(file), std::nullopt});
    std::shared_ptr<const Blob> opened = shared(std::move(blob), *context_.files);
    if (is_sound) opened = small_files_.keep(std::move(opened));
    co_return Opened{status, std::move(opened)};
}

net::Task<void> FileHandler::send_opened(Exchange& x, FileRequest file, std::shared_ptr<const Blob> blob) {
    std::uint64_t size = blob->file.size;
    http::RangeSelection selection = selection_for(x, file, size);
    if (selection.kind == http::RangeSelection::Kind::unsatisfiable) {
        answer_error(x, 416, "The requested range begins after the file's end.", 0,
                     "Content-Range: bytes */" + std::to_string(size) + "\r\n");
        co_return;
    }
    if (selection.parts.size() > 1) {
        co_await send_parts(x, std::move(file), std::move(blob), std::move(selection.parts));
        co_return;
    }
    http::ByteRange range{0, size > 0 ? size - 1 : 0};
    if (selection.parts.empty()) {
        begin(x, file, 200, size, file.content_type, "");
    } else {
        range = selection.parts[0];
        begin(x, file, 206, range.length(), file.content_type,
              "Content-Range: " + http::content_range(range, size) + "\r\n");
    }
    bool whole = true;
    FileBody body(context_, std::move(blob));
    if (x.request().method != http::Method::head && size > 0) whole = co_await body.send(x, range);
    if (whole) x.finish();
}

net::Task<void> FileHandler::send_parts(Exchange& x, FileRequest file, std::shared_ptr<const Blob> blob,
                                        std::vector<http::ByteRange> parts) {
    http::Multipart multipart("bodega-" + std::string(x.request_id()), file.content_type, blob->file.size);
    begin(x, file, 206, multipart.length(parts), multipart.content_type(), "");
    FileBody body(context_, std::move(blob));
    for (const http::ByteRange& part : parts) {
        bool sent = co_await send_text(x, multipart.before(part));
        if (sent) sent = co_await body.send(x, part);
        if (!sent) co_return;
    }
    bool sent = co_await send_text(x, multipart.after_all());
    if (sent) x.finish();
}

net::Task<bool> FileHandler::send_text(Exchange& x, std::string text) {
    std::string_view rest = text;
    while (x.write(rest) == Exchange::Write::blocked) {
        net::Wake wake = co_await x.wakeup().wait(x.deadline());
        if (wake != net::Wake::event) co_return false;
    }
    co_return !x.gone();
}

}  // namespace bodega::edge
