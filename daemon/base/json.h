#pragma once
// JSON values and text, by Boost.JSON: for configuration, the wire and the terminal. Feeds are read with simdjson.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tidings::json {

using boost::json::array;
using boost::json::object;
using boost::json::serialize;
using boost::json::value;

// Reads one document; the error says where it breaks.
Result<value> parse(std::string_view text);

// The member as a string, or empty where it is missing or of another type.
std::string_view string_at(const object& object, std::string_view key);
// Likewise: as a number, or 0; as a truth, or false; as an object, or an empty one.
double number_at(const object& object, std::string_view key);
bool bool_at(const object& object, std::string_view key);
const object& object_at(const object& object, std::string_view key);

}  // namespace tidings::json
