// Follows the items from where it stopped last: g++ -std=c++20 -o subscriber subscriber.cc -lhiredis && ./subscriber
#include <hiredis/hiredis.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

int main() {
  const char* url = std::getenv("TIDINGS_REDIS_URL");
  char host[256] = "127.0.0.1", last[64] = "0";
  int port = 6379;
  if (url != nullptr) std::sscanf(url, "redis://%255[^:/]:%d", host, &port);
  std::ifstream("last-id") >> last;
  redisContext* redis = redisConnect(host, port);
  while (auto* reply = static_cast<redisReply*>(redisCommand(redis, "XREAD COUNT 100 BLOCK 5000 STREAMS {tidings}:items %s", last))) {
    for (std::size_t i = 0; reply->type == REDIS_REPLY_ARRAY && i < reply->element[0]->element[1]->elements; ++i) {
      const redisReply* entry = reply->element[0]->element[1]->element[i];
      std::map<std::string, std::string> fields;
      for (std::size_t f = 0; f < entry->element[1]->elements; f += 2) fields[entry->element[1]->element[f]->str] = entry->element[1]->element[f + 1]->str;
      std::cout << fields["verdict"] << ' ' << fields["source"] << ' ' << fields["title"] << std::endl;
      std::snprintf(last, sizeof last, "%s", entry->element[0]->str);
      std::ofstream("last-id", std::ios::trunc) << last;
    }
    freeReplyObject(reply);
  }
  std::cerr << "Redis: " << redis->errstr << '\n';
  redisFree(redis);
  return 1;
}
