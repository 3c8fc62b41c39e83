#include "app/jobs/job_item.h"

#include "app/names/next_name.h"
#include "app/tree/copy.h"
#include "app/tree/move.h"
#include "app/tree/name_taken.h"
#include "app/tree/trash.h"
#include "base/error.h"
#include "base/log.h"
#include "db/failure.h"
#include "db/savepoint.h"
#include "store/jobs/jobs.h"
#include "store/tree/entries.h"

namespace bodega::app {
namespace {

using base::Code;
using base::Error;
using store::JobAct;

class ItemAct {
public:
    ItemAct(db::Connection& connection, const Services& services, const Actor& actor, const store::Job& job,
            store::JobItem& item)
        : connection_(connection), services_(services), actor_(actor), job_(job), item_(item) {}

    void run() {
        if (const auto taken = attempt(std::nullopt); taken && job_.keeps_both) keep_both(*taken);
    }

private:
    // Acts on the item. Returns the target folder's id if the entry's name is taken there, otherwise std::nullopt.
    std::optional<base::Ulid> attempt(const std::optional<std::string>& name) {
        const store::JobItem before = item_;
        db::Savepoint point(connection_);
        std::optional<base::Ulid> taken_in;
        try {
            act(name);
            item_.state = store::JobItemState::done;
            point.keep();
            return std::nullopt;
        } catch (const db::Failure&) {
            throw;
        } catch (const NameTaken& taken) {
            point.undo();
            taken_in = target();
            fail(before, taken);
        } catch (const Error& error) {
            point.undo();
            fail(before, error);
        }
        return taken_in;
    }

    void fail(const store::JobItem& before, const Error& error) {
        item_ = before;
        item_.state = store::JobItemState::failed;
        item_.code = base::code_name(error.code());
        if (error.code() == Code::internal)
            base::log::error("jobs", "could not act on an item of a job",
                             {{"job", job_.id.text()}, {"entry", item_.entry_id.text()}, {"reason", error.what()}});
    }

    // The folder into which the entry goes.
    std::optional<base::Ulid> target() {
        if (job_.parent_id) return job_.parent_id;
        if (item_.parent_id) return item_.parent_id;
        const auto entry = store::Entries(connection_).find(item_.entry_id);
        return entry ? entry->trash_parent_id : std::nullopt;
    }

    void keep_both(const base::Ulid& folder_id) {
        store::Entries entries(connection_);
        const auto entry = entries.find(item_.entry_id);
        if (!entry) return;
        const std::string name = free_name(entries, folder_id, item_.name.value_or(entry->name), entry->is_folder());
        item_.state = store::JobItemState::waiting;
        item_.code.clear();
        attempt(name);
    }

    Grant grant(const base::Ulid& id) const {
        Grant grant{actor_, {}, store::SpaceRole::viewer};
        grant.entry.id = id;
        return grant;
    }

    void act(const std::optional<std::string>& name) {
        switch (job_.act) {
            case JobAct::trash: return trash_entry(connection_, grant(item_.entry_id));
            case JobAct::move: return move(name);
            case JobAct::copy: return copy(name);
            case JobAct::restore:
                restore_entry(connection_, services_, grant(item_.entry_id), {job_.parent_id, name});
                return;
            case JobAct::erase: mark_for_deletion(connection_, grant(item_.entry_id)); return;
        }
    }

    void move(const std::optional<std::string>& name) {
        const auto entry = store::Entries(connection_).find(item_.entry_id);
        if (!entry) throw Error(Code::not_found, "That file or folder was deleted for good.");
        const auto into = target();
        if (!into) throw Error(Code::conflict, "It is not known where that was before.");
        if (!job_.parent_id) require_not_moved_since(*entry);
        Move move;
        move.folder = grant(*into);
        move.name = name ? name : item_.name;
        const store::Entry moved = move_entry(connection_, services_, grant(entry->id), move);
        item_.parent_id = entry->parent_id;
        item_.name = moved.name == entry->name ? std::nullopt : std::optional(entry->name);
    }

    // Throws if the entry was moved again since the job that is being undone. Undoing that job must not undo the later
    // move.
    void require_not_moved_since(const store::Entry& entry) {
        const auto former = job_.source.job_id ? store::Jobs(connection_).find(*job_.source.job_id) : std::nullopt;
        if (former && former->parent_id && former->parent_id != entry.parent_id)
            throw Error(Code::precondition_failed, "It was moved to another folder meanwhile.");
    }

    void copy(const std::optional<std::string>& name) {
        const auto id = base::Ulid::make();
        const auto into = target();
        if (!into) throw Error(Code::conflict, "There is no folder to copy into.");
        copy_entry(connection_, services_, grant(item_.entry_id), grant(*into), name, id);
        item_.result_id = id;
    }

    db::Connection& connection_;
    const Services& services_;
    const Actor& actor_;
    const store::Job& job_;
    store::JobItem& item_;
};

}  // namespace

void act_on_item(db::Connection& connection, const Services& services, const Actor& actor, const store::Job& job,
                 store::JobItem& item) {
    ItemAct(connection, services, actor, job, item).run();
}

}  // namespace bodega::app
