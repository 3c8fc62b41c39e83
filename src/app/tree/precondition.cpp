#include "app/tree/precondition.h"

#include <algorithm>

#include "base/error.h"

namespace bodega::app {
namespace {

bool holds(const std::vector<store::Sha256>& tags, const std::optional<store::Entry>& there) {
    return there && there->sha256 && std::find(tags.begin(), tags.end(), *there->sha256) != tags.end();
}

}  // namespace

void Precondition::check(const std::optional<store::Entry>& there) const {
    if (absent && there) throw base::Error(base::Code::precondition_failed, "There is something of that name already.");
    if ((present && !there) || (one_of && !holds(*one_of, there)) || holds(none_of, there))
        throw base::Error(base::Code::precondition_failed,
                          "The file is not the one that you expected: it was changed meanwhile. Look at it first.");
}

}  // namespace bodega::app
