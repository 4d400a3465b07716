#include "plugin/document.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string_view>
#include <vector>

namespace tidings::plugin {
namespace {

tidings_str str(std::string_view s) { return {s.data(), s.size()}; }

void give(const DocumentSink& sink, const tidings_entry& entry) { sink.sink()->entry(sink.sink()->context, &entry); }

tidings_entry bare(std::string_view id) {
  tidings_entry entry{};
  entry.struct_size = sizeof entry;
  entry.id = str(id);
  return entry;
}

TEST(DocumentSinkTest, nothing_of_an_entry_is_left_in_the_next) {
  tidings_category categories[2] = {};
  for (auto& category : categories) category.struct_size = sizeof category, category.term = str("harbour");
  tidings_feed origin{};
  origin.struct_size = sizeof origin;
  tidings_entry full = bare("1");
  full.title.value = str("<b>Ferry</b>");
  full.title.type = str("html");
  full.title.base = str("http://news.test/");
  full.title.language = str("en");
  full.categories = categories;
  full.category_count = 2;
  full.image.struct_size = sizeof full.image;
  full.image.url = str("http://news.test/ferry.jpg");
  full.image.width = 640;
  full.published = {str("today"), 1};
  full.source = &origin;
  full.deleted = 1;
  full.has_position = 1;

  std::vector<model::Entry> seen;
  DocumentSink sink({}, [&](const model::Entry& entry) { seen.push_back(entry); });
  give(sink, full);
  give(sink, bare("2"));
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].categories.size(), 2U);
  EXPECT_EQ(seen[0].image.width, 640);
  EXPECT_EQ(seen[0].source.size(), 1U);
  const model::Entry& next = seen[1];
  EXPECT_EQ(next.id, "2");
  EXPECT_EQ(next.title.value + next.title.base + next.title.language, "");
  EXPECT_EQ(next.title.type, "text");
  EXPECT_TRUE(next.categories.empty() && next.source.empty());
  EXPECT_EQ(next.image.url, "");
  EXPECT_EQ(next.image.width, -1);
  EXPECT_EQ(next.published.raw, "");
  EXPECT_FALSE(next.published.time || next.deleted || next.has_position);
}

TEST(DocumentSinkTest, entries_that_are_taken_are_none_of_the_document) {
  std::size_t taken = 0;
  DocumentSink sink({}, [&](const model::Entry&) { ++taken; });
  give(sink, bare("1"));
  give(sink, bare("2"));
  EXPECT_EQ(taken, 2U);
  EXPECT_EQ(sink.entries(), 2U);
  EXPECT_TRUE(sink.take().entries.empty());

  DocumentSink collects;
  give(collects, bare("1"));
  EXPECT_EQ(collects.take().entries.size(), 1U);
}

TEST(DocumentSinkTest, an_entry_that_passes_the_bound_on_text_is_left_out) {
  DocumentLimits limits;
  limits.max_text_bytes = 10;
  std::vector<std::string> ids;
  DocumentSink sink(limits, [&](const model::Entry& entry) { ids.push_back(entry.id); });
  give(sink, bare("12345678"));
  give(sink, bare("9 and more"));
  give(sink, bare("3"));
  EXPECT_EQ(ids, std::vector<std::string>{"12345678"});
  const model::Document document = sink.take();
  EXPECT_TRUE(document.partial);
  ASSERT_EQ(document.warnings.size(), 1U);
  EXPECT_EQ(document.warnings[0].code, "limit");
}

TEST(DocumentSinkTest, what_is_thrown_goes_round_the_plugin) {
  DocumentSink sink({}, [](const model::Entry&) { throw std::runtime_error("no room"); });
  const tidings_entry entry = bare("1");
  EXPECT_NE(sink.sink()->entry(sink.sink()->context, &entry), 0) << "the plugin is asked to stop";
  EXPECT_NE(sink.sink()->entry(sink.sink()->context, &entry), 0);
  EXPECT_THROW(sink.take(), std::runtime_error);
}

}  // namespace
}  // namespace tidings::plugin
