/// libpq, loaded when the first store on a server is opened: nothing is linked, and who opens none needs none.
#pragma once

#include <libpq-fe.h>

#include <memory>

namespace emptor::postgres {

#define EMPTOR_LIBPQ_CALLS(CALL)                                                                                      \
  CALL(PQconnectdbParams) CALL(PQfinish) CALL(PQstatus) CALL(PQerrorMessage) CALL(PQserverVersion) CALL(PQsocket)     \
  CALL(PQparameterStatus) CALL(PQsetNoticeReceiver) CALL(PQsetnonblocking) CALL(PQflush) CALL(PQconsumeInput)         \
  CALL(PQisBusy) CALL(PQgetResult) CALL(PQclear) CALL(PQresultStatus) CALL(PQresultErrorField) CALL(PQcmdStatus)      \
  CALL(PQntuples) CALL(PQgetvalue) CALL(PQgetlength) CALL(PQgetisnull) CALL(PQsendPrepare) CALL(PQsendQueryPrepared)  \
  CALL(PQsendQueryParams) CALL(PQsendQuery) CALL(PQenterPipelineMode) CALL(PQexitPipelineMode) CALL(PQpipelineSync)   \
  CALL(PQtransactionStatus) CALL(PQputCopyData) CALL(PQputCopyEnd) CALL(PQgetCancel) CALL(PQcancel) CALL(PQfreeCancel)

/// Its calls, each by its own name.
struct Libpq {
#define EMPTOR_LIBPQ_CALL(name) decltype(&::name) name = nullptr;
  EMPTOR_LIBPQ_CALLS(EMPTOR_LIBPQ_CALL)
#undef EMPTOR_LIBPQ_CALL
};

/// Loads it once, safely from several threads. Throws Code::unsupported where it is not installed or too old.
const Libpq& libpq();

struct ClearResult {
  void operator()(PGresult* result) const noexcept { libpq().PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

}  // namespace emptor::postgres
