// The rows of the main file's option table, a function for each section.

#include <chrono>

#include "config/config.h"

namespace tidings::config {
namespace {

using namespace std::chrono_literals;
using std::chrono::hours;

constexpr std::int64_t kKiB = 1 << 10;
constexpr std::int64_t kMiB = 1 << 20;
constexpr std::int64_t kGiB = 1 << 30;
constexpr std::int64_t kTiB = std::int64_t{1} << 40;
constexpr std::int64_t kMany = 1'000'000'000;
constexpr hours kDay(24);

void add_daemon(Table<Config>& table) {
  using O = DaemonOptions;
  Section daemon(table, "daemon", &Config::daemon);
  daemon.path("state_directory", &O::state_directory, "Where the store is, and whatever else survives a restart.");
  daemon.path("plugin_directory", &O::plugin_directory, "The plugins' shared objects; nobody but root may write there.");
  daemon.choice("log_level", &O::log_level, {"debug", "info", "warning", "error"}, "The least that is logged.").live();
  Section polls(table, "daemon", &Config::ingest);
  polls.integer("workers", &ingest::Options::workers, 0, 1024, "Threads that parse and fingerprint; 0: one a processor.");
  polls.duration("grace_period", &ingest::Options::grace_period, 0s, 10min, "At a stop, how long polls under way may take to end.");
  daemon.duration("drain_period", &O::drain_period, 0s, 1h, "At a stop, how long publishing and alerts may take to empty what waits.");
}

void add_schedule(Table<Config>& table) {
  using O = schedule::Options;
  Section schedule(table, "schedule", &Config::schedule);
  schedule.number("max_requests_per_second", &O::max_requests_per_second, 0.001, 100'000, "The request budget, all sources together: adaptive polling fills it at the most, and no burst passes it.");
  schedule.number("eagerness", &O::eagerness, 0.01, 3600, "Polls an hour of a source of one item an hour, where the budget does not bind; they grow with the square root of its rate.");
  schedule.duration("default_interval", &O::default_interval, 1s, kDay, "Interval of a source of which nothing is known yet, and the longest time that first polls are spread over.");
  schedule.duration("min_interval", &O::min_interval, 1s, kDay, "Floor of the adaptive interval.");
  schedule.duration("max_interval", &O::max_interval, 1s, 30 * kDay, "Ceiling of the adaptive interval.");
  schedule.number("max_polls_per_item", &O::max_polls_per_item, 0.1, 1'000'000, "The ceiling rises, up to quiet_interval, in hours so quiet that it would mean more polls an item than this.");
  schedule.duration("quiet_interval", &O::quiet_interval, 1s, 30 * kDay, "The longest that the ceiling rises to.");
  schedule.number("jitter", &O::jitter, 0, 0.5, "The part of the interval by which polls are moved to and fro, so that sources do not fall into step.");
  schedule.number("host_requests_per_second", &O::host_requests_per_second, 0.001, 10'000, "Requests a second to one host, all its sources together.");
  schedule.integer("host_burst", &O::host_burst, 1, 10'000, "Requests to one host that may come at once after a quiet time.");
  schedule.integer("max_fetches_per_host", &O::max_fetches_per_host, 1, 1000, "Fetches under way at one host.");
  schedule.duration("max_hint_wait", &O::max_hint_wait, 0s, 30 * kDay, "The longest wait that cache headers, ttl and sy:updatePeriod can ask for.");
  schedule.duration("max_retry_after", &O::max_retry_after, 0s, 30 * kDay, "The longest wait that Retry-After can ask for.");
  schedule.duration("backoff_base", &O::backoff_base, 1s, kDay, "The wait after a failure, doubled at each further one.");
  schedule.duration("backoff_max", &O::backoff_max, 1s, 30 * kDay, "The longest wait after failures.");
  schedule.duration("refused_base", &O::refused_base, 1s, kDay, "The wait after \"too many requests\" without a time, and after other 4xx answers; doubled likewise.");
  schedule.integer("unconditional_check_every", &O::unconditional_check_every, 0, kMany, "After so many answers 304 one request goes without validators, to see whether the 304s are true; 0: never.");
  schedule.duration("rate_half_life", &O::rate_half_life, 1h, 3650 * kDay, "What was published so long ago counts half in the estimate of a source's rate.");
}

void add_http(Table<Config>& table) {
  using O = http::Options;
  Section http(table, "http", &Config::http);
  http.text("user_agent", &O::user_agent, "Who asks: sites block nameless clients.");
  http.text("contact", &O::contact, "A URL or mail address where site owners reach you, appended to the user agent.");
  http.integer("max_connections", &O::max_connections, 1, 100'000, "Connections kept or in use.");
  http.integer("max_connections_per_host", &O::max_connections_per_host, 1, 1000, "The same for one host.");
  http.duration("keep_alive", &O::keep_alive, 0s, 1h, "A connection that idled for longer is not used again.");
  http.duration("connect_timeout", &O::connect_timeout, 10ms, 10min, "Time limit of name lookup, TCP and TLS together.");
  http.duration("timeout", &O::timeout, 100ms, 1h, "Time limit of a whole fetch, with all redirects.");
  http.integer("low_speed_bytes_per_second", &O::low_speed_bytes_per_second, 0, kMany, "A fetch that moves fewer bytes a second for low_speed_time is ended.");
  http.duration("low_speed_time", &O::low_speed_time, 1s, 1h, "See low_speed_bytes_per_second.");
  http.duration("stream_idle_timeout", &O::stream_idle_timeout, 1s, kDay, "A stream that says nothing for so long is ended.");
  http.size("max_body", &O::max_body_bytes, kKiB, kGiB, "The longest body, after decompression.");
  http.size("max_wire", &O::max_wire_bytes, kKiB, kGiB, "The longest body as it comes over the wire.");
  http.integer("max_ratio", &O::max_ratio, 1, 1'000'000, "A body may be so many times larger than what came over the wire, past ratio_slack.");
  http.size("ratio_slack", &O::ratio_slack_bytes, 0, kGiB, "Bodies up to this size may be of any ratio.");
  http.size("max_header", &O::max_header_bytes, kKiB, 16 * kMiB, "All header lines of one answer.");
  http.size("stream_buffer", &O::stream_buffer_bytes, kKiB, kGiB, "What an unread stream holds in memory before its connection is no longer read.");
  http.integer("max_redirects", &O::max_redirects, 0, 50, "Redirects of one fetch.");
  http.flag("http2", &O::http2, "Speak HTTP/2. Off: libcurl 7.87 to 8.5 can crash with it (curl issue 10936).");
  http.path("ca_file", &O::ca_file, "A PEM file of certificate authorities; empty: the system's.");
  http.choice("lookup", &O::lookup, {{"dns", http::Lookup::dns}, {"system", http::Lookup::system}},
              "How names are looked up: dns, in /etc/hosts and at the name servers; system, as the C library does with all that /etc/nsswitch.conf names, at the cost of a thread each.");
  http.texts("name_servers", &O::name_servers, "Name servers as \"address\" or \"address:port\", instead of those in /etc/resolv.conf.");
  http.text("proxy", &O::proxy, "A proxy for all: http://host:port or socks5h://host:port; the environment's proxy variables are not looked at.");
  http.flag("allow_private", &O::allow_private, "Loopback and private addresses may be fetched from. Off, since feeds name URLs; better allowed for single sources.");
  http.integers("allowed_ports", &O::allowed_ports, 1, 65535, "The ports that may be fetched from where private addresses may not; empty: all.");
}

void add_dedup(Table<Config>& table) {
  using O = dedup::Options;
  Section dedup(table, "dedup", &Config::dedup);
  dedup.duration("window", &O::window, 1h, 3650 * kDay, "Copies are looked for among the items of so long back, about 400 bytes of memory each.");
  dedup.integer("max_items", &O::max_items, 1, kMany, "The most items kept there, whatever their age; the oldest go first.");
  dedup.integer("max_distance", &O::max_distance, 0, 64, "SimHash distance up to which an item is a candidate; candidates are verified, so more cost time and not precision.");
  dedup.integer("max_candidates", &O::max_candidates, 1, 10'000, "The most candidates that are verified for one item, nearest first.");
  dedup.number("copy_containment", &O::copy_containment, 0, 1, "Share of the shorter text's shingles in the longer one from which it is a copy.");
  dedup.duration("story_idle", &O::story_idle, 1h, 365 * kDay, "A story takes in new items for so long after its last one.");
  dedup.integer("max_stories", &O::max_stories, 1, kMany, "The most live stories; the one that was quiet longest is closed first.");
  dedup.number("story_similarity", &O::story_similarity, 0, 1, "Similarity from which an item joins a story: higher splits stories, lower glues neighbours together.");
  dedup.number("pair_similarity", &O::pair_similarity, 0, 1, "Similarity from which `tidings compare` says that two items tell one event.");
  dedup.number("cross_similarity", &O::cross_similarity, 0, 1, "The same for items in different languages, by names, places and numbers alone: lower finds more and takes reports about one place for one event.");
  dedup.pairs("owners", &O::owners, "Owner groups: domain or source name = owner; the outlets of one owner count once in a story.");
}

void add_ingest(Table<Config>& table) {
  using O = ingest::Options;
  Section ingest(table, "ingest", &Config::ingest);
  ingest.integer("max_polls", &O::max_polls, 1, 100'000, "Sources polled at the same time.");
  ingest.integer("max_worker_queue", &O::max_worker_queue, 1, 100'000, "Responses that wait for a worker or are on one; further polls wait.");
  ingest.duration("backfill_age", &O::backfill_age, 0s, 3650 * kDay, "Entries dated longer ago when they are first seen are marked backfill and never alert: shorter takes what comes late for an archive, longer takes a new source's last days for news; 0: none.");
  ingest.integer("max_requests_per_poll", &O::max_requests_per_poll, 1, 10'000, "Requests of one poll, with the follow-ups that its plugin asks for.");
  ingest.integer("max_idle_sources", &O::max_idle_sources, 0, 10'000'000, "Sources whose state stays in memory between polls, some 3 kB each; that of all others is read from the store when they are polled.");
  ingest.integer("max_poll_log", &O::max_poll_log, 0, 10'000'000, "Polls that are remembered, of all sources together, for `tidings why`; about 300 bytes each.");
  ingest.duration("late_after", &O::late_after, 0s, 30 * kDay, "An item counts as late when it came so much later than it could have.");
}

void add_normalize(Table<Config>& table) {
  using O = normalize::Options;
  Section normalize(table, "normalize", &Config::normalize);
  normalize.texts("tracking_parameters", &O::tracking_parameters, "Query parameters, besides the well-known ones, that only say where a reader came from; a * at the end stands for any ending.");
  normalize.size("max_body", &O::max_body_bytes, kKiB, kGiB, "Longer texts are cut, and the item says that it is truncated.");
  normalize.size("max_summary", &O::max_summary_bytes, kKiB, kGiB, "Longer summaries are cut.");
  normalize.flag("detect_language", &O::detect_language, "Find out the language of a text where none is stated.");
  normalize.flag("keep_html", &O::keep_html, "Publish the sanitised HTML beside the text.");
}

void add_store(Table<Config>& table) {
  using O = store::Options;
  Section store(table, "store", &Config::store);
  store.text("path", &O::path, "The SQLite file, in the state directory.");
  store.duration("outbox_retention", &O::outbox_retention, 0s, 365 * kDay, "How long published rows are kept, so that Redis can be filled again after a loss.");
  store.integer("outbox_min_rows", &O::outbox_min_rows, 0, kMany, "The newest rows of each stream that are kept however old.");
  store.size("outbox_kept", &O::outbox_kept_bytes, kMiB, 1024 * kTiB, "No more than this is kept of published rows.");
  store.integer("max_outbox_rows", &O::max_outbox_rows, 100, kMany, "Rows that wait to be published: polling slows at 80 % of it and stops at 100 %.");
  store.size("max_outbox", &O::max_outbox_bytes, kMiB, 1024 * kTiB, "The same in bytes.");
  store.duration("item_retention", &O::item_retention, 1h, 3650 * kDay, "Items that no document has shown for so long are forgotten; should one come back it is new.");
  store.duration("delivery_retention", &O::delivery_retention, 1h, 3650 * kDay, "How long deliveries that ended are kept, so that the same alert is not sent twice.");
  store.duration("purge_interval", &O::purge_interval, 1s, kDay, "How often what is past its retention is removed.");
  store.size("fresh", &O::fresh_bytes, 0, kGiB, "New rows that are kept in memory until they are published, for each stream; a publisher that is further behind reads the file.");
  store.integer("max_waiting_batches", &O::max_waiting_batches, 1, 1'000'000, "Batches that wait for the writer before polling stops.");
  store.duration("state_delay", &O::state_delay, 0s, 10min, "What polls that found nothing have taught (times, counters) waits so long to be written together; a crash may lose it.");
  store.duration("retry_interval", &O::retry_interval, 10ms, 1h, "A full disk is tried again after this time.");
  store.size("check_max", &O::check_max_bytes, 0, 1024 * kTiB, "A store up to this size is checked whole at the start (about 1 s a GB).");
}

void add_redis(Table<Config>& table) {
  using O = redis::Options;
  Section redis(table, "redis", &Config::redis);
  redis.text("url", &O::url, "Where it is: redis://[user:password@]host[:port][/db] or unix:PATH[?db=N]. TIDINGS_REDIS_URL in the environment wins.");
  redis.text("client_name", &O::client_name, "The name that CLIENT LIST shows; empty: none.");
  redis.duration("connect_timeout", &O::connect_timeout, 10ms, 10min, "Time limit for connecting.");
  redis.duration("command_timeout", &O::command_timeout, 10ms, 10min, "A command without a reply for so long ends the connection.");
  redis.integer("max_pipeline", &O::max_pipeline, 1, 1'000'000, "Commands in flight on one connection.");
  redis.duration("backoff_base", &O::backoff_base, 1ms, 1h, "The wait before connecting again, doubled at each failure.");
  redis.duration("backoff_max", &O::backoff_max, 1ms, 1h, "The longest wait before connecting again.");
}

void add_publish(Table<Config>& table) {
  using O = publish::Options;
  Section publish(table, "publish", &Config::publish);
  publish.text("prefix", &O::prefix, "Streams are PREFIX:items, PREFIX:duplicates and so on; braces keep them in one cluster slot.");
  publish.integer("max_length", &O::max_length, 0, kMany, "Entries that a stream keeps, about (XTRIM MAXLEN ~); 0: it is never trimmed.");
  publish.integer("batch_rows", &O::batch_rows, 1, 10'000, "Rows of one append.");
  publish.size("batch_size", &O::batch_bytes, kKiB, 256 * kMiB, "Bytes of one append.");
  publish.integer("window", &O::window, 1, 64, "Appends in flight.");
  publish.choice("on_reset", &O::on_reset, {{"replay", publish::OnReset::replay}, {"resume", publish::OnReset::resume}}, "A stream that was reset: publish again what is kept, under the same IDs, or go on with what is new.");
  publish.flag("take_over", &O::take_over, "Take the streams from another store at the start, when that one is known to be gone.");
  publish.duration("backoff_base", &O::backoff_base, 1ms, 1h, "The wait after an error that passes by itself (OOM, LOADING), doubled at each further one.");
  publish.duration("backoff_max", &O::backoff_max, 1ms, 1h, "The longest such wait.");
  publish.duration("owned_retry", &O::owned_retry, 10ms, kDay, "How often a stream that another store owns is looked at again.");
}

void add_alert(Table<Config>& table) {
  using O = alert::Options;
  Section alert(table, "alert", &Config::alert);
  alert.integer("max_concurrent", &O::max_concurrent, 1, 10'000, "Deliveries under way at once, all hooks together.");
  alert.size("max_output", &O::max_output_bytes, 0, kMiB, "What is kept of an answer, or of a program's output, for the log.");
  alert.duration("drain_timeout", &O::drain_timeout, 0s, 10min, "At a stop, how long deliveries under way may take to end; the rest waits for the next start.");
  alert.duration("max_item_age", &O::max_item_age, 0s, 3650 * kDay, "An item that was published or updated longer ago gives no alert, as when a source is new; 0: any age.");
  alert.integer("max_remembered_stories", &O::max_remembered_stories, 1, kMany, "Stories remembered by rules that alert once a story.");
}

void add_web(Table<Config>& table) {
  using O = web::Options;
  Section web(table, "web", &Config::web);
  web.text("listen", &O::listen, "Where the API and the metrics are served: host:port, or unix:/path; empty: nowhere.");
  web.integer("max_connections", &O::max_connections, 1, 100'000, "Connections at once.");
  web.size("max_body", &O::max_body_bytes, kKiB, 256 * kMiB, "The longest request body.");
  web.duration("idle_timeout", &O::idle_timeout, 1s, kDay, "A connection that says nothing for so long is closed.");
}

void add_push(Table<Config>& table) {
  using O = push::Options;
  Section push(table, "push", &Config::push);
  push.url("public_url", &O::public_url, "The web server's address as hubs reach it, such as https://news.example.org/tidings; hubs call PUBLIC_URL/push/TOKEN. Empty: hubs are not subscribed to.").or_empty();
  push.text("listen", &O::listen, "An address for hubs alone, as web.listen, so that the API need not be reachable from outside; empty: they come to web.listen.");
  push.size("max_body", &O::max_body_bytes, kKiB, 256 * kMiB, "The longest document that a hub may send.");
  push.duration("lease", &O::lease, 1min, 366 * kDay, "How long a subscription is asked for; the hub decides. It is renewed at about four fifths.");
  push.integer("max_hubs", &O::max_hubs, 1, 16, "Hubs of one source that are subscribed to.");
  push.integer("max_requests", &O::max_requests, 1, 1000, "Requests to hubs at once.");
  push.duration("verify_timeout", &O::verify_timeout, 1s, kDay, "A hub that has not confirmed a subscription after this time is asked again, then after twice the time, and so on.");
  push.duration("backoff_base", &O::backoff_base, 1s, kDay, "The wait after a failed request to a hub, doubled at each further one.");
  push.duration("backoff_max", &O::backoff_max, 1s, 30 * kDay, "The longest such wait.");
  push.duration("late", &O::late, 1s, kDay, "A channel has missed an item that a poll found and that it has not brought so long after.");
  push.duration("stream_backoff_base", &O::stream_backoff_base, 10ms, kDay, "The wait before a stream is connected to again, doubled at each failure; `retry:` of an SSE stream goes before it.");
  push.duration("stream_backoff_max", &O::stream_backoff_max, 10ms, kDay, "The longest such wait.");
  push.size("max_event", &O::max_event_bytes, kKiB, 256 * kMiB, "The longest event of a stream.");
}

}  // namespace

Table<Config> option_table() {
  Table<Config> table;
  Section<Config, Config> top(table);
  top.texts("include", &Config::include, "Files with sources, rules and hooks beside this one, in the order of their names. One that ends in .urls is a plain list of sources: a URL a line, then tags, a \"~Name\" and id=... as wanted.");
  add_daemon(table);
  add_schedule(table);
  add_http(table);
  add_ingest(table);
  add_normalize(table);
  add_dedup(table);
  add_store(table);
  add_redis(table);
  add_publish(table);
  add_alert(table);
  add_web(table);
  add_push(table);
  return table;
}

std::vector<SectionHelp> section_help() {
  return {
      {"daemon", "The daemon as a whole."},
      {"schedule", "When sources are polled."},
      {"http", "How the web is asked: identity, limits, security."},
      {"ingest", "Bounds of polling and parsing."},
      {"normalize", "How entries become items."},
      {"dedup", "How copies and stories are recognised."},
      {"store", "What is kept on disk, and how much may wait there while Redis is away."},
      {"redis", "The connection to Redis."},
      {"publish", "The streams in Redis."},
      {"alert", "Deliveries of alerts to hooks."},
      {"web", "The daemon's own HTTP server: API, metrics, dashboard."},
      {"push", "Hubs and streams: being told of what is new instead of asking."},
  };
}

}  // namespace tidings::config
