#include "base/date_words.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"

namespace tidings::date_words {
namespace {

struct Word {
  std::string_view text;
  int value;
};

constexpr std::uint32_t pack(std::string_view s) {
  return static_cast<std::uint32_t>(static_cast<unsigned char>(s[0])) << 16 |
         static_cast<std::uint32_t>(static_cast<unsigned char>(s[1])) << 8 | static_cast<unsigned char>(s[2]);
}

// English names, whole or cut ("sept", "decem"), by their first three letters.
constexpr std::array<std::string_view, 12> kEnglish = {"january", "february", "march",     "april",   "may",      "june",
                                                       "july",    "august",   "september", "october", "november", "december"};

int english_month(std::string_view w) {
  const auto index = [&]() -> std::size_t {
    switch (pack(w)) {
      case pack("jan"): return 0;
      case pack("feb"): return 1;
      case pack("mar"): return 2;
      case pack("apr"): return 3;
      case pack("may"): return 4;
      case pack("jun"): return 5;
      case pack("jul"): return 6;
      case pack("aug"): return 7;
      case pack("sep"): return 8;
      case pack("oct"): return 9;
      case pack("nov"): return 10;
      case pack("dec"): return 11;
      default: return 12;
    }
  }();
  return index < 12 && kEnglish[index].starts_with(w) ? static_cast<int>(index) + 1 : 0;
}

// What other languages use, where it is not a cut English name.
constexpr Word kMonths[] = {
    // German, Dutch, Scandinavian, Finnish, Hungarian, Turkish, Indonesian
    {"januar", 1}, {"jänner", 1}, {"jän", 1}, {"februar", 2}, {"märz", 3}, {"mär", 3}, {"mrz", 3}, {"mai", 5},
    {"juni", 6}, {"juli", 7}, {"okt", 10}, {"oktober", 10}, {"dez", 12}, {"dezember", 12},
    {"januari", 1}, {"februari", 2}, {"maart", 3}, {"mrt", 3}, {"mei", 5}, {"augustus", 8},
    {"marts", 3}, {"mars", 3}, {"maj", 5}, {"augusti", 8}, {"desember", 12}, {"des", 12},
    {"tammikuu", 1}, {"helmikuu", 2}, {"maaliskuu", 3}, {"huhtikuu", 4}, {"toukokuu", 5}, {"kesäkuu", 6},
    {"heinäkuu", 7}, {"elokuu", 8}, {"syyskuu", 9}, {"lokakuu", 10}, {"marraskuu", 11}, {"joulukuu", 12},
    {"január", 1}, {"február", 2}, {"februári", 2}, {"március", 3}, {"máricus", 3}, {"április", 4}, {"április", 4},
    {"május", 5}, {"máujus", 5}, {"június", 6}, {"július", 7}, {"augusztus", 8}, {"szeptember", 9}, {"október", 10},
    {"ocak", 1}, {"oca", 1}, {"şubat", 2}, {"şub", 2}, {"mart", 3}, {"nisan", 4}, {"nis", 4}, {"mayıs", 5}, {"haziran", 6},
    {"haz", 6}, {"temmuz", 7}, {"tem", 7}, {"ağustos", 8}, {"ağu", 8}, {"eylül", 9}, {"eyl", 9}, {"ekim", 10}, {"eki", 10},
    {"kasım", 11}, {"kas", 11}, {"aralık", 12}, {"ara", 12}, {"agustus", 8}, {"agu", 8}, {"nopember", 11},
    // Romance
    {"janvier", 1}, {"janv", 1}, {"février", 2}, {"fevrier", 2}, {"févr", 2}, {"fév", 2}, {"avril", 4}, {"avr", 4},
    {"juin", 6}, {"juillet", 7}, {"juil", 7}, {"août", 8}, {"aout", 8}, {"aoû", 8}, {"septembre", 9}, {"octobre", 10},
    {"novembre", 11}, {"décembre", 12}, {"decembre", 12}, {"déc", 12},
    {"enero", 1}, {"ene", 1}, {"febrero", 2}, {"marzo", 3}, {"abril", 4}, {"abr", 4}, {"mayo", 5}, {"junio", 6},
    {"julio", 7}, {"agosto", 8}, {"ago", 8}, {"septiembre", 9}, {"setiembre", 9}, {"set", 9}, {"octubre", 10},
    {"noviembre", 11}, {"diciembre", 12}, {"dic", 12},
    {"gennaio", 1}, {"gen", 1}, {"febbraio", 2}, {"aprile", 4}, {"maggio", 5}, {"mag", 5}, {"giugno", 6}, {"giu", 6},
    {"luglio", 7}, {"lug", 7}, {"settembre", 9}, {"ottobre", 10}, {"ott", 10}, {"dicembre", 12},
    {"janeiro", 1}, {"fevereiro", 2}, {"fev", 2}, {"março", 3}, {"marco", 3}, {"maio", 5}, {"junho", 6}, {"julho", 7},
    {"setembro", 9}, {"outubro", 10}, {"out", 10}, {"novembro", 11}, {"dezembro", 12},
    {"ianuarie", 1}, {"ian", 1}, {"februarie", 2}, {"martie", 3}, {"aprilie", 4}, {"iunie", 6}, {"iun", 6},
    {"iulie", 7}, {"iul", 7}, {"septembrie", 9}, {"octombrie", 10}, {"noiembrie", 11}, {"noi", 11}, {"decembrie", 12},
    // Slavic
    {"января", 1}, {"январь", 1}, {"янв", 1}, {"февраля", 2}, {"февраль", 2}, {"фев", 2}, {"февр", 2}, {"марта", 3},
    {"март", 3}, {"мар", 3}, {"апреля", 4}, {"апрель", 4}, {"апр", 4}, {"мая", 5}, {"май", 5}, {"июня", 6}, {"июнь", 6},
    {"июн", 6}, {"июля", 7}, {"июль", 7}, {"июл", 7}, {"августа", 8}, {"август", 8}, {"авг", 8}, {"сентября", 9},
    {"сентябрь", 9}, {"сен", 9}, {"сент", 9}, {"октября", 10}, {"октябрь", 10}, {"окт", 10}, {"ноября", 11},
    {"ноябрь", 11}, {"ноя", 11}, {"декабря", 12}, {"декабрь", 12}, {"дек", 12},
    {"січня", 1}, {"січ", 1}, {"лютого", 2}, {"лют", 2}, {"березня", 3}, {"бер", 3}, {"квітня", 4}, {"кві", 4},
    {"травня", 5}, {"тра", 5}, {"червня", 6}, {"чер", 6}, {"липня", 7}, {"лип", 7}, {"серпня", 8}, {"сер", 8},
    {"вересня", 9}, {"вер", 9}, {"жовтня", 10}, {"жов", 10}, {"листопада", 11}, {"лис", 11}, {"грудня", 12}, {"гру", 12},
    {"stycznia", 1}, {"sty", 1}, {"lutego", 2}, {"lut", 2}, {"marca", 3}, {"kwietnia", 4}, {"kwi", 4}, {"maja", 5},
    {"czerwca", 6}, {"cze", 6}, {"lipca", 7}, {"lip", 7}, {"sierpnia", 8}, {"sie", 8}, {"września", 9}, {"wrz", 9},
    {"października", 10}, {"paź", 10}, {"listopada", 11}, {"lis", 11}, {"grudnia", 12}, {"gru", 12},
    {"ledna", 1}, {"února", 2}, {"března", 3}, {"dubna", 4}, {"května", 5}, {"června", 6}, {"července", 7}, {"srpna", 8},
    {"září", 9}, {"října", 10}, {"listopadu", 11}, {"prosince", 12},
    // Greek
    {"ιαν", 1}, {"ιανουαρίου", 1}, {"φεβ", 2}, {"φεβρουαρίου", 2}, {"μαρ", 3}, {"μάρ", 3}, {"μάώ", 3}, {"μαώ", 3},
    {"μαρτίου", 3}, {"απρ", 4}, {"απριλίου", 4}, {"μάι", 5}, {"μάϊ", 5}, {"μαϊ", 5}, {"μαι", 5}, {"μαΐου", 5},
    {"μαϊου", 5}, {"ιουν", 6}, {"ιούν", 6}, {"ιον", 6}, {"ιουνίου", 6}, {"ιουλ", 7}, {"ιούλ", 7}, {"ιολ", 7},
    {"ιουλίου", 7}, {"αυγ", 8}, {"αύγ", 8}, {"αυγούστου", 8}, {"σεπ", 9}, {"σεπτεμβρίου", 9}, {"οκτ", 10},
    {"οκτωβρίου", 10}, {"νοε", 11}, {"νοέ", 11}, {"νοεμβρίου", 11}, {"δεκ", 12}, {"δεκεμβρίου", 12},
};

constexpr int hm(int hours, int minutes = 0) { return hours * 60 + (hours < 0 ? -minutes : minutes); }

// Names that mean several zones have the meaning that English-language feeds give them. Military letters say
// nothing that can be relied on (RFC 5322, section 4.3) and are read as UTC.
constexpr Word kZones[] = {
    {"gmt", 0}, {"utc", 0}, {"ut", 0}, {"z", 0}, {"zulu", 0}, {"wet", 0}, {"etc/gmt", 0}, {"etc/utc", 0},
    {"est", hm(-5)}, {"edt", hm(-4)}, {"et", hm(-5)}, {"cst", hm(-6)}, {"cdt", hm(-5)}, {"ct", hm(-6)},
    {"mst", hm(-7)}, {"mdt", hm(-6)}, {"mt", hm(-7)}, {"pst", hm(-8)}, {"pdt", hm(-7)}, {"pt", hm(-8)},
    {"akst", hm(-9)}, {"akdt", hm(-8)}, {"hst", hm(-10)}, {"hast", hm(-10)}, {"hadt", hm(-9)}, {"ast", hm(-4)},
    {"adt", hm(-3)}, {"at", hm(-4)}, {"nst", hm(-3, 30)}, {"ndt", hm(-2, 30)}, {"brt", hm(-3)}, {"brst", hm(-2)},
    {"art", hm(-3)}, {"clt", hm(-4)}, {"clst", hm(-3)}, {"cot", hm(-5)}, {"pet", hm(-5)}, {"vet", hm(-4)},
    {"uyt", hm(-3)}, {"bst", hm(1)}, {"west", hm(1)}, {"cet", hm(1)}, {"met", hm(1)}, {"mez", hm(1)}, {"wat", hm(1)},
    {"cest", hm(2)}, {"mest", hm(2)}, {"mesz", hm(2)}, {"eet", hm(2)}, {"cat", hm(2)}, {"sast", hm(2)},
    {"eest", hm(3)}, {"idt", hm(3)}, {"msk", hm(3)}, {"trt", hm(3)}, {"eat", hm(3)}, {"msd", hm(4)}, {"gst", hm(4)},
    {"irst", hm(3, 30)}, {"irdt", hm(4, 30)}, {"aft", hm(4, 30)}, {"pkt", hm(5)}, {"uzt", hm(5)}, {"yekt", hm(5)},
    {"ist", hm(5, 30)}, {"slst", hm(5, 30)}, {"npt", hm(5, 45)}, {"mmt", hm(6, 30)}, {"ict", hm(7)}, {"wib", hm(7)},
    {"wita", hm(8)}, {"hkt", hm(8)}, {"sgt", hm(8)}, {"myt", hm(8)}, {"pht", hm(8)}, {"awst", hm(8)}, {"cct", hm(8)},
    {"jst", hm(9)}, {"kst", hm(9)}, {"wit", hm(9)}, {"acst", hm(9, 30)}, {"aest", hm(10)}, {"chst", hm(10)},
    {"vlat", hm(10)}, {"acdt", hm(10, 30)}, {"aedt", hm(11)}, {"nzst", hm(12)}, {"nzdt", hm(13)},
};

template <std::size_t N>
const Word* find(const Word (&words)[N], std::string_view word) {
  const auto* found = std::find_if(std::begin(words), std::end(words), [&](const Word& w) { return w.text == word; });
  return found == std::end(words) ? nullptr : found;
}

}  // namespace

int month_of_three(std::string_view letters) {
  const char lower[3] = {text::to_ascii_lower(letters[0]), text::to_ascii_lower(letters[1]), text::to_ascii_lower(letters[2])};
  return english_month({lower, 3});
}

int month(std::string_view word) {
  if (word.size() < 3) return 0;
  if (const int m = english_month(word)) return m;
  const Word* found = find(kMonths, word);
  return found ? found->value : 0;
}

std::optional<int> zone_minutes(std::string_view word) {
  if (word.size() == 1) return word[0] >= 'a' && word[0] <= 'z' ? std::optional<int>(0) : std::nullopt;
  const Word* found = find(kZones, word);
  return found ? std::optional<int>(found->value) : std::nullopt;
}

Half half_of_day(std::string_view word) {
  if (word == "am" || word == "오전" || word == "上午" || word == "午前" || word == "πμ") return Half::am;
  if (word == "pm" || word == "오후" || word == "下午" || word == "午後" || word == "μμ") return Half::pm;
  return Half::none;
}

}  // namespace tidings::date_words
