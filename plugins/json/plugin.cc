#include "json/json.h"

TIDINGS_PLUGIN(tidings::json_feed::Json)
