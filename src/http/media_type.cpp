#include "http/media_type.h"

#include <algorithm>

#include "http/syntax.h"
#include "http/weight.h"

namespace bodega::http {
namespace {

// Returns the weight (thousandths) among the parameters of an element, or 1000 if it has no weight. A malformed weight
// counts as zero.
int weight_among(std::string_view parameters) noexcept {
    while (!parameters.empty()) {
        const std::size_t end = std::min(parameters.find(';'), parameters.size());
        const std::string_view one = trim(parameters.substr(0, end));
        parameters.remove_prefix(std::min(end + 1, parameters.size()));
        if (one.size() >= 2 && lower(one[0]) == 'q' && one[1] == '=') return weight_of(one).value_or(0);
    }
    return 1000;
}

}  // namespace

std::string_view essence_of(std::string_view content_type) noexcept {
    return trim(content_type.substr(0, content_type.find(';')));
}

bool is_media_type(std::string_view content_type, std::string_view type) noexcept {
    return equal_ignoring_case(essence_of(content_type), type);
}

bool accepts_by_name(const Fields& request, std::string_view type) {
    return std::any_of(request.begin(), request.end(), [type](const Field& field) {
        if (!equal_ignoring_case(field.name, "Accept")) return false;
        std::string_view list = field.value;
        while (auto element = next_element(list)) {
            const std::size_t end = std::min(element->find(';'), element->size());
            if (is_media_type(*element, type)) return weight_among(element->substr(end)) > 0;
        }
        return false;
    });
}

}  // namespace bodega::http
