// HTTP/2 frames as bytes, valid or not (RFC 9113 section 4, RFC 7541).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bodega::test {

using Http2Fields = std::vector<std::pair<std::string, std::string>>;

namespace http2 {

inline constexpr int kData = 0, kHeaders = 1, kPriority = 2, kReset = 3, kSettings = 4, kPush = 5, kPing = 6,
                     kGoaway = 7, kWindow = 8, kContinuation = 9;
inline constexpr int kEndStream = 1, kAck = 1, kEndHeaders = 4, kPadded = 8;
inline constexpr int kNoError = 0, kProtocol = 1, kFlowControl = 3, kSettingsTimeout = 4, kStreamClosed = 5,
                     kFrameSize = 6, kRefused = 7, kCancel = 8, kCompression = 9, kCalm = 11;

inline constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

std::string frame(int type, int flags, std::uint32_t stream, std::string_view payload = "");
std::string number(std::uint32_t value);  // 32 bits
std::string setting(int id, std::uint32_t value);
// HPACK (RFC 7541 section 6.2.2): literals without indexing and without Huffman coding.
std::string literals(const Http2Fields& fields);
std::string literal_indexed(std::string_view name, std::string_view value);  // into the dynamic table, at its front
Http2Fields get(std::string_view path, const Http2Fields& more = {});        // a request's, with the pseudo-headers
Http2Fields put(std::string_view path, const Http2Fields& more = {});

}  // namespace http2

}  // namespace bodega::test
