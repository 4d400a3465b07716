#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "feed/entry.h"

namespace tidings::feed {
namespace {

// Up to `count` numbers divided by spaces or commas; how many there are.
int numbers(std::string_view s, double* out, int count) {
  int found = 0;
  const char* at = s.data();
  const char* end = at + s.size();
  while (at < end && found < count) {
    if (text::is_ascii_space(*at) || *at == ',' || *at == '+') {
      ++at;
      continue;
    }
    const auto [next, error] = std::from_chars(at, end, out[found]);
    if (error != std::errc()) return found;
    at = next;
    ++found;
  }
  return found;
}

void set(EntryParts& to, double latitude, double longitude) {
  if (to.has_position || !(std::abs(latitude) <= 90) || !(std::abs(longitude) <= 180)) return;
  to.latitude = latitude;
  to.longitude = longitude;
  to.has_position = true;
}

// The middle of the box round a line or an area: "latitude longitude latitude longitude ...".
void set_middle(EntryParts& to, std::string_view said) {
  constexpr int kMaxPoints = 256;
  double at[2 * kMaxPoints];
  const int count = numbers(said, at, 2 * kMaxPoints) / 2;
  if (count == 0) return;
  double low[2] = {at[0], at[1]};
  double high[2] = {at[0], at[1]};
  for (int i = 1; i < count; ++i) {
    for (int axis = 0; axis < 2; ++axis) {
      low[axis] = std::min(low[axis], at[2 * i + axis]);
      high[axis] = std::max(high[axis], at[2 * i + axis]);
    }
  }
  set(to, (low[0] + high[0]) / 2, (low[1] + high[1]) / 2);
}

// The first gml:pos or gml:posList below `n`: "latitude longitude".
void read_gml(const Reading& r, const Node& n, EntryParts& to) {
  for (const Node* c = r.tree().child(n); c; c = r.tree().next(*c)) {
    if (c->kind != Node::Kind::element) continue;
    double at[2];
    if (c->name == Name::pos && numbers(r.text(*c), at, 2) == 2) return set(to, at[0], at[1]);
    if (c->name == Name::poslist) return set_middle(to, r.text(*c));
    if (c->first_child != 0) read_gml(r, *c, to);
    if (to.has_position) return;
  }
}

}  // namespace

bool read_position(const Reading& r, const Node& n, EntryParts& to) {
  double at[2];
  switch (n.key()) {
    case key(Ns::georss, Name::point):
    case key(Ns::georss, Name::circle):
      if (numbers(r.text(n), at, 2) == 2) set(to, at[0], at[1]);
      return true;
    case key(Ns::georss, Name::box):
    case key(Ns::georss, Name::line):
    case key(Ns::georss, Name::polygon): set_middle(to, r.text(n)); return true;
    case key(Ns::georss, Name::where):
    case key(Ns::gml, Name::point): read_gml(r, n, to); return true;
    case key(Ns::geo, Name::point): {
      double latitude = 91;
      double longitude = 181;
      for (const Node* c = r.tree().child(n); c; c = r.tree().next(*c)) {
        if (c->name == Name::lat) numbers(r.text(*c), &latitude, 1);
        if (c->name == Name::long_ || c->name == Name::lon) numbers(r.text(*c), &longitude, 1);
      }
      set(to, latitude, longitude);
      return true;
    }
    default: return false;
  }
}

}  // namespace tidings::feed
