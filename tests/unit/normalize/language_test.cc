#include "normalize/language.h"

#include <gtest/gtest.h>

namespace tidings::normalize {
namespace {

TEST(LanguageTag, has_the_usual_case) {
  EXPECT_EQ(language_tag("EN_us"), "en-US");
  EXPECT_EQ(language_tag(" zh-hant-tw "), "zh-Hant-TW");
  EXPECT_EQ(language_tag("es-419"), "es-419");
  EXPECT_EQ(language_tag("x-klingon"), "x-klingon");
}

TEST(LanguageTag, what_names_no_language_is_none) {
  for (const char* tag : {"", "e", "english language", "en--us", "12", "und", "mul", "en-verylongsubtag", "<b>"}) {
    EXPECT_EQ(language_tag(tag), "") << tag;
  }
}

TEST(DetectLanguage, knows_languages_by_a_paragraph) {
  EXPECT_EQ(detect_language("Ferry and barge collide", "The coast guard said on Saturday that three people were injured when the two vessels met in thick fog."), "en");
  EXPECT_EQ(detect_language("Fähre stößt mit Lastkahn zusammen", "Die Küstenwache teilte am Samstag mit, dass drei Menschen im dichten Nebel verletzt wurden."), "de");
  EXPECT_EQ(detect_language("Паром столкнулся с баржей", "Береговая охрана сообщила в субботу, что в густом тумане пострадали три человека."), "ru");
  EXPECT_EQ(detect_language("渡轮与驳船相撞", "海岸警卫队周六表示，两船在浓雾中相撞，造成三人受伤。"), "zh");
}

TEST(DetectLanguage, says_nothing_of_what_it_cannot_tell) {
  EXPECT_EQ(detect_language("", ""), "");
  EXPECT_EQ(detect_language("2:1", "12 34 56"), "");
  EXPECT_EQ(detect_language("\xff\xfe", "\x80"), "");
}

}  // namespace
}  // namespace tidings::normalize
