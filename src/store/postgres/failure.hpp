/// What PostgreSQL's error codes mean to our callers.
#pragma once

#include <string_view>

#include "emptor/core/error.hpp"
#include "store/postgres/libpq.hpp"

namespace emptor::postgres {

/// For a five-character SQLSTATE.
Code code_of(std::string_view state) noexcept;
/// For a result that tells of a failure. Nothing in it comes from records: neither the server's details nor its words.
Error error_of(const PGresult* result);
Error error_of_lost_connection();
/// For a connection that could not be made.
Error error_of_connecting(std::string_view message);

}  // namespace emptor::postgres
