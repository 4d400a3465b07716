#include "http/target.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "base/text.h"

namespace tidings::http {
namespace {

std::string part(CURLU* url, CURLUPart what, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, what, &text, flags) != CURLUE_OK) return {};
  std::string value(text);
  curl_free(text);
  return value;
}

}  // namespace

Result<Target> parse_target(std::string_view url, std::string_view base) {
  constexpr unsigned kFlags = CURLU_URLENCODE | CURLU_ALLOW_SPACE | CURLU_NON_SUPPORT_SCHEME;
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), &curl_url_cleanup);
  if (!base.empty()) curl_url_set(parsed.get(), CURLUPART_URL, std::string(base).c_str(), kFlags);
  const CURLUcode code = url.find('\0') != std::string_view::npos
                             ? CURLUE_MALFORMED_INPUT
                             : curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), kFlags);
  if (code != CURLUE_OK) {
    return Error(Errc::invalid, fmt::format("'{}' is not a URL: {}", for_display(url), curl_url_strerror(code)));
  }
  Target target;
  target.scheme = text::ascii_lower(part(parsed.get(), CURLUPART_SCHEME));
  if (target.scheme != "http" && target.scheme != "https") {
    return Error(Errc::refused, fmt::format("'{}' is neither http nor https", for_display(url)));
  }
  target.user = part(parsed.get(), CURLUPART_USER, CURLU_URLDECODE);
  target.password = part(parsed.get(), CURLUPART_PASSWORD, CURLU_URLDECODE);
  target.host = text::ascii_lower(part(parsed.get(), CURLUPART_HOST));
  const std::string port = part(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  std::from_chars(port.data(), port.data() + port.size(), target.port);
  for (const CURLUPart secret : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_FRAGMENT}) {
    curl_url_set(parsed.get(), secret, nullptr, 0);
  }
  target.url = part(parsed.get(), CURLUPART_URL);
  if (target.url.empty() || target.host.empty() || target.port == 0) {
    return Error(Errc::invalid, fmt::format("'{}' is not a URL: it names no host", for_display(url)));
  }
  return target;
}

std::string for_display(std::string_view url) {
  constexpr std::size_t kLongest = 200;
  std::string out;
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
    out = url.substr(0, scheme + 3);
    url.remove_prefix(scheme + 3);
    const std::string_view authority = url.substr(0, url.find_first_of("/?#"));
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
  }
  const auto query = url.find_first_of("?#");
  out += url.substr(0, query);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  if (out.size() > kLongest) {
    out = std::string(text::truncate_utf8(out, kLongest)) + "...";
  } else if (query != std::string_view::npos && url[query] == '?') {
    out += "?...";
  }
  return out;
}

}  // namespace tidings::http
