#pragma once
// The protocol of exec plugins: JSON lines both ways. Pure.
//
//   host to child   {"type":"poll","source":ID,"url":URL,"cursor":TEXT,"options":{...}}   options: the source's own `settings`
//   child to host   {"type":"feed","title":...,"language":...,"home_page_url":...}     at most once
//                   {"type":"item", ...}   an item of JSON Feed 1.1: id, url, title, content_html, content_text, summary,
//                                          date_published, date_modified, authors, tags, language, image, attachments;
//                                          a date may be a number of seconds or milliseconds since 1970
//                   {"type":"done","cursor":TEXT}     the poll is over
// `type` may be left out of an item. A child that is run once for each poll may leave "done" out: its end is the end.
// Standard error goes to the log; a line that begins with "E! ", "W! ", "I! " or "D! " names its level.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "model/entry.h"
#include "model/source.h"
#include "plugin/document_limits.h"

namespace tidings::plugin {

// Cuts bytes into lines. A line over the bound is dropped as it comes, up to its end, and counted.
class LineSplitter {
 public:
  explicit LineSplitter(std::size_t max_line_bytes) : max_line_bytes_(max_line_bytes) {}
  // The lines that are whole now, without their ends; empty ones are left out.
  std::vector<std::string> add(std::string_view bytes);
  // What stands without a line's end at the end of the stream.
  std::string rest();
  std::size_t dropped() const { return dropped_; }

 private:
  std::size_t max_line_bytes_;
  std::string line_;
  bool dropping_ = false;
  std::size_t dropped_ = 0;
};

// One line, with its end.
std::string poll_line(const model::Source& source, std::string_view cursor);

// Gathers the lines of one poll.
class ExecReply {
 public:
  explicit ExecReply(DocumentLimits limits = {}) : limits_(limits) {}

  // The error names what is wrong with the line; the poll is then over.
  Result<void> add(std::string_view line);
  bool done() const { return done_; }
  const model::Document& document() const { return document_; }
  model::Document take() { return std::move(document_); }

 private:
  DocumentLimits limits_;
  model::Document document_;
  bool done_ = false;
};

struct LogLine {
  LogLevel level = LogLevel::info;
  std::string_view text;
};
LogLine log_line(std::string_view line);

}  // namespace tidings::plugin
