#include "alert/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "alert/words.h"

namespace tidings::alert {
namespace {

using testing::ElementsAre;

model::Rule rule(std::string id, std::string query) {
  model::Rule r;
  r.id = std::move(id);
  r.query = std::move(query);
  return r;
}

model::Item item(std::string title, std::string text = {}) {
  model::Item i;
  i.title = std::move(title);
  i.body_text = std::move(text);
  i.source_id = "bbc-world";
  i.source_name = "BBC News";
  i.language = "en-GB";
  i.url = "https://www.bbc.co.uk/news/1";
  i.authors.push_back({"Ann Ångström", "", ""});
  i.categories.push_back({"weather", "", "Weather & Climate"});
  return i;
}

bool matches(const std::string& query, const model::Item& of) {
  auto index = RuleIndex::build({rule("r", query)});
  EXPECT_TRUE(index) << index.error().message();
  return index && !index->match(of).empty();
}

TEST(RuleIndex, finds_words_phrases_and_beginnings) {
  const model::Item flood = item("Flood warning in York", "Rivers rise. Residents were told to leave");
  EXPECT_TRUE(matches("flood", flood));
  EXPECT_FALSE(matches("floods", flood));
  EXPECT_TRUE(matches("resid*", flood));
  EXPECT_TRUE(matches("\"flood warning\" york", flood));
  EXPECT_FALSE(matches("\"warning flood\"", flood));
  EXPECT_TRUE(matches("\"rivers ri*\"", flood));
  EXPECT_FALSE(matches("\"york rivers\"", flood)) << "a phrase does not reach from the title into the text";
  EXPECT_TRUE(matches("flood NOT drought", flood));
  EXPECT_FALSE(matches("flood -york", flood));
  EXPECT_TRUE(matches("NOT drought", flood));
}

TEST(RuleIndex, looks_into_fields) {
  const model::Item flood = item("Flood", "york");
  EXPECT_TRUE(matches("title:flood text:york", flood));
  EXPECT_FALSE(matches("title:york", flood));
  EXPECT_FALSE(matches("weather", flood)) << "a category is not the text";
  EXPECT_TRUE(matches("category:weather source:bbc lang:en author:angstrom url:bbc.co.uk", flood));
  EXPECT_TRUE(matches("source:bbc-world", flood));
  EXPECT_FALSE(matches("lang:de", flood));
}

TEST(RuleIndex, finds_substrings_in_scripts_without_spaces) {
  const model::Item quake = item("東京で地震、津波の心配なし");
  EXPECT_TRUE(matches("地震", quake));
  EXPECT_TRUE(matches("東京 津波", quake));
  EXPECT_FALSE(matches("京東", quake));
}

TEST(RuleIndex, says_which_terms_were_found) {
  auto index = RuleIndex::build({rule("a", "(storm OR flood) NOT drought title:york"), rule("b", "storm"), rule("c", "flood (york leeds OR york)")});
  ASSERT_TRUE(index);
  const auto found = index->match(item("Flood in York"));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].rule->id, "a");
  EXPECT_THAT(found[0].terms, ElementsAre("flood", "title:york"));
  EXPECT_EQ(found[1].rule->id, "c");
  EXPECT_THAT(found[1].terms, ElementsAre("flood", "york")) << "what a failed alternative found is not counted";
}

TEST(RuleIndex, the_verdict_decides_what_is_looked_at) {
  auto quiet = rule("quiet", "flood");
  quiet.updates = false;
  auto index = RuleIndex::build({quiet, rule("all", "flood")});
  ASSERT_TRUE(index);
  model::Verdict verdict;
  EXPECT_EQ(index->match(item("Flood"), verdict).size(), 2u);
  verdict.kind = model::VerdictKind::update;
  EXPECT_EQ(index->match(item("Flood"), verdict).size(), 1u);
  verdict.kind = model::VerdictKind::duplicate;
  EXPECT_TRUE(index->match(item("Flood"), verdict).empty());
}

TEST(RuleIndex, a_mistake_names_rule_file_and_column) {
  auto broken = rule("floods", "flood titel:x");
  broken.origin = "rules.d/a.toml:3";
  const auto index = RuleIndex::build({rule("fine", "a"), broken});
  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().message(), "rules.d/a.toml:3: rule \"floods\": column 7: there is no field \"titel\": did you mean title:");
}

// What the language means, word for word, without any index.
bool means(const Query& query, const model::Item& of) {
  switch (query.kind) {
    case Query::Kind::none: return !means(query.children[0], of);
    case Query::Kind::all: return std::all_of(query.children.begin(), query.children.end(), [&](const Query& q) { return means(q, of); });
    case Query::Kind::any: return std::any_of(query.children.begin(), query.children.end(), [&](const Query& q) { return means(q, of); });
    case Query::Kind::term: break;
  }
  std::vector<std::string> values;
  const auto is = [&](Field field) { return query.term.field == field || (query.term.field == Field::any && field <= Field::text); };
  if (is(Field::title)) values.push_back(of.title);
  if (is(Field::text)) values.insert(values.end(), {of.summary, of.body_text});
  if (is(Field::source)) values.insert(values.end(), {of.source_id, of.source_name});
  if (is(Field::lang)) values.push_back(of.language);
  const auto& phrase = query.term.words;
  return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
    const auto words = Words(value).strings();
    return std::search(words.begin(), words.end(), phrase.begin(), phrase.end(), [&](const std::string& word, const std::string& sought) {
             return query.term.prefix && &sought == &phrase.back() ? word.starts_with(sought) : word == sought;
           }) != words.end();
  });
}

TEST(RuleIndex, agrees_with_the_plain_meaning_on_random_rules_and_texts) {
  std::mt19937 random(7);
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const std::vector<std::string> vocabulary = {"a", "ab", "abc", "b", "ba", "bab", "flood", "floods", "flö", "東", "京", "x1", "Ärger", "c", "cc"};
  const auto word = [&] { return vocabulary[pick(vocabulary.size())]; };
  const auto text = [&](std::size_t n) {
    std::string s;
    for (std::size_t i = 0; i < n; ++i) s += word() + (pick(5) == 0 ? "" : " ");
    return s;
  };
  const std::vector<std::string> fields = {"", "", "", "title:", "text:", "source:", "lang:"};
  const std::function<std::string(int)> expression = [&](int depth) -> std::string {
    if (depth == 0 || pick(3) == 0) {
      const std::string field = fields[pick(fields.size())];
      if (pick(4) == 0) return field + "\"" + text(1 + pick(3)) + (pick(2) == 0 ? "*" : "") + "\"";
      return field + word() + (pick(4) == 0 ? "*" : "");
    }
    switch (pick(4)) {
      case 0: return "NOT " + expression(depth - 1);
      case 1: return "(" + expression(depth - 1) + " OR " + expression(depth - 1) + ")";
      default: return "(" + expression(depth - 1) + " " + expression(depth - 1) + ")";
    }
  };
  std::size_t found = 0;
  for (int round = 0; round < 40; ++round) {
    std::vector<model::Rule> rules;
    std::vector<Query> queries;
    for (int i = 0; i < 60; ++i) {
      rules.push_back(rule(std::to_string(i), expression(3)));
      const auto query = parse_query(rules.back().query);
      ASSERT_TRUE(query) << rules.back().query << ": " << query.error().message();
      queries.push_back(*query);
    }
    const auto index = RuleIndex::build(rules);
    ASSERT_TRUE(index);
    for (int i = 0; i < 25; ++i) {
      model::Item of;
      of.title = text(pick(4));
      of.summary = text(pick(4));
      of.body_text = text(pick(12));
      of.source_id = word();
      of.language = word();
      std::vector<std::string> expected;
      for (std::size_t r = 0; r < rules.size(); ++r) {
        if (means(queries[r], of)) expected.push_back(rules[r].id);
      }
      std::vector<std::string> actual;
      for (const auto& match : index->match(of)) actual.push_back(match.rule->id);
      ASSERT_EQ(actual, expected);
      found += actual.size();
    }
  }
  EXPECT_GT(found, 1000u);
}

}  // namespace
}  // namespace tidings::alert
