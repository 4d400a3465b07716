// HTML: what comes out of the sanitiser is at rest after one pass, every '<' of it begins an allowed element, and reading
// it as both gives the same as each alone.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "normalize/html.h"
#include "normalize/html_elements.h"
#include "normalize/html_foreign.h"

namespace {

using namespace tidings;

void check(bool fine) {
  if (!fine) std::abort();
}

void check_safe(std::string_view html) {
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    std::string_view tag = html.substr(at + 1);
    if (tag.starts_with('/')) tag.remove_prefix(1);
    const std::string_view name = tag.substr(0, tag.find_first_of(" >"));
    check(normalize::element_of(name).is(normalize::kAllowed) || normalize::foreign_element_of(name).is(normalize::kAllowed));
    check(tag.find('>') != std::string_view::npos);
    // Outside of values there is no attribute that runs anything.
    bool quoted = false;
    for (std::size_t i = 0; tag[i] != '>' || quoted; ++i) {
      check(i + 1 < tag.size());
      if (tag[i] == '"') quoted = !quoted;
      check(quoted || !tag.substr(i).starts_with(" on"));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string html = text::repair_utf8({reinterpret_cast<const char*>(bytes), size});
  const std::string once = normalize::sanitize_html(html, "https://fuzz.test/dir/page");
  check_safe(once);
  check(normalize::sanitize_html(once, "https://fuzz.test/dir/page") == once);
  check(text::is_valid_utf8(once));
  const normalize::HtmlReading both = normalize::read_html(html, "https://fuzz.test/dir/page");
  check(both.html == once && both.text == normalize::plain_text(html));
  normalize::looks_like_html(html);
  return 0;
}
