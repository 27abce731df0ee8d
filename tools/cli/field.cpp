#include "cli/command.hpp"

namespace emptor::cli {
namespace {

struct Options {
  std::string store, entity, name, type = "text", doc;
  bool indexed = false, personal = false;
};

constexpr Type types[] = {Type::text,    Type::integer, Type::decimal, Type::real,
                          Type::boolean, Type::date,    Type::instant};

Type type_of(const std::string& name) {
  std::string known;
  for (const Type type : types) {
    if (name_of(type) == name) return type;
    known += (known.empty() ? "" : ", ") + std::string(name_of(type));
  }
  fail(Exit::usage, "there is no such type of field", "known: " + known);
}

int run_field(const Options& options) {
  CustomField field;
  field.entity = options.entity;
  field.name = options.name;
  field.type = type_of(options.type);
  field.doc = options.doc;
  field.flags = (options.indexed ? field_flag::indexed : 0) | (options.personal ? field_flag::personal : 0);
  const OpenedStore opened = open_session(options.store);
  const std::string stored = opened.session->define_field(field);
  print(options.entity + "." + stored + ": " + options.type + "\n");
  return Exit::done;
}

}  // namespace

void add_field(Command program) {
  auto options = std::make_shared<Options>();
  const Command command = program.add_subcommand("field", "Declare a field of your own, usable at once");
  command.add_option("STORE", &options->store, "The store: a file or a URL").required();
  command.add_option("ENTITY", &options->entity, "customer, order, product, ...").required();
  command.add_option("NAME", &options->name, "Small letters, digits and _ (stored with the prefix x_)").required();
  command.add_option("--type", &options->type, "text, integer, decimal, real, boolean, date, instant (text)");
  command.add_option("--doc", &options->doc, "What it means");
  command.add_flag("--indexed", &options->indexed, "Found and ordered without a scan");
  command.add_flag("--personal", &options->personal, "Personal data: sealed in the journal");
  command.footer("\nExample:\n  emptor field shop.emptor customer loyalty_points --type integer --indexed");
  command.runs([options] { return run_field(*options); });
}

}  // namespace emptor::cli
