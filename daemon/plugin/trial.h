#pragma once
// Calls a plugin as the host does, from guarded memory, and notes where its answer breaks the rules of plugin.h.

#include <tidings/plugin.h>

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/entry.h"
#include "plugin/guarded_bytes.h"

namespace tidings::plugin {

struct Answer {
  int status = TIDINGS_OK;
  model::Document document;
  std::size_t entries = 0;
  std::string fault;  // the first rule that was broken, as a sentence that follows "the plugin"; empty: none

  bool is_ok() const { return status == TIDINGS_OK || status == TIDINGS_STOPPED; }
};

// How a call differs from the usual.
struct CallForm {
  std::size_t stop_after = std::numeric_limits<std::size_t>::max();  // entries
  std::size_t response_size = sizeof(tidings_response);              // as an older host would state it
  std::size_t sink_size = sizeof(tidings_sink);
  int http_status = 200;
  std::string_view content_type;
  std::string_view tag;
};

// An instance; what it was given is kept, and cannot be read any more once the call has returned.
class Subject {
 public:
  // `source_size` as an older host would state it. `made` says what came of it.
  Subject(const tidings_plugin& abi, std::string_view url, std::string_view options, std::size_t source_size = sizeof(tidings_source));
  ~Subject();
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  const Answer& made() const { return made_; }

  Answer requests(std::string_view cursor);
  Answer parse(std::string_view body, const CallForm& form = {});
  Answer on_event(std::string_view type, std::string_view payload);

 private:
  const char* hold(std::string_view bytes, std::size_t padding = 0);
  tidings_str held(std::string_view text, std::size_t padding = 0);
  void forget();

  const tidings_plugin& abi_;
  Answer made_;
  void* instance_ = nullptr;
  std::vector<std::unique_ptr<GuardedBytes>> memory_;
  std::size_t forgotten_ = 0;
};

// All that an answer says, as text: equal for equal answers.
std::string picture(const Answer& answer);

}  // namespace tidings::plugin
