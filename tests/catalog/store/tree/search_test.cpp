#include "store/tree/search.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "app/names/name.h"
#include "app/tree/trash.h"
#include "support/tree_app.h"

using namespace bodega;
using Names = std::vector<std::string>;

namespace {

// All that is found, page by page.
Names find(test::Tree& tree, std::string_view text, int limit = 100) {
    Names names;
    std::optional<store::SearchPosition> after;
    auto connection = tree.catalog.pool().acquire();
    const auto spaces = store::searchable_spaces(*connection, tree.user);
    for (int i = 0; i < 1000; ++i) {
        const auto part = store::search_names(*connection, spaces, app::name_pattern(text), after, limit);
        for (const auto& entry : part.items) names.push_back(entry.name);
        if (!part.last) return names;
        after = part.last;
    }
    return {"never ends"};
}

}  // namespace

TEST_CASE("a part of a name finds it, ignoring case and accents", "[search]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    const auto folder = tree.folder(tree.root, "Informes 2024");
    tree.file(folder, "Año nuevo.pdf");
    tree.file(folder, "anoche.txt");
    tree.file(tree.root, "foto10.jpg");
    tree.file(tree.root, "100%_ok!.txt");
    CHECK(find(tree, "ano") == Names{"Año nuevo.pdf", "anoche.txt"});
    CHECK(find(tree, "AÑO N") == Names{"Año nuevo.pdf"});
    CHECK(find(tree, "form") == Names{"Informes 2024"});
    CHECK(find(tree, "202") == Names{"Informes 2024"});
    CHECK(find(tree, "s 20") == Names{"Informes 2024"});
    CHECK(find(tree, "24") == Names{"Informes 2024"});
    CHECK(find(tree, "foto1") == Names{"foto10.jpg"});
    CHECK(find(tree, "foto10") == Names{"foto10.jpg"});
    CHECK(find(tree, "foto0").empty());
    CHECK(find(tree, "%") == Names{"100%_ok!.txt"});
    CHECK(find(tree, "%_ok!") == Names{"100%_ok!.txt"});
    CHECK(find(tree, "/").empty());
    CHECK(find(tree, "_o") == Names{"100%_ok!.txt"});
    CHECK(find(tree, "zzz").empty());
}

TEST_CASE("search covers the user's spaces, and only these", "[search]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    const auto other = tree.make_space("Other");
    const auto foreign = tree.make_space("Foreign");
    catalog.execute({"test.leave", "DELETE FROM members WHERE space_id = ?"}, {foreign});
    tree.file(tree.root, "plan a");
    tree.file(tree.root_of(other), "plan b");
    tree.file(tree.root_of(foreign), "plan c");
    // Space by space in the order of their ids, which is arbitrary within one millisecond.
    Names both{"plan a", "plan b"};
    if (other < tree.space) std::reverse(both.begin(), both.end());
    CHECK(find(tree, "plan") == both);
    CHECK(find(tree, "plan", 1) == both);
    auto connection = catalog.pool().acquire();
    const std::vector spaces{tree.space};
    const store::SearchPosition elsewhere{foreign, "", {}, false};
    CHECK(test::code_of([&] { store::search_names(*connection, spaces, "%a%", elsewhere, 10); }) ==
          base::Code::invalid);
}

TEST_CASE("entries in the trash are not found", "[search]") {
    test::TreeApp app(GENERATE(from_range(test::engines())));
    const auto folder = app.tree.folder(app.tree.root, "old plans");
    app.tree.file(folder, "plan b");
    app.tree.file(app.tree.root, "plan a");
    CHECK(find(app.tree, "plan").size() == 3);
    app::trash_entry(app.services, app.grant(folder));
    CHECK(find(app.tree, "plan") == Names{"plan a"});
}

TEST_CASE("search passes equal keys and windows without a hit", "[search]") {
    test::TestCatalog catalog(GENERATE(from_range(test::engines())));
    test::Tree tree(catalog);
    for (int f = 0; f < 5; ++f) {
        const auto folder = tree.folder(tree.root, "folder " + std::to_string(f));
        tree.file(folder, "index.html");
        tree.file(folder, "INDEX.html");
    }
    // More keys than the first window, behind which one matches.
    const std::string fill =
        "INSERT INTO entries (id, space_id, parent_id, kind, name, name_key, created_at, modified_at) "
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) "
        "SELECT CAST(? || SUBSTR('000000' || i, -6) AS BINARY), ?, NULL, 1, 'x', 'aaa' || i, 1, 1 FROM n";
    for (const char* prefix : {"prefix-one", "prefix-two", "prefix-3.."}) {
        const std::string text = catalog.source().dialect == db::Dialect::mysql
                                     ? fill
                                     : std::string(fill).replace(fill.find("AS BINARY"), 9, "AS BLOB");
        catalog.execute({"test.fill", text}, {prefix, tree.space});
    }
    tree.file(tree.root, "zebra");
    CHECK(find(tree, "zebra") == Names{"zebra"});
    CHECK(find(tree, "index", 3).size() == 10);
    CHECK(find(tree, "aaa", 1000).size() == 2700);
}
