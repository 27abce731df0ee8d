#include "emptor/desk/portability.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "cli/command.hpp"
#include "cli/output_file.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, out, folder, take;
  std::int64_t customer = 0;
  bool without_deleted = false, dry_run = false;
};

int write_document(const Options& options) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  OutputFile file(options.out);
  file.write(export_customer(opened.session->view(), Id{options.customer}, {.with_deleted = !options.without_deleted}) +
             "\n");
  file.finish();
  return Exit::done;
}

int write_files(const Options& options) {
  const OpenedStore opened = open_session(options.store, {.read_only = true});
  const std::filesystem::path folder(options.folder);
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  std::vector<std::shared_ptr<OutputFile>> files;
  const std::uint64_t records = export_customer_csv(
      opened.session->view(), Id{options.customer},
      [&](std::string_view name) -> TextSink {
        files.push_back(std::make_shared<OutputFile>((folder / (std::string(name) + ".csv")).string()));
        return [file = files.back()](std::string_view text) { file->write(text); };
      },
      {.with_deleted = !options.without_deleted});
  for (const auto& file : files) file->finish();
  print(std::to_string(records) + " records in " + std::to_string(files.size()) + " files\n");
  return Exit::done;
}

Receipt take_from(Session& session, const Options& options) {
  const ApplyOptions how{.dry_run = options.dry_run};
  std::error_code unknown;
  if (std::filesystem::is_directory(options.take, unknown)) return import_customer_csv(session, options.take, how);
  std::ifstream file(options.take, std::ios::binary);
  return import_customer(session, std::string(std::istreambuf_iterator<char>(file), {}), how);
}

int take(const Options& options) {
  check_paths({options.take});
  const OpenedStore opened = open_session(options.store);
  const Receipt receipt = take_from(*opened.session, options);
  print(std::to_string(receipt.inserted) + (options.dry_run ? " records would be taken\n" : " records taken\n"));
  return Exit::done;
}

int run_portability(const Options& options) {
  if ((options.customer != 0) == !options.take.empty()) fail(Exit::usage, "give either CUSTOMER or --take");
  if (!options.take.empty()) return take(options);
  return options.folder.empty() ? write_document(options) : write_files(options);
}

}  // namespace

void add_portability(Command program) {
  auto options = std::make_shared<Options>();
  const Command command =
      program.add_subcommand("portability", "All that is recorded of one customer, for them to take elsewhere");
  command.add_option("STORE", &options->store, "File of the store").required();
  command.add_option("CUSTOMER", &options->customer, "Id of the customer").positive();
  command.add_option("--out", &options->out, "File of the JSON document (standard output)");
  command.add_option("--csv", &options->folder, "Folder for CSV files instead, one for each entity");
  command.add_flag("--without-deleted", &options->without_deleted, "Do not list deleted records");
  command.add_option("--take", &options->take,
                     "Take the document in this file, or the files in this folder, into the store");
  command.add_flag("--dry-run", &options->dry_run, "With --take: check only");
  command.footer(
      "\nExamples:\n"
      "  emptor portability shop.emptor 1042 --out ada.json\n"
      "  emptor portability shop.emptor 1042 --csv ada/\n"
      "  emptor portability other.emptor --take ada.json\n"
      "  emptor portability other.emptor --take ada/");
  command.runs([options] { return run_portability(*options); });
}

}  // namespace emptor::cli
