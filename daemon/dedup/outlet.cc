#include "dedup/outlet.h"

#include <libpsl.h>

#include "base/text.h"

namespace tidings::dedup {
namespace {

std::string host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  std::string_view host = url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) host = host.substr(at + 1);
  if (!host.starts_with('[')) host = host.substr(0, host.find(':'));
  return text::ascii_lower(host);
}

std::string registrable(const std::string& host) {
  if (host.find_first_not_of("0123456789.") == std::string::npos || host.starts_with('[')) return host;  // an address has none
  const char* domain = psl_registrable_domain(psl_builtin(), host.c_str());
  return domain != nullptr ? domain : host;
}

}  // namespace

std::string outlet_of(const model::Item& item, const Options& options) {
  if (!item.owner.empty()) return text::ascii_lower(item.owner);
  const std::string domain = registrable(host_of(item.canonical_url.empty() ? item.url : item.canonical_url));
  for (const auto& name : {domain, item.source_id, item.source_name}) {
    if (name.empty()) continue;
    if (const auto owner = options.owners.find(name); owner != options.owners.end()) return text::ascii_lower(owner->second);
  }
  if (!domain.empty()) return domain;
  return text::ascii_lower(item.source_id.empty() ? item.source_name : item.source_id);
}

}  // namespace tidings::dedup
