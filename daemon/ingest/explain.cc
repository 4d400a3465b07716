#include "ingest/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "dedup/compare_json.h"
#include "dedup/wording.h"
#include "model/item_json.h"
#include "normalize/canonical_url.h"

namespace tidings::ingest {
namespace {

constexpr std::string_view kItemUrn = "urn:tidings:item:";
constexpr std::string_view kStoryUrn = "urn:tidings:story:";
constexpr std::size_t kWords = 12;
constexpr std::size_t kMaxItems = 1000;

// The hex of an id stands for it.
std::string with_urn(std::string id, std::string_view urn) {
  const bool hex = id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
  return hex ? std::string(urn) + id : id;
}

json::object summary(const store::StoredItem& item) {
  const store::ItemNotes& notes = item.notes;
  json::object out{{"id", item.id}, {"rev", item.rev}, {"verdict", model::name_of(item.verdict)}, {"source", item.source_id},
                   {"first_seen", model::to_rfc3339(item.first_seen)}};
  const auto put = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) out[name] = value;
  };
  put("of", item.of);
  put("title", notes.title);
  put("url", notes.url);
  put("lang", notes.language);
  put("outlet", notes.outlet);
  return out;
}

// The item as it was published; its headline alone where the outbox no longer has it.
model::Item read(const store::StoredItem& stored, const std::optional<store::Fields>& published, bool& has_text) {
  has_text = false;
  if (published) {
    const auto data = std::find_if(published->begin(), published->end(), [](const auto& field) { return field.first == "data"; });
    const auto document = data == published->end() ? Result<json::value>(json::value()) : json::parse(data->second);
    if (document && document->is_object()) {
      if (auto record = model::item_from_json(document->as_object())) {
        has_text = true;
        return std::move(record->item);
      }
    }
  }
  model::Item item;
  item.id = stored.id;
  item.source_id = stored.source_id;
  item.title = stored.notes.title;
  item.canonical_url = stored.notes.url;
  item.language = stored.notes.language;
  return item;
}

}  // namespace

struct Explainer::Known {
  store::StoredItem stored;
  model::Item item;
  bool has_text = false;
};

Explainer::Explainer(store::Store& store, const dedup::Deduplicator& dedup, normalize::Options normalize_options)
    : store_(store), dedup_(dedup), normalize_options_(std::move(normalize_options)) {}

Task<Result<Explainer::Known>> Explainer::find(std::string wanted) {
  const std::string id = with_urn(wanted, kItemUrn);
  std::uint64_t page = 0;
  if (!id.starts_with("urn:")) {
    model::Item item;
    item.canonical_url = normalize::canonical_url(wanted, normalize_options_);
    if (item.canonical_url.empty()) co_return Error(Errc::invalid, fmt::format("'{}' is neither an item's id ({}...) nor a URL", wanted, kItemUrn));
    page = dedup::extract(item, dedup_.options()).url_key;
  }
  using Read = Result<std::optional<Known>>;
  auto question = [id, page](store::Reader& reader) -> Read {
    std::optional<store::StoredItem> stored;
    if (page != 0) {
      auto items = reader.items_of_page(page, 1);
      if (!items) return items.error();
      if (!items->empty()) stored = std::move(items->front());
    } else {
      auto item = reader.item(id);
      if (!item) return item.error();
      stored = std::move(*item);
    }
    if (!stored) return std::optional<Known>();
    const auto published = reader.published(*stored);
    if (!published) return published.error();
    Known known;
    known.item = read(*stored, *published, known.has_text);
    known.stored = std::move(*stored);
    return std::optional<Known>(std::move(known));
  };
  auto found = co_await store_.ask(std::move(question));
  if (!found) co_return found.error();
  if (!*found) {
    co_return Error(Errc::not_found, fmt::format("no item is known by '{}': it was never seen, or it was forgotten (store.item_retention)", wanted));
  }
  co_return std::move(**found);
}

json::object Explainer::compared(const Known& first, const Known& second) const {
  const auto a = dedup::extract_across(first.item, dedup_.options());
  const auto b = dedup::extract_across(second.item, dedup_.options());
  json::object out = dedup::to_json(dedup::compare(a, b, dedup_.rarity(), dedup_.options()));
  out["compared"] = first.has_text && second.has_text ? "texts" : "headlines";
  for (auto& member : dedup::to_json(dedup::compare_words(first.item, second.item, dedup_.rarity(), kWords))) out.insert(std::move(member));
  return out;
}

Task<Result<json::value>> Explainer::explain(std::string wanted) {
  auto found = co_await find(std::move(wanted));
  if (!found) co_return found.error();
  const store::StoredItem& stored = found->stored;
  const store::ItemNotes& notes = stored.notes;
  json::object out = summary(stored);
  json::object decided{{"layer", notes.layer}, {"words", dedup::in_words(notes.layer)}};
  if (notes.distance >= 0) decided["distance"] = notes.distance;
  if (notes.similarity >= 0) decided["similarity"] = notes.similarity;
  if (!notes.changed.empty()) decided["changed"] = notes.changed;
  out["decided"] = std::move(decided);
  out["in_window"] = dedup_.remembers(stored.id);
  json::object story{{"id", stored.story}};
  const auto live = dedup_.live_story(stored.story);
  story["live"] = live.has_value();
  if (live) {
    story["size"] = live->items;
    story["outlets"] = live->outlets;
  }
  out["story"] = std::move(story);
  if (!stored.of.empty() && stored.of != stored.id) {
    std::string of = stored.of;
    auto other = co_await find(std::move(of));
    if (other) {
      out["of_item"] = summary(other->stored);
      out["comparison"] = compared(*other, *found);
    }
  }
  co_return json::value(std::move(out));
}

Task<Result<json::value>> Explainer::compare(std::string first, std::string second) {
  auto a = co_await find(std::move(first));
  if (!a) co_return a.error();
  auto b = co_await find(std::move(second));
  if (!b) co_return b.error();
  json::object out{{"first", summary(a->stored)}, {"second", summary(b->stored)}, {"same_story", a->stored.story == b->stored.story}};
  for (auto& member : compared(*a, *b)) out.insert(std::move(member));
  co_return json::value(std::move(out));
}

Task<Result<json::value>> Explainer::stories(std::string order, std::size_t limit) {
  static const std::map<std::string, dedup::StoryOrder> kOrders = {{"outlets", dedup::StoryOrder::outlets}, {"size", dedup::StoryOrder::size},
                                                                   {"last", dedup::StoryOrder::last}, {"first", dedup::StoryOrder::first}};
  const auto known = kOrders.find(order);
  if (known == kOrders.end()) co_return Error(Errc::invalid, fmt::format("stories are sorted by outlets, size, last or first, not by '{}'", order));
  auto live = dedup_.live_stories(known->second, std::min(limit, kMaxItems));
  auto question = [live](store::Reader& reader) -> Result<std::vector<store::Reader::StoryNotes>> {
    std::vector<store::Reader::StoryNotes> all;
    for (const auto& story : live) {
      auto notes = reader.story_notes(story.id);
      if (!notes) return notes.error();
      all.push_back(std::move(*notes));
    }
    return all;
  };
  auto notes = co_await store_.ask(std::move(question));
  if (!notes) co_return notes.error();
  json::array list;
  for (std::size_t i = 0; i < live.size(); ++i) {
    const auto& languages = (*notes)[i].languages;
    list.push_back(json::object{{"id", live[i].id},
                                {"title", (*notes)[i].title},
                                {"size", live[i].items},
                                {"outlets", live[i].outlets},
                                {"first_seen", model::to_rfc3339(live[i].first)},
                                {"last_seen", model::to_rfc3339(live[i].last)},
                                {"languages", json::array(languages.begin(), languages.end())}});
  }
  json::object out{{"live", dedup_.stories()}, {"stories", std::move(list)}};
  co_return json::value(std::move(out));
}

Task<Result<json::value>> Explainer::story(std::string wanted) {
  const std::string id = with_urn(wanted, kStoryUrn);
  using Read = Result<std::pair<store::Reader::StoryNotes, std::vector<store::StoredItem>>>;
  auto question = [id](store::Reader& reader) -> Read {
    auto notes = reader.story_notes(id);
    if (!notes) return notes.error();
    auto items = reader.items_of_story(id, kMaxItems);
    if (!items) return items.error();
    return std::pair(std::move(*notes), std::move(*items));
  };
  auto found = co_await store_.ask(std::move(question));
  if (!found) co_return found.error();
  const auto& [notes, items] = *found;
  const auto live = dedup_.live_story(id);
  if (!live && items.empty()) co_return Error(Errc::not_found, fmt::format("no story '{}' is known: it never was, or its items were forgotten", wanted));
  json::array list;
  for (const auto& item : items) list.push_back(summary(item));
  json::object out{{"id", id}, {"title", notes.title}, {"live", live.has_value()}};
  out["size"] = live ? live->items : notes.items;
  if (live) {
    out["outlets"] = live->outlets;
    out["first_seen"] = model::to_rfc3339(live->first);
    out["last_seen"] = model::to_rfc3339(live->last);
  }
  out["languages"] = json::array(notes.languages.begin(), notes.languages.end());
  out["items"] = std::move(list);
  co_return json::value(std::move(out));
}

}  // namespace tidings::ingest
