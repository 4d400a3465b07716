// The examples under plugins/exec, run as sources.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <fstream>

#include "base/json.h"
#include "plugin/exec_source.h"
#include "support/run_task.h"
#include "support/temp_folder.h"

namespace tidings::plugin {
namespace {

class ExecExamplesTest : public testing::Test {
 protected:
  ExecExamplesTest() { ::signal(SIGPIPE, SIG_IGN); }

  Result<model::Document> poll(const json::array& run, const json::object& settings = {}, const std::string& cursor = "") {
    model::Source source;
    source.id = "example";
    source.settings.edit().options = {{"run", json::serialize(run)}, {"settings", json::serialize(settings)}};
    auto program = ExecSource::create(context_.get_executor(), source, {}, metrics_);
    EXPECT_TRUE(program);
    return test::run_task(context_, (*program)->poll(cursor));
  }
  Result<model::Document> poll_log(const std::string& cursor = "") { return poll({kFolder + "log.sh", folder_ / "app.log"}, {}, cursor); }
  void write(const std::string& file, const std::string& text, std::ios::openmode mode = std::ios::trunc) {
    std::ofstream(folder_ / file, std::ios::binary | std::ios::out | mode) << text;
  }

  const std::string kFolder = TIDINGS_SOURCE_DIR "/plugins/exec/";
  asio::io_context context_;
  Metrics metrics_;
  test::TempFolder folder_;
};

constexpr const char* kMail =
    "From: =?utf-8?q?Zo=C3=AB?= <zoe@news.test>\nTo: us@news.test\nSubject: =?utf-8?q?Caf=C3=A9?= reopens\nMessage-ID: <7@news.test>\n"
    "Date: Tue, 24 Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=x\n\n"
    "--x\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nCaf=E9\n"
    "--x\nContent-Type: text/html; charset=utf-8\n\n<p>Caf\xC3\xA9</p>\n--x--\n";

TEST_F(ExecExamplesTest, mail_reads_a_maildir) {
  for (const char* part : {"box", "box/new", "box/cur", "box/tmp"}) ASSERT_EQ(::mkdir((folder_ / part).c_str(), 0700), 0);
  write("box/new/1795510800.1.host", kMail);
  write("box/cur/1795510801.1.host:2,S", "Subject: odd\nContent-Type: text/plain; charset=none-such\n\nx\n");
  const auto document = poll({kFolder + "mail.py"}, {{"box", folder_ / "box"}});
  ASSERT_TRUE(document) << document.error().message();
  ASSERT_EQ(document->entries.size(), 1u) << "a message in an unknown charset costs itself alone";
  const model::Entry& entry = document->entries[0];
  EXPECT_EQ(entry.id, "<7@news.test>");
  EXPECT_EQ(entry.title.value, "Caf\xC3\xA9 reopens");
  EXPECT_EQ(to_micros(*entry.published.time), 1795510800'000000);
  EXPECT_EQ(entry.authors.at(0).name, "Zo\xC3\xAB");
  ASSERT_EQ(entry.content.size(), 2u);
  EXPECT_EQ(entry.content[0].value, "<p>Caf\xC3\xA9</p>");
  EXPECT_EQ(entry.content[1].value, "Caf\xC3\xA9");
}

TEST_F(ExecExamplesTest, mail_reads_the_newest_of_an_mbox) {
  write("box", "From a Tue Nov 24 10:00:00 2026\nSubject: old\n\nx\n\nFrom a Tue Nov 24 11:00:00 2026\nSubject: new\n\ny\n");
  const auto document = poll({kFolder + "mail.py"}, {{"box", folder_ / "box"}, {"limit", 1}});
  ASSERT_TRUE(document) << document.error().message();
  ASSERT_EQ(document->entries.size(), 1u);
  EXPECT_EQ(document->entries[0].title.value, "new");
}

TEST_F(ExecExamplesTest, mail_says_what_is_missing) {
  const auto document = poll({kFolder + "mail.py"}, {{"box", folder_ / "none"}});
  ASSERT_FALSE(document);
  EXPECT_NE(document.error().message().find("none"), std::string::npos) << document.error().message();
}

TEST_F(ExecExamplesTest, log_gives_each_new_line_once) {
  write("app.log", "first \"line\" \\ with\ttab\n\nsecond\nunfin");
  const auto first = poll_log();
  ASSERT_TRUE(first) << first.error().message();
  ASSERT_EQ(first->entries.size(), 2u);
  EXPECT_EQ(first->entries[0].title.value, "first \"line\" \\ with tab");
  EXPECT_EQ(first->entries[0].id, (folder_ / "app.log") + ":0");
  EXPECT_EQ(first->entries[1].title.value, "second");
  write("app.log", "ished\nCaf\xC3\xA9\n", std::ios::app);
  const auto second = poll_log(first->cursor);
  ASSERT_TRUE(second) << second.error().message();
  ASSERT_EQ(second->entries.size(), 2u);
  EXPECT_EQ(second->entries[0].title.value, "unfinished");
  EXPECT_EQ(second->entries[1].title.value, "Caf\xC3\xA9");
  const auto third = poll_log(second->cursor);
  ASSERT_TRUE(third) << third.error().message();
  EXPECT_TRUE(third->entries.empty());
  EXPECT_EQ(third->cursor, second->cursor);
}

TEST_F(ExecExamplesTest, log_begins_anew_where_the_file_was_cut) {
  write("app.log", "a long first line\n");
  const auto first = poll_log();
  ASSERT_TRUE(first);
  write("app.log", "new\n");
  const auto second = poll_log(first->cursor);
  ASSERT_TRUE(second) << second.error().message();
  EXPECT_EQ(second->entries.at(0).title.value, "new");
}

TEST_F(ExecExamplesTest, log_says_that_its_file_is_not_there) {
  const auto document = poll_log();
  ASSERT_FALSE(document);
  EXPECT_NE(document.error().message().find("app.log"), std::string::npos) << document.error().message();
}

}  // namespace
}  // namespace tidings::plugin
