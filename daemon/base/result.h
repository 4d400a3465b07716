#pragma once
// A value or an Error: how every room says that the world did not do as asked.

#include <boost/system/result.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace tidings {

// The closed list of what can go wrong; what a caller may act on. The sentence is for people.
enum class Errc : std::uint8_t {
  invalid,      // the input breaks the rules of its format or of an option
  not_found,    // a file, name, host or key that is not there
  io,           // the file system or a descriptor failed
  network,      // connect, TLS, DNS, reset
  timeout,      // a time limit ran out
  too_large,    // a bound on size, count or depth was reached
  refused,      // policy says no: a private address, a redirect, a permission
  protocol,     // the peer broke its protocol
  unavailable,  // the peer is there but cannot serve now; trying again later can help
  cancelled,    // we are stopping, or the caller gave up
  corrupt,      // stored bytes do not check
  fenced,       // another writer owns what we write
};

std::string_view name_of(Errc code);

// One plain sentence, without a full stop at its end, that names the thing it is about
// (source, URL, file and line) and what to do where that is not obvious.
class Error {
 public:
  Error() = default;  // what Result::error() gives where there is none
  Error(Errc code, std::string message) : code_(code), message_(std::move(message)) {}
  Errc code() const { return code_; }
  const std::string& message() const { return message_; }

 private:
  Errc code_ = Errc::invalid;
  std::string message_;
};

template <class T>
using Result = boost::system::result<T, Error>;

// Called by Result::value() on an error: reached only where a caller did not look first.
[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::logic_error("unchecked error: " + error.message());
}

}  // namespace tidings
