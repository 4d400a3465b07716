#pragma once
// The part of Asio that every I/O room uses, and the names we use for it.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/as_tuple.hpp>

namespace tidings {

namespace asio = boost::asio;
using boost::system::error_code;

template <class T = void>
using Task = asio::awaitable<T>;

// Completes with a tuple that begins with the error_code: no exception for what the world can cause.
inline constexpr auto use_task = asio::as_tuple(asio::use_awaitable);

}  // namespace tidings
