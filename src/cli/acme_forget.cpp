// bodega acme forget: removes the records of the fleet's certificate, so that a node orders a new one.
#include <algorithm>
#include <memory>

#include "app/auth/accounts.h"
#include "app/auth/audit.h"
#include "app/fleet/certificate_records.h"
#include "app/fleet/nodes.h"
#include "base/error.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "config/read.h"
#include "server/backend.h"

namespace bodega::cli {
namespace {

using base::Code;
using base::Error;

constexpr Option kOptions[] = {
    {"--force", "", "remove both records, even if they can be opened or a node is ready"},
};

// Throws if a node is ready. That node may have the secret that opens the records; then this machine has a wrong one,
// and the records must stay.
void require_no_ready_node(db::Connection& connection) {
    const auto nodes = app::nodes_in(connection);
    const auto ready = std::ranges::find(nodes, "ready", &store::Node::state);
    if (ready == nodes.end()) return;
    throw Error(Code::conflict, ready->name +
                                    " is ready, so it may have the secret that opens the records: give this machine "
                                    "the same edge.acme.secret_file. If that secret is lost, add --force");
}

std::vector<std::string> forget(db::Connection& connection, const config::Acme& settings, const std::string& secret,
                                bool force) {
    const app::CertificateRecords records(connection, settings, secret);
    if (!force && records.why_closed()) require_no_ready_node(connection);
    std::vector<std::string> forgotten = records.forget(force);
    for (const std::string& name : forgotten)
        app::record(connection, app::console_actor(), "certificate.forget", name, std::nullopt);
    return forgotten;
}

int run_acme_forget(const Invocation& invocation) {
    const config::Config config = invocation.config();
    const config::Acme& settings = config.edge.acme;
    if (settings.names.empty()) throw Error(Code::config_invalid, "edge.acme.names is empty: there is no certificate");
    const std::string secret = config::read_key(settings.secret_file, "edge.acme.secret_file");
    const std::unique_ptr<db::Pool> catalog = server::open_catalog(config);
    const auto forgotten = catalog->transact(
        [&](db::Connection& connection) { return forget(connection, settings, secret, invocation.has("--force")); });
    for (const std::string& name : forgotten) say("removed: " + name);
    if (forgotten.empty()) say("nothing was removed: this machine's secret opens all records");
    else say("a node with this machine's edge.acme.secret_file orders another within edge.tls.certificates_check");
    return kDone;
}

}  // namespace

const Command& acme_forget_command() {
    static constexpr Command command{
        "acme forget",
        "",
        "remove certificate records that no secret opens any more",
        "The nodes keep the certificate of edge.acme and its account with the authority in the catalog, sealed with\n"
        "edge.acme.secret_file. After a restore without that file, or with another one, no node can open these\n"
        "records: nodes are not ready, and order no certificate. If the secret is lost, give all nodes the same new\n"
        "one and run this command on one of them. It removes the records that this machine's secret does not open,\n"
        "for the configured names and authority; then a node orders a new certificate. Authorities limit how often\n"
        "that is allowed: do not repeat it.",
        kOptions,
        0,
        0,
        true,
        run_acme_forget};
    return command;
}

}  // namespace bodega::cli
