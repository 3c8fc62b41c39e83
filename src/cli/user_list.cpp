#include "app/auth/username.h"
#include "base/clock.h"
#include "base/visible_text.h"
#include "cli/accounts.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "cli/progress.h"

namespace bodega::cli {
namespace {

constexpr int kPage = 500;

std::string padded(std::string text, std::size_t width) {
    std::size_t characters = 0;
    for (char c : text) characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
    if (characters < width) text.append(width - characters, ' ');
    return text + "  ";
}

std::string row(const store::User& user) {
    std::string seen = user.last_seen_at ? base::rfc3339(*user.last_seen_at).substr(0, 10) : "never";
    std::string used = size_text(user.used_bytes);
    if (user.quota_bytes) used += " of " + size_text(*user.quota_bytes);
    return padded(base::visible_name(user.username), 24) + padded(std::string(store::role_name(user.role)), 6) +
           padded(user.disabled ? "disabled" : "enabled", 8) + padded(seen, 10) + used;
}

int run_user_list(const Invocation& invocation) {
    AccountBackend backend(invocation.config(), server::Backend::Absent::refuse);
    say(padded("NAME", 24) + padded("ROLE", 6) + padded("STATE", 8) + padded("SEEN", 10) + "USED");
    std::string after;
    do {
        app::UserPage page = backend.accounts().list("", after, kPage);
        for (const store::User& user : page.users) say(row(user));
        after = page.next;
    } while (!after.empty());
    return kDone;
}

}  // namespace

const Command& user_list_command() {
    static constexpr Command command{
        "user list",
        "",
        "list every account, with role, state and space used",
        "Lists every account: its name, its role, whether it may sign in, the day it was last seen (UTC), and how\n"
        "much its personal space holds.",
        {},
        0,
        0,
        true,
        run_user_list};
    return command;
}

}  // namespace bodega::cli
