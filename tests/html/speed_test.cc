// A page costs microseconds; a limit far above that finds what grows with the square of something.
#include <chrono>
#include <cstdio>

#include "html/components.h"
#include "support/sentence.h"

using namespace cstims;
using namespace cstims::test;

SENTENCE(speed, "a page of three lists of ten rows is drawn at once") {
  const Renderer renderer({"en", TimeZone::find("Europe/Madrid").value(), false});
  ListView list = sample_list();
  while (list.rows.size() < 10) list.rows.push_back(list.rows.front());
  const Layout layout = sample_layout();
  const auto draw = [&] {
    return render_in_layout(renderer, layout, "dev/lists.html", [&](Dictionary& page) {
      for (const char* name : {"ONE", "TWO", "THREE"}) fill_list(page, name, list);
    });
  };
  constexpr int times = 500;
  const auto start = std::chrono::steady_clock::now();
  std::size_t size = 0;
  for (int i = 0; i < times; ++i) size += draw().size();
  const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - start;
  std::printf("page of three lists: %.1f microseconds, %zu bytes\n", spent.count() / times,
              size / times);
  EXPECT_LT(spent.count() / times, 5000);
}
