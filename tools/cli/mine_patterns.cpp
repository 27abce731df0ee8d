#include <charconv>
#include <cmath>

#include "cli/mine.hpp"
#include "cli/output_file.hpp"
#include "emptor/core/decimal.hpp"
#include "emptor/core/wide.hpp"
#include "emptor/mine/rules.hpp"
#include "emptor/mine/sequences.hpp"

namespace emptor::cli {
namespace {

using mine::ItemsetKind;
using mine::SequenceKind;

/// "100", or "0.5%" of so many. A share is exact: the least count that is at least it.
std::uint64_t support_of(const std::string& text, std::uint64_t all) {
  const bool share = text.ends_with('%');
  const std::optional<Decimal> number = Decimal::parse(share ? text.substr(0, text.size() - 1) : text);
  if (!number || number->micros() <= 0 || (!share && number->micros() % 1'000'000 != 0) ||
      (share && number->micros() > 100'000'000))
    fail(Exit::usage, "--support takes a count, or a share as in 0.5%");
  if (!share) return static_cast<std::uint64_t>(number->micros() / 1'000'000);
  const auto wanted = static_cast<Wide>(number->micros()) * all;
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>((wanted + 99'999'999) / 100'000'000));
}

/// Lines that are gathered before they go to the file; nothing where no file is wanted.
class Lines {
 public:
  explicit Lines(const std::string& path) {
    if (!path.empty()) file_ = std::make_unique<OutputFile>(path == "-" ? std::string() : path);
  }
  bool wanted() const noexcept { return file_ != nullptr; }
  Lines& items(std::span<const std::uint32_t> items) {
    for (const std::uint32_t item : items) number(item).text(" ");
    return *this;
  }
  Lines& number(std::uint64_t number) {
    char digits[20];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
    text_.append(digits, end);
    return *this;
  }
  Lines& text(std::string_view text) {
    text_ += text;
    return *this;
  }
  void end() {
    text_ += '\n';
    if (text_.size() < std::size_t{1} << 16) return;
    file_->write(text_);
    text_.clear();
  }
  void finish() {
    if (!wanted()) return;
    file_->write(text_);
    file_->finish();
  }

 private:
  std::unique_ptr<OutputFile> file_;
  std::string text_;
};

struct ItemsetForm : MineOptions {
  std::string support, out;
  std::uint64_t memory_mib = 0;
  mine::ItemsetOptions own;
  bool count_only = false;
};

mine::ItemsetSummary deliver(const mine::BasketTable& baskets, const ItemsetForm& form) {
  Lines lines(form.out);
  const mine::ItemsetReceiver receiver = [&](const mine::ItemsetBlock& block) {
    for (std::size_t set = 0; lines.wanted() && set < block.size(); ++set)
      lines.items(block[set]).text("(").number(block.supports[set]).text(")").end();
    return true;
  };
  const mine::ItemsetSummary summary = mine_itemsets(baskets, form.own, receiver, run_of(form));
  lines.finish();
  return summary;
}

int run_itemsets(ItemsetForm form) {
  const Stopwatch watch;
  const mine::BasketTable baskets = mine::read_fimi_file(form.file);
  form.own.min_support = support_of(form.support, baskets.size());
  form.own.memory_bytes = form.memory_mib << 20;
  const mine::ItemsetSummary found =
      form.count_only ? count_itemsets(baskets, form.own, run_of(form)) : deliver(baskets, form);
  print(Figures()
            .add("sets", found.sets)
            .add("baskets", found.baskets)
            .add("frequent_items", found.frequent_items)
            .add("support", form.own.min_support)
            .add("complete", found.complete())
            .add("ending", name_of(found.ending))
            .add("seconds", watch.seconds())
            .text(form.json));
  return found.complete() ? Exit::done : Exit::budget;
}

struct RuleForm : MineOptions {
  std::string support, out;
  mine::RuleOptions own;
};

int run_rules(RuleForm form) {
  const Stopwatch watch;
  const mine::BasketTable baskets = mine::read_fimi_file(form.file);
  form.own.itemsets.min_support = support_of(form.support, baskets.size());
  Lines lines(form.out);
  const mine::RuleReceiver receiver = [&](const mine::Rule& rule) {
    if (!lines.wanted()) return true;
    lines.items(rule.left).text("=> ").items(rule.right).text("(").number(rule.counts.both);
    lines.text(" ").number(rule.counts.left).text(" ").number(rule.counts.right).text(")").end();
    return true;
  };
  const mine::RuleSummary found = mine_rules(baskets, form.own, receiver, run_of(form));
  lines.finish();
  print(Figures()
            .add("rules", found.rules)
            .add("candidates", found.candidates)
            .add("sets", found.sets)
            .add("baskets", found.baskets)
            .add("support", form.own.itemsets.min_support)
            .add("confidence", form.own.min_confidence)
            .add("complete", found.complete())
            .add("seconds", watch.seconds())
            .text(form.json));
  return found.complete() ? Exit::done : Exit::budget;
}

struct SequenceForm : MineOptions {
  std::string support, out;
  mine::SequenceOptions own;
};

void write_pattern(Lines& lines, const mine::SequencePattern& pattern) {
  for (std::size_t element = 0; element < pattern.elements.size(); ++element) {
    const std::size_t first = pattern.elements[element];
    const std::size_t end =
        element + 1 < pattern.elements.size() ? pattern.elements[element + 1] : pattern.items.size();
    lines.items(pattern.items.subspan(first, end - first)).text("-1 ");
  }
  lines.text("#SUP: ").number(pattern.support).end();
}

int run_sequences(SequenceForm form) {
  const Stopwatch watch;
  const mine::SequenceTable histories = mine::read_spmf_file(form.file);
  form.own.min_support = support_of(form.support, histories.size());
  Lines lines(form.out);
  const mine::SequenceReceiver receiver = [&](const mine::SequencePattern& pattern) {
    if (lines.wanted()) write_pattern(lines, pattern);
    return true;
  };
  const mine::SequenceSummary found = mine_sequences(histories, form.own, receiver, run_of(form));
  lines.finish();
  print(Figures()
            .add("patterns", found.patterns)
            .add("histories", found.histories)
            .add("support", form.own.min_support)
            .add("complete", found.complete())
            .add("ending", name_of(found.ending))
            .add("seconds", watch.seconds())
            .text(form.json));
  return found.complete() ? Exit::done : Exit::budget;
}

void add_pattern_options(Command command, std::string& support, std::string& out, const char* of) {
  command.add_option("--support", &support, std::string("Least number of ") + of + ", or a share as in 0.5%")
      .required();
  command.add_option("--out", &out, "File for what is found, a line each; - is standard output");
}

}  // namespace

void add_mine_itemsets(Command mine) {
  auto form = std::make_shared<ItemsetForm>();
  const Command command = mine.add_subcommand("itemsets", "Items that occur together (FIMI's format: a basket a line)");
  add_mine_options(command, *form);
  add_pattern_options(command, form->support, form->out, "baskets");
  command.add_choice("--kind", &form->own.kind,
                     {{"all", ItemsetKind::all}, {"closed", ItemsetKind::closed}, {"maximal", ItemsetKind::maximal}},
                     "Which of the frequent ones");
  command.add_flag("--count-only", &form->count_only, "Count without naming them, which is faster");
  command.add_option("--max-length", &form->own.max_length, "Items of a set at most");
  command.add_option("--max-sets", &form->own.max_sets, "Stop after so many, with exit code 5");
  command.add_option("--memory-mib", &form->memory_mib, "Memory that the search may hold");
  command.footer("\nExample:\n  emptor mine itemsets retail.dat --support 10 --kind closed --json");
  command.runs([form] { return run_itemsets(*form); });
}

void add_mine_rules(Command mine) {
  auto form = std::make_shared<RuleForm>();
  const Command command = mine.add_subcommand("rules", "Who has this has that (FIMI's format: a basket a line)");
  add_mine_options(command, *form);
  add_pattern_options(command, form->support, form->out, "baskets");
  command.add_option("--confidence", &form->own.min_confidence, "Least share of baskets with left that have right")
      .required()
      .range(0.0, 1.0);
  command.add_option("--lift", &form->own.min_lift, "Least lift");
  command.add_option("--max-right", &form->own.max_right, "Items on the right at most; 0: no limit (1)");
  command.add_option("--max-length", &form->own.itemsets.max_length, "Items of a rule at most");
  command.add_option("--max-rules", &form->own.max_rules, "Stop after so many, with exit code 5");
  command.footer("\nExample:\n  emptor mine rules retail.dat --support 0.1% --confidence 0.5 --json");
  command.runs([form] { return run_rules(*form); });
}

void add_mine_sequences(Command mine) {
  auto form = std::make_shared<SequenceForm>();
  const Command command = mine.add_subcommand("sequences", "What comes after what (SPMF's format: a history a line)");
  add_mine_options(command, *form);
  add_pattern_options(command, form->support, form->out, "histories");
  command.add_choice("--kind", &form->own.kind, {{"all", SequenceKind::all}, {"closed", SequenceKind::closed}},
                     "Which of the frequent ones");
  command.add_option("--max-length", &form->own.max_length, "Items of a pattern at most");
  command.add_option("--max-gap", &form->own.max_gap, "Elements from one to the next at most");
  command.add_option("--max-patterns", &form->own.max_patterns, "Stop after so many, with exit code 5");
  command.footer("\nExample:\n  emptor mine sequences kosarak10k.seq --support 0.2% --json");
  command.runs([form] { return run_sequences(*form); });
}

}  // namespace emptor::cli
