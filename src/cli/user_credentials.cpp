// The commands user tokens and user sessions: list or end an account's credentials.
#include "app/auth/account_credentials.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/accounts.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "cli/table.h"

namespace bodega::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr Option kOptions[] = {
    {"--end", "ID", "end the one with this ID; \"all\" ends all of them"},
};

std::string day(const std::optional<base::Milliseconds>& when) {
    return when ? base::rfc3339(*when).substr(0, 10) : "never";
}

base::Ulid id_of(const std::string& text) {
    const auto id = base::Ulid::parse(text);
    if (!id)
        throw base::Error(base::Code::config_invalid, "--end takes an id from the list, or all, not \"" + text + "\"");
    return *id;
}

void print(const Rows& rows) {
    for (const std::string& line : table(rows)) say(line);
}

int run_user_tokens(const Invocation& invocation) {
    AccountBackend backend(invocation.config(), server::Backend::Absent::refuse);
    const store::User user = backend.find(invocation.arguments[0]);
    app::AccountCredentials credentials = backend.credentials();
    const auto end = invocation.value("--end");
    if (end == "all") {
        say("ended " + std::to_string(credentials.end_tokens(app::console_actor(), user.id)) + " tokens of " +
            user.username);
    } else if (end) {
        credentials.end_token(app::console_actor(), user.id, id_of(*end));
        say("ended a token of " + user.username);
    } else {
        Rows rows{{"ID", "NAME", "SCOPE", "MADE", "USED", "EXPIRES"}};
        for (const store::Token& token : credentials.tokens(user.id))
            rows.push_back({token.id.text(), token.name, std::string(store::token_scope_name(token.scope)),
                            day(token.created_at), day(token.last_used_at), day(token.expires_at)});
        print(rows);
    }
    return kDone;
}

int run_user_sessions(const Invocation& invocation) {
    AccountBackend backend(invocation.config(), server::Backend::Absent::refuse);
    const store::User user = backend.find(invocation.arguments[0]);
    app::AccountCredentials credentials = backend.credentials();
    const auto end = invocation.value("--end");
    if (end == "all") {
        say("ended " + std::to_string(credentials.end_sessions(app::console_actor(), user.id)) + " sessions of " +
            user.username);
    } else if (end) {
        credentials.end_session(app::console_actor(), user.id, id_of(*end));
        say("ended a session of " + user.username);
    } else {
        Rows rows{{"ID", "SINCE", "SEEN", "ADDRESS", "BROWSER"}};
        for (const store::Session& session : credentials.sessions(user.id))
            rows.push_back({session.id.text(), day(session.created_at), day(session.last_seen_at), session.address,
                            session.user_agent});
        print(rows);
    }
    return kDone;
}

}  // namespace

const Command& user_tokens_command() {
    static constexpr Command command{
        "user tokens",
        "NAME",
        "list an account's API tokens, or end them",
        "Lists an account's API tokens: the scope of each, and the days (UTC) on which it was created, was last\n"
        "used and expires. With --end, every node refuses the token from then on.",
        kOptions,
        1,
        1,
        true,
        run_user_tokens};
    return command;
}

const Command& user_sessions_command() {
    static constexpr Command command{
        "user sessions",
        "NAME",
        "list an account's signed-in browsers, or sign them out",
        "Lists the browsers in which an account is signed in, the most recently seen first. With --end, signs one\n"
        "out on every node.",
        kOptions,
        1,
        1,
        true,
        run_user_sessions};
    return command;
}

}  // namespace bodega::cli
