#include "normalize/html_tree.h"

#include <gumbo.h>

#include <algorithm>
#include <csetjmp>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <vector>

#include "base/text.h"
#include "normalize/entities.h"
#include "normalize/html_elements.h"
#include "normalize/html_foreign.h"

namespace tidings::normalize {
namespace {

constexpr std::size_t kMaxInput = 512 * 1024;
constexpr std::ptrdiff_t kMaxTags = 6000;  // the worst nesting of so many takes gumbo well under a second
constexpr std::size_t kMaxMemory = 24 * 1024 * 1024;
constexpr std::size_t kMaxOutput = 4 * 1024 * 1024;

// Memory for one parse, freed as a whole: gumbo's own destructor recurses as deep as the tree. Where the bound is
// passed the parse is left by longjmp, over C frames only.
class Arena {
 public:
  void* take(std::size_t size) {
    size = (size + 15) & ~std::size_t{15};
    if (size > left_) {
      const std::size_t block = std::max(size, kBlock);
      if (used_ + block > kMaxMemory) std::longjmp(out_of_memory, 1);
      void* memory = std::malloc(block);
      if (memory == nullptr) std::longjmp(out_of_memory, 1);
      *static_cast<void**>(memory) = last_;
      last_ = memory;
      used_ += block;
      next_ = static_cast<char*>(memory) + 16;
      left_ = block - 16;
      if (size > left_) return take(size + 16);
    }
    char* const out = next_;
    next_ += size;
    left_ -= size;
    return out;
  }
  ~Arena() {
    while (last_ != nullptr) {
      void* const before = *static_cast<void**>(last_);
      std::free(last_);
      last_ = before;
    }
  }
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  std::jmp_buf out_of_memory;

 private:
  static constexpr std::size_t kBlock = 64 * 1024;
  void* last_ = nullptr;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t used_ = 0;
};

// Kept apart so that no object with a destructor lives between setjmp and longjmp.
GumboOutput* parse(const GumboOptions& options, Arena& arena, const char* html, std::size_t size) {
  if (setjmp(arena.out_of_memory) != 0) return nullptr;
  return gumbo_parse_with_options(&options, html, size);
}

std::string tag_name(const GumboElement& element) {
  if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
  GumboStringPiece original = element.original_tag;
  gumbo_tag_from_original_text(&original);
  if (original.data == nullptr) return {};
  std::string name = text::ascii_lower({original.data, original.length});
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '_';
  });
  return plain ? name : std::string();
}

class Writer {
 public:
  // Without recursion: trees are as deep as their documents.
  void write(const GumboNode* root) {
    std::vector<Frame> frames;
    frames.push_back({root, 0, {}});
    while (!frames.empty()) {
      Frame& top = frames.back();
      const GumboVector& children = top.node->v.element.children;
      if (top.next < children.length) {
        const auto* child = static_cast<const GumboNode*>(children.data[top.next++]);
        if (child->type == GUMBO_NODE_ELEMENT) {
          if (Frame frame{child, 0, {}}; open(child->v.element, frame.name)) frames.push_back(std::move(frame));
        } else if (child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_WHITESPACE || child->type == GUMBO_NODE_CDATA) {
          if (top.name == "iframe") {
            out += child->v.text.text;  // what those read who do not show frames: markup
          } else {
            escape_text(child->v.text.text, out);
          }
        }
      } else {
        if (!top.name.empty()) ((out += "</") += top.name) += '>';
        frames.pop_back();
      }
      if (out.size() > kMaxOutput) return;
    }
  }

  std::string out;

 private:
  struct Frame {
    const GumboNode* node;
    unsigned next;
    std::string name;  // empty: unwrapped
  };

  // False: the element is void or left out, and its children are not looked at.
  bool open(const GumboElement& element, std::string& name) {
    std::string tag = tag_name(element);
    const bool foreign = element.tag_namespace != GUMBO_NAMESPACE_HTML && foreign_namespace_of(tag).empty();
    const Element& known = foreign ? foreign_element_of(tag) : element_of(tag);
    if (known.is(kDropped)) return false;
    if (tag.empty()) return true;
    (out += '<') += tag;
    for (unsigned i = 0; i < element.attributes.length; ++i) {
      const auto* attribute = static_cast<const GumboAttribute*>(element.attributes.data[i]);
      const std::string_view key = attribute->name;
      if (key.find_first_of("<>\"'`=/ \t\n\f\r") != std::string_view::npos) continue;
      out += ' ';
      if (attribute->attr_namespace == GUMBO_ATTR_NAMESPACE_XLINK) out += "xlink:";
      (out += key) += "=\"";
      escape_attribute(attribute->value, out);
      out += '"';
    }
    out += '>';
    if (known.is(kVoid)) return false;
    if (tag == "pre" || tag == "textarea" || tag == "listing") out += '\n';  // that the standard drops
    name = std::move(tag);
    return true;
  }
};

}  // namespace

std::optional<std::string> straighten_html(std::string_view html) {
  if (html.size() > kMaxInput || std::count(html.begin(), html.end(), '<') > kMaxTags) return std::nullopt;
  Arena arena;
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = [](void* context, std::size_t size) { return static_cast<Arena*>(context)->take(size); };
  options.deallocator = [](void*, void*) {};
  options.userdata = &arena;
  options.max_errors = 0;
  options.fragment_context = GUMBO_TAG_DIV;
  const GumboOutput* tree = parse(options, arena, html.data(), html.size());
  if (tree == nullptr || tree->root == nullptr) return std::nullopt;
  Writer writer;
  writer.write(tree->root);
  if (writer.out.size() > kMaxOutput) return std::nullopt;
  // gumbo 0.10 overflows on references such as &#x9999909999; and writes half a character.
  if (!text::is_valid_utf8(writer.out)) return text::repair_utf8(writer.out);
  return std::move(writer.out);
}

}  // namespace tidings::normalize
