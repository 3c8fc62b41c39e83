#include "http/accept_encoding.h"

#include <optional>

#include "http/syntax.h"
#include "http/weight.h"

namespace bodega::http {
namespace {

struct Element {
    std::string_view coding;
    int weight = 1000;
};

std::optional<Element> read_element(std::string_view text) noexcept {
    std::size_t semicolon = text.find(';');
    Element element{trim(text.substr(0, semicolon))};
    if (!is_token(element.coding)) return std::nullopt;
    if (semicolon == std::string_view::npos) return element;
    std::string_view parameter = trim(text.substr(semicolon + 1));
    auto weight = weight_of(parameter);
    if (!weight) return std::nullopt;
    element.weight = *weight;
    return element;
}

bool is_gzip(std::string_view coding) noexcept {
    return equal_ignoring_case(coding, "gzip") || equal_ignoring_case(coding, "x-gzip");
}

}  // namespace

Weights coding_weights(std::string_view accept_encoding) noexcept {
    std::optional<int> identity;
    std::optional<int> gzip;
    std::optional<int> brotli;
    std::optional<int> any;
    while (auto text = next_element(accept_encoding)) {
        auto element = read_element(*text);
        if (!element) continue;
        if (element->coding == "*") any = element->weight;
        else if (equal_ignoring_case(element->coding, "br")) brotli = element->weight;
        else if (is_gzip(element->coding)) gzip = element->weight;
        else if (equal_ignoring_case(element->coding, "identity")) identity = element->weight;
    }
    Weights weights;
    // Identity is acceptable unless it has q=0, or it is not listed and "*" has q=0. If it is acceptable but not
    // listed, it gets the lowest weight.
    weights.identity = identity.value_or(any && *any == 0 ? 0 : 1);
    weights.gzip = gzip.value_or(any.value_or(0));
    weights.brotli = brotli.value_or(any.value_or(0));
    return weights;
}

Weights coding_weights(const Fields& fields) {
    auto value = joined_field(fields, Name::accept_encoding);
    return value ? coding_weights(*value) : Weights{};
}

Coding choose_coding(const Weights& weights, bool has_gzip, bool has_brotli) noexcept {
    int gzip = has_gzip ? weights.gzip : 0;
    int brotli = has_brotli ? weights.brotli : 0;
    if (brotli > 0 && brotli >= gzip && brotli >= weights.identity) return Coding::brotli;
    if (gzip > 0 && gzip >= weights.identity) return Coding::gzip;
    return Coding::identity;
}

}  // namespace bodega::http
