#include "ingest/seen.h"

#include <gtest/gtest.h>

namespace tidings::ingest {
namespace {

model::Entry entry(std::string id, std::string title) {
  model::Entry made;
  made.id = std::move(id);
  made.title.value = std::move(title);
  made.published.time = from_micros(1'000'000);
  return made;
}

Seen::Entry seen(const model::Entry& of) { return {keys_of(of), content_of(of)}; }

TEST(Seen, knows_an_entry_until_it_is_edited) {
  Seen last;
  last.add(seen(entry("a", "Title")));
  EXPECT_TRUE(last.holds(seen(entry("a", "Title"))));
  EXPECT_FALSE(last.holds(seen(entry("a", "Title, edited"))));
  EXPECT_FALSE(last.holds(seen(entry("b", "Title"))));
}

TEST(Seen, an_entry_without_guid_and_link_is_known_by_its_text) {
  EXPECT_NE(keys_of(entry("", "One")).guid, 0u);
  EXPECT_NE(keys_of(entry("", "One")).guid, keys_of(entry("", "Two")).guid);
}

TEST(Seen, survives_the_store) {
  Seen last;
  last.add(seen(entry("a", "Title")));
  model::Entry undated = entry("b", "Undated");
  undated.published.time.reset();
  last.add(seen(undated));
  Seen loaded;
  ASSERT_TRUE(loaded.load(last.save()));
  EXPECT_EQ(loaded.size(), 2u);
  EXPECT_TRUE(loaded.holds(seen(entry("a", "Title"))));
  EXPECT_EQ(loaded.keys()[0].published, from_micros(1'000'000));
  EXPECT_EQ(loaded.keys()[1].published, std::nullopt);
}

TEST(Seen, refuses_bytes_that_it_did_not_write) {
  Seen last;
  last.add(seen(entry("a", "Title")));
  EXPECT_FALSE(last.load(""));
  EXPECT_FALSE(last.load("\x02"));
  EXPECT_FALSE(last.load(last.save() + "x"));
  EXPECT_EQ(last.size(), 1u);
}

TEST(Seen, parts_of_the_content_do_not_run_into_one_another) {
  model::Entry one = entry("a", "ab");
  one.summary.value = "c";
  model::Entry other = entry("a", "a");
  other.summary.value = "bc";
  EXPECT_NE(content_of(one), content_of(other));
}

}  // namespace
}  // namespace tidings::ingest
