#include "plugin/instance.h"

#include <gtest/gtest.h>

#include <optional>

#include "plugin/plugins.h"

namespace tidings::plugin {
namespace {

class PluginInstanceTest : public testing::Test {
 protected:
  PluginInstanceTest() { plugins_.load(TIDINGS_BINARY_DIR "/plugins"); }

  std::string refusal(const std::string& plugin, std::map<std::string, std::string> options) {
    auto instance = create(plugin, std::move(options));
    return instance ? "made" : instance.error().message();
  }
  Result<Instance> create(const std::string& plugin, std::map<std::string, std::string> options = {}) {
    model::Source source;
    source.id = "test";
    source.settings.edit().plugin = plugin;
    source.url = "https://news.test/feed";
    source.settings.edit().options = std::move(options);
    return plugins_.create(source);
  }
  static Response response(std::string_view body) {
    Response response;
    response.status = 200;
    response.url = "https://news.test/feed";
    response.body = PaddedBytes(body);
    return response;
  }

  Plugins plugins_{Log()};
};

TEST_F(PluginInstanceTest, names_the_option_that_a_plugin_does_not_know) {
  EXPECT_EQ(refusal("feed", {{"colour", "\"red\""}}), "the plugin 'feed' has no option 'colour'");
  EXPECT_EQ(refusal("json", {{"titel", "\"/x\""}}), "the plugin 'json' has no option 'titel': did you mean 'title'?");
}

TEST_F(PluginInstanceTest, hands_on_what_the_plugin_has_against_an_option) {
  EXPECT_EQ(refusal("json", {{"pages", "\"many\""}}), "the option 'pages' must be a whole number from 1 to 20");
}

TEST_F(PluginInstanceTest, names_a_plugin_that_is_not_there) { EXPECT_EQ(refusal("jsn", {}), "there is no plugin 'jsn'"); }

TEST_F(PluginInstanceTest, refuses_a_plugin_that_makes_nothing) {
  const auto library = Library::load(TIDINGS_BINARY_DIR "/tests/plugins/odd/no_instance.so");
  ASSERT_TRUE(library);
  const auto instance = Instance::create(*library, {}, {});
  ASSERT_FALSE(instance);
  EXPECT_EQ(instance.error().message(), "the plugin 'odd' made no instance");
}

TEST_F(PluginInstanceTest, a_poll_asks_for_the_url_of_the_source) {
  auto instance = create("feed");
  ASSERT_TRUE(instance);
  const auto requests = instance->requests("");
  ASSERT_TRUE(requests);
  ASSERT_EQ(requests->size(), 1u);
  EXPECT_EQ(requests->front().url, "https://news.test/feed");
  EXPECT_EQ(requests->front().method, "GET");
}

TEST_F(PluginInstanceTest, the_error_is_the_sentence_of_the_plugin) {
  auto instance = create("json");
  ASSERT_TRUE(instance);
  const auto document = instance->parse(response("<html>"));
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().message(), "line 1: not JSON: it begins with \"<html>\" at line 1, byte 0");
}

TEST_F(PluginInstanceTest, holds_the_bound_on_entries) {
  model::Source source;
  source.settings.edit().plugin = "json";
  DocumentLimits limits;
  limits.max_entries = 2;
  auto instance = Instance::create(*plugins_.find("json"), source, limits);
  ASSERT_TRUE(instance);
  const auto document = instance->parse(response(R"({"items":[{"id":"1"},{"id":"2"},{"id":"3"},{"id":"4"}]})"));
  ASSERT_TRUE(document);
  EXPECT_EQ(document->entries.size(), 2u);
  EXPECT_TRUE(document->partial);
  ASSERT_FALSE(document->warnings.empty());
  EXPECT_EQ(document->warnings.back().code, "limit");
}

TEST_F(PluginInstanceTest, an_instance_may_be_moved) {
  std::optional<Instance> kept;
  {
    auto instance = create("json");
    ASSERT_TRUE(instance);
    kept = std::move(*instance);
  }
  EXPECT_EQ(kept->parse(response(R"({"items":[{"id":"1"}]})"))->entries.size(), 1u);
}

TEST_F(PluginInstanceTest, a_plugin_without_the_stream_kind_takes_no_events) {
  const auto library = Library::load(TIDINGS_BINARY_DIR "/tests/plugins/bad/none.so");
  ASSERT_TRUE(library) << library.error().message();
  EXPECT_FALSE(library->reads_streams());
  auto instance = Instance::create(*library, model::Source(), {});
  ASSERT_TRUE(instance);
  const auto document = instance->on_event({});
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().message(), "the plugin 'bad' takes no events");
}

}  // namespace
}  // namespace tidings::plugin
