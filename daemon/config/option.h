#pragma once
// The option table: one row an option, from which come reading, checks, documentation and differences. A row is bound
// to a member of a plain struct; its default is what that struct has when it is made.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/shared.h"

namespace tidings::config {

enum class Kind : std::uint8_t { boolean, integer, number, duration, size, text, path, url, texts, integers, pairs };

// A value as the table passes it: durations in microseconds, sizes in bytes. monostate: not set.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>, std::vector<std::int64_t>,
                           std::map<std::string, std::string>>;

// What a row says of its option, whatever it is bound to.
struct Description {
  std::string section;  // "http"; empty: at the top of the file or table
  std::string key;
  Kind kind = Kind::text;
  double min = 0;  // of integer, integers, number, duration (microseconds) and size (bytes)
  double max = 0;
  std::int64_t unit = 1;             // duration: microseconds in the unit of the member, which holds whole ones
  std::vector<std::string> choices;  // text: the only values; empty: any
  bool is_required = false;
  bool is_live = false;  // a reload applies it; otherwise it waits for a restart
  bool may_be_empty = false;      // url: "" stands for none
  bool may_be_websocket = false;  // url: ws:// and wss:// too
  std::string help;      // one sentence

  std::string path() const { return section.empty() ? key : section + "." + key; }
};

// A TOML basic string; what is not UTF-8 is repaired.
std::string toml_string(std::string_view text);
// The value as TOML text: `"90s"`, `16`, `["a", "b"]`. Empty for monostate.
std::string to_toml(const Value& value, const Description& option);
// The value as people read it in a sentence or a shell: 90s, 16, a b, k=v.
std::string to_text(const Value& value, const Description& option);

template <class Root>
struct Option : Description {
  std::function<void(Root&, const Value&)> set;  // the value fits kind, range and choices
  std::function<Value(const Root&)> get;

  Option& live() { return is_live = true, *this; }
  Option& required() { return is_required = true, *this; }
  Option& or_empty() { return may_be_empty = true, *this; }
  Option& or_websocket() { return may_be_websocket = true, *this; }
};

template <class Root>
using Table = std::vector<Option<Root>>;

namespace detail {

template <class T>
struct IsDuration : std::false_type {};
template <class Rep, class Period>
struct IsDuration<std::chrono::duration<Rep, Period>> : std::true_type {};
template <class T>
struct IsIntegers : std::false_type {};
template <class T>
struct IsIntegers<std::vector<T>> : std::is_integral<T> {};
template <class T>
struct Unwrapped {
  using Type = T;
  static constexpr bool kOptional = false;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using Type = T;
  static constexpr bool kOptional = true;
};

template <class T>
Value to_value(const T& member) {
  if constexpr (Unwrapped<T>::kOptional) {
    return member ? to_value(*member) : Value();
  } else if constexpr (IsDuration<T>::value) {
    return static_cast<std::int64_t>(std::chrono::duration_cast<Micros>(member).count());
  } else if constexpr (std::is_same_v<T, bool> || std::is_floating_point_v<T>) {
    return member;
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<std::int64_t>(member);
  } else if constexpr (IsIntegers<T>::value) {
    return std::vector<std::int64_t>(member.begin(), member.end());
  } else {
    return member;
  }
}

template <class T>
void from_value(T& member, const Value& value) {
  if constexpr (Unwrapped<T>::kOptional) {
    from_value(member.emplace(), value);
  } else if constexpr (IsDuration<T>::value) {
    member = std::chrono::duration_cast<T>(Micros(std::get<std::int64_t>(value)));
  } else if constexpr (std::is_same_v<T, bool> || std::is_floating_point_v<T>) {
    member = std::get<T>(value);
  } else if constexpr (std::is_integral_v<T>) {
    member = static_cast<T>(std::get<std::int64_t>(value));
  } else if constexpr (IsIntegers<T>::value) {
    member.clear();
    for (const auto number : std::get<std::vector<std::int64_t>>(value)) member.push_back(static_cast<typename T::value_type>(number));
  } else {
    member = std::get<T>(value);
  }
}

template <class T>
struct Unshared {
  using Type = T;
};
template <class T>
struct Unshared<Shared<T>> {
  using Type = T;
};

}  // namespace detail

// Adds the rows of one section, each bound to a member of Part: the part of Root that `part` points to, as Part or as
// Shared<Part>, or Root itself.
template <class Root, class Held, class Part = typename detail::Unshared<Held>::Type>
class Section {
 public:
  Section(Table<Root>& table, std::string name, Held Root::*part) : table_(table), name_(std::move(name)), part_(part) {}
  explicit Section(Table<Root>& table)
    requires std::is_same_v<Root, Held>
      : table_(table) {}

  Option<Root>& flag(std::string_view key, bool Part::*member, std::string_view help) {
    return bind(key, Kind::boolean, member, help);
  }
  template <class T>
  Option<Root>& integer(std::string_view key, T Part::*member, std::int64_t min, std::int64_t max, std::string_view help) {
    return bounded(bind(key, Kind::integer, member, help), static_cast<double>(min), static_cast<double>(max));
  }
  template <class T>
  Option<Root>& number(std::string_view key, T Part::*member, double min, double max, std::string_view help) {
    return bounded(bind(key, Kind::number, member, help), min, max);
  }
  template <class T>
  Option<Root>& duration(std::string_view key, T Part::*member, Micros min, Micros max, std::string_view help) {
    auto& option = bounded(bind(key, Kind::duration, member, help), static_cast<double>(min.count()), static_cast<double>(max.count()));
    option.unit = std::chrono::duration_cast<Micros>(typename detail::Unwrapped<T>::Type(1)).count();
    return option;
  }
  template <class T>
  Option<Root>& size(std::string_view key, T Part::*member, std::int64_t min, std::int64_t max, std::string_view help) {
    return bounded(bind(key, Kind::size, member, help), static_cast<double>(min), static_cast<double>(max));
  }
  Option<Root>& text(std::string_view key, std::string Part::*member, std::string_view help) {
    return bind(key, Kind::text, member, help);
  }
  Option<Root>& choice(std::string_view key, std::string Part::*member, std::vector<std::string> choices, std::string_view help) {
    auto& option = bind(key, Kind::text, member, help);
    option.choices = std::move(choices);
    return option;
  }
  template <class E>
    requires std::is_enum_v<E>
  Option<Root>& choice(std::string_view key, E Part::*member, std::vector<std::pair<std::string, E>> names, std::string_view help) {
    auto& option = describe(key, Kind::text, help);
    for (const auto& [name, value] : names) option.choices.push_back(name);
    option.set = [part = part_, member, names](Root& root, const Value& value) {
      for (const auto& [name, one] : names) {
        if (name == std::get<std::string>(value)) in(root, part).*member = one;
      }
    };
    option.get = [part = part_, member, names](const Root& root) -> Value {
      for (const auto& [name, one] : names) {
        if (in(root, part).*member == one) return name;
      }
      return {};
    };
    return option;
  }
  // A path is taken relative to the folder of the file that names it.
  Option<Root>& path(std::string_view key, std::string Part::*member, std::string_view help) {
    return bind(key, Kind::path, member, help);
  }
  // An absolute http or https URL.
  Option<Root>& url(std::string_view key, std::string Part::*member, std::string_view help) {
    return bind(key, Kind::url, member, help);
  }
  Option<Root>& texts(std::string_view key, std::vector<std::string> Part::*member, std::string_view help) {
    return bind(key, Kind::texts, member, help);
  }
  template <class T>
  Option<Root>& integers(std::string_view key, std::vector<T> Part::*member, std::int64_t min, std::int64_t max, std::string_view help) {
    return bounded(bind(key, Kind::integers, member, help), static_cast<double>(min), static_cast<double>(max));
  }
  // A table of strings.
  Option<Root>& pairs(std::string_view key, std::map<std::string, std::string> Part::*member, std::string_view help) {
    return bind(key, Kind::pairs, member, help);
  }

 private:
  static const Part& in(const Root& root, Held Root::*part) {
    if constexpr (std::is_same_v<Root, Held>) {
      return root;
    } else if constexpr (std::is_same_v<Held, Part>) {
      return root.*part;
    } else {
      return *(root.*part);
    }
  }
  static Part& in(Root& root, Held Root::*part) {
    if constexpr (std::is_same_v<Root, Held>) {
      return root;
    } else if constexpr (std::is_same_v<Held, Part>) {
      return root.*part;
    } else {
      return (root.*part).edit();
    }
  }
  Option<Root>& describe(std::string_view key, Kind kind, std::string_view help) {
    auto& option = table_.emplace_back();
    option.section = name_;
    option.key = key;
    option.kind = kind;
    option.help = help;
    return option;
  }
  template <class T>
  Option<Root>& bind(std::string_view key, Kind kind, T Part::*member, std::string_view help) {
    auto& option = describe(key, kind, help);
    option.set = [part = part_, member](Root& root, const Value& value) { detail::from_value(in(root, part).*member, value); };
    option.get = [part = part_, member](const Root& root) { return detail::to_value(in(root, part).*member); };
    return option;
  }
  static Option<Root>& bounded(Option<Root>& option, double min, double max) {
    option.min = min;
    option.max = max;
    return option;
  }

  Table<Root>& table_;
  std::string name_;
  Held Root::*part_ = nullptr;
};

}  // namespace tidings::config
