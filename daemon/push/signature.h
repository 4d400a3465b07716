#pragma once
// X-Hub-Signature (WebSub, section 7.1): "method=hex", an HMAC of the body under the subscription's secret. Pure.

#include <string>
#include <string_view>

namespace tidings::push {

enum class Signature { good, wrong, missing };

// Methods: sha1, sha256, sha384, sha512. Compared in constant time; anything that is not understood is wrong.
Signature check_signature(std::string_view header, std::string_view secret, std::string_view body);

// As a hub writes it; empty for an unknown method.
std::string sign(std::string_view method, std::string_view secret, std::string_view body);

}  // namespace tidings::push
