#include "normalize/canonical_url.h"

#include <unicode/uidna.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/text.h"
#include "base/url.h"

namespace tidings::normalize {
namespace {

using std::string_view;

// Parameters that say where a reader came from, as campaigns, networks and newsrooms name them.
constexpr string_view kTracking[] = {
    "__twitter_impression", "_hsenc", "_hsmi", "at_*", "cmp", "cmpid", "dclid", "emc", "fbclid", "ftag", "gaa_*", "gbraid", "gclid",
    "gclsrc", "guccounter", "guce_*", "hootpostid", "igsh", "igshid", "mc_cid", "mc_eid", "mibextid", "mkt_tok", "mod_rss", "msclkid",
    "mtm_*", "ncid", "ns_campaign", "ns_linkname", "ns_mchannel", "ns_source", "ocid", "partner", "piwik_*", "pk_*", "rb_clickid",
    "ref_src", "ref_url", "rss_id", "s_cid", "smid", "smtyp", "spm", "sr_share", "traffic_source", "trk", "trkcampaign", "twclid",
    "utm_*", "vero_id", "wbraid", "wickedid", "wt_mc", "wt_zmc", "xtor", "yclid"};
// Parameters that name a page on one site and the way there on another: the value decides.
constexpr string_view kPerhapsTracking[] = {"from", "mod", "ref", "referrer", "source", "src", "via"};
constexpr string_view kWays[] = {"atom", "email", "facebook", "fb", "feed", "newsletter", "rss", "share", "social", "twitter", "x"};

bool matches(string_view pattern, string_view lower_name) {
  if (pattern.ends_with('*')) return lower_name.starts_with(pattern.substr(0, pattern.size() - 1));
  return lower_name == pattern;
}

bool is_tracking(string_view name, string_view value, const Options& options) {
  const std::string lower = text::ascii_lower(name);
  const auto named = [&](string_view pattern) { return matches(pattern, lower); };
  if (std::any_of(std::begin(kTracking), std::end(kTracking), named)) return true;
  if (std::any_of(std::begin(kPerhapsTracking), std::end(kPerhapsTracking), named)) {
    const std::string way = text::ascii_lower(value);
    return std::any_of(std::begin(kWays), std::end(kWays), [&](string_view known) { return way.starts_with(known); });
  }
  return std::any_of(options.tracking_parameters.begin(), options.tracking_parameters.end(),
                     [&](const std::string& pattern) { return matches(text::ascii_lower(pattern), lower); });
}

bool is_amp_parameter(string_view name, string_view value) {
  return text::equal_ignoring_case(name, "amp") || (text::equal_ignoring_case(name, "outputtype") && text::equal_ignoring_case(value, "amp"));
}

struct Parameter {
  string_view whole, name, value;
};

Parameter parameter(string_view whole) {
  const auto equals = std::min(whole.find('='), whole.size());
  return {whole, whole.substr(0, equals), whole.substr(std::min(equals + 1, whole.size()))};
}

std::string without_tracking(string_view query, const Options& options) {
  std::string kept;
  for (const string_view part : text::split(query, '&')) {
    const Parameter p = parameter(part);
    if (part.empty() || is_tracking(p.name, p.value, options) || is_amp_parameter(p.name, p.value)) continue;
    if (!kept.empty()) kept += '&';
    kept += p.whole;
  }
  return kept;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = text::to_ascii_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool is_unreserved(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

std::string decoded(string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const bool escape = s[i] == '%' && i + 2 < s.size() && hex_value(s[i + 1]) >= 0 && hex_value(s[i + 2]) >= 0;
    out += escape ? static_cast<char>(hex_value(s[i + 1]) * 16 + hex_value(s[i + 2])) : s[i];
    if (escape) i += 2;
  }
  return out;
}

// One way to write each escape: upper-case digits, none for what needs none, one for every byte that is not ASCII.
std::string with_plain_escapes(string_view s) {
  constexpr string_view kHex = "0123456789ABCDEF";
  std::string out;
  out.reserve(s.size());
  const auto escape = [&](unsigned byte) { out += {'%', kHex[byte >> 4], kHex[byte & 15]}; };
  for (std::size_t i = 0; i < s.size(); ++i) {
    const auto byte = static_cast<unsigned char>(s[i]);
    if (s[i] == '%' && i + 2 < s.size() && hex_value(s[i + 1]) >= 0 && hex_value(s[i + 2]) >= 0) {
      const int value = hex_value(s[i + 1]) * 16 + hex_value(s[i + 2]);
      if (is_unreserved(value)) {
        out += static_cast<char>(value);
      } else {
        escape(static_cast<unsigned>(value));
      }
      i += 2;
    } else if (byte >= 0x80) {
      escape(byte);
    } else {
      out += s[i];
    }
  }
  return out;
}

// "bücher.example" -> "xn--bcher-kva.example" (UTS 46); as it was where that fails.
std::string ascii_host(const std::string& host) {
  if (std::all_of(host.begin(), host.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return host;
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UIDNA, decltype(&uidna_close)> idna(uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII, &status), uidna_close);
  std::array<char, 256> out{};
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  const auto length = uidna_nameToASCII_UTF8(idna.get(), host.data(), static_cast<std::int32_t>(host.size()), out.data(),
                                             static_cast<std::int32_t>(out.size()), &info, &status);
  if (U_FAILURE(status) || info.errors != 0 || length <= 0) return host;
  return std::string(out.data(), static_cast<std::size_t>(length));
}

// The page that a redirector or an AMP cache stands for, or empty.
std::string target_of(const Url& url) {
  const string_view path = url.path;
  const bool google = url.host.starts_with("www.google.") || url.host.starts_with("google.");
  if (google && path == "/url") {
    for (const string_view part : text::split(url.query, '&')) {
      const Parameter p = parameter(part);
      if (p.name == "url" || p.name == "q") return decoded(p.value);
    }
  }
  const bool cache = url.host.ends_with(".cdn.ampproject.org") || url.host == "cdn.ampproject.org";
  for (const string_view prefix : {"/c/s/", "/v/s/", "/c/", "/v/", "/amp/s/"}) {
    const bool of_google = prefix == "/amp/s/";
    if (path.starts_with(prefix) && (of_google ? google : cache)) {
      return "https://" + std::string(path.substr(prefix.size())) + (url.query.empty() ? "" : "?" + url.query);
    }
  }
  return {};
}

void drop_amp(Url& url) {
  if (url.host.starts_with("amp.") && registrable_domain(url.host) == url.host.substr(4)) url.host.replace(0, 4, "www.");
  for (const string_view mark : {"/amp/", "/amp"}) {
    if (url.path.ends_with(mark)) {
      url.path.resize(url.path.size() - mark.size());
      return;
    }
  }
  if (url.path.starts_with("/amp/") && url.path.size() > 5) {
    url.path.erase(0, 4);
  } else if (url.path.ends_with(".amp.html")) {
    url.path.replace(url.path.size() - 9, 9, ".html");
  } else if (url.path.ends_with(".amp")) {
    url.path.resize(url.path.size() - 4);
  }
}

}  // namespace

std::string canonical_url(string_view given, const Options& options) {
  auto url = parse_url(given);
  if (!url || (url->scheme != "http" && url->scheme != "https")) return {};
  if (const std::string target = target_of(*url); !target.empty()) {
    auto inner = parse_url(target);
    if (inner && (inner->scheme == "http" || inner->scheme == "https")) url = std::move(inner);
  }
  const bool default_port = url->port == (url->scheme == "http" ? "80" : "443");
  if (default_port) url->port.clear();
  if (url->port.empty()) url->scheme = "https";
  url->userinfo.clear();
  if (url->host.ends_with('.')) url->host.pop_back();
  url->host = ascii_host(url->host);
  drop_amp(*url);
  // "#!/story/7" is a page of its own on sites that never change the path.
  if (!url->fragment.starts_with('!')) {
    url->fragment.clear();
    url->has_fragment = false;
  }
  url->query = with_plain_escapes(without_tracking(url->query, options));
  url->has_query = !url->query.empty();
  url->path = with_plain_escapes(url->path);
  while (url->path.ends_with('/')) url->path.pop_back();
  return to_string(*url);
}

}  // namespace tidings::normalize
