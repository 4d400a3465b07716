#include "alert/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidings::alert {
namespace {

// The tree in one line: & | ! and field:words joined by +.
std::string shape(const Query& query) {
  std::string joined;
  switch (query.kind) {
    case Query::Kind::term: {
      for (const auto& word : query.term.words) joined += (joined.empty() ? "" : "+") + word;
      if (query.term.prefix) joined += "*";
      return query.term.field == Field::any ? joined : std::string(name_of(query.term.field)) + ":" + joined;
    }
    case Query::Kind::none: return "!" + shape(query.children.front());
    default:
      for (const auto& child : query.children) {
        if (!joined.empty()) joined += query.kind == Query::Kind::all ? "&" : "|";
        joined += shape(child);
      }
      return "(" + joined + ")";
  }
}

std::string parsed(std::string_view text) {
  const auto query = parse_query(text);
  return query ? shape(*query) : query.error().message();
}

TEST(Query, words_phrases_and_operators) {
  EXPECT_EQ(parsed("Flood"), "flood");
  EXPECT_EQ(parsed("flood warning"), "(flood&warning)");
  EXPECT_EQ(parsed("flood AND warning"), "(flood&warning)");
  EXPECT_EQ(parsed("\"Flood  Warning\""), "flood+warning");
  EXPECT_EQ(parsed("a b OR c NOT d"), "((a&b)|(c&!d))");
  EXPECT_EQ(parsed("a (b OR c) -d"), "(a&(b|c)&!d)");
  EXPECT_EQ(parsed("e-mail*"), "e+mail*");
  EXPECT_EQ(parsed("and or not"), "(and&or&not)") << "operators in capitals only";
  EXPECT_EQ(parsed("ANDES"), "andes");
  EXPECT_EQ(parsed("NOT NOT a"), "!!a");
}

TEST(Query, fields) {
  EXPECT_EQ(parsed("title:flood source:bbc Lang:en"), "(title:flood&source:bbc&lang:en)");
  EXPECT_EQ(parsed("title:\"flood warning\""), "title:flood+warning");
  EXPECT_EQ(parsed("title:(a OR text:b c)"), "(title:a|(text:b&title:c))");
  EXPECT_EQ(parsed("-author:x category:y* url:bbc.co.uk"), "(!author:x&category:y*&url:bbc+co+uk)");
  EXPECT_EQ(parsed("10:30"), "10+30");
}

TEST(Query, mistakes_are_named_with_their_column) {
  EXPECT_EQ(parsed("  "), "the query is empty");
  EXPECT_EQ(parsed("flood titel:x"), "column 7: there is no field \"titel\": did you mean title:");
  EXPECT_THAT(parsed("http://x"), testing::StartsWith("column 1: there is no field \"http\": put the words in quotation marks"));
  EXPECT_EQ(parsed("é (a OR b"), "column 3: this ( is never closed");
  EXPECT_EQ(parsed("a) b"), "column 2: there is no ( for this )");
  EXPECT_EQ(parsed("a ()"), "column 4: a word is missing before this )");
  EXPECT_EQ(parsed("a \"b"), "column 3: this quotation is never closed");
  EXPECT_EQ(parsed("a AND"), "column 3: AND has nothing on its right");
  EXPECT_EQ(parsed("OR a"), "column 1: OR has nothing on its left");
  EXPECT_EQ(parsed("a OR"), "column 5: a word is missing at the end of the query");
  EXPECT_EQ(parsed("(NOT)"), "column 2: NOT has nothing on its right");
  EXPECT_EQ(parsed("title: x"), "column 7: title: needs a word right after the colon");
  EXPECT_EQ(parsed("a !!!"), "column 3: !!! has no letter or digit to look for");
  EXPECT_EQ(parsed("a\xFF"), "the query is not valid UTF-8");
}

TEST(Query, size_and_depth_are_bounded) {
  EXPECT_THAT(parsed(std::string(10000, '(')), testing::HasSubstr("nested more than 50 deep"));
  std::string nots;
  for (int i = 0; i < 1000; ++i) nots += "NOT ";
  EXPECT_THAT(parsed(nots + "a"), testing::HasSubstr("nested more than 50 deep"));
  std::string many;
  for (int i = 0; i < 1001; ++i) many += "a ";
  EXPECT_THAT(parsed(many), testing::HasSubstr("more than 1000 words"));
}

}  // namespace
}  // namespace tidings::alert
