#include "base/date.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/date_words.h"
#include "base/text.h"

namespace tidings {
namespace {

using date_words::Half;

constexpr std::size_t kMaxLength = 128;  // longer text is no date
constexpr std::size_t kMaxTokens = 24;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Fields {
  std::int64_t year = -1;
  std::int64_t month = 1;
  std::int64_t day = 1;
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  std::int64_t second = 0;
  std::int64_t micros = 0;
  int zone_minutes = 0;
  Half half = Half::none;
};

// "14:02 PM" is read as 14:02.
bool apply_half(Fields& f) {
  if (f.half == Half::pm && f.hour < 12) f.hour += 12;
  if (f.half == Half::am && f.hour == 12) f.hour = 0;
  return true;
}

OptionalTime at_day(std::chrono::sys_days day, const Fields& f) {
  const bool midnight_after = f.hour == 24 && f.minute == 0 && f.second == 0;
  if ((f.hour > 23 && !midnight_after) || f.minute > 59 || f.second > 60) return {};
  if (f.zone_minutes < -18 * 60 || f.zone_minutes > 18 * 60) return {};
  return Time(day) + Seconds(f.hour * 3600 + f.minute * 60 + f.second - f.zone_minutes * 60) + Micros(f.micros);
}

OptionalTime instant(Fields f) {
  apply_half(f);
  if (f.year < 1000 || f.year > 9999 || f.month < 1 || f.month > 12 || f.day < 1 || f.day > 31) return {};
  const auto date = std::chrono::year(static_cast<int>(f.year)) / static_cast<int>(f.month) / static_cast<int>(f.day);
  if (!date.ok()) return {};
  return at_day(date, f);
}

// RFC 5322, section 4.3.
std::int64_t whole_year(std::int64_t year, int digits) {
  if (digits <= 2) return year < 50 ? year + 2000 : year + 1900;
  return digits == 3 ? year + 1900 : year;
}

// A zone of digits: "0530", "530", "05", "5", "05:30" (minutes then in `minutes`).
std::optional<int> numeric_zone(std::int64_t value, int digits, std::int64_t minutes) {
  std::int64_t hours = value;
  if (digits >= 3) {
    hours = value / 100;
    minutes = value % 100;
  }
  if (digits > 4 || hours > 18 || minutes > 59) return {};
  return static_cast<int>(hours * 60 + minutes);
}

// A cursor over ISO 8601 text. Every function moves only where it succeeds.
class Iso {
 public:
  explicit Iso(std::string_view s) : s_(s) {}

  // Sets `understood` where the text is of the ISO family, whether or not the values are possible.
  OptionalTime read(bool& understood) {
    const int run = digits_ahead();
    std::optional<OptionalTime> result;
    if (run == 4) {
      result = extended();
    } else if (run >= 6) {
      result = basic(run);
    }
    understood = result.has_value();
    return result.value_or(std::nullopt);
  }

 private:
  int digits_ahead() const {
    std::size_t n = at_;
    while (n < s_.size() && is_digit(s_[n])) ++n;
    return static_cast<int>(n - at_);
  }
  std::int64_t number(int digits) {
    std::int64_t value = 0;
    for (int i = 0; i < digits; ++i) value = value * 10 + (s_[at_++] - '0');
    return value;
  }
  bool take(char c) {
    if (at_ >= s_.size() || text::to_ascii_lower(s_[at_]) != c) return false;
    ++at_;
    return true;
  }
  bool at_end() const { return at_ == s_.size(); }
  bool skip_spaces() {
    const std::size_t begin = at_;
    while (at_ < s_.size() && text::is_ascii_space(s_[at_])) ++at_;
    return at_ > begin;
  }

  // 1 or 2 digits, no more.
  bool small(std::int64_t& out) {
    const int n = digits_ahead();
    if (n < 1 || n > 2) return false;
    out = number(n);
    return true;
  }

  std::optional<OptionalTime> extended() {
    f_.year = number(4);
    if (take('w')) return week();
    if (at_end()) return instant(f_);
    if (!take('-')) return {};
    if (take('w')) return week();
    if (digits_ahead() == 3) return ordinal(number(3));
    if (!small(f_.month)) return {};
    if (at_end()) return instant(f_);
    if (!take('-') || !small(f_.day)) return {};
    if (!clock()) return {};
    return instant(f_);
  }

  std::optional<OptionalTime> basic(int run) {
    if (run == 9 || run == 10 || run == 13) return since_epoch(run);
    if (run == 7) {
      f_.year = number(4);
      return ordinal(number(3));
    }
    if (run == 6) {
      f_.year = whole_year(number(2), 2);
    } else if (run == 8 || run == 12 || run == 14) {
      f_.year = number(4);
    } else {
      return {};
    }
    f_.month = number(2);
    f_.day = number(2);
    if (run > 8) {
      f_.hour = number(2);
      f_.minute = number(2);
      if (run == 14) f_.second = number(2);
      if (!fraction_and_zone()) return {};
    } else if (!clock()) {
      return {};
    }
    return instant(f_);
  }

  std::optional<OptionalTime> since_epoch(int run) {
    const std::int64_t value = number(run);
    if (!at_end()) return {};
    return OptionalTime(run == 13 ? Time(Millis(value)) : Time(Seconds(value)));
  }

  std::optional<OptionalTime> ordinal(std::int64_t day_of_year) {
    if (!clock()) return {};
    apply_half(f_);
    const std::chrono::year year(static_cast<int>(f_.year));
    if (f_.year < 1000 || day_of_year < 1 || day_of_year > (year.is_leap() ? 366 : 365)) return OptionalTime();
    return at_day(std::chrono::sys_days(year / 1 / 1) + std::chrono::days(day_of_year - 1), f_);
  }

  std::optional<OptionalTime> week() {
    const int n = digits_ahead();
    if (n != 2 && n != 3) return {};
    const std::int64_t week = number(2);
    std::int64_t weekday = 1;
    if (n == 3 || (at_ + 1 < s_.size() && s_[at_] == '-' && is_digit(s_[at_ + 1]))) {
      take('-');
      weekday = number(1);
    }
    if (!clock()) return {};
    apply_half(f_);
    if (f_.year < 1000 || week < 1 || week > 53 || weekday < 1 || weekday > 7) return OptionalTime();
    // Week 1 holds 4 January; it begins on a Monday.
    const std::chrono::sys_days fourth = std::chrono::year(static_cast<int>(f_.year)) / 1 / 4;
    const auto monday = fourth - (std::chrono::weekday(fourth) - std::chrono::Monday);
    return at_day(monday + std::chrono::days((week - 1) * 7 + weekday - 1), f_);
  }

  // What may follow a date: nothing, or a time and a zone.
  bool clock() {
    if (at_end()) return true;
    if (take('z')) return at_end();
    const bool spaced = skip_spaces();
    if (!take('t') && !take('_') && !spaced) return s_[at_] == '+' && zone();
    skip_spaces();
    const int n = digits_ahead();
    if (n == 4 || n == 6) {
      f_.hour = number(2);
      f_.minute = number(2);
      if (n == 6) f_.second = number(2);
    } else {
      if (!small(f_.hour) || !take(':') || !small(f_.minute)) return false;
      if (take(':') && !small(f_.second)) return false;
    }
    return fraction_and_zone();
  }

  bool fraction_and_zone() {
    if (at_ + 1 < s_.size() && (s_[at_] == '.' || s_[at_] == ',') && is_digit(s_[at_ + 1])) {
      ++at_;
      std::int64_t scale = 100'000;
      for (; at_ < s_.size() && is_digit(s_[at_]); ++at_, scale /= 10) f_.micros += (s_[at_] - '0') * scale;
    }
    skip_spaces();
    return at_end() || zone();
  }

  bool zone() {
    if (take('z')) return at_end();
    const bool east = take('+');
    if (!east && !take('-')) return false;
    const int n = digits_ahead();
    if (n < 1 || n > 4) return false;
    const std::int64_t value = number(n);
    std::int64_t minutes = 0;
    if (n <= 2 && take(':') && !small(minutes)) return false;
    const auto offset = numeric_zone(value, n, minutes);
    if (!offset || !at_end()) return false;
    f_.zone_minutes = east ? *offset : -*offset;
    return true;
  }

  std::string_view s_;
  std::size_t at_ = 0;
  Fields f_;
};

struct Token {
  enum class Kind : std::uint8_t { number, word };
  Kind kind = Kind::word;
  bool used = false;
  bool spaced = false;  // white space stands before it
  char before = 0;      // the punctuation mark directly before it
  int digits = 0;
  std::int64_t value = 0;
  std::string_view word;  // lower case
  int month = 0;

  bool is_number() const { return kind == Kind::number; }
  bool is_word(std::string_view w) const { return kind == Kind::word && word == w; }
};

// "Thu, 01 Jan 2004 19:48:21 GMT" and its like, exactly: most dates of feeds are that.
class Rfc822 {
 public:
  explicit Rfc822(std::string_view s) : s_(s) {}

  // False: it is written in another way, or is impossible.
  bool read(OptionalTime& out) {
    if (s_.size() < 22) return false;
    if (!is_digit(s_[0])) {
      if (s_[3] != ',' || s_[4] != ' ' || !is_letter(0) || !is_letter(1) || !is_letter(2)) return false;
      at_ = 5;
    }
    const bool long_day = is_digit(s_[at_ + 1]);
    if (s_.size() < at_ + (long_day ? 21U : 20U)) return false;
    Fields f;
    if (!(long_day ? digits(2, f.day) : digits(1, f.day)) || !take(' ')) return false;
    f.month = date_words::month_of_three(s_.substr(at_, 3));
    at_ += 3;
    if (f.month == 0 || !take(' ') || !digits(4, f.year) || !take(' ')) return false;
    if (!digits(2, f.hour) || !take(':') || !digits(2, f.minute)) return false;
    if (take(':') && !digits(2, f.second)) return false;
    if (!take(' ') || !zone(f.zone_minutes)) return false;
    out = instant(f);
    return out.has_value();
  }

 private:
  bool is_letter(std::size_t i) const { return text::to_ascii_lower(s_[i]) >= 'a' && text::to_ascii_lower(s_[i]) <= 'z'; }
  bool take(char c) {
    if (at_ >= s_.size() || s_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool digits(std::size_t count, std::int64_t& out) {
    if (at_ + count > s_.size()) return false;
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i, ++at_) {
      if (!is_digit(s_[at_])) return false;
      value = value * 10 + (s_[at_] - '0');
    }
    out = value;
    return true;
  }
  bool zone(int& minutes) {
    const std::string_view rest = s_.substr(at_);
    if (rest == "GMT" || rest == "UTC" || rest == "Z" || rest == "UT") return true;
    if (rest.size() != 5 || (rest[0] != '+' && rest[0] != '-')) return false;
    ++at_;
    std::int64_t hours = 0;
    std::int64_t past = 0;
    if (!digits(2, hours) || !digits(2, past) || past > 59) return false;
    minutes = static_cast<int>(hours * 60 + past) * (rest[0] == '-' ? -1 : 1);
    return true;
  }

  std::string_view s_;
  std::size_t at_ = 0;
};

// Dates in words and all that is looser than ISO 8601.
class Loose {
 public:
  OptionalTime read(std::string_view s) {
    if (!tokenise(s)) return {};
    find_time();
    if (!find_marked_date() && !find_date_with_month_name() && !find_numeric_date()) return {};
    return instant(f_);
  }

 private:
  // The lower case of ASCII, Latin-1, Greek and Cyrillic letters, in place in the buffer.
  std::string_view lower(std::string_view s) {
    const std::size_t begin = buffer_size_;
    for (std::size_t i = 0; i < s.size(); ++i) {
      unsigned char c = static_cast<unsigned char>(s[i]);
      if (c == '.') continue;
      unsigned char next = i + 1 < s.size() ? static_cast<unsigned char>(s[i + 1]) : 0;
      if (c < 0x80) {
        put(static_cast<unsigned char>(text::to_ascii_lower(s[i])));
        continue;
      }
      if (c == 0xC3 && next >= 0x80 && next <= 0x9E) {  // À to Þ
        next = static_cast<unsigned char>(next + 0x20);
      } else if (c == 0xCE && next >= 0x91 && next <= 0x9F) {  // Α to Ο
        next = static_cast<unsigned char>(next + 0x20);
      } else if (c == 0xCE && next >= 0xA0 && next <= 0xA9) {  // Π to Ω
        c = 0xCF;
        next = static_cast<unsigned char>(next - 0x20);
      } else if (c == 0xCE && (next == 0x86 || (next >= 0x88 && next <= 0x8A))) {  // Ά Έ Ή Ί
        next = static_cast<unsigned char>(next == 0x86 ? 0xAC : next + 0x25);
      } else if (c == 0xD0 && next >= 0x90 && next <= 0x9F) {  // А to П
        next = static_cast<unsigned char>(next + 0x20);
      } else if (c == 0xD0 && next >= 0xA0 && next <= 0xAF) {  // Р to Я
        c = 0xD1;
        next = static_cast<unsigned char>(next - 0x20);
      }
      put(c);
      if (next != 0) {
        put(next);
        ++i;
      }
    }
    return {buffer_.data() + begin, buffer_size_ - begin};
  }
  void put(unsigned char c) { buffer_[buffer_size_++] = static_cast<char>(c); }

  // Comments in parentheses are passed over. False: too many tokens for a date.
  bool tokenise(std::string_view s) {
    const auto is_letter = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
    };
    bool spaced = true;
    char before = 0;
    for (std::size_t i = 0; i < s.size();) {
      if (s[i] == '(') {
        while (i < s.size() && s[i] != ')') ++i;
        if (i < s.size()) ++i;
        spaced = true;
        continue;
      }
      if (!is_digit(s[i]) && !is_letter(s[i])) {
        if (text::is_ascii_space(s[i])) {
          spaced = true;
        } else {
          before = s[i];
        }
        ++i;
        continue;
      }
      if (count_ == kMaxTokens) return false;
      Token& t = tokens_[count_++];
      t.spaced = spaced;
      t.before = before;
      const std::size_t begin = i;
      if (is_digit(s[i])) {
        t.kind = Token::Kind::number;
        for (; i < s.size() && is_digit(s[i]); ++i) {
          if (i - begin < 15) t.value = t.value * 10 + (s[i] - '0');
        }
        t.digits = static_cast<int>(i - begin);
      } else {
        while (i < s.size() && (is_letter(s[i]) || s[i] == '.')) ++i;
        t.word = lower(s.substr(begin, i - begin));
      }
      spaced = false;
      before = 0;
    }
    return count_ > 0;
  }

  Token* number_at(std::size_t i) { return i < count_ && tokens_[i].is_number() ? &tokens_[i] : nullptr; }
  std::int64_t use(Token& t) {
    t.used = true;
    return t.value;
  }

  void find_time() {
    for (std::size_t i = 0; i < count_; ++i) {
      Token* hour = number_at(i);
      if (hour == nullptr || hour->digits > 2) continue;
      std::size_t next = i + 1;
      if (next < count_ && (tokens_[next].is_word("h") || tokens_[next].is_word("시"))) ++next;
      Token* minute = number_at(next);
      if (minute == nullptr || minute->digits > 2 || (next == i + 1 && minute->before != ':')) continue;
      f_.hour = use(*hour);
      f_.minute = use(*minute);
      ++next;
      if (Token* second = number_at(next); second && second->before == ':' && second->digits <= 2) {
        f_.second = use(*second);
        ++next;
        Token* fraction = number_at(next);
        if (fraction && !fraction->spaced && (fraction->before == '.' || fraction->before == ',' || fraction->before == ':') &&
            fraction->digits <= 15) {
          std::int64_t micros = use(*fraction);
          for (int d = fraction->digits; d < 6; ++d) micros *= 10;
          for (int d = fraction->digits; d > 6; --d) micros /= 10;
          f_.micros = micros;
          ++next;
        }
      }
      if (i > 0) f_.half = half_at(i - 1);
      find_zone(next);
      return;
    }
  }

  Half half_at(std::size_t i) {
    const Half half = tokens_[i].is_number() ? Half::none : date_words::half_of_day(tokens_[i].word);
    if (half != Half::none) tokens_[i].used = true;
    return half;
  }

  void find_zone(std::size_t i) {
    if (i < count_ && f_.half == Half::none) {
      f_.half = half_at(i);
      if (f_.half != Half::none) ++i;
    }
    for (; i < count_; ++i) {
      Token& t = tokens_[i];
      if (!t.is_number()) {
        const auto zone = date_words::zone_minutes(t.word);
        if (!zone || date_words::month(t.word) != 0) continue;
        t.used = true;
        f_.zone_minutes = *zone;
        // "GMT+2" and "UTC +02:00": the figure says it.
        if (*zone != 0 || i + 1 >= count_ || (tokens_[i + 1].before != '+' && tokens_[i + 1].before != '-')) return;
        continue;
      }
      if (t.before != '+' && t.before != '-') continue;
      Token* minutes = t.digits <= 2 ? number_at(i + 1) : nullptr;
      if (minutes && (minutes->before != ':' || minutes->digits != 2)) minutes = nullptr;
      const auto zone = numeric_zone(t.value, t.digits, minutes ? minutes->value : 0);
      if (!zone) continue;
      t.used = true;
      if (minutes) minutes->used = true;
      f_.zone_minutes = t.before == '+' ? *zone : -*zone;
      return;
    }
  }

  // "2004년 05월 25일", "2004年5月25日".
  bool find_marked_date() {
    int found = 0;
    for (std::size_t i = 0; i + 1 < count_; ++i) {
      Token* n = number_at(i);
      if (n == nullptr || n->used) continue;
      const Token& mark = tokens_[i + 1];
      if (mark.is_word("년") || mark.is_word("年")) {
        f_.year = whole_year(n->value, n->digits);
        found |= 1;
      } else if (mark.is_word("월") || mark.is_word("月")) {
        f_.month = n->value;
        found |= 2;
      } else if (mark.is_word("일") || mark.is_word("日")) {
        f_.day = n->value;
        found |= 4;
      }
    }
    return found == 7;
  }

  // "31 Dec 2003", "Dec 31, 03", "Wed Dec 31 10:14:55 2003", "31-Dec-03", "2004-július-13".
  bool find_date_with_month_name() {
    std::size_t at = count_;
    for (std::size_t i = 0; i < count_; ++i) {
      Token& t = tokens_[i];
      if (t.is_number() || t.used) continue;
      t.month = date_words::month(t.word);
      if (t.month != 0) at = i;  // the last: "mar" and "mars" begin weekdays too
    }
    if (at == count_) return false;
    const Token* first = nullptr;
    const Token* second = nullptr;
    bool first_is_before = false;
    for (std::size_t i = 0; i < count_; ++i) {
      const Token& t = tokens_[i];
      if (!t.is_number() || t.used) continue;
      if (first == nullptr) {
        first = &t;
        first_is_before = i < at;
      } else if (second == nullptr) {
        second = &t;
      }
    }
    if (second == nullptr || first->digits > 4 || second->digits > 4) return false;
    const bool year_first = first->digits >= 3 || (first->value > 31 && first_is_before);
    const Token* year = year_first ? first : second;
    const Token* day = year_first ? second : first;
    f_.year = whole_year(year->value, year->digits);
    f_.month = tokens_[at].month;
    f_.day = day->value;
    return true;
  }

  // Year first where it has four digits; else 12/31/2003 as in the US, 31.12.2003 and 31-12-2003 as elsewhere, and
  // the other way round where only that is possible.
  bool find_numeric_date() {
    std::array<const Token*, 3> n{};
    std::size_t found = 0;
    for (std::size_t i = 0; i < count_ && found < 3; ++i) {
      if (tokens_[i].is_number() && !tokens_[i].used) n[found++] = &tokens_[i];
    }
    if (found == 1 && n[0]->digits == 8) {
      f_.year = n[0]->value / 10'000;
      f_.month = n[0]->value / 100 % 100;
      f_.day = n[0]->value % 100;
      return true;
    }
    if (found < 3 || n[1]->digits > 2) return false;
    const char mark = n[1]->before;
    if (mark != n[2]->before || (mark != '/' && mark != '-' && mark != '.')) return false;
    if (n[0]->digits == 4 || (mark == '-' && n[2]->digits == 2 && n[0]->digits == 2)) {
      f_.year = whole_year(n[0]->value, n[0]->digits);
      f_.month = n[1]->value;
      f_.day = n[2]->value;
      return true;
    }
    if (n[0]->digits > 2 || (n[2]->digits != 4 && n[2]->digits != 2)) return false;
    f_.year = whole_year(n[2]->value, n[2]->digits);
    f_.month = n[0]->value;
    f_.day = n[1]->value;
    const bool day_first = mark != '/' ? f_.day <= 12 : f_.month > 12;
    if (day_first) std::swap(f_.month, f_.day);
    return true;
  }

  std::array<Token, kMaxTokens> tokens_;
  std::size_t count_ = 0;
  std::array<char, 2 * kMaxLength> buffer_;
  std::size_t buffer_size_ = 0;
  Fields f_;
};

}  // namespace

OptionalTime parse_date(std::string_view text) {
  text = text::trim(text);
  if (text.empty() || text.size() > kMaxLength) return {};
  OptionalTime usual;
  if (Rfc822(text).read(usual)) return usual;
  if (is_digit(text[0])) {
    bool understood = false;
    const OptionalTime time = Iso(text).read(understood);
    if (understood) return time;
  }
  return Loose().read(text);
}

}  // namespace tidings
