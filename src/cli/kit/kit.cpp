#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "base/error.h"
#include "base/private_file.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "cli/kit/kit_file.h"
#include "cli/kit/kit_fill.h"
#include "cli/kit/kit_listen.h"
#include "cli/kit/kit_value.h"

namespace bodega::cli {
namespace {

constexpr Option kOptions[] = {
    {"--output", "FILE", "write the file to FILE in one step; after an error FILE is unchanged"},
};

void list_kit() {
    std::size_t width = 0;
    for (const KitFile& file : embedded_kit()) width = std::max(width, file.path.size());
    for (const KitFile& file : embedded_kit())
        say(std::string(file.path) + std::string(width - file.path.size() + 4, ' ') + std::string(file.summary));
}

std::optional<std::string> named_config(const Invocation& invocation) {
    if (invocation.config_file) return invocation.config_file;
    const char* variable = std::getenv("BODEGA_CONFIG");
    return variable && *variable ? std::optional<std::string>(variable) : std::nullopt;
}

// Throws if bodega's own edge is configured, since NGINX's file listens on the same addresses (edge.listen). Addresses
// from --edge-listen are meant for NGINX and are accepted.
void check_front(const KitFile& file, const config::Reading& reading) {
    if (!file.path.starts_with("nginx/")) return;
    const config::Config& config = reading.config;
    auto origin = reading.origins.find("edge.listen");
    const bool own = origin != reading.origins.end() && origin->second.source != config::Source::flag;
    if (own && !config.edge.listen.empty()) {
        refuse_kit(origin->second.text() + ": bodega itself listens on " + config.edge.listen.front() +
                   ", where NGINX should listen: set edge.listen = [] and app.listen, or name NGINX's own addresses by "
                   "--edge-listen");
    }
}

// Warns if app.listen is empty: the app then does not listen for NGINX.
void warn_of_front(const KitFile& file, const config::Config& config) {
    if (!file.path.starts_with("nginx/") || !config.app.listen.empty()) return;
    const KitSubject subject{config, {}, std::filesystem::current_path().string()};
    complain("app.listen is empty, so bodega serve does not listen for NGINX: set app.listen = \"" +
             items_of(*find_kit_value("DATA_DIR"), subject).front() + "/app.sock\" and edge.listen = []");
}

// An existing file keeps its mode. A new file is readable by all, unless it holds a secret.
void write_file(const std::string& path, const std::string& text, bool is_secret) {
    struct stat there {};
    const bool is_there = ::stat(path.c_str(), &there) == 0;
    if (is_there && !S_ISREG(there.st_mode)) refuse_kit("--output: " + path + " is not a file");
    base::write_private_file(path, text);
    const mode_t mode = is_there ? there.st_mode & 07777 : 0644;
    if (!is_secret && ::chmod(path.c_str(), mode) != 0) throw base::system_error("set the mode of " + path, errno);
}

void put(const KitFile& file, const Invocation& invocation) {
    const config::Reading reading = invocation.config_with_origins();
    const config::Config& config = reading.config;
    check_front(file, reading);
    const KitSubject subject{config, named_config(invocation), std::filesystem::current_path().string()};
    const bool nameless = config.app.public_url.empty() && config.edge.tls.certificates.empty();
    bool made_up = false, is_secret = false;
    std::string text = fill_kit_file(file.text, [&](std::string_view name) -> std::optional<std::vector<std::string>> {
        const KitValue* value = find_kit_value(name);
        if (!value) return std::nullopt;
        made_up = made_up || (value->named_by_url && nameless);
        auto items = items_of(*value, subject);
        is_secret = is_secret || (name == "PROXY_SECRET" && !items.empty());
        return items;
    });
    if (const auto path = invocation.value("--output")) {
        write_file(*path, text, is_secret);
    } else {
        if (text.ends_with('\n')) text.pop_back();  // say() adds the line break
        say(text);
    }
    warn_of_front(file, config);
    if (made_up)
        complain("app.public_url is empty, so " + std::string(file.path) + " uses the example name files.example.org");
}

int run_kit(const Invocation& invocation) {
    if (invocation.arguments.empty() && invocation.has("--output")) refuse_kit("--output needs the NAME of a file");
    if (invocation.arguments.empty()) list_kit();
    else put(find_kit_file(invocation.arguments.front()), invocation);
    return kDone;
}

}  // namespace

const Command& kit_command() {
    static constexpr Command command{
        "kit",
        "[NAME]",
        "print deployment files for NGINX, systemd and others",
        "Lists the files of the deploy kit. With a NAME, such as nginx or systemd/bodega.service, prints that file,\n"
        "filled in from the configuration: this folder's config.toml and .env, the environment and the flags. Run\n"
        "it in the folder where bodega serve will run, and by the path that the binary will have:\n"
        "\n"
        "    cd /etc/bodega && /usr/local/bin/bodega kit nginx --output /etc/nginx/conf.d/bodega.conf\n"
        "\n"
        "NGINX listens on the ports 443 and 80, or on the addresses of --edge-listen.",
        kOptions,
        0,
        1,
        true,
        run_kit};
    return command;
}

}  // namespace bodega::cli
