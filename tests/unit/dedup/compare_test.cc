#include "dedup/compare.h"

#include <gtest/gtest.h>

#include "made.h"

namespace tidings::dedup {
namespace {

Features features(std::string title, std::string text, std::string language = "en") {
  auto item = made::item(1, std::move(title), std::move(text));
  item.language = std::move(language);
  return extract_across(item, {});
}

Comparison relate(const Features& a, const Features& b) { return compare(a, b, {}, {}); }

const std::string kStorm =
    "A storm killed 3 people in the north of the country on Monday, police said. It tore roofs off houses in Lindale and cut power to "
    "20,000 homes. Trains between Lindale and the capital were stopped until the evening. The weather service expects the wind to ease "
    "by Tuesday. ";

std::string with(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(CompareTest, takes_the_same_text_in_other_spelling_for_a_duplicate) {
  const auto how = relate(features("Storm kills 3", kStorm), features("STORM KILLS 3", "<p>" + kStorm + "</p>"));
  EXPECT_EQ(how.relation, Relation::duplicate);
  EXPECT_EQ(how.layer, "text");
}

TEST(CompareTest, takes_a_copy_with_another_headline_and_boilerplate_for_a_duplicate) {
  const auto how = relate(features("Storm kills 3 in the north", kStorm),
                          features("Three dead as wind hits Lindale", "LINDALE (Wire) - " + kStorm + "Read all about the weather on our site."));
  EXPECT_EQ(how.relation, Relation::duplicate) << how.changed;
  EXPECT_EQ(how.layer, "simhash");
}

TEST(CompareTest, takes_a_shortened_copy_for_a_duplicate) {
  EXPECT_EQ(relate(features("Storm kills 3", kStorm), features("Storm kills 3", kStorm.substr(0, kStorm.size() / 2))).relation, Relation::duplicate);
}

TEST(CompareTest, takes_a_copy_with_a_changed_figure_for_an_update_and_names_it) {
  const auto how = relate(features("Storm in the north", kStorm), features("Storm in the north", with(kStorm, "killed 3", "killed 7")));
  EXPECT_EQ(how.relation, Relation::update);
  EXPECT_EQ(how.changed, "figures: 3 -> 7");
}

TEST(CompareTest, takes_a_copy_with_a_marker_for_an_update) {
  const auto how = relate(features("Storm in the north", kStorm), features("CORRECTED: Storm in the north", kStorm));
  EXPECT_EQ(how.relation, Relation::update);
  EXPECT_NE(how.changed.find("says that it is an update"), std::string::npos);
  EXPECT_EQ(relate(features("UPDATE 1-Storm", kStorm), features("UPDATE 1-Storm in the north", kStorm)).relation, Relation::duplicate);
}

TEST(CompareTest, tells_other_texts_apart) {
  EXPECT_EQ(relate(features("One thing", made::prose(1, 100)), features("Another one", made::prose(2, 100))).relation, Relation::different);
}

TEST(CompareTest, never_glues_short_titles) {
  for (const char* title : {"Live", "Briefing", "Morning briefing", "Watch live", "News", ""}) {
    const auto how = relate(features(title, ""), features(title, ""));
    EXPECT_NE(how.relation, Relation::duplicate) << title;
    EXPECT_NE(how.relation, Relation::update) << title;
  }
  EXPECT_NE(relate(features("Live", made::prose(3, 80)), features("Live", made::prose(4, 80))).relation, Relation::duplicate);
}

TEST(CompareTest, knows_one_event_across_languages) {
  const auto english = features("Merkel meets Putin in Moscow over Ukraine",
                                "German Chancellor Angela Merkel met President Vladimir Putin in Moscow on 16 August to speak about Ukraine and Syria. "
                                "Sergey Lavrov joined the talks, which took 240 minutes.");
  const auto russian = features("Меркель встретилась с Путиным в Москве",
                                "Канцлер Германии Ангела Меркель встретилась в Москве с президентом Владимиром Путиным 16 августа и обсудила Украину и Сирию. "
                                "Сергей Лавров участвовал в переговорах, которые длились 240 минут.", "ru");
  const auto how = relate(english, russian);
  EXPECT_EQ(how.relation, Relation::same_story);
  EXPECT_EQ(how.layer, "cross");
  EXPECT_EQ(relate(english, features("Обзор рынка", "Цены на кофе выросли, сообщили торговцы в порту Сантуса после дождей.", "ru")).relation, Relation::different);
}

TEST(CompareTest, gives_the_same_measures_either_way) {
  const Features a = features("Storm", kStorm + made::prose(5, 50));
  const Features b = features("Wind", kStorm);
  EXPECT_EQ(relate(a, b).distance, relate(b, a).distance);
  EXPECT_DOUBLE_EQ(relate(a, b).containment, relate(b, a).containment);
  EXPECT_NEAR(relate(a, b).terms, relate(b, a).terms, 1e-9);
}

TEST(CompareTest, finds_copies_in_any_script) {
  const std::string_view texts[] = {
      "東京都知事は月曜日、新しい交通計画を発表した。地下鉄の駅を十二か所増やし、二千三十年までに完成させる予定だと述べた。住民からは歓迎の声が上がっている。",
      "أعلن وزير النقل يوم الاثنين خطة جديدة للسكك الحديدية تربط العاصمة بالمدن الساحلية وقال إن العمل سيبدأ في الربيع المقبل بعد موافقة البرلمان",
      "Ο υπουργός Μεταφορών ανακοίνωσε τη Δευτέρα νέο σχέδιο για τους σιδηροδρόμους που συνδέουν την πρωτεύουσα με τα λιμάνια της χώρας",
      "รัฐมนตรีว่าการกระทรวงคมนาคมประกาศแผนรถไฟใหม่ในวันจันทร์ เชื่อมเมืองหลวงกับเมืองชายฝั่ง โดยจะเริ่มงานในฤดูใบไม้ผลิ"};
  for (const auto text : texts) {
    EXPECT_EQ(relate(features("A", std::string(text)), features("Another headline", std::string(text) + " …")).relation, Relation::duplicate) << text;
  }
}

}  // namespace
}  // namespace tidings::dedup
