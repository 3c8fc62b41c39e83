#include "app/fleet/folder_binding.h"

#include <sys/stat.h>

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "store/tree/blobs.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;
using base::Ulid;
using State = FolderBinding::State;

constexpr int kTries = 5;
constexpr int kSampled = 50;           // the number of newest blobs of which at least one has to exist
constexpr std::size_t kMaxKnown = 64;  // the most generations that are remembered, enough for about ten minutes
// The number of consecutive checks that have to find State::ahead before the folder is marked as contested. They take
// longer than an NFS client caches old data.
constexpr int kLooksToContest = 3;
constexpr base::Milliseconds kSlack = 60'000;  // the most by which the clocks of nodes and database may differ
// If the folder's generation was replaced less than this many milliseconds ago, a node may be running, because a
// running node replaces it every ten seconds (kReplaceEvery).
constexpr base::Milliseconds kInUse = 3 * 10'000;

bool has_any_blob(const blobs::Store& store) {
    bool found = false;
    for (int part = 0; part < blobs::Store::kParts && !found; ++part)
        store.list_blobs(part, [&](const blobs::FileInfo&) { found = true; });
    return found;
}

}  // namespace

std::string_view state_name(State state) noexcept {
    switch (state) {
        case State::ours: return "ours";
        case State::unbound: return "unbound";
        case State::absent: return "absent";
        case State::foreign: return "foreign";
        case State::ahead: return "ahead";
        case State::contested: return "contested";
    }
    return "unbound";
}

std::string_view state_text(State state) noexcept {
    switch (state) {
        case State::ours: return "is this catalog's";
        case State::unbound: return "is not bound to a catalog yet";
        case State::absent: return "is not the one that this catalog's files are in: it has no bodega.json";
        case State::foreign: return "belongs to another catalog";
        case State::ahead: return "has gone on without this catalog, which is a copy or was set back";
        case State::contested: return "is used by two copies of its catalog at once";
    }
    return "is in an unknown state";
}

std::string_view state_advice(State state) noexcept {
    switch (state) {
        case State::ours: return "";
        case State::unbound: return "bodega serve binds it";
        case State::absent:
            return "see that the share is mounted and that node.shared_dir (SHARED_DIR) names it; a copy of the "
                   "folder needs bodega.json and generation/ too";
        case State::foreign:
            return "see that the database (DB_HOST, DB_NAME, database.url) and node.shared_dir (SHARED_DIR) belong "
                   "together";
        case State::ahead:
            return "give a copy of the catalog a folder of its own: set node.shared_dir (SHARED_DIR) to a copy of "
                   "this one";
        case State::contested: return "stop the nodes of the copy, or give them a folder of their own";
    }
    return "";
}

std::optional<store::Binding> FolderBinding::read() const {
    return catalog_.read([](db::Connection& connection) { return store::Bindings(connection).find(); });
}

FolderBinding::Found FolderBinding::find() const {
    std::optional<store::Binding> binding = read();
    for (int tries = 1;; ++tries) {
        Found found = compare(binding);
        if (found.state == State::ours || found.state == State::unbound || tries == kTries) return found;
        // Reads the catalog again: another node may have replaced the generation after the catalog was read and before
        // the folder was.
        std::optional<store::Binding> again = read();
        const bool same = binding.has_value() == again.has_value() &&
                          (!again || (again->generation == binding->generation && again->next == binding->next));
        if (same) return found;
        binding = again;
    }
}

FolderBinding::Found FolderBinding::compare(std::optional<store::Binding> binding) const {
    Found found{State::ours, binding, marks_.catalog_id()};
    const auto& [state, row, id] = found;
    const auto is_at = [&](const std::optional<Ulid>& one) { return one && marks_.has_generation(*one); };
    if (!row) found.state = id ? State::foreign : State::unbound;
    else if (id && *id != row->catalog_id) found.state = State::foreign;
    else if (id && marks_.is_contested()) found.state = State::contested;
    else if (is_at(row->generation) || is_at(row->next)) found.state = State::ours;
    else if (!row->generation) found.state = State::unbound;
    else found.state = id ? State::ahead : State::absent;
    return found;
}

void FolderBinding::refuse(const Found& found) const {
    std::string text = "the shared folder " + marks_.root() + " " + std::string(state_text(found.state));
    if (found.folder_id && found.state == State::foreign) text += " (" + found.folder_id->text() + ")";
    throw Error(Code::config_invalid,
                text + ": " + std::string(state_advice(found.state)) +
                    ". If this catalog is to have the folder from now on, stop all nodes and run: bodega adopt");
}

void FolderBinding::require_ours() const {
    const Found found = find();
    if (found.state != State::ours && found.state != State::unbound) refuse(found);
}

void FolderBinding::require_fitting(const blobs::Store& store) const {
    const std::vector<store::BlobRow> newest =
        catalog_.read([](db::Connection& connection) { return store::Blobs(connection).newest(kSampled); });
    const auto is_there = [&](const store::BlobRow& row) { return store.size_of(row.id) == row.size; };
    if (newest.empty() ? !has_any_blob(store) : std::ranges::any_of(newest, is_there)) return;
    const std::string what = newest.empty() ? "holds files, and the catalog names none of them"
                                            : "has none of the newest files that the catalog names";
    throw Error(Code::config_invalid,
                "the shared folder " + marks_.root() + " " + what +
                    ": see that the share is mounted, and that the database (DB_HOST, DB_NAME, database.url) and "
                    "node.shared_dir (SHARED_DIR) belong together. If they do, run: bodega adopt");
}

void FolderBinding::bind(const blobs::Store& store) {
    Found found = find();
    if (found.state == State::unbound) {
        require_fitting(store);
        catalog_.transact(
            [](db::Connection& connection) { store::Bindings(connection).insert(Ulid::make(), Ulid::make()); },
            [](db::Connection& connection) { return store::Bindings(connection).find().has_value(); });
        found.binding = read();
    }
    // Also completes a binding that a crash has interrupted.
    if (found.binding && !found.binding->generation && found.binding->next) {
        marks_.make(found.binding->catalog_id, *found.binding->next);
        if (marks_.has_generation(*found.binding->next)) confirm(*found.binding->next);
    } else if (found.state == State::ours && !found.folder_id) {
        const Ulid& generation = *found.binding->generation;
        marks_.make(found.binding->catalog_id, marks_.has_generation(generation) ? generation : *found.binding->next);
    }
    found = find();
    if (found.state != State::ours) refuse(found);
}

void FolderBinding::confirm(const Ulid& next) {
    remember(next);
    catalog_.transact([&](db::Connection& connection) { store::Bindings(connection).confirm(next); },
                      [&](db::Connection& connection) {
                          const auto row = store::Bindings(connection).find();
                          return row && row->next != next;
                      });
}

bool FolderBinding::is_due() const {
    const auto row = read();
    return row && row->age >= std::chrono::milliseconds(kReplaceEvery).count();
}

bool FolderBinding::begin() {
    if (find().state != State::ours) return false;
    catalog_.transact([](db::Connection& connection) {
        store::Bindings(connection).add_gap(kSlack, std::chrono::milliseconds(kKeepUnknown).count());
    });
    return replace();
}

bool FolderBinding::replace() {
    for (int tries = 0; tries < kTries; ++tries) {
        const Found found = find();
        if (found.state != State::ours || !found.binding->generation) return false;
        const Ulid from = *found.binding->generation;
        remember(from);
        const Ulid to = found.binding->next.value_or(Ulid::make());
        const bool proposed =
            found.binding->next ||
            catalog_.transact([&](db::Connection& connection) { return store::Bindings(connection).propose(from, to); },
                              [&](db::Connection& connection) {
                                  const auto row = store::Bindings(connection).find();
                                  return row && row->names(to);
                              });
        // If another node is replacing the generation, reads again and completes that replacement.
        if (!proposed || !marks_.replace(from, to)) continue;
        confirm(to);
        return true;
    }
    return false;
}

std::optional<std::string> FolderBinding::look() {
    const Found found = find();
    last_state_ = found.state;
    if (found.state == State::ours) {
        looks_ahead_ = 0;
        if (found.binding->generation) remember(*found.binding->generation);
        return std::nullopt;
    }
    if (found.state == State::ahead) {
        if (resume_after_loss(found)) return std::nullopt;
        if (++looks_ahead_ >= kLooksToContest) contest(found);
    }
    return "The shared folder " + std::string(state_text(found.state)) + ": nothing in it is changed.";
}

// Continues after the database has lost its latest transactions in a failover, so that the catalog's generation is
// older than the folder's. A process that has seen both generations knows that the catalog is not a copy.
bool FolderBinding::resume_after_loss(const Found& found) {
    const Ulid from = *found.binding->generation;
    std::optional<Ulid> last;
    {
        const base::MutexLock lock(mutex_);
        const auto at = std::ranges::find(known_, from);
        if (at != known_.end() && known_.back() != from) last = known_.back();
    }
    if (!last || !marks_.has_generation(*last)) return false;
    base::log::error("folder", "the catalog has lost its latest transactions; files that no row names are kept",
                     {{"catalog", found.binding->catalog_id.text()}});
    const bool resumed =
        catalog_.transact([&](db::Connection& connection) { return store::Bindings(connection).resume(from, *last); });
    if (resumed) confirm(*last);
    return resumed;
}

// Marks the folder as contested, but only if this process has seen the catalog's current generation and so has used the
// folder.
void FolderBinding::contest(const Found& found) {
    if (!knows(*found.binding->generation)) return;
    base::log::error("folder",
                     "a copy of this catalog has taken the shared folder over; no node changes it from now on",
                     {{"catalog", found.binding->catalog_id.text()}});
    marks_.contest();
}

void FolderBinding::require_quiet(const blobs::Store& store) const {
    struct stat generation {};
    if (store.files().status((marks_.root() + "/generation").c_str(), generation) != 0) return;
    const base::Milliseconds age = store.file_clock() - base::Milliseconds{generation.st_mtim.tv_sec} * 1000;
    if (age >= kInUse) return;
    throw Error(Code::conflict, "a node has used the shared folder " + marks_.root() + " " +
                                    std::to_string(std::max<base::Milliseconds>(0, age / 1000)) +
                                    " s ago: stop it first, and run this again half a minute later");
}

void FolderBinding::adopt(const blobs::Store& store) {
    if (find().state != State::ours) require_quiet(store);
    const Ulid id = Ulid::make(), next = Ulid::make();
    catalog_.transact([&](db::Connection& connection) { store::Bindings(connection).adopt(id, next); },
                      [&](db::Connection& connection) {
                          const auto row = store::Bindings(connection).find();
                          return row && row->catalog_id == id;
                      });
    marks_.clear();
    marks_.make(id, next);
    if (marks_.has_generation(next)) confirm(next);
    require_ours();
}

void FolderBinding::remember(const Ulid& generation) {
    const base::MutexLock lock(mutex_);
    if (std::ranges::find(known_, generation) != known_.end()) return;
    known_.push_back(generation);
    if (known_.size() > kMaxKnown) known_.pop_front();
}

bool FolderBinding::knows(const Ulid& generation) const {
    const base::MutexLock lock(mutex_);
    return std::ranges::find(known_, generation) != known_.end();
}

}  // namespace bodega::app
