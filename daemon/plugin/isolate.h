#pragma once
// Runs a function in a forked process, so that what crashes, hangs or exits there costs nothing here.

#include <chrono>
#include <functional>
#include <string>

namespace tidings::plugin {

// Where the function says, from inside its process, what it is about to do.
class Steps {
 public:
  explicit Steps(int to) : to_(to) {}
  void begin(const std::string& step) const;

 private:
  int to_;
};

struct Isolated {
  bool came_back = false;
  std::string result;  // what the function returned, where it came back
  std::string end;     // how it ended otherwise: "it crashed with Segmentation fault"
  std::string step;    // the last step that was begun
};

// Only while the process has no other threads. Standard output of the function goes nowhere.
Isolated run_isolated(const std::function<std::string(const Steps&)>& function, std::chrono::seconds limit);

}  // namespace tidings::plugin
