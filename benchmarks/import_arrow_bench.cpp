// Import of a table that a host hands in as an Arrow stream, against the import of the same rows from CSV.
//
//     bench_import_arrow [lines]     1,000,000 lines of orders unless said otherwise

#include <time.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "bound.hpp"
#include "emptor/core/error.hpp"
#include "emptor/desk/generate.hpp"
#include "emptor/desk/import.hpp"
#include "emptor/desk/table_arrow.hpp"
#include "emptor/model/plain.hpp"
#include "emptor/store/named_table.hpp"
#include "emptor/store/open.hpp"
#include "support/temp_folder.hpp"

namespace {

using namespace emptor;
using namespace emptor::bench;

Type broader(Type type) {
  switch (type) {
    case Type::integer:
      return Type::real;
    case Type::real:
      return Type::date;
    case Type::date:
      return Type::instant;
    default:
      return Type::text;
  }
}

/// The table of a file as typed columns, as a frame has it: numbers, days or times where every cell is
/// one, else text.
NamedTable frame_of(TableSource& file) {
  NamedTable frame;
  for (std::size_t i = 0; i < file.columns().size(); ++i) {
    Type type = Type::integer;
    TableRow row;
    file.rewind();
    while (file.next(row) && type != Type::text)
      while (type != Type::text && !parse_plain(type, row.cells[i])) type = broader(type);
    Column& column = frame.add(file.columns()[i], type);
    file.rewind();
    while (file.next(row)) column.append(*parse_plain(type, row.cells[i]));
  }
  return frame;
}

struct Cost {
  double seconds = 0, processor = 0;
};

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

template <class Import>
Cost import_into(const std::string& store, std::uint64_t lines, const Import& import) {
  const auto opened = open_store(store, {.create = true, .currency = *Currency::parse("EUR")});
  Session session(*opened);
  Cost cost;
  const double before = processor_seconds();
  ImportReport report;
  cost.seconds = seconds_of([&] { report = import(session); });
  cost.processor = processor_seconds() - before;
  if (report.entities["order_line"].written != lines) throw std::runtime_error("not every line was written");
  return cost;
}

bool measure(std::uint64_t lines) {
  const test::TempFolder folder;
  generate(folder.file("in"), {.customers = std::max<std::uint64_t>(1, lines / 10), .lines = lines});
  const std::vector<std::string> paths = {folder.file("in") + "/order_lines.csv"};
  const Cost file =
      import_into(folder.file("file.emptor"), lines, [&](Session& session) { return import_tables(session, paths); });
  NamedTable frame = frame_of(*open_tables(paths).sources.front());
  const Cost arrow = import_into(folder.file("arrow.emptor"), lines, [&](Session& session) {
    ArrowArrayStream stream{};
    to_arrow(std::move(frame), &stream);
    Tables tables;
    tables.sources.push_back(open_arrow_table("order_lines", &stream));
    return import_tables(session, tables);
  });
  figure("import from CSV", file.seconds, "s");
  figure("import from Arrow", arrow.seconds, "s");
  figure("import from Arrow: times the time of CSV", arrow.seconds / file.seconds, "");
  return bound("import from Arrow: times the processor time of CSV", arrow.processor / file.processor, Is::at_most, 1.3,
               "");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return measure(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000) ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
