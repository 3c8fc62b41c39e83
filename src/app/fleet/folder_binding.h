// Binds a shared folder and a catalog to each other, so that no catalog ever deletes another's files.
//
// Two marks are in both (store/fleet/binding.h, blobs/folder_marks.h): the catalog's id, which tells a wrong DB_NAME, a lost
// DB_HOST or a share that is not mounted; and a generation, which tells a copy of the catalog, whose id is the same.
// The generation is replaced at each start, every kReplaceEvery while a node runs, at each round of the sweeper and at
// a clean stop; so what was copied before is behind at its first look. The steps of a replacement:
//
//   1. the catalog: next_generation = a new one    2. the folder: rename    3. the catalog: generation =
//   next_generation
//
// Either of the catalog's two is right. After a crash at any step any node completes it, and two that complete it at
// once do the same. A writer that comes late renames a name that is gone.
//
// A copy that is served within kReplaceEvery takes the folder over. A node of the original that lives contests that
// soon after: then nobody changes anything until an operator decides. If none lives, files that it took in after the
// copy was made stay: they are of a time of which the copy knows nothing (begin()). Thread-safe.
#pragma once

#include <chrono>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "blobs/folder_marks.h"
#include "blobs/store.h"
#include "db/pool.h"
#include "store/fleet/binding.h"

namespace bodega::app {

class FolderBinding {
public:
    static constexpr std::chrono::seconds kReplaceEvery{10};

    enum class State : std::uint8_t {
        ours,
        unbound,    // neither has a mark yet
        absent,     // the catalog's folder has marks, and this one has none
        foreign,    // another catalog's
        ahead,      // of another generation: this catalog is a copy or was set back
        contested,  // two catalogs use it at once
    };

    // Both outlive it.
    FolderBinding(db::Pool& catalog, blobs::FileOps& files, std::string shared)
        : catalog_(catalog), marks_(files, std::move(shared)) {}

    State state() const { return find().state; }

    // Passes for State::ours and unbound; else throws Error{config_invalid} that says what to do. Changes nothing.
    void require_ours() const;

    // The same, and marks what is unbound. Throws Error{config_invalid} too if the catalog has files and the folder
    // none of them, or the reverse.
    void bind(const blobs::Store& store);

    // Whether nothing is bound yet and the folder is one that bind() would refuse. Throws as it does.
    void require_fitting(const blobs::Store& store) const;

    // For a node that starts: replaces the generation. What came into the folder since the generation before, which may
    // be another copy's, stays for kKeepUnknown.
    bool begin();
    static constexpr std::chrono::hours kKeepUnknown{30 * 24};

    // For a running node, every few seconds: why it must change nothing in the folder, or std::nullopt. Contests a
    // folder that was taken over.
    std::optional<std::string> look();
    State last_state() const noexcept { return last_state_; }  // that look() found; of its thread

    // Replaces the generation. False: the folder is not ours, and nothing was changed.
    bool replace();
    bool is_due() const;  // kReplaceEvery has passed

    // Makes the folder this catalog's, whatever its marks say. Files that are there now stay until fsck --repair.
    // Throws Error{conflict} as require_quiet() does, for a folder that is not ours.
    void adopt(const blobs::Store& store);

    // Throws Error{conflict} if a node has used the folder in the last seconds. Asks no catalog.
    void require_quiet(const blobs::Store& store) const;

private:
    struct Found {
        State state = State::unbound;
        std::optional<store::Binding> binding;
        std::optional<base::Ulid> folder_id;  // the catalog of bodega.json
    };
    Found find() const;
    Found compare(std::optional<store::Binding> binding) const;
    std::optional<store::Binding> read() const;
    [[noreturn]] void refuse(const Found& found) const;
    bool take_up(const Found& found);
    void contest(const Found& found);
    void confirm(const base::Ulid& next);
    void remember(const base::Ulid& generation);
    bool knows(const base::Ulid& generation) const;

    db::Pool& catalog_;
    const blobs::FolderMarks marks_;
    mutable std::mutex mutex_;
    std::deque<base::Ulid> known_;  // generations that this process saw in both, oldest first; protected by mutex_
    State last_state_ = State::unbound;
    int looks_ahead_ = 0;  // in a row that found State::ahead; of look()'s thread
};

// "foreign": as metrics call it.
std::string_view state_name(FolderBinding::State state) noexcept;

// "belongs to another catalog": what is wrong with a folder in that state, for a person.
std::string_view state_text(FolderBinding::State state) noexcept;
std::string_view state_advice(FolderBinding::State state) noexcept;

}  // namespace bodega::app
