#include "normalize/html_elements.h"

#include <algorithm>
#include <iterator>

namespace tidings::normalize {
namespace {

constexpr std::uint32_t A = kAllowed;
constexpr std::uint32_t kParagraphBlock = kAllowed | kClosesP | kBlock | kParagraph;
constexpr std::uint32_t kPlainBlock = kAllowed | kClosesP | kBlock;

// In the order of std::string_view, checked below.
constexpr Element kElements[] = {
    {"a", A | kFormatting, kAnchor},
    {"abbr", A},
    {"acronym", A},
    {"address", kPlainBlock},
    {"applet", kDropped},
    {"area", A | kVoid},
    {"article", kParagraphBlock},
    {"aside", kParagraphBlock},
    {"audio", A | kHidden},
    {"b", A | kFormatting},
    {"base", kVoid},
    {"bdi", A},
    {"bdo", A},
    {"bgsound", kVoid},
    {"big", A | kFormatting},
    {"blockquote", kParagraphBlock},
    {"body", kIgnored},
    {"br", A | kVoid},
    {"button", A | kScope, kButton},
    {"canvas", A | kHidden},
    {"caption", A | kBlock | kScope | kTablePart | kImpliedEnd, kCaption},
    {"center", kPlainBlock},
    {"cite", A},
    {"code", A | kFormatting},
    {"col", A | kVoid | kTablePart},
    {"colgroup", A | kTablePart | kTableGap | kImpliedEnd, kCaption},
    {"command", A | kVoid},
    {"data", A},
    {"datagrid", A},
    {"datalist", A | kHidden, kSelect},
    {"dd", kPlainBlock | kImpliedEnd, kDtDd},
    {"del", A},
    {"details", kPlainBlock},
    {"dfn", A},
    {"dialog", kPlainBlock},
    {"dir", kParagraphBlock, kList},
    {"div", kPlainBlock},
    {"dl", kParagraphBlock, kDl},
    {"dt", kPlainBlock | kImpliedEnd, kDtDd},
    {"em", A | kFormatting},
    {"embed", kVoid},
    {"event-source", A},
    {"fieldset", kPlainBlock},
    {"figcaption", kPlainBlock},
    {"figure", kParagraphBlock},
    {"font", A | kFormatting},
    {"footer", kPlainBlock},
    {"form", kPlainBlock | kTablePart},
    {"frame", kVoid},
    {"frameset", kIgnored},
    {"h1", kParagraphBlock},
    {"h2", kParagraphBlock},
    {"h3", kParagraphBlock},
    {"h4", kParagraphBlock},
    {"h5", kParagraphBlock},
    {"h6", kParagraphBlock},
    {"head", kIgnored},
    {"header", kPlainBlock},
    {"hgroup", kPlainBlock},
    {"hr", kParagraphBlock | kVoid},
    {"html", kIgnored},
    {"i", A | kFormatting},
    {"iframe", 0},
    {"image", kNeedsTree},
    {"img", A | kVoid},
    {"input", A | kVoid | kTablePart},
    {"ins", A},
    {"isindex", kNeedsTree},
    {"kbd", A},
    {"keygen", A | kVoid},
    {"label", A},
    {"legend", kPlainBlock},
    {"li", kPlainBlock | kImpliedEnd, kLi},
    {"link", kVoid},
    {"listing", kNeedsTree | kClosesP | kBlock},
    {"m", A},
    {"main", kPlainBlock},
    {"map", A},
    {"mark", A},
    {"math", A | kForeign},
    {"menu", kParagraphBlock, kList},
    {"meta", kVoid},
    {"meter", A},
    {"multicol", A},
    {"nav", kPlainBlock},
    {"nextid", A},
    {"noembed", kDropped | kRawText},
    {"noframes", kDropped | kRawText},
    {"noscript", A | kHidden},
    {"ol", kParagraphBlock, kList},
    {"optgroup", A | kImpliedEnd, kOptgroup},
    {"option", A | kImpliedEnd | kBlock, kOption},
    {"output", A},
    {"p", kParagraphBlock | kImpliedEnd, kP},
    {"param", kVoid},
    {"plaintext", kNeedsTree | kDropped | kRawText},
    {"pre", kParagraphBlock},
    {"progress", A},
    {"q", A},
    {"rb", A},
    {"rp", A},
    {"rt", A},
    {"rtc", A},
    {"ruby", A},
    {"s", A | kFormatting},
    {"samp", A},
    {"script", kDropped | kRawText | kTablePart},
    {"section", kParagraphBlock},
    {"select", A | kHidden, kSelect},
    {"small", A | kFormatting},
    {"sound", A},
    {"source", A | kVoid},
    {"spacer", A},
    {"span", A},
    {"strike", A | kFormatting},
    {"strong", A | kFormatting},
    {"style", kDropped | kRawText | kTablePart},
    {"sub", A},
    {"summary", kPlainBlock},
    {"sup", A},
    {"svg", A | kForeign | kHidden},
    {"table", kParagraphBlock | kScope | kTableGap, kTable},
    {"tbody", A | kTablePart | kTableGap | kImpliedEnd, kRowGroup},
    {"td", A | kScope | kTablePart | kImpliedEnd, kCell},
    {"template", kNeedsTree | kDropped},
    {"textarea", A | kRcdata | kHidden},
    {"tfoot", A | kTablePart | kTableGap | kImpliedEnd, kRowGroup},
    {"th", A | kScope | kTablePart | kImpliedEnd, kCell},
    {"thead", A | kTablePart | kTableGap | kImpliedEnd, kRowGroup},
    {"time", A},
    {"title", kDropped | kRcdata},
    {"tr", A | kBlock | kTablePart | kTableGap | kImpliedEnd, kRow},
    {"track", kVoid},
    {"tt", A | kFormatting},
    {"u", A | kFormatting},
    {"ul", kParagraphBlock, kList},
    {"var", A},
    {"video", A | kHidden},
    {"wbr", A | kVoid},
    {"xmp", kDropped | kRawText},
};

constexpr std::string_view kAttributes[] = {
    "abbr", "accept", "accept-charset", "accesskey", "action", "align", "alt", "autocomplete", "autofocus", "axis",
    "background", "balance", "bgcolor", "bgproperties", "border", "bordercolor", "bordercolordark", "bordercolorlight",
    "bottompadding", "cellpadding", "cellspacing", "ch", "challenge", "char", "charoff", "charset", "checked", "choff",
    "cite", "class", "clear", "color", "cols", "colspan", "compact", "contenteditable", "controls", "coords", "data",
    "datafld", "datapagesize", "datasrc", "datetime", "default", "delay", "dir", "disabled", "draggable", "dynsrc",
    "enctype", "end", "face", "for", "form", "frame", "galleryimg", "gutter", "headers", "height", "hidden", "hidefocus",
    "high", "href", "hreflang", "hspace", "icon", "id", "inputmode", "ismap", "keytype", "label", "lang", "leftspacing",
    "list", "longdesc", "loop", "loopcount", "loopend", "loopstart", "low", "lowsrc", "max", "maxlength", "media",
    "method", "min", "multiple", "name", "nohref", "noshade", "nowrap", "open", "optimum", "pattern",
    "point-size", "poster", "pqg", "preload", "prompt", "radiogroup", "readonly", "rel", "repeat-max", "repeat-min",
    "replace", "required", "rev", "rightspacing", "rows", "rowspan", "rules", "scope", "selected", "shape", "size",
    "span", "src", "start", "step", "style", "summary", "suppress", "tabindex", "target", "template", "title",
    "toppadding", "type", "unselectable", "urn", "usemap", "valign", "value", "variable", "volume", "vrml", "vspace",
    "width", "wrap", "xml:lang",
};

constexpr std::string_view kUrlAttributes[] = {
    "action", "background", "cite", "data", "datasrc", "dynsrc", "href", "icon", "longdesc", "lowsrc", "poster",
    "src", "template", "urn", "usemap", "vrml",
};

constexpr std::string_view kSchemes[] = {
    "aim", "callto", "facetime", "feed", "ftp", "ftps", "geo", "git", "gopher", "http", "https", "irc", "ircs", "magnet",
    "mailto", "mms", "news", "nntp", "rtsp", "rtspu", "sftp", "sip", "sips", "skype", "sms", "ssh", "svn", "tel", "telnet",
    "webcal", "xmpp",
};

template <std::size_t N>
constexpr bool is_sorted(const std::string_view (&names)[N]) {
  return std::is_sorted(std::begin(names), std::end(names));
}
static_assert(std::is_sorted(std::begin(kElements), std::end(kElements),
                             [](const Element& a, const Element& b) { return a.name < b.name; }));
static_assert(is_sorted(kAttributes) && is_sorted(kUrlAttributes) && is_sorted(kSchemes));

constexpr std::uint32_t kScopes = kCell | kCaption | kTable | kButton;

}  // namespace

const Element& element_of(std::string_view name) {
  static constexpr Element kUnknown{};
  const auto* found = std::lower_bound(std::begin(kElements), std::end(kElements), name,
                                       [](const Element& e, std::string_view n) { return e.name < n; });
  return found != std::end(kElements) && found->name == name ? *found : kUnknown;
}

ImpliedEnd implied_ends_of(const Element& element) {
  switch (element.kind) {
    case kLi: return {kLi | kP, kList | kScopes};
    case kDtDd: return {kDtDd | kP, kDl | kScopes};
    case kOption: return {kOption, kSelect | kOptgroup};
    case kOptgroup: return {kOption | kOptgroup, kSelect};
    case kCell: return {kCell, kRow | kTable};
    case kRow: return {kRow | kCell | kCaption, kRowGroup | kTable};
    case kRowGroup:
    case kCaption: return {kRowGroup | kRow | kCell | kCaption, kTable};
    case kAnchor: return {kAnchor, kScopes};
    default: return element.is(kClosesP) ? ImpliedEnd{kP, kScopes} : ImpliedEnd{};
  }
}

bool is_allowed_attribute(std::string_view name) {
  return std::binary_search(std::begin(kAttributes), std::end(kAttributes), name);
}

bool is_url_attribute(std::string_view name) {
  return std::binary_search(std::begin(kUrlAttributes), std::end(kUrlAttributes), name);
}

bool is_safe_scheme(std::string_view scheme) {
  return std::binary_search(std::begin(kSchemes), std::end(kSchemes), scheme);
}

}  // namespace tidings::normalize
