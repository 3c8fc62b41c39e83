// Binds a shared folder and a catalog to each other, so that no catalog ever deletes the files of another.
//
// Both have two marks (store/fleet/binding.h, blobs/folder_marks.h). The catalog's id detects a wrong DB_NAME, a lost
// DB_HOST and a share that is not mounted. The generation detects a copy of the catalog, which has the same id. The
// generation is replaced when a node starts, every kReplaceEvery while it runs, in each pass of the garbage collector
// and at a clean stop, so a copy that was made before is behind when it first looks. The steps of a replacement:
//
//   1. catalog: next_generation = a new one
//   2. folder: rename the mark
//   3. catalog: generation = next_generation
//
// Both of the catalog's generations are valid. After a crash at any step any node completes the replacement, and two
// nodes that complete it at once do the same. A late writer's rename fails, since the old name is gone.
//
// A copy that starts within kReplaceEvery takes the folder over. A running node of the original contests that soon
// after; then no node changes anything until an operator decides. If no node of the original runs, the files that it
// received after the copy was made stay: the copy knows nothing of that time (begin()). Thread-safe.
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
        unbound,    // neither the catalog nor the folder has a mark yet
        absent,     // the catalog is bound, but this folder has no marks
        foreign,    // bound to another catalog
        ahead,      // of another generation: this catalog is a copy or was restored to an earlier state
        contested,  // used by two catalogs at once
    };

    // Both outlive it.
    FolderBinding(db::Pool& catalog, blobs::FileOps& files, std::string shared)
        : catalog_(catalog), marks_(files, std::move(shared)) {}

    State state() const { return find().state; }

    // Returns for State::ours and unbound; else throws Error{config_invalid} with what to do. Changes nothing.
    void require_ours() const;

    // The same, and binds an unbound folder. Throws Error{config_invalid} too if only one of the catalog and the folder
    // has files.
    void bind(const blobs::Store& store);

    // Checks that bind() would accept the files of an unbound folder. Throws as bind() does.
    void require_fitting(const blobs::Store& store) const;

    // Replaces the generation when a node starts. Files without a row that came into the folder since the previous
    // generation may be another copy's, so the garbage collector keeps them for kKeepUnknown. False: the folder is not
    // this catalog's.
    bool begin();
    static constexpr std::chrono::hours kKeepUnknown{30 * 24};

    // Called every few seconds by a running node. Returns why the node must change nothing in the folder, or
    // std::nullopt. Contests a folder that was taken over.
    std::optional<std::string> look();
    State last_state() const noexcept { return last_state_; }  // found by the last look(); only for its thread

    // Replaces the generation. False: the folder is not this catalog's, and nothing was changed.
    bool replace();
    bool is_due() const;  // kReplaceEvery has passed

    // Binds the folder to this catalog, whatever its marks say. Files that are there now stay until fsck --repair.
    // Throws Error{conflict} as require_quiet() does, for a folder that is not this catalog's.
    void adopt(const blobs::Store& store);

    // Throws Error{conflict} if a node has used the folder in the last 30 s. Does not read the catalog.
    void require_quiet(const blobs::Store& store) const;

private:
    struct Found {
        State state = State::unbound;
        std::optional<store::Binding> binding;
        std::optional<base::Ulid> folder_id;  // the catalog's id in bodega.json
    };
    Found find() const;
    Found compare(std::optional<store::Binding> binding) const;
    std::optional<store::Binding> read() const;
    [[noreturn]] void refuse(const Found& found) const;
    bool resume_after_loss(const Found& found);
    void contest(const Found& found);
    void confirm(const base::Ulid& next);
    void remember(const base::Ulid& generation);
    bool knows(const base::Ulid& generation) const;

    db::Pool& catalog_;
    const blobs::FolderMarks marks_;
    mutable std::mutex mutex_;
    std::deque<base::Ulid> known_;  // generations that this process saw in both places, oldest first; protected by
                                    // mutex_
    State last_state_ = State::unbound;
    int looks_ahead_ = 0;  // consecutive looks that found State::ahead; only for look()'s thread
};

// The state's name in metrics, such as "foreign".
std::string_view state_name(FolderBinding::State state) noexcept;

// What is wrong with a folder in that state, and what to do, for a person: "belongs to another catalog".
std::string_view state_text(FolderBinding::State state) noexcept;
std::string_view state_advice(FolderBinding::State state) noexcept;

}  // namespace bodega::app
