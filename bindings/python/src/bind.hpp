/// The parts of the module, a function each, and paths as Python writes them.
#pragma once

#include <nanobind/nanobind.h>

#include <string>

namespace emptor::python {

class Session;

void bind_store(nanobind::module_& module);
void bind_entity(nanobind::module_& module);
void bind_record(nanobind::module_& module);
void bind_changes(nanobind::module_& module);
void bind_session(nanobind::module_& module);
void bind_work(nanobind::class_<Session>& session);
void bind_desk(nanobind::class_<Session>& session);
void bind_tables(nanobind::class_<Session>& session);
void bind_table(nanobind::module_& module);
void bind_operations(nanobind::module_& module);
void bind_model(nanobind::module_& module);
void bind_columns(nanobind::module_& module);

/// The text of a str or os.PathLike.
std::string path_of(nanobind::handle path);

}  // namespace emptor::python
