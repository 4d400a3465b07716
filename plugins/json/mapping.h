#pragma once
// The options of the plugin: where the items of a JSON document stand, and where in each its fields do. What is not stated
// is where JSON Feed has it.

#include <tidings/plugin.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "json/dates.h"
#include "json/field.h"
#include "json/pointer.h"

namespace tidings::json_feed {

// The option table.
std::span<const tidings_option> option_table();

struct Mapping {
  // Of the plugin's options as JSON text. Throws sdk::BadOption.
  static Mapping read(std::string_view options);

  // The same fields in the events of a stream.
  Mapping of_events() const;

  bool is_stated = false;  // some option says where things are: the document need be no JSON Feed
  std::string items_text = "/items";
  std::string event_items_text;
  Pointer items;
  std::optional<Pointer> event_items;  // where a stream's event has them; absent: it is one, or a list of them
  bool is_of_events = false;
  Field id, link, external_url, title, summary, content_html, content_text, published, updated, expires, authors, tags, language,
      image, banner, attachments, comments, latitude, longitude, next, cursor;
  NumberUnit date_unit = NumberUnit::automatic;
  bool html_title = false;
  bool html_summary = false;
  int pages = 1;
};

}  // namespace tidings::json_feed
