#include "config/change.h"

#include <algorithm>
#include <variant>

#include "config/key.h"
#include "config/rows.h"

namespace bodega::config {
namespace {

// Changes nothing. `a` and `b` are not const because Member takes a Config&.
bool differs(const Key& key, Config& a, Config& b) {
    return std::visit([&](auto member) { return member(a) != member(b); }, key.member);
}

void copy(const Key& key, Config& from, Config& to) {
    std::visit([&](auto member) { member(to) = member(from); }, key.member);
}

bool same(const Rows& rows, const Config& a, const Config& b) {
    if (rows.count(a) != rows.count(b)) return false;
    Config one, other;
    for (std::size_t i = 0; i < rows.count(a); ++i) {
        rows.take(one, a, i);
        rows.take(other, b, i);
        if (std::ranges::any_of(rows.keys, [&](const Key& key) { return differs(key, one, other); })) return false;
    }
    return true;
}

}  // namespace

bool same_routes(const Edge& a, const Edge& b) {
    Config one, other;
    one.edge = a;
    other.edge = b;
    return std::ranges::all_of(all_rows(), [&](const Rows& rows) { return same(rows, one, other); });
}

Change compare(const Config& before, const Config& after) {
    Change change{after, {}, {}};
    Config old = before;
    for (const Key& key : keys()) {
        if (!differs(key, old, change.config)) continue;
        const bool follows = key.effect == Effect::at_reload;
        (follows ? change.followed : change.for_restart).push_back(key.name);
        if (!follows) copy(key, old, change.config);
    }
    for (const Rows& rows : all_rows())
        if (!same(rows, before, after)) change.followed.push_back(rows.name);
    return change;
}

}  // namespace bodega::config
