#pragma once
// A parsed document for people: what it is, what was repaired, and its entries.

#include <string>

#include "cli/parse_document.h"

namespace tidings::cli {

std::string lint_text(const Parsed& parsed, const std::string& name);
std::string document_text(const Parsed& parsed, const std::string& name);

}  // namespace tidings::cli
