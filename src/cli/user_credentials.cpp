// user tokens and user sessions: an account's, listed or ended.
#include "app/auth/credentials.h"
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
    {"--end", "ID", "end this one, or all of them with \"all\""},
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
    AccountDesk desk(invocation.config(), Storehouse::Absent::refuse);
    const store::User user = desk.find(invocation.arguments[0]);
    app::AccountCredentials credentials = desk.credentials();
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
    AccountDesk desk(invocation.config(), Storehouse::Absent::refuse);
    const store::User user = desk.find(invocation.arguments[0]);
    app::AccountCredentials credentials = desk.credentials();
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
    static constexpr Command command{"user tokens",
                                     "NAME",
                                     "an account's API tokens, or end them",
                                     "Lists an account's API tokens: what each may do, and the days (UTC) on which it "
                                     "was made, last used and ends.\n"
                                     "With --end a token is refused on every node from then on.",
                                     kOptions,
                                     1,
                                     1,
                                     true,
                                     run_user_tokens};
    return command;
}

const Command& user_sessions_command() {
    static constexpr Command command{"user sessions",
                                     "NAME",
                                     "an account's signed-in browsers, or sign them out",
                                     "Lists the browsers in which an account is signed in, the last seen first. With "
                                     "--end one is signed out, on\nevery node.",
                                     kOptions,
                                     1,
                                     1,
                                     true,
                                     run_user_sessions};
    return command;
}

}  // namespace bodega::cli
