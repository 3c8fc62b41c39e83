// Binds a shared folder and a catalog to each other, so that no catalog ever deletes the files of another.
//
// The folder and the catalog both have two marks: the catalog's id and a generation (store/fleet/binding.h,
// blobs/folder_marks.h). The id detects a wrong DB_NAME, a lost DB_HOST and a share that is not mounted. A copy of the
// catalog has the same id, and is detected by the generation. The generation is replaced when a node starts, every
// kReplaceEvery while the node runs, in each pass of the garbage collector, and at a clean stop. So an older copy has
// an old generation when it first checks the folder. The steps of a replacement:
//
//   1. catalog: next_generation = a new one
//   2. folder: rename the mark
//   3. catalog: generation = next_generation
//
// `generation` and `next_generation` are both valid. After a crash at any step any node completes the replacement. Two
// nodes that complete it at the same time do no harm. If a node is late, its rename fails, since the old name no longer
// exists.
//
// A copy of the catalog that starts within kReplaceEvery can replace the folder's generation. A running node of the
// original catalog then marks the folder as contested, and no node changes anything until an operator decides. If no
// node of the original runs, the copy does not know the files that the original received after the copy was made.
// begin() keeps these files. Thread-safe.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>

#include "base/mutex.h"
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
        unbound,  // neither the catalog nor the folder has a mark yet
        absent,   // the catalog is bound, but this folder has no marks
        foreign,  // the folder is bound to another catalog
        // The folder has another generation: this catalog is a copy, or was restored to an earlier state.
        ahead,
        contested,  // two catalogs use the folder at once
    };

    // Requires: both references outlive the object.
    FolderBinding(db::Pool& catalog, blobs::FileOps& files, std::string shared)
        : catalog_(catalog), marks_(files, std::move(shared)) {}

    State state() const { return find().state; }

    // Does nothing for State::ours and State::unbound. For any other state throws Error{config_invalid} with advice.
    void require_ours() const;

    // Binds an unbound folder; otherwise does what require_ours() does. Also throws Error{config_invalid} if only the
    // catalog or only the folder has files.
    void bind(const blobs::Store& store);

    // Checks that bind() would accept the files of an unbound folder. Throws what bind() throws.
    void require_fitting(const blobs::Store& store) const;

    // Called when a node starts. Replaces the generation. Files without a row that came into the folder since the
    // previous generation may belong to a copy of this catalog, so the garbage collector keeps them for kKeepUnknown.
    // Returns false if the folder is not this catalog's.
    bool begin();
    static constexpr std::chrono::hours kKeepUnknown{30 * 24};

    // Called every few seconds by a running node. Returns the reason why the node must not change the folder, or
    // std::nullopt. Marks the folder as contested if a copy of the catalog has replaced the folder's generation.
    std::optional<std::string> look();
    // the state that the last look() found; for the thread of look()
    State last_state() const noexcept { return last_state_; }

    // Replaces the generation. Returns false, and changes nothing, if the folder is not this catalog's.
    bool replace();
    bool is_due() const;  // true if the generation is older than kReplaceEvery

    // Binds the folder to this catalog, whatever the folder's marks are. Files that are already in the folder stay
    // until fsck --repair. If the folder is not this catalog's, throws Error{conflict} as require_quiet() does.
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
    mutable base::Mutex mutex_;
    // The generations that this process has seen both in the catalog and in the folder, oldest first.
    std::deque<base::Ulid> known_ GUARDED_BY(mutex_);
    State last_state_ = State::unbound;
    int looks_ahead_ = 0;  // consecutive calls of look() that found State::ahead, for the thread of look()
};

// The state's name in metrics, such as "foreign".
std::string_view state_name(FolderBinding::State state) noexcept;

// The problem of a folder in that state, for a person, such as "belongs to another catalog"; state_advice() says what
// to do.
std::string_view state_text(FolderBinding::State state) noexcept;
std::string_view state_advice(FolderBinding::State state) noexcept;

}  // namespace bodega::app
