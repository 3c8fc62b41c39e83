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
constexpr std::chrono::milliseconds kLookAgain{50};
constexpr Moment kOpenLimit = 5000;  // milliseconds; what takes longer hangs

bool is_of_other_size(const OpenFile& file, std::optional<std::uint64_t> size) noexcept {
    return file.status == OpenFile::Status::ready && size && file.size != *size;
}

// Opens where it may block. A file made a moment ago by another node can be unseen here: NFS caches that a name is
// absent, so what is not there is looked for once more.
class OpenJob final : public FileJob {
public:
    OpenJob(std::shared_ptr<const BlobFolder> folder, std::string path, std::optional<std::uint64_t> size)
        : folder_(std::move(folder)), path_(std::move(path)), size_(size) {}
    OpenFile take() noexcept { return std::move(file_); }

private:
    void run() noexcept override {
        file_ = folder_->open(path_, BlobFolder::Waiting::yes);
        bool again = (file_.status == OpenFile::Status::absent && folder_->names() == BlobFolder::Names::ids) ||
                     (file_.status == OpenFile::Status::failed && file_.error == ESTALE) ||
                     is_of_other_size(file_, size_);
        if (!again) return;
        std::this_thread::sleep_for(kLookAgain);
        folder_->refresh(path_);
        file_ = folder_->open(path_, BlobFolder::Waiting::yes);
    }

    const std::shared_ptr<const BlobFolder> folder_;
    const std::string path_;
    const std::optional<std::uint64_t> size_;
    OpenFile file_;
};

// Closes what was opened on a network's file system.
class CloseJob final : public FileJob {
public:
    explicit CloseJob(std::unique_ptr<const Blob> blob) : blob_(std::move(blob)) {}

private:
    void run() noexcept override { blob_.reset(); }

    std::unique_ptr<const Blob> blob_;
};

std::shared_ptr<const Blob> shared(std::unique_ptr<const Blob> blob, FilePool& pool) {
    if (!blob->folder->is_remote()) return blob;
    return {blob.release(),
            [&pool](const Blob* last) { pool.leave(std::make_shared<CloseJob>(std::unique_ptr<const Blob>(last))); }};
}

http::RangeSelection selection_for(const Exchange& x, const FileRequest& file, std::uint64_t size) {
    // RFC 9110 section 14.2: Range means nothing to other methods.
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

Task<void> FileAnswers::send(Exchange& x, FileRequest file) {
    std::string_view path = file.location;
    if (!path.starts_with(kPrefix) || !BlobFolder::is_safe(path.substr(kPrefix.size()))) {
        base::log::error("edge", "the app named a file outside of the blobs", {{"request_id", x.request_id()}});
        answer_error(x, 502, "The application's answer could not be understood.");
        co_return;
    }
    Opened opened = co_await open(x, blobs_, std::string(path.substr(kPrefix.size())), file.size);
    if (opened.blob && !is_of_other_size(opened.blob->file, file.size)) {
        co_await send_opened(x, std::move(file), std::move(opened.blob));
        co_return;
    }
    refuse_damaged(x, file, opened);
    if (!x.gone()) answer_error(x, 503, "The file's content is not available right now.", 5);
}

void FileAnswers::refuse_damaged(Exchange& x, const FileRequest& file, const Opened& opened) {
    if (!opened.blob) {
        base::log::error("edge", "a blob can't be opened", {{"request_id", x.request_id()}, {"blob", file.location}});
        if (opened.status == OpenFile::Status::absent) worker_.counters.damaged_files.add();
        return;
    }
    worker_.counters.damaged_files.add();
    base::log::error("edge", "a blob is damaged: it has another size than the catalog says; run bodega fsck",
                     {{"request_id", x.request_id()},
                      {"blob", file.location},
                      {"size", static_cast<std::int64_t>(opened.blob->file.size)},
                      {"catalog_size", static_cast<std::int64_t>(*file.size)}});
}

Task<FileAnswers::Opened> FileAnswers::open(Exchange& x, std::shared_ptr<const BlobFolder> folder, std::string path,
                                            std::optional<std::uint64_t> size) {
    if (auto kept = worker_.small_files.find(folder, path)) co_return Opened{OpenFile::Status::ready, std::move(kept)};
    OpenFile file = folder->open(path, BlobFolder::Waiting::no);
    if (file.status != OpenFile::Status::ready || is_of_other_size(file, size)) {
        auto job = std::make_shared<OpenJob>(folder, path, size);
        bool done = co_await worker_.files->run(job, x.waiter(), worker_.loop.now() + kOpenLimit);
        if (done) file = job->take();
    }
    if (file.status == OpenFile::Status::failed) {
        base::log::error(
            "edge", "a file can't be opened",
            {{"request_id", x.request_id()}, {"file", path}, {"error", std::generic_category().message(file.error)}});
    }
    if (file.status != OpenFile::Status::ready) co_return Opened{file.status, nullptr};
    OpenFile::Status status = file.status;
    const bool is_sound = !is_of_other_size(file, size);
    auto blob = std::make_unique<const Blob>(Blob{std::move(folder), std::move(path), std::move(file), std::nullopt});
    std::shared_ptr<const Blob> opened = shared(std::move(blob), *worker_.files);
    if (is_sound) opened = worker_.small_files.keep(std::move(opened));
    co_return Opened{status, std::move(opened)};
}

Task<void> FileAnswers::send_opened(Exchange& x, FileRequest file, std::shared_ptr<const Blob> blob) {
    std::uint64_t size = blob->file.size;
    http::RangeSelection selection = selection_for(x, file, size);
    if (selection.kind == http::RangeSelection::Kind::unsatisfiable) {
        answer_error(x, 416, "The file is shorter than that.", 0,
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
    FileBody body(worker_, std::move(blob));
    if (x.request().method != http::Method::head && size > 0) whole = co_await body.send(x, range);
    if (whole) x.finish();
}

Task<void> FileAnswers::send_parts(Exchange& x, FileRequest file, std::shared_ptr<const Blob> blob,
                                   std::vector<http::ByteRange> parts) {
    http::Multipart multipart("bodega-" + std::string(x.request_id()), file.content_type, blob->file.size);
    begin(x, file, 206, multipart.length(parts), multipart.content_type(), "");
    FileBody body(worker_, std::move(blob));
    for (const http::ByteRange& part : parts) {
        bool sent = co_await send_text(x, multipart.before(part));
        if (sent) sent = co_await body.send(x, part);
        if (!sent) co_return;
    }
    bool sent = co_await send_text(x, multipart.after_all());
    if (sent) x.finish();
}

Task<bool> FileAnswers::send_text(Exchange& x, std::string text) {
    std::string_view rest = text;
    while (x.write(rest) == Exchange::Write::blocked) {
        Wake wake = co_await x.waiter().wait(x.deadline());
        if (wake != Wake::event) co_return false;
    }
    co_return !x.gone();
}

}  // namespace bodega::edge
