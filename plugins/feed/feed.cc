#include "feed/feed.h"

#include "base/text.h"
#include "base/url.h"
#include "feed/feed_reader.h"
#include "feed/web_url.h"

namespace tidings::feed {

int Feed::parse(const sdk::Response& response, sdk::Sink& sink) const {
  std::string_view charset = charset_of(response.header("content-type"));
  if (charset.empty()) charset = response.charset_hint;
  Decoded document;
  decode(response.body, charset, {}, document);

  Retrieval retrieval;
  retrieval.base = response.url;
  if (const auto location = text::trim(response.header("content-location")); !location.empty()) {
    if (std::string base = resolve_url(response.url, location); is_web_url(base)) retrieval.base = std::move(base);
  }
  const std::string_view languages = response.header("content-language");
  retrieval.language = text::trim(languages.substr(0, languages.find(',')));
  return read_feed(document, retrieval, sink);
}

int Feed::on_event(const sdk::Event& event, sdk::Sink& sink) const {
  sdk::Response document;
  document.status = 200;
  document.url = event.url;
  document.body = event.payload;
  document.charset_hint = "utf-8";
  return parse(document, sink);
}

}  // namespace tidings::feed
