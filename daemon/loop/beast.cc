// Beast is compiled once, here: see CMakeLists.txt.
#include <boost/beast/src.hpp>
