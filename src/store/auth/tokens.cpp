#include "store/auth/tokens.h"

#include "store/sql_text.h"

namespace bodega::store {
namespace {

constexpr std::string_view kSelect = "SELECT id, name, scope, created_at, last_used_at, expires_at FROM tokens ";
constexpr std::string_view kById = "WHERE id = ? AND user_id = ?";
constexpr std::string_view kOfUser = "WHERE user_id = ? ORDER BY id DESC";

constexpr db::Sql kInsert{"tokens.insert",
                          "INSERT INTO tokens (id, hash, user_id, name, scope, created_at, expires_at) "
                          "VALUES (?, ?, ?, ?, ?, {now}, ?)"};
constexpr db::Sql kFind{"tokens.find", kJoined<kSelect, kById>};
constexpr db::Sql kList{"tokens.list", kJoined<kSelect, kOfUser>};
constexpr db::Sql kCount{"tokens.count", "SELECT COUNT(*) FROM tokens WHERE user_id = ?"};
constexpr db::Sql kTouch{"tokens.touch",
                         "UPDATE tokens SET last_used_at = {now} "
                         "WHERE hash = ? AND (last_used_at IS NULL OR last_used_at < {now} - ?)"};
constexpr db::Sql kRemove{"tokens.remove", "DELETE FROM tokens WHERE id = ? AND user_id = ?"};
constexpr db::Sql kRemoveAll{"tokens.remove_all", "DELETE FROM tokens WHERE user_id = ?"};

Token read_token(const db::Statement& row) {
    const TokenScope scope = parse_token_scope(row.text(2)).value_or(TokenScope::read);
    return {row.ulid(0), std::string(row.text(1)), scope, row.int64(3), row.optional_int64(4), row.optional_int64(5)};
}

}  // namespace

std::string_view token_scope_name(TokenScope scope) noexcept {
    switch (scope) {
        case TokenScope::read: return "read";
        case TokenScope::write: return "write";
        case TokenScope::admin: break;
    }
    return "admin";
}

std::optional<TokenScope> parse_token_scope(std::string_view name) noexcept {
    for (TokenScope scope : {TokenScope::read, TokenScope::write, TokenScope::admin})
        if (token_scope_name(scope) == name) return scope;
    return std::nullopt;
}

void Tokens::insert(const NewToken& token) {
    connection_.execute(kInsert, {token.id, db::Blob{token.hash}, token.user_id, token.name,
                                  token_scope_name(token.scope), token.expires_at});
}

std::optional<Token> Tokens::find(const base::Ulid& id, const base::Ulid& user_id) {
    auto& row = connection_.query(kFind, {id, user_id});
    if (!row.next()) return std::nullopt;
    Token token = read_token(row);
    row.reset();
    return token;
}

std::vector<Token> Tokens::list(const base::Ulid& user_id) {
    std::vector<Token> tokens;
    auto& row = connection_.query(kList, {user_id});
    while (row.next()) tokens.push_back(read_token(row));
    return tokens;
}

std::int64_t Tokens::count(const base::Ulid& user_id) {
    auto& row = connection_.query(kCount, {user_id});
    std::int64_t count = row.next() ? row.int64(0) : 0;
    row.reset();
    return count;
}

void Tokens::touch(const SecretHash& hash, base::Milliseconds grain) {
    connection_.execute(kTouch, {db::Blob{hash}, grain});
}

bool Tokens::remove(const base::Ulid& id, const base::Ulid& user_id) {
    return connection_.execute(kRemove, {id, user_id}).rows > 0;
}

std::int64_t Tokens::remove_all(const base::Ulid& user_id) { return connection_.execute(kRemoveAll, {user_id}).rows; }

}  // namespace bodega::store
