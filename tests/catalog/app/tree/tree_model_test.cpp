// Random operations on the tree and on a plain model of it: after each one both agree, the counts are right, and no
// listing changed without its folder's state.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <map>
#include <random>

#include "app/tree/copy.h"
#include "app/tree/folders.h"
#include "app/tree/move.h"
#include "app/tree/trash.h"
#include "app/tree/versions.h"
#include "store/tree/entries.h"
#include "store/tree/listing.h"
#include "support/tree_app.h"
#include "support/tree_model.h"

using namespace bodega;
using base::Ulid;
using test::TreeModel;

namespace {

class Walk {
public:
    Walk(db::Dialect engine, unsigned seed) : app_(engine), random_(seed) {
        model_.add_space(app_.tree.space, app_.tree.root);
        const auto other = app_.tree.make_space("Other", 400);
        model_.add_space(other, app_.tree.root_of(other), 400);
    }

    void step() {
        const auto subject = pick(), folder = pick();
        const std::string name(1, static_cast<char>('a' + below(4)));
        switch (below(12)) {
            case 0:
            case 1: return make_folder(folder, name);
            case 2:
            case 3: return put(folder, name, static_cast<std::int64_t>(below(40)));
            case 4: return both("rename", model_.rename(subject, name), [&] { move(subject, {}, name); });
            case 5:
            case 6: return both("move", model_.move(subject, folder), [&] { move(subject, folder, {}); });
            case 7: return copy(subject, folder, name);
            case 8:
                return both("trash", model_.trash(subject), [&] { app::trash_entry(app_.services, live(subject)); });
            case 9:
                return both("restore", model_.restore(subject, folder, name), [&] {
                    app::restore_entry(app_.services, access_, app_.grant(subject), {folder, name});
                });
            case 10:
                return both("erase", model_.erase(subject),
                            [&] { app::erase_entry(app_.services, app_.grant(subject)); });
            default:
                return both("version", model_.restore_version(subject),
                            [&] { app::restore_version(app_.services, live(subject), 1); });
        }
    }

    // Differences between the tree and the model.
    std::string compare() {
        std::string wrong = app_.tree.audit_accounts();
        for (const auto& [space, bytes] : model_.used()) {
            if (app_.tree.used(space) != bytes) wrong += "used ";
        }
        for (const Ulid& folder : model_.live_folders()) {
            const std::string listing = list(folder);
            if (listing != model_.listing(folder))
                wrong += "listing: " + listing + " / " + model_.listing(folder) + "; ";
            const auto state = app_.tree.entry(folder).state;
            auto& [last_state, last_listing] = seen_[folder];
            if (listing != last_listing && state <= last_state && !last_listing.empty()) wrong += "state ";
            last_state = state;
            last_listing = listing;
        }
        return wrong;
    }

    std::string last_step;

private:
    std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_); }

    Ulid pick() {
        const auto& ids = model_.ids();
        return ids[below(ids.size())];
    }

    // Both refuse, or both do.
    template <class Work>
    void both(std::string_view what, bool expected, Work work) {
        last_step = what;
        const auto code = test::code_of(work);
        if (code) last_step += std::string(" ") + std::string(base::code_name(*code));
        INFO(last_step);
        CHECK(expected == !code);
    }

    app::Grant live(const Ulid& id) {
        auto grant = app_.grant(id);
        if (!grant.entry.is_live()) throw base::Error(base::Code::not_found, "as reach() would say");
        return grant;
    }

    void move(const Ulid& id, std::optional<Ulid> folder, std::optional<std::string> name) {
        app::Move change{std::move(name), {}, {}};
        if (folder) change.folder = live(*folder);
        app::move_entry(app_.services, live(id), change);
    }

    void make_folder(const Ulid& folder, const std::string& name) {
        Ulid id;
        const bool expected = model_.can_add(folder, name, 0);
        both("make", expected, [&] { id = app::make_folder(app_.services, live(folder), name).id; });
        if (expected) model_.add_folder(id, folder, name);
    }

    void put(const Ulid& folder, const std::string& name, std::int64_t size) {
        const auto there = model_.child(folder, name);
        if (there && model_.is_file(*there)) {
            const auto content = app_.tree.content(size);
            return both("replace", model_.replace(*there, size), [&] { replace(*there, content); });
        }
        Ulid id;
        const bool expected = model_.can_add(folder, name, size);
        both("put", expected, [&] { id = app_.tree.file(live(folder).entry.id, name, size); });
        if (expected) model_.add_file(id, folder, name, size);
    }

    void replace(const Ulid& id, const store::Content& content) {
        try {
            const Ulid file = live(id).entry.id;
            app_.catalog.pool().transact([&](db::Connection& connection) {
                store::Entries entries(connection);
                entries.replace_content(entries.lock(file), content, app_.tree.user, 1, TreeModel::kVersionsKeep);
            });
        } catch (const base::Error&) {
            drop_blob(content);
            throw;
        }
    }

    // A blob whose entry was refused is released, as the upload's clean-up does.
    void drop_blob(const store::Content& content) {
        app_.catalog.execute({"test.drop_blob", "DELETE FROM blobs WHERE id = ?"}, {content.blob_id});
    }

    void copy(const Ulid& id, const Ulid& folder, const std::string& name) {
        Ulid made;
        const bool expected = model_.can_copy(id, folder, name);
        both("copy", expected, [&] { made = app::copy_entry(app_.services, live(id), live(folder), name).id; });
        if (expected) copy_model(id, made, folder, name);
    }

    // Finds the copies' ids by their names.
    void copy_model(const Ulid& from, const Ulid& made, const Ulid& folder, const std::string& name) {
        const auto children = model_.children(from);
        if (model_.is_file(from)) return model_.add_file(made, folder, name, model_.size(from));
        model_.add_folder(made, folder, name);
        for (const Ulid& child : children) {
            if (child == made) continue;
            const auto copied = store::Entries(*app_.catalog.pool().acquire()).find_child(made, model_.name(child));
            if (copied) copy_model(child, copied->id, made, copied->name);
        }
    }

    std::string list(const Ulid& folder) {
        auto connection = app_.catalog.pool().acquire();
        std::string out;
        const auto page =
            store::list_children(*connection, folder, store::Sort::name, store::Order::ascending, {}, 1000);
        for (const auto& e : page.items)
            out += e.name + ":" + std::to_string(e.size) + ":" + std::to_string(e.version) + " ";
        return out;
    }

    test::TreeApp app_;
    app::Authorizer access_{app_.services};
    TreeModel model_;
    std::mt19937 random_;
    std::map<Ulid, std::pair<std::int64_t, std::string>> seen_;
};

}  // namespace

TEST_CASE("random operations keep the tree, its counts and its states consistent", "[model]") {
    const auto engine = GENERATE(from_range(test::engines()));
    const auto seed = GENERATE(1U, 2U, 3U, 5U, std::random_device{}());
    Walk walk(engine, seed);
    for (int i = 0; i < 200; ++i) {
        walk.step();
        const std::string wrong = walk.compare();
        INFO("seed " << seed << ", step " << i << ": " << walk.last_step);
        REQUIRE(wrong == "");
    }
}
