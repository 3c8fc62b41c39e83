#include <utility>

#include "base/error.h"
#include "blobs/digest.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "cli/disk_names.h"
#include "cli/local_folder.h"
#include "cli/progress.h"
#include "cli/space_choice.h"
#include "server/backend.h"
#include "server/process.h"
#include "store/tree/listing.h"
#include "store/tree/live_files.h"

namespace bodega::cli {
namespace {

using base::Code;
using base::Error;

constexpr int kPage = 1000;
constexpr std::size_t kBlock = 1 << 20;

class Export {
public:
    Export(const app::Services& services, std::int64_t all_bytes, bool replace)
        : services_(services), replace_(replace), progress_("export", all_bytes), block_(kBlock) {}

    // Writes the live entries below `folder` into `to`. Reports what can't be written, and continues with the rest.
    void folder(const base::Ulid& id, const LocalFolder& to) {
        DiskNames names(to);
        std::optional<store::ListingPosition> after;
        do {
            store::ListingPage page = services_.catalog.read([&](db::Connection& c) {
                return store::list_children(c, id, store::Sort::name, store::Order::ascending, after, kPage);
            });
            for (const store::Entry& entry : page.items) one(entry, to, names);
            after = page.last;
        } while (after);
    }

    int report(const std::string& where) const {
        std::string line = "exported " + amount(written_, written_bytes_) + " to " + where;
        if (kept_ > 0) line += "; " + std::to_string(kept_) + " were there already";
        if (failed_ > 0) line += "; " + std::to_string(failed_) + " could not be exported, see above";
        say(line);
        return failed_ > 0 ? kFailed : kDone;
    }

private:
    void one(const store::Entry& entry, const LocalFolder& to, DiskNames& names) {
        try {
            if (entry.is_folder()) folder(entry.id, make_folder(entry, to, names));
            else file(entry, to, names);
        } catch (const Error& error) {
            // A full disk or an unavailable catalog ends the export. A name that this file system can't store does not
            // end it.
            if (error.code() == Code::no_space || error.code() == Code::unavailable) throw located(error, to, entry);
            ++failed_;
            progress_.note(error.what());
        }
    }

    // Adds to an error the path at which the export stopped. Only the innermost folder does so; for the folders above
    // it, returns the error unchanged.
    Error located(const Error& error, const LocalFolder& to, const store::Entry& entry) {
        if (std::exchange(is_located_, true)) return error;
        return {error.code(), "stopped at " + to.path_of(entry.name) + ": " + error.what()};
    }

    [[noreturn]] static void refuse_folded(const std::string& path) {
        throw Error(Code::io, path +
                                  " exists in another spelling, which this disk treats as the same name: export "
                                  "to another disk, or rename one of the two");
    }

    static LocalFolder make_folder(const store::Entry& entry, const LocalFolder& to, DiskNames& names) {
        const auto item = to.find(entry.name);
        if (item && !names.has(entry.name, *item)) refuse_folded(to.path_of(entry.name));
        LocalFolder folder = to.make(entry.name);
        names.add(entry.name);
        return folder;
    }

    void file(const store::Entry& entry, const LocalFolder& to, DiskNames& names) {
        const auto item = to.find(entry.name);
        if (item && !names.has(entry.name, *item)) refuse_folded(to.path_of(entry.name));
        if (item && is_there(entry, *item, to)) {
            names.add(entry.name);
            ++kept_;
            progress_.add_bytes(entry.size);
        } else {
            copy(entry, to, item ? NewLocalFile::Over::file : NewLocalFile::Over::nothing);
            names.add(entry.name);
            ++written_;
            written_bytes_ += entry.size;
        }
        progress_.add_file();
    }

    // True if `item` on the disk already has the content of `entry`. Throws if `item` is a different file that must not
    // be replaced.
    bool is_there(const store::Entry& entry, const LocalFolder::Item& item, const LocalFolder& to) {
        std::string path = to.path_of(entry.name);
        if (item.kind != LocalFolder::Kind::file) throw Error(Code::io, path + " exists and is not a regular file");
        bool same_size = item.size == entry.size;
        // An earlier export wrote the file and set its date.
        if (same_size && item.modified_at == entry.modified_at) return true;
        if (same_size && digest_of(to, entry.name) == entry.sha256) return true;
        if (!replace_) throw Error(Code::io, path + " exists with different content; --replace would overwrite it");
        return false;
    }

    blobs::Sha256 digest_of(const LocalFolder& folder, const std::string& name) {
        base::Fd fd = folder.open_file(name);
        blobs::Digest digest;
        while (std::size_t got = folder.read(fd, block_, name)) digest.update(std::span(block_).first(got));
        return digest.value();
    }

    void copy(const store::Entry& entry, const LocalFolder& to, NewLocalFile::Over over) {
        blobs::Reader reader = services_.blobs.open(*entry.blob_id);
        NewLocalFile out(to, entry.name);
        blobs::Digest digest;
        std::int64_t offset = 0;
        while (std::size_t got = reader.read_at(block_, offset)) {
            auto bytes = std::span<const std::uint8_t>(block_).first(got);
            digest.update(bytes);
            out.write(bytes);
            offset += static_cast<std::int64_t>(got);
            progress_.add_bytes(static_cast<std::int64_t>(got));
        }
        if (digest.value() != entry.sha256) {
            throw Error(Code::io, to.path_of(entry.name) + ": the stored bytes are damaged; run bodega fsck");
        }
        out.commit(entry.modified_at, over);
    }

    const app::Services& services_;
    const bool replace_;
    Progress progress_;
    std::vector<std::uint8_t> block_;
    bool is_located_ = false;
    std::int64_t written_ = 0, written_bytes_ = 0, kept_ = 0, failed_ = 0;
};

constexpr Option kOptions[] = {
    {"--space", "SPACE", "the space's name or id"},
    {"--from", "PATH", "only this folder of the space"},
    {"--replace", "", "overwrite files that have different content"},
};

int run_export(const Invocation& invocation) {
    server::Backend backend(invocation.config(), server::Backend::Absent::refuse);
    const app::Services& services = backend.services();
    server::raise_file_limit();  // the export has one open descriptor for each level of the tree
    store::Space space = choose_space(services, invocation.value("--space"));
    store::Entry from = choose_folder(services, space, invocation.value("--from").value_or(""));
    std::int64_t all = -1;
    if (from.id == space.root_id) {
        all = services.catalog.read([&](db::Connection& c) { return store::live_files(c, space.id).bytes; });
    }
    const std::string& where = invocation.arguments[0];
    LocalFolder to = LocalFolder::open(where, true);
    Export work(services, all, invocation.has("--replace"));
    try {
        work.folder(from.id, to);
    } catch (...) {
        work.report(where);  // prints what was exported so far, before the error is printed
        throw;
    }
    return work.report(where);
}

}  // namespace

const Command& export_command() {
    static constexpr Command command{
        "export",
        "DIR",
        "write a space's files to a folder",
        "Writes the files of a space, or of one folder of it, to DIR, which is created if missing. Each file is\n"
        "checked against its sha256 and gets its name only when it is complete. A second run continues where the\n"
        "first ended, and does not touch files that are already there. Older versions and the trash are not\n"
        "exported. Exit code 1 if something was left out.",
        kOptions,
        1,
        1,
        true,
        run_export};
    return command;
}

}  // namespace bodega::cli
