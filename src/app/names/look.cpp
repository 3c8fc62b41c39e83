#include "app/names/look.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace bodega::app {
namespace {

struct Range {
    std::int32_t first, last;
};

enum Script : std::uint32_t {
    kLatin = 1 << 0,
    kHan = 1 << 1,
    kKana = 1 << 2,
    kHangul = 1 << 3,
    kBopomofo = 1 << 4,
    kGreek = 1 << 5,
    kCyrillic = 1 << 6,
    kOther = 1 << 7,  // letters of other scripts: each block of 128 code points counts as one script
};

struct ScriptRange {
    Range range;
    Script script;
};

constexpr std::array kScripts = {
    ScriptRange{{0x0041, 0x02b8}, kLatin},    ScriptRange{{0x0370, 0x03ff}, kGreek},
    ScriptRange{{0x0400, 0x052f}, kCyrillic}, ScriptRange{{0x1100, 0x11ff}, kHangul},
    ScriptRange{{0x1c80, 0x1c8f}, kCyrillic}, ScriptRange{{0x1d00, 0x1d25}, kLatin},
    ScriptRange{{0x1d2c, 0x1d5c}, kLatin},    ScriptRange{{0x1e00, 0x1eff}, kLatin},
    ScriptRange{{0x1f00, 0x1fff}, kGreek},    ScriptRange{{0x2c60, 0x2c7f}, kLatin},
    ScriptRange{{0x2de0, 0x2dff}, kCyrillic}, ScriptRange{{0x2e80, 0x2fdf}, kHan},
    ScriptRange{{0x3005, 0x3007}, kHan},      ScriptRange{{0x3021, 0x3029}, kHan},
    ScriptRange{{0x3031, 0x30ff}, kKana},     ScriptRange{{0x3100, 0x312f}, kBopomofo},
    ScriptRange{{0x3130, 0x318f}, kHangul},   ScriptRange{{0x31a0, 0x31bf}, kBopomofo},
    ScriptRange{{0x31f0, 0x31ff}, kKana},     ScriptRange{{0x3400, 0x9fff}, kHan},
    ScriptRange{{0xa640, 0xa69f}, kCyrillic}, ScriptRange{{0xa722, 0xa7ff}, kLatin},
    ScriptRange{{0xa960, 0xa97f}, kHangul},   ScriptRange{{0xab30, 0xab64}, kLatin},
    ScriptRange{{0xac00, 0xd7ff}, kHangul},   ScriptRange{{0xf900, 0xfaff}, kHan},
    ScriptRange{{0xfb00, 0xfb06}, kLatin},    ScriptRange{{0xff21, 0xff5a}, kLatin},
    ScriptRange{{0xff66, 0xff9f}, kKana},     ScriptRange{{0xffa0, 0xffdc}, kHangul},
    ScriptRange{{0x20000, 0x3ffff}, kHan},
};

// Letters that look like the Latin letters at the same positions of kLatinLook.
constexpr std::u32string_view kAlike =
    U"\u0430\u0441\u0501\u0435\u0451\u04bb\u0456\u0457\u0458\u04cf\u043e\u0440\u051b\u0455\u0475\u051d\u0445\u0443"
    U"\u04af\u0433\u044c"
    U"\u0410\u0412\u0421\u0415\u0401\u041d\u0406\u0407\u0408\u041a\u041c\u041e\u0420\u0405\u0422\u0425\u0423\u04ae"
    U"\u051a\u051c\u0474\u04c0"
    U"\u03b1\u03b3\u03b9\u03bd\u03bf\u03c1\u03c5\u03ba\u03c7"
    U"\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    U"\u0585\u0578\u057d\u0570\u0581\u0575\u0566\u0555\u054f\u053c"
    U"\u13aa\u13f4\u13df\u13a0\u13ac\u13c0\u13bb\u13ab\u13e6\u13de\u13b7\u13e2\u13a1\u13da\u13a2\u13d9\u13b3\u13c3"
    U"\ua4ee\ua4d0\ua4da\ua4d3\ua4f0\ua4dd\ua4d6\ua4e7\ua4f2\ua4d9\ua4d7\ua4e1\ua4df\ua4e0\ua4f3\ua4d1\ua4e3\ua4e2"
    U"\ua4d4\ua4f4\ua4e6\ua4ea\ua4eb"
    U"\ua4ec\ua4dc"
    U"\u0131\u0251\u0261\u0269\u01c0\u0237";
constexpr std::u32string_view kLatinLook =
    U"acde\u00ebhi\u00efjlopqsvwxyyrb"
    U"ABCE\u00cbHI\u00cfJKMOPSTXYYQWVl"
    U"ayivopukx"
    U"ABEZHIKMNOPTYX"
    U"onuhgjqOSL"
    U"ABCDEGHJKLMPRSTVWZ"
    U"ABCDEFGHIJKLMNOPRSTUVWXYZ"
    U"iagilj";
static_assert(kAlike.size() == kLatinLook.size());

// Characters that have no width or no visible shape, although Unicode's categories do not count them as spaces or as
// formatting characters.
constexpr std::array kBlank = {Range{0x034f, 0x034f}, Range{0x115f, 0x1160}, Range{0x17b4, 0x17b5},
                               Range{0x180b, 0x180f}, Range{0x2800, 0x2800}, Range{0x3164, 0x3164},
                               Range{0xfe00, 0xfe0f}, Range{0xffa0, 0xffa0}, Range{0xe0000, 0xe0fff}};

// Calls visit(code point) until it returns false, the text ends, or bytes are not UTF-8.
template <class Visit>
void each(std::string_view text, Visit visit) {
    while (!text.empty()) {
        utf8proc_int32_t c = 0;
        const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                           static_cast<utf8proc_ssize_t>(text.size()), &c);
        if (size <= 0 || !visit(c)) return;
        text.remove_prefix(static_cast<std::size_t>(size));
    }
}

bool is_letter(std::int32_t c) {
    const auto category = utf8proc_category(c);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool is_mark(std::int32_t c) {
    const auto category = utf8proc_category(c);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC;
}

Script script_of(std::int32_t c) {
    for (const ScriptRange& known : kScripts)
        if (c >= known.range.first && c <= known.range.last) return known.script;
    return kOther;
}

bool are_written_together(std::uint32_t scripts) {
    if ((scripts & (scripts - 1)) == 0) return true;
    constexpr std::uint32_t kJapanese = kLatin | kHan | kKana, kKorean = kLatin | kHan | kHangul,
                            kTaiwanese = kLatin | kHan | kBopomofo;
    return std::ranges::any_of(std::array{kJapanese, kKorean, kTaiwanese},
                               [&](std::uint32_t together) { return (scripts & ~together) == 0; });
}

bool is_blank(std::int32_t c) {
    switch (utf8proc_category(c)) {
        case UTF8PROC_CATEGORY_CF:
        case UTF8PROC_CATEGORY_CC:
        case UTF8PROC_CATEGORY_ZS:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP: return true;
        default: break;
    }
    return std::ranges::any_of(kBlank, [&](const Range& range) { return c >= range.first && c <= range.last; });
}

void append(std::string& out, std::int32_t c) {
    utf8proc_uint8_t bytes[4];
    out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(utf8proc_encode_char(c, bytes)));
}

}  // namespace

bool is_of_one_script(std::string_view name) {
    std::uint32_t scripts = 0;
    // The block (code point / 128) of the last letter that is in none of kScripts, or -1.
    std::int32_t block = -1;
    bool one = true;
    each(name, [&](std::int32_t c) {
        if (is_mark(c)) return true;
        if (!is_letter(c)) {
            scripts = 0;
            block = -1;
            return true;
        }
        const Script script = script_of(c);
        scripts |= script;
        if (script == kOther && block >= 0 && block != c / 128) one = false;
        if (script == kOther) block = c / 128;
        one = one && are_written_together(scripts);
        return one;
    });
    return one;
}

std::string latin_look(std::string_view name) {
    std::string out;
    each(name, [&](std::int32_t c) {
        const std::size_t at = kAlike.find(static_cast<char32_t>(c));
        append(out, at == kAlike.npos ? c : static_cast<std::int32_t>(kLatinLook[at]));
        return true;
    });
    return out;
}

bool is_invisible(std::string_view text) {
    bool invisible = true, zero_width = false;
    each(text, [&](std::int32_t c) {
        zero_width =
            zero_width || utf8proc_category(c) < UTF8PROC_CATEGORY_ZS || utf8proc_category(c) > UTF8PROC_CATEGORY_ZP;
        return invisible = is_blank(c);
    });
    return invisible && zero_width;
}

}  // namespace bodega::app
