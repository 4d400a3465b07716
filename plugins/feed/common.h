#pragma once
// What feeds and entries have in common: title, links, dates, persons, categories, rights, image, media, and the reading of
// the elements that say them.

#include <string_view>
#include <vector>

#include "feed/reading.h"

namespace tidings::feed {

// A value that several elements may state: the one with the highest rank wins, among equals the first that says something.
// With rank 0 nothing is stated, and the value means nothing.
template <class T>
struct Ranked {
  T value{};
  int rank = 0;
  bool offer(int offered_rank, const T& offered) {
    if (offered_rank <= rank) return false;
    value = offered;
    rank = offered_rank;
    return true;
  }
  // Among equals the last.
  void replace(int offered_rank, const T& offered) {
    if (offered_rank < rank) return;
    value = offered;
    rank = offered_rank;
  }
};

struct Common {
  Ranked<tidings_text> title;
  Ranked<tidings_text> summary;  // a feed's subtitle
  Ranked<tidings_text> rights;
  Ranked<std::string_view> id;
  Ranked<std::string_view> link;
  Ranked<std::string_view> language;
  Ranked<tidings_date> published;
  Ranked<tidings_date> updated;
  Ranked<tidings_date> expires;
  Ranked<tidings_image> image;
  std::vector<tidings_person> authors;
  std::vector<tidings_person> contributors;
  std::vector<tidings_category> categories;
  std::vector<tidings_link> links;
  std::vector<tidings_media> media;
  std::vector<tidings_media> thumbnails;
  std::string extra;  // members of a JSON object, without its braces

  void clear();
  // When all is read: a date of which nothing is said is that of publication too, where no other is stated.
  void settle_dates();
};

// Reads an element that means the same in a feed and in an entry; false where it is none of these.
bool read_common(const Reading& r, const Node& n, Common& to);

// persons.cc: Atom person constructs, "a@b (Name)", "Name (a@b)", "Name <a@b>".
tidings_person read_person(const Reading& r, const Node& n);
void add_person(std::vector<tidings_person>& to, const tidings_person& person);

// links.cc: of an Atom link, an RSS link, or a URL that stands for one.
void read_link(const Reading& r, const Node& n, Common& to);
void add_link(Common& to, std::string_view rel, std::string_view href, std::string_view type = {}, std::string_view length = {});

// categories.cc
void add_category(std::vector<tidings_category>& to, std::string_view term, std::string_view scheme, std::string_view label);
void read_category(const Reading& r, const Node& n, Common& to);
void read_keywords(const Reading& r, const Node& n, Common& to);

// media.cc
void read_media(const Reading& r, const Node& n, Common& to);
void read_alternate_enclosure(const Reading& r, const Node& n, Common& to);
void read_image(const Reading& r, const Node& n, Common& to);

// extra.cc: adds "name": "value" to extra.
void add_extra(Common& to, std::string_view name, std::string_view value);

}  // namespace tidings::feed
