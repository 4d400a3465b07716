#pragma once
// The configuration as one value: the options of every room, the sources, the alert rules and their hooks.

#include <string>
#include <vector>

#include "alert/options.h"
#include "config/option.h"
#include "config/options.h"
#include "dedup/options.h"
#include "http/options.h"
#include "ingest/options.h"
#include "model/alert.h"
#include "model/source.h"
#include "normalize/options.h"
#include "publish/options.h"
#include "push/options.h"
#include "redis/options.h"
#include "schedule/options.h"
#include "store/options.h"
#include "web/options.h"

namespace tidings::config {

struct Config {
  std::string file;  // it was read from
  // Files with sources, rules and hooks, as patterns relative to this one's folder.
  std::vector<std::string> include = {"sources.d/*.toml", "sources.d/*.urls", "rules.d/*.toml"};

  DaemonOptions daemon;
  schedule::Options schedule;
  http::Options http;
  ingest::Options ingest;
  normalize::Options normalize;
  dedup::Options dedup;
  store::Options store;
  redis::Options redis;
  publish::Options publish;
  alert::Options alert;
  web::Options web;
  push::Options push;

  std::vector<model::SharedSource> sources;  // in the order of the files
  std::vector<model::Rule> rules;
  std::vector<alert::Hook> hooks;
};

// The option table of the main file, section by section.
Table<Config> option_table();

// One line for each section of the table: what it is about.
struct SectionHelp {
  std::string name;
  std::string help;
};
std::vector<SectionHelp> section_help();

}  // namespace tidings::config
