/* The plugin ABI of tidings: a fetcher plugin says which requests a source needs and turns bytes into entries.
 *
 * A plugin is a shared object with one exported symbol, tidings_plugin_v1, that returns a description with function
 * pointers. It is a pure function with options: no sockets, threads, timers, clock, files or environment; the host
 * owns when and how. Calls on one instance never overlap, but may come from any thread; calls on different instances
 * do overlap. No exception may leave a plugin; it may not exit, abort or install signal handlers.
 *
 * Memory never changes owner. What the host passes is good until the call returns; what a plugin passes to a sink
 * function is good until that function returns (the host copies); what describe() returns is good for ever.
 *
 * Every struct begins with struct_size = sizeof of the struct as its writer knows it, and only grows at its end; a
 * reader reads no further than struct_size. Arrays step by the struct_size of their first element. Zeroed memory
 * after struct_size means: nothing stated. Structs that stand by value inside others (text, image, date, str, header)
 * never grow. Strings are pointer and length, UTF-8, with no NUL at the end; a NULL
 * pointer means: not stated. The host repairs invalid UTF-8. */
#ifndef TIDINGS_PLUGIN_H
#define TIDINGS_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TIDINGS_ABI_MAJOR 1
#define TIDINGS_ABI_MINOR 1
/* Compared by the host: a plugin built for another ABI or another sanitizer is not loaded. */
#if defined(__SANITIZE_ADDRESS__)
#define TIDINGS_BUILD "tidings-abi-1 asan"
#elif defined(__SANITIZE_THREAD__)
#define TIDINGS_BUILD "tidings-abi-1 tsan"
#else
#define TIDINGS_BUILD "tidings-abi-1"
#endif

/* A response body is followed by this many readable zero bytes. */
#define TIDINGS_BODY_PADDING 64
#define TIDINGS_UNKNOWN_TIME INT64_MIN

typedef struct tidings_str {
  const char* data;
  size_t size;
} tidings_str;

/* Text and how to read it. type: "text", "html", "xhtml", or a MIME type. */
typedef struct tidings_text {
  uint32_t struct_size;
  tidings_str value;
  tidings_str type;
  tidings_str base;
  tidings_str language;
  tidings_str src;
} tidings_text;

typedef struct tidings_person {
  uint32_t struct_size;
  tidings_str name, email, uri;
} tidings_person;

typedef struct tidings_category {
  uint32_t struct_size;
  tidings_str term, scheme, label;
} tidings_category;

typedef struct tidings_link {
  uint32_t struct_size;
  tidings_str rel, type, href, title, hreflang, length;
} tidings_link;

/* Unknown numbers are -1. */
typedef struct tidings_media {
  uint32_t struct_size;
  tidings_str url, type, medium, title, description, credit, language;
  int64_t width, height, length;
  double duration;
} tidings_media;

typedef struct tidings_image {
  uint32_t struct_size;
  tidings_str url, title, link;
  int64_t width, height;
} tidings_image;

/* raw as stated; micros since 1970 UTC, or TIDINGS_UNKNOWN_TIME where raw could not be understood. */
typedef struct tidings_date {
  tidings_str raw;
  int64_t micros;
} tidings_date;

typedef struct tidings_feed {
  uint32_t struct_size;
  tidings_str format, version, encoding;
  tidings_text title, subtitle, rights;
  tidings_str link, id, language, generator, icon, logo, new_url, self, next_archive;
  const tidings_str* hubs;
  size_t hub_count;
  tidings_date published, updated;
  tidings_image image;
  const tidings_person* authors;
  size_t author_count;
  const tidings_person* contributors;
  size_t contributor_count;
  const tidings_category* categories;
  size_t category_count;
  const tidings_link* links;
  size_t link_count;
  int64_t ttl_minutes;          /* -1: not stated */
  double update_period_seconds; /* -1: not stated */
  uint32_t skip_hours;          /* bit h: not in hour h UTC */
  uint32_t skip_days;           /* bit 0 Monday ... bit 6 Sunday */
  tidings_str extra;            /* JSON object of what has no field */
  tidings_str cloud;            /* since 1.1: rssCloud, the URL to register at by POST */
} tidings_feed;

typedef struct tidings_entry {
  uint32_t struct_size;
  uint32_t line; /* where the entry begins in the document, 0: unknown */
  tidings_str id;
  uint32_t id_is_permalink;
  uint32_t deleted; /* the source says that the entry is withdrawn */
  tidings_text title, summary, rights;
  const tidings_text* content;
  size_t content_count;
  tidings_str link, external_url, comments, language;
  tidings_date published, updated, expires;
  const tidings_person* authors;
  size_t author_count;
  const tidings_person* contributors;
  size_t contributor_count;
  const tidings_category* categories;
  size_t category_count;
  const tidings_link* links;
  size_t link_count;
  const tidings_media* enclosures;
  size_t enclosure_count;
  const tidings_media* media;
  size_t media_count;
  const tidings_media* thumbnails;
  size_t thumbnail_count;
  tidings_image image;
  const tidings_feed* source; /* the feed it was taken from, or NULL */
  double latitude, longitude;
  uint32_t has_position;
  tidings_str extra; /* JSON object of what has no field */
} tidings_entry;

typedef struct tidings_header {
  tidings_str name, value;
} tidings_header;

typedef struct tidings_request {
  uint32_t struct_size;
  tidings_str url;
  tidings_str method; /* not stated: GET */
  const tidings_header* headers;
  size_t header_count;
  tidings_str body;
  tidings_str tag; /* handed back with the response */
} tidings_request;

typedef struct tidings_response {
  uint32_t struct_size;
  int32_t status;
  tidings_str tag;
  tidings_str url; /* after redirects */
  const tidings_header* headers;
  size_t header_count;
  tidings_str body; /* TIDINGS_BODY_PADDING zero bytes follow */
  tidings_str charset_hint;
} tidings_response;

/* One event of a stream source, framed by the host. */
typedef struct tidings_event {
  uint32_t struct_size;
  tidings_str type;
  tidings_str id;
  tidings_str payload; /* TIDINGS_BODY_PADDING zero bytes follow */
  tidings_str url;
} tidings_event;

enum tidings_severity { TIDINGS_NOTE = 0, TIDINGS_WARNING = 1, TIDINGS_ERROR = 2 };

/* Where a plugin puts what it finds. Each function copies before it returns. A return of non-zero means: a bound of
 * the host is reached, stop. feed() is called once at the most; it may come after entries. */
typedef struct tidings_sink {
  uint32_t struct_size;
  void* context;
  int (*feed)(void* context, const tidings_feed* feed);
  int (*entry)(void* context, const tidings_entry* entry);
  int (*request)(void* context, const tidings_request* request); /* requests() and follow-ups of parse() */
  int (*cursor)(void* context, tidings_str cursor);
  int (*warning)(void* context, int severity, uint32_t line, tidings_str code, tidings_str message);
  int (*partial)(void* context); /* the document was cut short: what is absent from it is not gone */
} tidings_sink;

/* What a call came to. On an error the plugin calls sink->warning with TIDINGS_ERROR and one plain sentence first;
 * entries that it gave before stay. */
enum tidings_status {
  TIDINGS_OK = 0,
  TIDINGS_BAD_OPTIONS = 1, /* create: an option does not fit */
  TIDINGS_NOT_MINE = 2,    /* the document is of no format that this plugin reads */
  TIDINGS_BROKEN = 3,      /* the format is known, but nothing could be read */
  TIDINGS_STOPPED = 4,     /* a sink function asked to stop */
  TIDINGS_INTERNAL = 5
};

enum tidings_option_type { TIDINGS_STRING = 0, TIDINGS_INTEGER = 1, TIDINGS_NUMBER = 2, TIDINGS_BOOLEAN = 3, TIDINGS_STRINGS = 4, TIDINGS_TABLE = 5 };

typedef struct tidings_option {
  uint32_t struct_size;
  const char* name;
  int type;
  const char* default_value; /* as JSON text; NULL: none */
  const char* help;          /* one line */
  uint32_t required;
} tidings_option;

enum tidings_kind { TIDINGS_POLL = 1, TIDINGS_STREAM = 2 };

/* The source as the plugin sees it. options: one JSON object with the plugin's own options, checked by the host
 * against the option table. */
typedef struct tidings_source {
  uint32_t struct_size;
  tidings_str id, url, language;
  tidings_str options;
} tidings_source;

typedef struct tidings_plugin {
  uint32_t struct_size;
  uint32_t abi_major;
  uint32_t abi_minor;
  const char* build; /* TIDINGS_BUILD */
  const char* name;
  const char* version;
  const char* summary; /* one line */
  uint32_t kinds;      /* enum tidings_kind, or-ed */
  const tidings_option* options;
  size_t option_count;

  /* One instance a source. *instance is set where TIDINGS_OK is returned. */
  int (*create)(const tidings_source* source, const tidings_sink* sink, void** instance);
  void (*destroy)(void* instance);
  /* The requests of a poll, from the cursor that was saved last (not stated at first). */
  int (*requests)(void* instance, tidings_str cursor, const tidings_sink* sink);
  /* A response: entries, follow-up requests, a new cursor. */
  int (*parse)(void* instance, const tidings_response* response, const tidings_sink* sink);
  /* Stream kind: one event. NULL where kinds has no TIDINGS_STREAM. */
  int (*on_event)(void* instance, const tidings_event* event, const tidings_sink* sink);
} tidings_plugin;

#if defined(__GNUC__)
#define TIDINGS_EXPORT __attribute__((visibility("default")))
#else
#define TIDINGS_EXPORT
#endif

/* The one exported symbol; its name carries the major version. */
TIDINGS_EXPORT const tidings_plugin* tidings_plugin_v1(void);

#ifdef __cplusplus
}
#endif
#endif
