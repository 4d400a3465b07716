#pragma once
// Self-signed certificates, made when the test runs.

#include <string>

namespace tidings::test {

struct Certificate {
  std::string pem;  // its own authority
  std::string key_pem;
};

// For this host name or IP address; valid for a day from `begins_days` days from now.
Certificate make_certificate(const std::string& host, int begins_days = 0);

}  // namespace tidings::test
