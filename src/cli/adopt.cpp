#include "app/fleet/folder_binding.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "server/backend.h"

namespace bodega::cli {
namespace {

int run_adopt(const Invocation& invocation) {
    const config::Config config = invocation.config();
    const std::unique_ptr<db::Pool> catalog = server::open_catalog(config);
    const blobs::Store store(server::shared_dir(config));
    app::FolderBinding(*catalog, store.files(), store.root()).adopt(store);
    say("the shared folder " + store.root() +
        " belongs to this catalog from now on; nodes of other catalogs refuse it. Files in it that no row names stay "
        "until bodega fsck --repair. Next: bodega fsck --quick, which checks that all files are there; and bodega "
        "backup --adopt, once, for each folder with its backups");
    return kDone;
}

}  // namespace

const Command& adopt_command() {
    static constexpr Command command{
        "adopt",
        "",
        "bind the shared folder to this catalog, after bodega refused it",
        "A shared folder and a catalog belong to each other. bodega refuses a folder of another catalog, a folder\n"
        "without marker files in the place of a marked one, and a folder that was used after the state to which the\n"
        "catalog was set back. Run this command if the configured catalog should use the configured folder anyway,\n"
        "for example after a restore from the database's own backup. First stop all nodes that use either of them.\n"
        "It deletes nothing.",
        {},
        0,
        0,
        true,
        run_adopt};
    return command;
}

}  // namespace bodega::cli
