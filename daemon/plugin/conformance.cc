#include "plugin/conformance.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "base/json.h"
#include "plugin/exports.h"
#include "plugin/isolate.h"
#include "plugin/library.h"
#include "plugin/trial.h"

namespace tidings::plugin {
namespace {

constexpr std::chrono::seconds kLimit(60);  // of one check
constexpr const char* kUrl = "https://news.test/feed";
constexpr std::string_view kSkipped = "skipped: ";
constexpr std::string_view kNothing = "none of the samples gives two entries: name a document that the plugin reads with --sample";

constexpr std::string_view kSamples[] = {
    "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Kit</title><link>https://news.test/</link>"
    "<item><guid>1</guid><title>One</title><link>https://news.test/1</link><pubDate>Tue, 24 Nov 2026 09:00:00 GMT</pubDate></item>"
    "<item><guid>2</guid><title>Two &amp; more</title><description>&lt;p&gt;x&lt;/p&gt;</description></item></channel></rss>",
    "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>urn:kit</id><title>Kit</title><updated>2026-11-24T09:00:00Z</updated>"
    "<entry><id>urn:1</id><title>One</title><updated>2026-11-24T09:00:00Z</updated><content type=\"html\">&lt;b&gt;x&lt;/b&gt;</content></entry>"
    "<entry><id>urn:2</id><title>Two</title><author><name>Ann</name></author></entry></feed>",
    R"({"version":"https://jsonfeed.org/version/1.1","title":"Kit","items":[{"id":"1","title":"One","url":"https://news.test/1",)"
    R"("date_published":"2026-11-24T09:00:00Z","tags":["a"]},{"id":"2","content_html":"<p>x</p>","authors":[{"name":"Ann"}]}]})",
    R"([{"id":1,"title":"One","url":"https://news.test/1"},{"id":2,"title":"Two","url":"https://news.test/2"}])",
    "id,title,url\n1,One,https://news.test/1\n2,Two,https://news.test/2\n",
    "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url><loc>https://news.test/1</loc></url>"
    "<url><loc>https://news.test/2</loc></url></urlset>",
    "<!DOCTYPE html><html><head><title>Kit</title></head><body><h1>One</h1><a href=\"/1\">1</a></body></html>",
};

std::string json_of(const std::map<std::string, std::string>& options) {
  std::string out = "{";
  for (const auto& [name, value] : options) out += (out.size() > 1 ? "," : "") + json::serialize(json::value(name)) + ":" + value;
  return out + "}";
}

// What the checks share, in the process of one of them.
struct Bench {
  const Library& library;
  const ConformanceInput& input;
  const Steps& steps;
  std::string options;
  std::vector<std::string> samples;

  Subject subject() const { return Subject(library.abi(), kUrl, options); }
  bool is_stream() const { return (library.abi().kinds & TIDINGS_STREAM) != 0; }

  // The fault of one parse, and of the same bytes as an event.
  std::string fault_of(Subject& subject, std::string_view body, const std::string& what, const CallForm& form = {}) const {
    steps.begin(what);
    std::string fault = subject.parse(body, form).fault;
    if (fault.empty() && is_stream()) fault = subject.on_event("message", body).fault;
    return fault.empty() ? fault : fmt::format("it {} ({})", fault, what);
  }
  // A sample with at least two entries.
  std::optional<std::string> fruitful() const {
    Subject one = subject();
    for (const auto& sample : samples) {
      if (one.parse(sample).entries >= 2) return sample;
    }
    return std::nullopt;
  }
};

bool fits(const OptionSpec& option) {
  const auto value = json::parse(option.default_value);
  if (!value) return false;
  switch (option.type) {
    case TIDINGS_STRING: return value->is_string();
    case TIDINGS_INTEGER: return value->is_int64() || value->is_uint64();
    case TIDINGS_NUMBER: return value->is_number();
    case TIDINGS_BOOLEAN: return value->is_bool();
    case TIDINGS_STRINGS: return value->is_array();
    default: return value->is_object();
  }
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; });
}

std::string describes_itself(const Bench& bench) {
  const Library& library = bench.library;
  if (!is_name(library.name())) return fmt::format("its name '{}' is not of small letters, digits, '_' and '-'", library.name());
  if (library.version().empty()) return "it states no version";
  if (library.summary().empty()) return "it states no summary";
  const std::uint32_t kinds = library.abi().kinds;
  if (kinds == 0 || (kinds & ~std::uint32_t{TIDINGS_POLL | TIDINGS_STREAM}) != 0) return fmt::format("its kinds are {}, which are unknown", kinds);
  std::set<std::string_view> names;
  for (const auto& option : library.options()) {
    if (!is_name(option.name)) return fmt::format("its option '{}' is not named in small letters, digits, '_' and '-'", option.name);
    if (!names.insert(option.name).second) return fmt::format("it has the option '{}' twice", option.name);
    if (option.help.empty()) return fmt::format("its option '{}' has no help", option.name);
    if (option.help.find('\n') != std::string::npos) return fmt::format("the help of its option '{}' is more than a line", option.name);
    if (!option.default_value.empty() && !fits(option)) return fmt::format("the default of its option '{}' is no JSON of its type: {}", option.name, option.default_value);
    if (option.required && !option.default_value.empty()) return fmt::format("its option '{}' is required and has a default", option.name);
  }
  return {};
}

std::string exports_one_symbol(const Bench& bench) {
  const auto symbols = exported_symbols(bench.library.file());
  if (!symbols) return symbols.error().message();
  for (const auto& symbol : *symbols) {
    if (symbol != "tidings_plugin_v1") return fmt::format("it exports '{}' too: build it with -fvisibility=hidden", symbol);
  }
  return {};
}

std::string makes_instances(const Bench& bench) {
  for (int round = 0; round < 50; ++round) {
    bench.steps.begin("create() and destroy()");
    Subject first = bench.subject();
    if (!first.made().fault.empty()) return fmt::format("it {}", first.made().fault);
    if (first.made().status != TIDINGS_OK) {
      const auto& warnings = first.made().document.warnings;
      return fmt::format("it takes no source with the options {}: {}", bench.options, warnings.empty() ? "" : warnings.back().message);
    }
    const Subject second = bench.subject();
    if (second.made().status != TIDINGS_OK) return "it makes one instance and not two";
  }
  return {};
}

std::string refuses_wrong_options(const Bench& bench) {
  if (bench.library.options().empty()) return std::string(kSkipped) + "it has no options";
  for (const auto& option : bench.library.options()) {
    auto options = bench.input.options;
    const bool takes_words = option.type == TIDINGS_INTEGER || option.type == TIDINGS_NUMBER || option.type == TIDINGS_BOOLEAN;
    options[option.name] = takes_words ? "\"words\"" : "7";
    const std::string text = json_of(options);
    bench.steps.begin("create() with " + text);
    const Subject subject(bench.library.abi(), kUrl, text);
    if (!subject.made().fault.empty()) return fmt::format("it {} (options {})", subject.made().fault, text);
    if (subject.made().status == TIDINGS_OK) return fmt::format("it accepts {} as its option '{}'", options[option.name], option.name);
    if (subject.made().status != TIDINGS_BAD_OPTIONS) return fmt::format("it returns status {} and not TIDINGS_BAD_OPTIONS for {}", subject.made().status, text);
  }
  return {};
}

std::string asks_for_requests(const Bench& bench) {
  Subject subject = bench.subject();
  const std::string odd = std::string("\0\xFF{\"", 4) + std::string(5000, 'x');
  for (const std::string_view cursor : {std::string_view(), std::string_view("12"), std::string_view(odd)}) {
    bench.steps.begin(fmt::format("requests() with a cursor of {} bytes", cursor.size()));
    const Answer answer = subject.requests(cursor);
    if (!answer.fault.empty()) return fmt::format("it {}", answer.fault);
    if (cursor.empty() && answer.is_ok() && answer.document.follow_ups.empty() && (bench.library.abi().kinds & TIDINGS_POLL) != 0) {
      return "it is of the poll kind and asks for no request";
    }
  }
  return {};
}

std::string answers_odd_bodies(const Bench& bench) {
  Subject subject = bench.subject();
  const std::string nul(3, '\0');
  const std::string_view bodies[] = {"", " ", "\n", nul, "<", "{", "[", "\"", "]", "{}", "[]", "null", "<a>", "<?xml", "<!--", "<![CDATA[", "\xFF\xFE", "\xEF\xBB\xBF",
                                     "\xC3", "\xED\xA0\x80", "just a few words", "HTTP/1.1 500 Internal Server Error"};
  for (const std::string_view body : bodies) {
    if (auto fault = bench.fault_of(subject, body, fmt::format("a body of {} bytes, '{}'", body.size(), body.substr(0, 20))); !fault.empty()) return fault;
  }
  for (const auto& sample : bench.samples) {
    CallForm form;
    form.http_status = 500;
    form.content_type = "text/html; charset=no-such-charset";
    form.tag = "no-such-tag";
    if (auto fault = bench.fault_of(subject, sample, "a sample with an odd status, type and tag", form); !fault.empty()) return fault;
  }
  return {};
}

std::string survives_cuts(const Bench& bench) {
  Subject subject = bench.subject();
  for (std::size_t i = 0; i < bench.samples.size(); ++i) {
    const std::string& sample = bench.samples[i];
    const std::size_t step = std::max<std::size_t>(1, sample.size() / 150);
    for (std::size_t cut = 0; cut <= sample.size(); cut += step) {
      if (auto fault = bench.fault_of(subject, std::string_view(sample).substr(0, cut), fmt::format("sample {} cut after {} bytes", i + 1, cut)); !fault.empty()) return fault;
    }
  }
  return {};
}

std::string survives_changes(const Bench& bench) {
  Subject subject = bench.subject();
  std::uint64_t state = 1;  // the same changes each time
  const auto next = [&state](std::size_t bound) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>((state >> 33) % bound);
  };
  for (std::size_t i = 0; i < bench.samples.size(); ++i) {
    for (int round = 0; round < 100 && !bench.samples[i].empty(); ++round) {
      std::string changed = bench.samples[i].substr(0, 20'000);
      for (std::size_t n = 1 + next(8); n > 0; --n) changed[next(changed.size())] = static_cast<char>(next(256));
      if (auto fault = bench.fault_of(subject, changed, fmt::format("sample {} with changed bytes, round {}", i + 1, round)); !fault.empty()) return fault;
    }
  }
  return {};
}

std::string survives_size(const Bench& bench) {
  Subject subject = bench.subject();
  constexpr std::size_t kDeep = 200'000;
  std::string deep_xml;
  for (std::size_t i = 0; i < kDeep; ++i) deep_xml += "<a>";
  std::string much;
  while (much.size() < 4 * 1024 * 1024) much += bench.samples.front();
  const std::pair<const char*, std::string> bodies[] = {
      {"a deep list", std::string(kDeep, '[')},
      {"deep objects", [] { std::string s; for (std::size_t i = 0; i < kDeep; ++i) s += "{\"a\":"; return s; }()},
      {"deep elements", deep_xml},
      {"4 MB of spaces", std::string(4 * 1024 * 1024, ' ')},
      {"4 MB of NUL", std::string(4 * 1024 * 1024, '\0')},
      {"4 MB in one string", "[\"" + std::string(4 * 1024 * 1024, 'x') + "\"]"},
      {"4 MB of documents", much}};
  for (const auto& [what, body] : bodies) {
    if (auto fault = bench.fault_of(subject, body, what); !fault.empty()) return fault;
  }
  return {};
}

// The memory of each call cannot be read after it: a pointer that is kept crashes in the next one, or in destroy().
std::string keeps_no_pointers(const Bench& bench) {
  for (const auto& sample : bench.samples) {
    Subject subject = bench.subject();
    bench.steps.begin("requests(), parse() twice and destroy(), after the memory of create() is gone");
    if (const Answer answer = subject.requests("12"); !answer.fault.empty()) return "it " + answer.fault;
    for (int round = 0; round < 2; ++round) {
      if (const Answer answer = subject.parse(sample); !answer.fault.empty()) return "it " + answer.fault;
    }
    if (const Answer answer = subject.requests({}); !answer.fault.empty()) return "it " + answer.fault;
  }
  return {};
}

// An older host states less; what is beyond cannot be read here.
std::string respects_struct_size(const Bench& bench) {
  bench.steps.begin("create() with a source that ends before its options");
  if (bench.input.options.empty() && std::none_of(bench.library.options().begin(), bench.library.options().end(), [](const auto& o) { return o.required; })) {
    const Subject older(bench.library.abi(), kUrl, {}, offsetof(tidings_source, options));
    if (!older.made().fault.empty()) return "it " + older.made().fault;
    if (older.made().status != TIDINGS_OK) return "it takes no source without options, though none is required";
  }
  Subject subject = bench.subject();
  CallForm form;
  form.response_size = offsetof(tidings_response, charset_hint);
  form.sink_size = offsetof(tidings_sink, partial);
  for (const auto& sample : bench.samples) {
    if (auto fault = bench.fault_of(subject, sample, "a response without its charset_hint and a sink without partial()", form); !fault.empty()) return fault;
    if (auto fault = bench.fault_of(subject, std::string_view(sample).substr(0, sample.size() / 2), "a cut document, and a sink without partial()", form); !fault.empty()) return fault;
  }
  return {};
}

std::string stops_when_told(const Bench& bench) {
  const auto sample = bench.fruitful();
  if (!sample) return std::string(kSkipped) + std::string(kNothing);
  Subject subject = bench.subject();
  CallForm form;
  form.stop_after = 1;
  bench.steps.begin("parse() with a sink that wants one entry");
  const Answer answer = subject.parse(*sample, form);
  return answer.fault.empty() ? std::string() : "it " + answer.fault;
}

std::string is_a_function(const Bench& bench) {
  Subject first = bench.subject();
  Subject second = bench.subject();
  for (std::size_t i = 0; i < bench.samples.size(); ++i) {
    bench.steps.begin(fmt::format("sample {} three times", i + 1));
    const std::string expected = picture(first.parse(bench.samples[i]));
    if (picture(first.parse(bench.samples[i])) != expected) return fmt::format("sample {} gives something else the second time", i + 1);
    if (picture(second.parse(bench.samples[i])) != expected) return fmt::format("sample {} gives something else in another instance", i + 1);
  }
  return {};
}

std::string keeps_instances_apart(const Bench& bench) {
  std::vector<std::string> expected;
  for (const auto& sample : bench.samples) expected.push_back(picture(bench.subject().parse(sample)));
  bench.steps.begin("two instances by turns");
  Subject first = bench.subject();
  Subject second = bench.subject();
  const std::size_t count = bench.samples.size();
  for (std::size_t i = 0; i < count; ++i) {
    const std::string one = picture(first.parse(bench.samples[i]));
    const std::string other = picture(second.parse(bench.samples[count - 1 - i]));
    if (one != expected[i] || other != expected[count - 1 - i]) return "two instances that are used by turns give something else than one alone";
  }
  bench.steps.begin("four instances in four threads at once");
  std::vector<std::string> wrong(4);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&bench, &expected, &wrong, t, count] {
      Subject subject = bench.subject();
      for (std::size_t round = 0; round < 25 * count; ++round) {
        const std::size_t i = (round + t) % count;
        if (picture(subject.parse(bench.samples[i])) != expected[i]) wrong[t] = "instances in several threads give something else than one alone";
      }
    });
  }
  for (auto& thread : threads) thread.join();
  return *std::max_element(wrong.begin(), wrong.end());
}

struct NamedCheck {
  const char* name;
  std::string (*run)(const Bench&);
};

constexpr NamedCheck kChecks[] = {
    {"can be loaded", [](const Bench&) { return std::string(); }},
    {"describes itself", describes_itself},
    {"exports one symbol", exports_one_symbol},
    {"makes and destroys instances", makes_instances},
    {"refuses options of a wrong type", refuses_wrong_options},
    {"asks for requests", asks_for_requests},
    {"answers empty and odd bodies", answers_odd_bodies},
    {"survives documents that are cut", survives_cuts},
    {"survives changed bytes", survives_changes},
    {"survives large and deep documents", survives_size},
    {"keeps no pointers", keeps_no_pointers},
    {"reads no further than struct_size", respects_struct_size},
    {"stops when it is told to", stops_when_told},
    {"gives the same for the same bytes", is_a_function},
    {"keeps its instances apart", keeps_instances_apart},
};
constexpr std::size_t kNeedInstances = 4;  // the checks from here on

Check run(const NamedCheck& named, const ConformanceInput& input) {
  const auto body = [&](const Steps& steps) -> std::string {
    steps.begin("loading it");
    const auto library = Library::load(input.file);
    if (!library) return library.error().message();
    Bench bench{*library, input, steps, json_of(input.options), input.samples};
    for (const std::string_view sample : kSamples) bench.samples.emplace_back(sample);
    try {
      return named.run(bench);
    } catch (const std::exception& e) {
      return fmt::format("the check cannot go on: {}", e.what());
    }
  };
  const Isolated outcome = run_isolated(body, kLimit);
  if (!outcome.came_back) return {named.name, Check::Outcome::failed, outcome.end + " (" + outcome.step + ")"};
  if (outcome.result.starts_with(kSkipped)) return {named.name, Check::Outcome::skipped, outcome.result.substr(kSkipped.size())};
  return {named.name, outcome.result.empty() ? Check::Outcome::passed : Check::Outcome::failed, outcome.result};
}

}  // namespace

std::vector<Check> check_conformance(const ConformanceInput& input) {
  std::vector<Check> checks;
  std::string hopeless;
  for (std::size_t i = 0; i < std::size(kChecks); ++i) {
    checks.push_back(hopeless.empty() ? run(kChecks[i], input) : Check{kChecks[i].name, Check::Outcome::skipped, hopeless});
    if (checks.back().outcome != Check::Outcome::failed) continue;
    if (i == 0) hopeless = "it cannot be loaded";
    if (i == kNeedInstances - 1) hopeless = "it makes no instance";
  }
  return checks;
}

}  // namespace tidings::plugin
