#include "plugin/exports.h"

#include <elf.h>
#include <fmt/format.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

namespace tidings::plugin {
namespace {

template <class T>
std::optional<T> at(std::string_view bytes, std::size_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value{};
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

bool is_offered(const Elf64_Sym& symbol) {
  const unsigned char bind = ELF64_ST_BIND(symbol.st_info);
  const unsigned char visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return symbol.st_shndx != SHN_UNDEF && (bind == STB_GLOBAL || bind == STB_GNU_UNIQUE) && (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

bool is_of_the_tools(std::string_view name) {
  return name.empty() || name.starts_with("__odr_asan") || name.starts_with("__asan_") || name == "_init" || name == "_fini" || name == "_edata" ||
         name == "_end" || name == "__bss_start";
}

}  // namespace

Result<std::vector<std::string>> exported_symbols(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in) return Error(Errc::not_found, fmt::format("{} cannot be read", file));
  const auto header = at<Elf64_Ehdr>(bytes, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_ident[EI_CLASS] != ELFCLASS64) {
    return Error(Errc::invalid, fmt::format("{} is no shared object of 64 bits", file));
  }
  std::vector<std::string> names;
  for (std::size_t i = 0; i < header->e_shnum; ++i) {
    const auto section = at<Elf64_Shdr>(bytes, header->e_shoff + i * sizeof(Elf64_Shdr));
    if (!section || section->sh_type != SHT_DYNSYM) continue;
    const auto strings = at<Elf64_Shdr>(bytes, header->e_shoff + section->sh_link * sizeof(Elf64_Shdr));
    for (std::size_t offset = 0; strings && offset + sizeof(Elf64_Sym) <= section->sh_size; offset += sizeof(Elf64_Sym)) {
      const auto symbol = at<Elf64_Sym>(bytes, section->sh_offset + offset);
      if (!symbol) break;
      const std::size_t name = strings->sh_offset + symbol->st_name;
      if (!is_offered(*symbol) || name >= bytes.size()) continue;
      const std::string_view text = std::string_view(bytes).substr(name);
      const std::string_view one = text.substr(0, text.find('\0'));
      if (!is_of_the_tools(one)) names.emplace_back(one);
    }
  }
  return names;
}

}  // namespace tidings::plugin
