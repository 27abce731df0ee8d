/// Tables that hosts hand in as Arrow streams: a table source like a file, without the file.
#pragma once

#include <memory>
#include <string>

#include "emptor/core/arrow.hpp"
#include "emptor/core/progress.hpp"
#include "emptor/desk/table.hpp"

namespace emptor {

/// Takes the stream over: reads it to its end, checks it, and releases it, whatever happens; the batches
/// stay the host's memory and are released with the source. Numbers, days and times become the text in which
/// a file would have them (docs/types.md). Throws Code::unsupported for a column whose type no field can
/// take, Code::invalid for arrays that contradict themselves, Code::io for what the stream says went wrong.
std::unique_ptr<TableSource> open_arrow_table(std::string name, ArrowArrayStream* stream,
                                              const Progress& progress = {});

}  // namespace emptor
