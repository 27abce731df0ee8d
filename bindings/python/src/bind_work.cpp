#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include <vector>

#include "bind.hpp"
#include "document.hpp"
#include "session.hpp"
#include "stream.hpp"
#include "value.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace emptor::python {
namespace {

using Name = std::optional<std::string>;

/// Another callable hears of progress while the scope lasts.
class Listening {
 public:
  Listening(Host& host, nb::handle progress) : host_(host), before_(host.progress) {
    if (!progress.is_none()) host.progress = nb::borrow(progress);
  }
  ~Listening() { host_.progress = before_; }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

 private:
  Host& host_;
  nb::object before_;
};

bool is_path(nb::handle what) { return nb::isinstance<nb::str>(what) || nb::hasattr(what, "__fspath__"); }

std::vector<std::string> paths_of(nb::handle what) {
  if (is_path(what)) return {path_of(what)};
  std::vector<std::string> paths;
  for (nb::handle one : what) paths.push_back(path_of(one));
  return paths;
}

/// What an import is told beside its data; owns the texts.
struct ImportSettings {
  Name mapping, source, currency, zone, rejects;
  bool dry_run = false;

  emptor_import_options view() const {
    emptor_import_options options = EMPTOR_IMPORT_OPTIONS_INIT;
    options.mapping = name_or_null(mapping);
    options.mapping_size = mapping ? mapping->size() : 0;
    options.source = name_or_null(source);
    options.currency = name_or_null(currency);
    options.zone = name_or_null(zone);
    options.rejects = name_or_null(rejects);
    options.dry_run = dry_run ? 1 : 0;
    return options;
  }
};

Answer import_paths(Session& session, const std::vector<std::string>& paths, const emptor_import_options& options) {
  std::vector<emptor_text> texts;
  for (const std::string& path : paths) texts.push_back({path.data(), path.size()});
  return document_of(session, [&](auto* in, auto** report, auto* error) {
    return emptor_import(in, texts.data(), texts.size(), &options, report, error);
  });
}

Answer import_frame(Session& session, nb::handle frame, const Name& name, const emptor_import_options& options) {
  if (!name) raise(EMPTOR_INVALID, "a frame has no name", "say what it holds: name='order_lines'");
  const StreamIn stream(frame);
  return document_of(session, [&](auto* in, auto** report, auto* error) {
    return emptor_import_arrow(in, name->c_str(), stream.get(), &options, report, error);
  });
}

Answer import_data(Session& session, nb::handle what, const Name& name, const Name& mapping, const Name& source,
                   const Name& currency, const Name& zone, nb::handle rejects, bool dry_run, nb::handle progress) {
  ImportSettings settings{mapping, source, currency, zone, {}, dry_run};
  if (!rejects.is_none()) settings.rejects = path_of(rejects);
  const Listening listening(session.host(), progress);
  return is_frame(what) ? import_frame(session, what, name, settings.view())
                        : import_paths(session, paths_of(what), settings.view());
}

Answer insight(Session& session, const std::string& name, nb::handle as_of, bool write, nb::kwargs options) {
  const std::string day = plain_of(as_of), json = json_of(options);
  emptor_insight_options given = EMPTOR_INSIGHT_OPTIONS_INIT;
  given.as_of = as_of.is_none() ? nullptr : day.c_str();
  given.json = json.data();
  given.json_size = json.size();
  given.no_write = write ? 0 : 1;
  return document_of(session, [&](auto* in, auto** result, auto* error) {
    return emptor_insight(in, name.c_str(), &given, result, error);
  });
}

Answer verify(Session& session, bool deep) {
  return document_of(
      session, [&](auto* in, auto** result, auto* error) { return emptor_verify(in, deep ? 1 : 0, result, error); });
}

Answer feed(Session& session, std::int64_t after, std::uint64_t limit) {
  return document_of(
      session, [&](auto* in, auto** changes, auto* error) { return emptor_feed(in, after, limit, changes, error); });
}

}  // namespace

void bind_work(nb::class_<Session>& session) {
  session
      .def(
          "import_", import_data, "what"_a, nb::kw_only(), "name"_a = nb::none(), "mapping"_a = nb::none(),
          "source"_a = nb::none(), "currency"_a = nb::none(), "zone"_a = nb::none(), "rejects"_a = nb::none(),
          "dry_run"_a = false, "progress"_a = nb::none(),
          "Imports files and folders, or a frame: anything with the Arrow PyCapsule protocol (pandas, Polars,\n"
          "PyArrow, DuckDB), whose `name` says what it holds ('order_lines'). `mapping` is the text of a mapping "
          "file;\n"
          "without it, columns are understood by their headers. `source` names the source system, `currency` and\n"
          "`zone` hold for amounts and times without one, `rejects` is a file for refused lines. With `dry_run`\n"
          "nothing is written. `progress` is called as progress(stage, done, total), and stops the import by False.\n"
          "Returns what was read, written and refused. An import that is stopped, by Ctrl-C too, keeps whole batches,\n"
          "and can be run again.")
      .def("insight", insight, "name"_a, nb::kw_only(), "as_of"_a = nb::none(), "write"_a = true, "options"_a,
           "Runs an insight by name ('rfm'). `as_of` is the day it stands for, by default the last with a purchase.\n"
           "The other keywords are the insight's own options (emptor.insights() tells them). Scores and tags are kept\n"
           "in the store unless `write` is False. Returns the summary.")
      .def("verify", verify, "deep"_a = false,
           "Recomputes the journal's chain; `deep` also checks every record against it. Damage is told by\n"
           "'intact' in the answer.")
      .def("feed", feed, "after"_a = 0, "limit"_a = 1000,
           "What changed after a position: {'position', 'items'}. Ask again with its position.");
}

}  // namespace emptor::python
