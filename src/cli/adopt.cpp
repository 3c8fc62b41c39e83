#include "app/fleet/folder_binding.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "server/backend.h"

namespace bodega::cli {
namespace {

int run_adopt(const Invocation& invocation) {
    const config::Config config = invocation.config();
    const std::unique_ptr<db::Pool> catalog = open_catalog(config);
    const blobs::Store store(shared_dir(config));
    app::FolderBinding(*catalog, store.files(), store.root()).adopt(store);
    say("the shared folder " + store.root() +
        " is this catalog's from now on; nodes of any other catalog refuse it. Files in it that no row names stay "
        "until bodega fsck --repair. Next: bodega fsck --quick, which says whether all files are there; and bodega "
        "backup --adopt, once, for a folder that has backups of it");
    return kDone;
}

}  // namespace

const Command& adopt_command() {
    static constexpr Command command{
        "adopt",
        "",
        "make the shared folder this catalog's, where bodega refused it",
        "A shared folder and a catalog belong to each other. bodega refuses a folder of another catalog, a folder\n"
        "without marks in the place of a marked one, and a folder that has gone on while the catalog was set back. "
        "Run\n"
        "this if the configured catalog is to have the configured folder in spite of that: after a restore from a\n"
        "database's own backup, say. Stop all nodes that use either first. It deletes nothing.",
        {},
        0,
        0,
        true,
        run_adopt};
    return command;
}

}  // namespace bodega::cli
