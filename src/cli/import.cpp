#include <set>
#include <utility>

#include "app/auth/accounts.h"
#include "app/names/name.h"
#include "app/tree/file_date.h"
#include "app/tree/folders.h"
#include "app/tree/put_file.h"
#include "base/error.h"
#include "base/visible_text.h"
#include "blobs/digest.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "cli/local_folder.h"
#include "cli/progress.h"
#include "cli/space_choice.h"
#include "server/backend.h"
#include "server/process.h"
#include "store/tree/entries.h"

namespace bodega::cli {
namespace {

using base::Code;
using base::Error;

constexpr int kTries = 2;  // maximum tries to read a file that changes while it is read

class Import {
public:
    Import(const app::Services& services, app::Actor actor)
        : services_(services), actor_(std::move(actor)), progress_("import", -1), block_(app::kBlock) {}

    // Imports everything below `from` into the folder. Reports what can't be imported, and continues with the rest.
    void folder(const LocalFolder& from, const store::Entry& into) {
        // The names that were imported into this folder. Two names that differ on the disk may be equal in bodega,
        // because Unicode has several spellings.
        std::set<std::string> taken;
        for (const LocalFolder::Item& item : from.list()) {
            try {
                std::string name = app::clean_name(item.name);
                if (!taken.insert(name).second) refuse(from, item, "has the same name as another file beside it");
                one(from, item, into, name);
            } catch (const Error& error) {
                if (error.code() == Code::name_invalid) note(from.path_of(item.name) + ": " + error.what());
                else if (is_about_one_file(error.code())) note(error.what());
                else throw located(error, from, item);
            }
        }
    }

    // Returns the folder with that name. Creates it if it is missing.
    store::Entry enter(const store::Entry& into, const std::string& name, const std::string& path) {
        auto there = child(into, name);
        if (!there) return app::make_folder(services_, grant(into), name);
        if (!there->is_folder()) throw Error(Code::io, path + ": there is a file of that name in the space");
        return *there;
    }

    int report(const std::string& where) const {
        std::string line = "imported " + amount(put_, put_bytes_) + " into " + where;
        if (kept_ > 0) line += "; " + std::to_string(kept_) + " were there already";
        if (failed_ > 0)
            line += "; " + std::to_string(failed_) + (failed_ == 1 ? " was" : " were") + " left out, see above";
        say(line);
        return failed_ > 0 ? kFailed : kDone;
    }

private:
    static bool is_about_one_file(Code code) {
        return code == Code::io || code == Code::too_large || code == Code::name_taken || code == Code::conflict;
    }

    // Adds to an error the path at which the import stopped. Only the innermost folder does so; for the folders above
    // it, returns the error unchanged.
    Error located(const Error& error, const LocalFolder& from, const LocalFolder::Item& item) {
        if (std::exchange(is_located_, true)) return error;
        return {error.code(), "stopped at " + from.path_of(item.name) + ": " + error.what()};
    }

    [[noreturn]] static void refuse(const LocalFolder& from, const LocalFolder::Item& item, const std::string& why) {
        throw Error(Code::io, from.path_of(item.name) + " " + why);
    }

    void note(const std::string& line) {
        ++failed_;
        progress_.note(line);
    }

    app::Grant grant(const store::Entry& folder) const { return {actor_, folder, store::SpaceRole::manager}; }

    std::optional<store::Entry> child(const store::Entry& folder, const std::string& name) const {
        return services_.catalog.read([&](db::Connection& c) { return store::Entries(c).find_child(folder.id, name); });
    }

    void one(const LocalFolder& from, const LocalFolder::Item& item, const store::Entry& into,
             const std::string& name) {
        using Kind = LocalFolder::Kind;
        if (item.kind == Kind::symlink) refuse(from, item, "is a symbolic link, which bodega does not follow");
        if (item.kind == Kind::other) refuse(from, item, "is neither a file nor a folder");
        if (item.kind == Kind::folder) {
            folder(from.enter(item.name), enter(into, name, from.path_of(item.name)));
        } else {
            file(from, item, into, name);
            progress_.add_file();
        }
    }

    void file(const LocalFolder& from, const LocalFolder::Item& item, const store::Entry& into,
              const std::string& name) {
        auto there = child(into, name);
        if (there && there->is_folder()) refuse(from, item, "is a file, but the space has a folder of that name");
        if (there && there->size == item.size && digest_of(from, item.name) == there->sha256) {
            ++kept_;
            progress_.add_bytes(item.size);
            return;
        }
        for (int tries = 1; !put(from, item, into, name); ++tries) {
            if (tries == kTries)
                refuse(from, item, "changed each time it was read; import it again when nothing writes to it");
        }
    }

    // Stores a file. If the file changes while it is read, stores nothing and returns false.
    bool put(const LocalFolder& from, const LocalFolder::Item& item, const store::Entry& into,
             const std::string& name) {
        const app::Grant folder = grant(into);
        const base::Fd fd = from.open_file(item.name);
        const LocalFolder::Version before = from.version_of(fd, item.name);
        app::PutRequest request{.folder = folder, .name = name, .precondition = {}, .length = item.size};
        if (app::is_file_date(before.modified_at())) request.modified_at = before.modified_at();
        std::int64_t read = 0;
        bool changed = false;
        try {
            const app::CommittedFile committed = app::put_file(services_, request, [&](std::span<std::uint8_t> buffer) {
                const std::size_t got = from.read(fd, buffer, item.name);
                // At the end of the file, checks the file's version before returning 0: put_file() then commits the
                // file.
                changed = got == 0 && from.version_of(fd, item.name) != before;
                if (changed) refuse(from, item, "changed while it was read");
                read += static_cast<std::int64_t>(got);
                progress_.add_bytes(static_cast<std::int64_t>(got));
                return got;
            });
            ++put_;
            put_bytes_ += committed.entry.size;
            return true;
        } catch (const Error&) {
            if (!changed) throw;
            progress_.add_bytes(-read);
            return false;
        }
    }

    blobs::Sha256 digest_of(const LocalFolder& folder, const std::string& name) {
        base::Fd fd = folder.open_file(name);
        blobs::Digest digest;
        while (std::size_t got = folder.read(fd, block_, name)) digest.update(std::span(block_).first(got));
        return digest.value();
    }

    const app::Services& services_;
    const app::Actor actor_;
    Progress progress_;
    std::vector<std::uint8_t> block_;
    bool is_located_ = false;
    std::int64_t put_ = 0, put_bytes_ = 0, kept_ = 0, failed_ = 0;
};

constexpr Option kOptions[] = {
    {"--space", "SPACE", "the space's name or id"},
    {"--into", "PATH", "a folder of the space, created if missing; the default is the space's root folder"},
};

int run_import(const Invocation& invocation) {
    LocalFolder from = LocalFolder::open(invocation.arguments[0], false);
    server::Backend backend(invocation.config(), server::Backend::Absent::refuse);
    const app::Services& services = backend.services();
    server::raise_file_limit();  // the import has one open descriptor for each level of the tree
    store::Space space = choose_space(services, invocation.value("--space"));
    Import work(services, app::console_actor());
    store::Entry into = choose_folder(services, space, "");
    std::string where = base::visible_name(space.name);
    for (const std::string& name : path_names(invocation.value("--into").value_or(""))) {
        where += "/" + name;
        into = work.enter(into, app::clean_name(name), where);
    }
    try {
        work.folder(from, into);
    } catch (...) {
        work.report(where);  // prints what was imported so far, before the error is printed
        throw;
    }
    return work.report(where);
}

}  // namespace

const Command& import_command() {
    static constexpr Command command{
        "import",
        "DIR",
        "import a folder's files into a space",
        "Imports all files and folders below DIR into a space. A second run continues where the first ended: it\n"
        "skips files whose content is already there, and adds others as a new version. Symbolic links are not\n"
        "followed. Files that can't be kept under their name, or that change each time they are read, are reported\n"
        "and left out. Exit code 1 if something was left out.",
        kOptions,
        1,
        1,
        true,
        run_import};
    return command;
}

}  // namespace bodega::cli
