#include "config/origin.h"

namespace bodega::config {

std::string Origin::text() const {
    switch (source) {
        case Source::standard: return "default";
        case Source::dotenv: return ".env (" + where + ")";
        case Source::environment: return "environment (" + where + ")";
        case Source::file:
        case Source::flag: break;
    }
    return where;
}

std::string overridden_by(const Origins& origins, Source source) {
    std::string all;
    for (const auto& [name, origin] : origins) {
        if (origin.source != source || origin.overridden.empty()) continue;
        all.append(all.empty() ? "" : ", ").append(name).append(" (").append(origin.overridden).append(")");
    }
    return all;
}

}  // namespace bodega::config
