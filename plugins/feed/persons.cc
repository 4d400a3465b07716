#include "base/text.h"
#include "feed/common.h"

namespace tidings::feed {
namespace {

using sdk::str;
using sdk::view;

// "a@b.c", with no white space in it.
bool is_email(std::string_view s) {
  const std::size_t at = s.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < s.size() && s.find_first_of(" \t\r\n<>()") == std::string_view::npos;
}

std::string_view without(std::string_view s, std::string_view marks) {
  const std::size_t begin = s.find_first_not_of(marks);
  if (begin == std::string_view::npos) return {};
  return s.substr(begin, s.find_last_not_of(marks) - begin + 1);
}

// Splits "Name (a@b)", "a@b (Name)", "Name <a@b>", "a@b, Name" and what is near them.
void split(std::string_view said, Arena& arena, tidings_person& to) {
  if (said.find('@') == std::string_view::npos) {
    to.name = str(said);
    return;
  }
  constexpr std::string_view kBreaks = " \t\r\n<>()[]";
  for (std::size_t at = said.find('@'); at != std::string_view::npos; at = said.find('@', at + 1)) {
    const std::size_t before = at == 0 ? std::string_view::npos : said.find_last_of(kBreaks, at - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::size_t end = std::min(said.find_first_of(kBreaks, at), said.size());
    std::string_view email = without(said.substr(begin, end - begin), ",;\"'");
    if (text::starts_with_ignoring_case(email, "mailto:")) email.remove_prefix(7);
    if (!is_email(email)) continue;
    const auto outer = [](std::string_view s) { return without(s, " \t\r\n<>()[],;\""); };
    const std::string_view left = outer(said.substr(0, begin));
    const std::string_view right = outer(said.substr(end));
    to.email = str(email);
    if (left.empty() || right.empty()) {
      to.name = str(left.empty() ? right : left);
    } else {
      to.name = str(arena.keep(std::string(left) + ' ' + std::string(right)));
    }
    return;
  }
  to.name = str(said);
}

}  // namespace

tidings_person read_person(const Reading& r, const Node& n) {
  auto person = sdk::made<tidings_person>();
  bool is_structured = false;
  for (const Node* c = r.tree().child(n); c; c = r.tree().next(*c)) {
    if (c->kind != Node::Kind::element) continue;
    switch (c->name) {
      case Name::name: person.name = str(r.text(*c)); break;
      case Name::email: person.email = str(r.text(*c)); break;
      case Name::uri:
      case Name::url:
      case Name::homepage: person.uri = str(r.url(*c, r.text(*c))); break;
      default: continue;
    }
    is_structured = true;
  }
  if (!is_structured) {
    split(r.text(n), r.arena(), person);
  } else if (person.email.size == 0 && view(person.name).find('@') != std::string_view::npos) {
    split(view(person.name), r.arena(), person);
  }
  return person;
}

void add_person(std::vector<tidings_person>& to, const tidings_person& person) {
  if (person.name.size + person.email.size + person.uri.size == 0) return;
  for (const tidings_person& known : to) {
    if (view(known.name) == view(person.name) && view(known.email) == view(person.email) && view(known.uri) == view(person.uri)) return;
  }
  to.push_back(person);
}

}  // namespace tidings::feed
