#include "app/backup/fsck.h"

#include "base/error.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "cli/progress.h"
#include "server/backend.h"

namespace bodega::cli {
namespace {

constexpr Option kOptions[] = {
    {"--repair", "", "remove files that no row names, and correct the recorded usage of spaces; lost bytes stay lost"},
    {"--quick", "", "check only sizes, without reading every byte"},
};

std::string line_of(const app::Finding& finding) {
    return std::string(app::finding_name(finding.kind)) + ": " + finding.what + (finding.repaired ? " (repaired)" : "");
}

int report(const app::FsckReport& report, bool repairing) {
    std::int64_t losses = 0, left = 0;
    for (const app::Finding& finding : report.findings) {
        say(line_of(finding));
        if (finding.is_loss()) ++losses;
        else if (!finding.repaired) ++left;
    }
    std::string line = "checked " + amount(report.blobs, report.bytes) + ": ";
    if (report.is_clean()) {
        say(line + "all is well");
        return kDone;
    }
    if (report.more) line += "more than ";
    line += std::to_string(report.findings.size()) + (report.findings.size() == 1 ? " finding" : " findings");
    if (losses > 0)
        line += ", " + std::to_string(losses) + " of them lost or damaged files: restore those from a backup";
    if (left > 0 && !repairing) line += "; bodega fsck --repair repairs the rest";
    say(line);
    return losses > 0 || left > 0 || report.more ? kFailed : kDone;
}

int run_fsck(const Invocation& invocation) {
    server::Backend backend(invocation.config(), server::Backend::Absent::refuse);
    app::Fsck::Options options;
    options.repair = invocation.has("--repair");
    options.quick = invocation.has("--quick");
    app::FsckReport found;
    {
        Progress progress("fsck", -1);
        found = app::Fsck(backend.services(), options, [&](std::int64_t done, std::int64_t all) {
                    progress.set_bytes(done, all);
                }).run();
    }
    return report(found, options.repair);
}

}  // namespace

const Command& fsck_command() {
    static constexpr Command command{
        "fsck",
        "",
        "check every stored byte, and the catalog against the folder",
        "Reads every stored file and compares it with its size and sha256. Finds rows without files, files without\n"
        "rows, and spaces whose recorded usage is wrong. May run beside a running server. Exit code 1 if something\n"
        "is wrong and was not repaired.",
        kOptions,
        0,
        0,
        true,
        run_fsck};
    return command;
}

}  // namespace bodega::cli
