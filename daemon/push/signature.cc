#include "push/signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/text.h"

namespace tidings::push {
namespace {

const EVP_MD* method_of(std::string_view name) {
  if (text::equal_ignoring_case(name, "sha1")) return EVP_sha1();
  if (text::equal_ignoring_case(name, "sha256")) return EVP_sha256();
  if (text::equal_ignoring_case(name, "sha384")) return EVP_sha384();
  if (text::equal_ignoring_case(name, "sha512")) return EVP_sha512();
  return nullptr;
}

std::string hmac(const EVP_MD* method, std::string_view secret, std::string_view body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(method, secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data(), &size);
  return text::to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), size));
}

}  // namespace

std::string sign(std::string_view method, std::string_view secret, std::string_view body) {
  const EVP_MD* known = method_of(method);
  return known == nullptr ? std::string() : std::string(method) + "=" + hmac(known, secret, body);
}

Signature check_signature(std::string_view header, std::string_view secret, std::string_view body) {
  header = text::trim(header);
  if (header.empty()) return Signature::missing;
  const auto equals = header.find('=');
  if (equals == std::string_view::npos) return Signature::wrong;
  const EVP_MD* method = method_of(text::trim(header.substr(0, equals)));
  if (method == nullptr) return Signature::wrong;
  const std::string given = text::ascii_lower(text::trim(header.substr(equals + 1)));
  const std::string right = hmac(method, secret, body);
  if (given.size() != right.size()) return Signature::wrong;
  return CRYPTO_memcmp(given.data(), right.data(), right.size()) == 0 ? Signature::good : Signature::wrong;
}

}  // namespace tidings::push
