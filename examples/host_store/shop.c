/* A shop whose program has a store of its own: Emptor keeps its customers there, and no file of its own.
 *
 *     cc shop.c log_store.c $(pkg-config --cflags --libs emptor) -o shop && ./shop shop.log Ada
 *
 * Each run adds one customer and tells how many there are.
 */
#include <stdio.h>
#include <stdlib.h>

#include "log_store.h"

static emptor_error error = EMPTOR_ERROR_INIT;

static void must(emptor_status status) {
  if (status == EMPTOR_OK) return;
  fprintf(stderr, "%s: %s (%s)\n", emptor_status_name(status), error.message, error.hint);
  exit(1);
}

static void add_customer(emptor_session* session, const char* name) {
  emptor_record* customer = NULL;
  emptor_changes* changes = NULL;
  must(emptor_record_new(session, "customer", &customer, &error));
  must(emptor_record_set_text(customer, "name", name, EMPTOR_NUL, &error));
  must(emptor_changes_new(session, &changes, &error));
  must(emptor_changes_put(changes, customer, NULL, &error));
  must(emptor_apply(session, changes, NULL, NULL, &error));
  must(emptor_changes_free(changes, &error));
  must(emptor_record_free(customer, &error));
}

int main(int count, char** arguments) {
  const char* path = count > 1 ? arguments[1] : "shop.log";
  const char* name = count > 2 ? arguments[2] : "Ada Lovelace";
  emptor_store_options options = EMPTOR_STORE_OPTIONS_INIT;
  emptor_host_calls calls;
  emptor_session* session = NULL;
  emptor_store* store = NULL;
  log_store* own = NULL;
  log_store_size size;
  int64_t customers = 0;
  const int opened = log_store_open(path, &own);
  if (opened != LOG_STORE_OK) {
    fprintf(stderr, "%s cannot be opened (%d)\n", path, opened);
    return 1;
  }
  calls = log_store_calls(own);
  options.create = 1;
  options.currency = "EUR";
  must(emptor_store_open_host(&calls, &options, &store, &error));
  must(emptor_session_open(store, NULL, &session, &error));
  add_customer(session, name);
  must(emptor_count(session, "customer", NULL, &customers, &error));
  must(emptor_session_close(session, &error));
  must(emptor_store_close(store, &error));
  size = log_store_measure(own);
  printf("%d customers, in %d keys\n", (int)customers, (int)size.keys);
  log_store_close(own);
  return 0;
}
