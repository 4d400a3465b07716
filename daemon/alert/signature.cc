#include "alert/signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include "base/base64.h"

namespace tidings::alert {
namespace {

constexpr std::string_view kSecretPrefix = "whsec_";
constexpr std::size_t kMinKeyBytes = 24;
constexpr std::size_t kMaxKeyBytes = 64;

std::string hmac_sha256(std::string_view key, std::string_view message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(message.data()),
       message.size(), digest.data(), &size);
  return to_base64(std::string_view(reinterpret_cast<const char*>(digest.data()), size));
}

}  // namespace

Result<std::string> decode_secret(std::string_view secret) {
  if (!secret.starts_with(kSecretPrefix)) return Error(Errc::invalid, "a webhook secret begins with whsec_");
  secret.remove_prefix(kSecretPrefix.size());
  std::string padded(secret);
  while (padded.size() % 4 != 0) padded += '=';
  std::string key(padded.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(key.data()),
                                   reinterpret_cast<const unsigned char*>(padded.data()), static_cast<int>(padded.size()));
  if (size < 0 || padded.empty()) return Error(Errc::invalid, "the webhook secret after whsec_ is not base64");
  // EVP_DecodeBlock counts the padding as zero bytes.
  key.resize(key.size() - static_cast<std::size_t>(std::count(padded.end() - 2, padded.end(), '=')));
  if (key.size() < kMinKeyBytes || key.size() > kMaxKeyBytes) {
    return Error(Errc::invalid, "a webhook secret has 24 to 64 bytes, this one has " + std::to_string(key.size()));
  }
  return key;
}

std::vector<std::pair<std::string, std::string>> signed_headers(std::string_view id, Time now, std::string_view payload,
                                                                const std::vector<std::string>& keys) {
  const std::string seconds = std::to_string(std::chrono::floor<Seconds>(now).time_since_epoch().count());
  std::vector<std::pair<std::string, std::string>> headers = {{"webhook-id", std::string(id)}, {"webhook-timestamp", seconds}};
  std::string message(id);
  message.append(".").append(seconds).append(".").append(payload);
  std::string signatures;
  for (const std::string& key : keys) {
    if (!signatures.empty()) signatures += ' ';
    signatures += "v1," + hmac_sha256(key, message);
  }
  if (!signatures.empty()) headers.emplace_back("webhook-signature", std::move(signatures));
  return headers;
}

}  // namespace tidings::alert
