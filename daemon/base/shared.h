#pragma once
// Shared: a value that its copies have in common until one of them is changed.

#include <memory>

namespace tidings {

// Copies may be read from any thread; one that is changed is its owner's alone.
template <class T>
class Shared {
 public:
  Shared() : value_(the_default()) {}

  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }
  // Its own from now on, to be changed at once: what is held on to would change later copies as well.
  T& edit() {
    if (value_.use_count() > 1) value_ = std::make_shared<T>(*value_);
    return *value_;
  }

  bool operator==(const Shared& other) const { return value_ == other.value_ || *value_ == *other.value_; }

 private:
  static const std::shared_ptr<T>& the_default() {
    static const auto value = std::make_shared<T>();
    return value;
  }
  std::shared_ptr<T> value_;
};

}  // namespace tidings
