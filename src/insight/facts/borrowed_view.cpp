#include "insight/facts/borrowed_view.hpp"

#include "session/forwarding_reader.hpp"

namespace emptor {

View borrowed_view(Reader& reader) { return View(std::make_unique<ForwardingReader>(reader)); }

}  // namespace emptor
