#include <algorithm>
#include <array>

#include "core/elementary.hpp"
#include "desk/generated_file.hpp"
#include "desk/generated_sales.hpp"
#include "emptor/core/random.hpp"

namespace emptor {
namespace {

struct Kind {
  std::string_view name, category;
};
constexpr std::array<Kind, 16> kinds = {{{"mug", "Kitchen"},
                                         {"teapot", "Kitchen"},
                                         {"lamp", "Living"},
                                         {"cushion", "Living"},
                                         {"notebook", "Paper"},
                                         {"card set", "Paper"},
                                         {"basket", "Garden"},
                                         {"bird house", "Garden"},
                                         {"puzzle", "Toys"},
                                         {"wooden train", "Toys"},
                                         {"茶具", "Kitchen"},
                                         {"台灯", "Living"},
                                         {"笔记本", "Paper"},
                                         {"花盆", "Garden"},
                                         {"拼图", "Toys"},
                                         {"披肩", "Living"}}};
constexpr std::array<std::string_view, 12> looks = {"red",   "blue",  "vintage", "striped", "small",   "large",
                                                    "ivory", "green", "oak",     "round",   "folding", "hand-made"};

std::string sku_of(std::uint64_t number) { return "P" + std::to_string(10'000 + number); }

/// Log-normal, median 4.50, ending in 9 as shops like it.
std::int64_t price_of(Random& random) {
  const double price = 4.5 * elementary::exp(0.8 * random.normal());
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(price * 10) * 10 + 9, 19, 99'999);
}

}  // namespace

std::vector<GeneratedProduct> write_products(const std::string& folder, const GenerateOptions& options,
                                             std::uint64_t lines, Generated& made) {
  std::uint64_t count = 60;
  while (count < 20'000 && count * count < lines * 4) count += 20;
  GeneratedFile file(folder, "products.csv");
  file.raw_line("product_id,name,category,price,currency");
  std::vector<GeneratedProduct> products;
  Random random(hash_of(options.seed, 0x70726f64));
  for (std::uint64_t i = 1; i <= count; ++i) {
    const Kind& kind = kinds[random.below(kinds.size())];
    const std::string name =
        std::string(looks[random.below(looks.size())]) + " " + std::string(kind.name) + " " + std::to_string(i);
    products.push_back({sku_of(i), price_of(random)});
    file.cell(products.back().sku).cell(name).cell(kind.category).hundredths(products.back().price);
    file.cell(options.currency.code()).end_line();
  }
  made.products = count;
  file.close();
  return products;
}

}  // namespace emptor
