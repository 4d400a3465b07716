#include "feed/feed.h"

TIDINGS_PLUGIN(tidings::feed::Feed)
