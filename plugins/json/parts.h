#pragma once
// Persons, tags, images and attachments, in the forms that JSON documents give them.

#include <simdjson.h>
#include <tidings/plugin.h>

#include <string_view>
#include <vector>

#include "json/field.h"

namespace tidings::json_feed {

// Resolves URLs against where the document came from.
struct Place {
  std::string_view base;
  Made& made;
  std::string_view url(std::string_view reference) const;  // absolute, of http or https as far as it says; else empty
};

void add_persons(std::vector<tidings_person>& to, const Field& field, simdjson::dom::element item, const Place& place);
void add_categories(std::vector<tidings_category>& to, const Field& field, simdjson::dom::element item, const Place& place);
void add_attachments(std::vector<tidings_media>& to, const Field& field, simdjson::dom::element item, const Place& place);
tidings_image read_image(const Field& field, simdjson::dom::element item, const Place& place);

// The text of an object's first member of these names that has any.
std::string_view member_text(simdjson::dom::element value, std::initializer_list<std::string_view> names, Made& made);

}  // namespace tidings::json_feed
