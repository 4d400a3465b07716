#include "base/url.h"

#include <libpsl.h>

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace tidings {
namespace {

using std::string_view;
constexpr auto kNone = string_view::npos;

// The parts of a reference, as views of the text.
struct Parts {
  string_view scheme, authority, path, query, fragment;
  bool has_authority = false, has_query = false, has_fragment = false;
};

bool is_alpha(char c) { return text::to_ascii_lower(c) >= 'a' && text::to_ascii_lower(c) <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_control_or_space(char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; }

// The length of the scheme at the beginning, without its colon, or 0.
std::size_t scheme_length(string_view s) {
  if (s.empty() || !is_alpha(s[0])) return 0;
  for (std::size_t i = 1; i < s.size(); ++i) {
    if (s[i] == ':') return i;
    if (!is_alpha(s[i]) && !is_digit(s[i]) && s[i] != '+' && s[i] != '-' && s[i] != '.') return 0;
  }
  return 0;
}

bool is_web(string_view scheme) {
  return text::equal_ignoring_case(scheme, "http") || text::equal_ignoring_case(scheme, "https") ||
         text::equal_ignoring_case(scheme, "ftp") || text::equal_ignoring_case(scheme, "ws") ||
         text::equal_ignoring_case(scheme, "wss");
}

Parts split(string_view s) {
  Parts p;
  if (const auto n = scheme_length(s); n > 0) {
    p.scheme = s.substr(0, n);
    s.remove_prefix(n + 1);
  }
  if (const auto at = s.find('#'); at != kNone) {
    p.fragment = s.substr(at + 1);
    p.has_fragment = true;
    s = s.substr(0, at);
  }
  if (const auto at = s.find('?'); at != kNone) {
    p.query = s.substr(at + 1);
    p.has_query = true;
    s = s.substr(0, at);
  }
  if (s.substr(0, 2) == "//") {
    s.remove_prefix(2);
    const auto at = std::min(s.find('/'), s.size());
    p.authority = s.substr(0, at);
    p.has_authority = true;
    s.remove_prefix(at);
  }
  p.path = s;
  return p;
}

string_view strip(string_view s) {
  while (!s.empty() && is_control_or_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_control_or_space(s.back())) s.remove_suffix(1);
  return s;
}

// As the WHATWG URL standard reads its input: trimmed, tabs and line ends out, backslashes in web URLs are slashes.
// `base_scheme` counts where the text has no scheme of its own.
std::string clean(string_view s, string_view base_scheme) {
  s = strip(s);
  std::string out;
  out.reserve(s.size() + 8);
  std::copy_if(s.begin(), s.end(), std::back_inserter(out), [](char c) { return c != '\t' && c != '\n' && c != '\r'; });
  const auto n = scheme_length(out);
  if (is_web(n > 0 ? string_view(out).substr(0, n) : base_scheme)) {
    for (char& c : out) {
      if (c == '?' || c == '#') break;
      if (c == '\\') c = '/';
    }
  }
  return out;
}

void encode_spaces(std::string& s) {
  if (std::none_of(s.begin(), s.end(), is_control_or_space)) return;
  constexpr string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : s) {
    if (is_control_or_space(c)) {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      out += c;
    }
  }
  s = std::move(out);
}

// RFC 3986 section 5.2.4, on whole segments.
std::string remove_dot_segments(string_view path) {
  if (path.find("./") == kNone && !path.ends_with("/.") && !path.ends_with("/..")) return std::string(path);
  const bool rooted = path.starts_with('/');
  if (rooted) path.remove_prefix(1);
  std::vector<string_view> kept;
  const auto segments = text::split(path, '/');
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool last = i + 1 == segments.size();
    if (segments[i] == ".." || segments[i] == ".") {
      if (segments[i] == ".." && !kept.empty()) kept.pop_back();
      if (last) kept.emplace_back();
    } else {
      kept.push_back(segments[i]);
    }
  }
  std::string out;
  out.reserve(path.size() + 1);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (i > 0 || rooted) out += '/';
    out += kept[i];
  }
  return out;
}

std::string join(string_view scheme, bool has_authority, string_view authority, string_view path, const Parts& tail) {
  std::string out;
  out.reserve(scheme.size() + authority.size() + path.size() + tail.query.size() + tail.fragment.size() + 6);
  if (!scheme.empty()) (out += scheme) += ':';
  if (has_authority) (out += "//") += authority;
  if (has_authority && !path.empty() && path[0] != '/') out += '/';
  out += path;
  if (tail.has_query) (out += '?') += tail.query;
  if (tail.has_fragment) (out += '#') += tail.fragment;
  return out;
}

bool is_ip_address(string_view host) {
  return host.starts_with('[') || host.find(':') != kNone ||
         (!host.empty() && std::all_of(host.begin(), host.end(), [](char c) { return is_digit(c) || c == '.'; }));
}

}  // namespace

Result<Url> parse_url(string_view raw) {
  const std::string cleaned = clean(raw, {});
  const Parts p = split(cleaned);
  if (p.scheme.empty()) return Error(Errc::invalid, "the URL has no scheme");
  Url url;
  url.scheme = text::ascii_lower(p.scheme);
  url.path = p.path;
  url.query = p.query;
  url.fragment = p.fragment;
  url.has_authority = p.has_authority;
  url.has_query = p.has_query;
  url.has_fragment = p.has_fragment;
  string_view authority = p.authority;
  if (const auto at = authority.rfind('@'); at != kNone) {
    url.userinfo = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  const auto bracket = authority.rfind(']');
  if (const auto at = authority.rfind(':'); at != kNone && (bracket == kNone || at > bracket)) {
    url.port = authority.substr(at + 1);
    authority = authority.substr(0, at);
  }
  if (url.port.size() > 5 || !std::all_of(url.port.begin(), url.port.end(), is_digit)) {
    return Error(Errc::invalid, "the URL's port is no number");
  }
  url.host = text::ascii_lower(authority);
  if (url.host.empty() && is_web(url.scheme)) return Error(Errc::invalid, "the URL has no host");
  const auto cannot_stand = [](char c) { return is_control_or_space(c) || string_view("<>\"^`{|}\\").find(c) != kNone; };
  const bool is_bracketed = url.host.starts_with('[') && url.host.ends_with(']');
  if (std::any_of(url.host.begin(), url.host.end(), cannot_stand) ||
      (is_bracketed ? string_view(url.host).substr(1).find('[') : string_view(url.host).find_first_of(":[]")) != kNone) {
    return Error(Errc::invalid, "the URL's host has signs that no host can have");
  }
  for (std::string* part : {&url.userinfo, &url.path, &url.query, &url.fragment}) encode_spaces(*part);
  return url;
}

std::string to_string(const Url& url) {
  std::string authority;
  if (!url.userinfo.empty()) (authority += url.userinfo) += '@';
  authority += url.host;
  if (!url.port.empty()) (authority += ':') += url.port;
  Parts tail;
  tail.query = url.query;
  tail.fragment = url.fragment;
  tail.has_query = url.has_query;
  tail.has_fragment = url.has_fragment;
  return join(url.scheme, url.has_authority, authority, url.path, tail);
}

std::string resolve_url(string_view base, string_view reference) {
  std::string clean_base = clean(base, {});
  encode_spaces(clean_base);
  const Parts b = split(clean_base);
  std::string ref = clean(reference, b.scheme);
  encode_spaces(ref);
  Parts r = split(ref);
  // "http:page" means a relative page in a web document (RFC 3986 section 5.2.2, not strict).
  const bool same_scheme = is_web(r.scheme) && !r.has_authority && text::equal_ignoring_case(r.scheme, b.scheme);
  if (!r.scheme.empty() && !same_scheme) {
    if (!is_web(r.scheme) || ref.find("/.") == kNone) return ref;
    return join(r.scheme, r.has_authority, r.authority, remove_dot_segments(r.path), r);
  }
  const bool hierarchical = b.has_authority || b.path.starts_with('/');
  if (b.scheme.empty() || (!hierarchical && !(r.path.empty() && !r.has_query && !r.has_authority))) return ref;
  if (r.has_authority) return join(b.scheme, true, r.authority, remove_dot_segments(r.path), r);
  if (r.path.empty()) {
    Parts tail = r;
    if (!r.has_query) {
      tail.query = b.query;
      tail.has_query = b.has_query;
    }
    return join(b.scheme, b.has_authority, b.authority, remove_dot_segments(b.path), tail);
  }
  if (r.path.starts_with('/')) return join(b.scheme, b.has_authority, b.authority, remove_dot_segments(r.path), r);
  std::string merged = b.has_authority && b.path.empty() ? "/" : std::string(b.path.substr(0, b.path.rfind('/') + 1));
  merged += r.path;
  return join(b.scheme, b.has_authority, b.authority, remove_dot_segments(merged), r);
}

std::string url_scheme(string_view raw) {
  std::string out;
  for (const char c : strip(raw)) {
    if (c == ':') return out;
    if (c == '\t' || c == '\n' || c == '\r') continue;
    if (!is_alpha(c) && (out.empty() || (!is_digit(c) && c != '+' && c != '-' && c != '.'))) return {};
    out += text::to_ascii_lower(c);
  }
  return {};
}

std::string registrable_domain(string_view host) {
  std::string name = text::ascii_lower(host);
  while (!name.empty() && name.back() == '.') name.pop_back();
  if (name.empty() || is_ip_address(name)) return name;
  const psl_ctx_t* list = psl_builtin();
  const char* domain = list == nullptr ? nullptr : psl_registrable_domain(list, name.c_str());
  return domain == nullptr ? name : std::string(domain);
}

}  // namespace tidings
