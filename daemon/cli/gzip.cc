#include "cli/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>

namespace tidings::cli {

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

Result<PaddedBytes> unpack_gzip(std::string_view bytes, std::size_t max_bytes) {
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  z_stream stream{};
  if (inflateInit2(&stream, kGzipOnly) != Z_OK) return Error(Errc::unavailable, "zlib cannot be used");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max()));
  PaddedBytes out;
  char block[64 * 1024];
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(block);
    stream.avail_out = sizeof block;
    const int status = inflate(&stream, Z_NO_FLUSH);
    const std::size_t made = sizeof block - stream.avail_out;
    if (out.size() + made > max_bytes) return Error(Errc::too_large, "it unpacks to more than " + std::to_string(max_bytes >> 20) + " MiB");
    out.append({block, made});
    if (status == Z_OK) continue;
    const std::string_view rest(reinterpret_cast<const char*>(stream.next_in), stream.avail_in);
    if (status != Z_STREAM_END || !is_gzip(rest) || inflateReset(&stream) != Z_OK) break;
  }
  if (out.empty()) return Error(Errc::invalid, "it begins like gzip, but cannot be unpacked");
  return out;
}

}  // namespace tidings::cli
