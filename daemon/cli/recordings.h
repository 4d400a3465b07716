#pragma once
// Recorded feeds: a folder with a folder for each outlet, and in it a file for each time its feed was fetched, named by
// that time (20200421T202045Z.xml).

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace tidings::cli {

struct Snapshot {
  Time fetched;
  std::filesystem::path file;
};

// By outlet, each in the order of time, at least one.
using Recordings = std::map<std::string, std::vector<Snapshot>, std::less<>>;

// 20200421T202045Z, with whatever ending.
OptionalTime snapshot_time(std::string_view file_name);

// Files with other names are passed over. The error says that there is no recording in the folder.
Result<Recordings> find_recordings(const std::filesystem::path& folder);

// The index of the last snapshot that was fetched by then; the first where there is none.
std::size_t snapshot_at(const std::vector<Snapshot>& snapshots, Time time);

}  // namespace tidings::cli
