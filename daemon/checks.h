#pragma once
// What a configuration is checked with: the plugins that are there and the language of rules. For the daemon and for
// `tidings check`, so that both say the same.

#include "config/load.h"
#include "plugin/plugins.h"

namespace tidings {

// `plugins` outlives what is returned; plugins of the folder that a configuration names are loaded into it.
config::Checks checks(plugin::Plugins& plugins);

}  // namespace tidings
