#include "cli/recordings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace tidings::cli {

OptionalTime snapshot_time(std::string_view name) {
  if (name.size() < 16 || name[8] != 'T' || name[15] != 'Z') return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t width, int& out) {
    const char* end = name.data() + at + width;
    const auto read = std::from_chars(name.data() + at, end, out);
    return read.ec == std::errc() && read.ptr == end;
  };
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!number(0, 4, year) || !number(4, 2, month) || !number(6, 2, day) || !number(9, 2, hour) || !number(11, 2, minute) ||
      !number(13, 2, second)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return Time(std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) + Seconds(second));
}

Result<Recordings> find_recordings(const std::filesystem::path& folder) {
  Recordings found;
  std::error_code error;
  for (std::filesystem::directory_iterator outlets(folder, error), end; !error && outlets != end; outlets.increment(error)) {
    if (!outlets->is_directory()) continue;
    std::vector<Snapshot> snapshots;
    std::error_code inner;
    for (std::filesystem::directory_iterator files(outlets->path(), inner); !inner && files != end; files.increment(inner)) {
      if (const auto time = snapshot_time(files->path().filename().string())) snapshots.push_back({*time, files->path()});
    }
    std::sort(snapshots.begin(), snapshots.end(), [](const Snapshot& a, const Snapshot& b) { return a.fetched < b.fetched; });
    if (!snapshots.empty()) found.emplace(outlets->path().filename().string(), std::move(snapshots));
  }
  if (error) return Error(Errc::io, fmt::format("cannot read the folder {}: {}", folder.string(), error.message()));
  if (found.empty()) {
    return Error(Errc::not_found, fmt::format("{} holds no recording: it wants OUTLET/20200421T202045Z.xml", folder.string()));
  }
  return found;
}

std::size_t snapshot_at(const std::vector<Snapshot>& snapshots, Time time) {
  const auto after = std::upper_bound(snapshots.begin(), snapshots.end(), time, [](Time t, const Snapshot& s) { return t < s.fetched; });
  return after == snapshots.begin() ? 0 : static_cast<std::size_t>(after - snapshots.begin()) - 1;
}

}  // namespace tidings::cli
