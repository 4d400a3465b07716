#include <charconv>

#include "base/text.h"
#include "feed/common.h"

namespace tidings::feed {
namespace {

using sdk::str;
using sdk::view;

constexpr std::size_t kMaxMedia = 1000;

tidings_media thumbnail(const Reading& r, const Node& n) {
  auto media = sdk::made<tidings_media>();
  const std::string_view url = r.attribute(n, "url");
  media.url = str(r.url(n, url.empty() ? r.text(n) : url));
  media.medium = str("image");
  media.width = r.number(n, "width");
  media.height = r.number(n, "height");
  return media;
}

// "90", "1:30", "0:01:30"; -1: it is no duration.
double seconds(std::string_view said) {
  double sum = 0;
  const char* at = said.data();
  const char* const all = at + said.size();
  for (int part = 0; part < 3; ++part) {
    double value = -1;
    const auto [end, error] = std::from_chars(at, all, value);
    if (error != std::errc() || !(value >= 0 && value < 1e9)) return -1;
    sum = sum * 60 + value;
    if (end == all || *end != ':') return sum;
    at = end + 1;
  }
  return -1;
}

// What a group says of all that is in it.
void describe(const Reading& r, const Node& n, tidings_media& media) {
  for (const Node* c = r.tree().child(n); c; c = r.tree().next(*c)) {
    if (c->ns != Ns::media) continue;
    if (c->name == Name::title) media.title = str(r.text(*c));
    if (c->name == Name::description) media.description = str(r.text(*c));
    if (c->name == Name::credit && media.credit.size == 0) media.credit = str(r.text(*c));
  }
}

void add_media(Common& to, const tidings_media& media) {
  if (media.url.size > 0 && to.media.size() < kMaxMedia) to.media.push_back(media);
}

void read_content(const Reading& r, const Node& n, tidings_media media, Common& to) {
  media.url = str(r.url(n, r.attribute(n, "url")));
  media.type = str(r.attribute(n, "type"));
  media.medium = str(r.attribute(n, "medium"));
  media.language = str(r.attribute(n, "lang"));
  media.width = r.number(n, "width");
  media.height = r.number(n, "height");
  media.length = r.number(n, "fileSize");
  media.duration = seconds(r.attribute(n, "duration"));
  describe(r, n, media);
  add_media(to, media);
}

}  // namespace

// The same in another form, at one or several places.
void read_alternate_enclosure(const Reading& r, const Node& n, Common& to) {
  for (const Node* c = r.tree().child(n); c; c = r.tree().next(*c)) {
    if (c->key() != key(Ns::podcast, Name::source)) continue;
    auto media = sdk::made<tidings_media>();
    media.url = str(r.url(*c, r.attribute(*c, "uri")));
    media.type = str(r.attribute(n, "type"));
    media.title = str(r.attribute(n, "title"));
    media.language = str(r.attribute(n, "lang"));
    media.length = r.number(n, "length");
    media.height = r.number(n, "height");
    add_media(to, media);
  }
}

void read_media(const Reading& r, const Node& n, Common& to) {
  if (n.name == Name::thumbnail) {
    const tidings_media found = thumbnail(r, n);
    if (found.url.size > 0 && to.thumbnails.size() < kMaxMedia) to.thumbnails.push_back(found);
    return;
  }
  if (n.name == Name::player) {
    add_link(to, "player", r.url(n, r.attribute(n, "url")));
    return;
  }
  auto shared = sdk::made<tidings_media>();
  if (n.name == Name::group) {
    describe(r, n, shared);
  } else {
    read_content(r, n, shared, to);
  }
  // Titles, texts, thumbnails, categories and persons in a group or in its content are those of the entry, at low rank.
  for (const Node* c = r.tree().child(n); c; c = r.tree().next(*c)) {
    if (c->kind != Node::Kind::element || c->ns != Ns::media) continue;
    if (c->name == Name::content && n.name == Name::group) {
      read_content(r, *c, shared, to);
      for (const Node* inner = r.tree().child(*c); inner; inner = r.tree().next(*inner)) {
        if (inner->key() == key(Ns::media, Name::thumbnail)) read_media(r, *inner, to);
      }
    } else if (c->name == Name::description) {
      const tidings_text said = r.construct(*c, Markup::guess);
      if (said.value.size > 0) to.summary.offer(1, said);
    } else if (c->name != Name::group && c->name != Name::content) {
      read_common(r, *c, to);
    }
  }
}

// RSS images have child elements, those of iTunes attributes.
void read_image(const Reading& r, const Node& n, Common& to) {
  auto image = sdk::made<tidings_image>();
  for (const Node* c = r.tree().child(n); c; c = r.tree().next(*c)) {
    if (c->kind != Node::Kind::element || c->ns != Ns::core) continue;
    const auto number = [&] {
      std::int64_t value = -1;
      const std::string_view said = r.text(*c);
      std::from_chars(said.data(), said.data() + said.size(), value);
      return value;
    };
    switch (c->name) {
      case Name::url: image.url = str(r.url(*c, r.text(*c))); break;
      case Name::title: image.title = str(r.text(*c)); break;
      case Name::link: image.link = str(r.url(*c, r.text(*c))); break;
      case Name::width: image.width = number(); break;
      case Name::height: image.height = number(); break;
      default: break;
    }
  }
  if (image.url.size == 0) {
    for (const char* name : {"href", "url", "src", "resource"}) {
      if (const auto url = r.attribute(n, name); !url.empty()) {
        image.url = str(r.url(n, url));
        break;
      }
    }
  }
  if (image.url.size == 0 && !r.has_markup(n)) image.url = str(r.url(n, r.text(n)));
  if (image.url.size > 0) to.image.offer(n.ns == Ns::core ? 2 : 1, image);
}

}  // namespace tidings::feed
