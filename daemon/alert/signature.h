#pragma once
// Signatures of webhooks by the Standard Webhooks specification 1.0: HMAC-SHA256 over "id.timestamp.payload".
// https://www.standardwebhooks.com

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace tidings::alert {

// The key in "whsec_<base64>", 24 to 64 bytes.
Result<std::string> decode_secret(std::string_view secret);

// The headers webhook-id, webhook-timestamp and webhook-signature; the last has one signature for each key, so that a
// receiver that knows the old or the new one can check it, and is left out where there is no key.
std::vector<std::pair<std::string, std::string>> signed_headers(std::string_view id, Time now, std::string_view payload,
                                                                const std::vector<std::string>& keys);

}  // namespace tidings::alert
