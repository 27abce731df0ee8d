/* Customers of whom is known who left: one insight learns it from the rest, and the scores that it leaves are printed.
 *
 *     cc insight.c $(pkg-config --cflags --libs emptor) -o insight && ./insight
 */
#include <emptor.h>
#include <stdio.h>
#include <stdlib.h>

static emptor_error error = EMPTOR_ERROR_INIT;

static void must(emptor_status status) {
  if (status == EMPTOR_OK) return;
  fprintf(stderr, "%s: %s (%s)\n", emptor_status_name(status), error.message, error.hint);
  exit(1);
}

/* 600 customers; those with a monthly plan and few visits left more often. Of the last ten it is not known yet. */
static void write_customers(const char* path) {
  FILE* file = fopen(path, "w");
  unsigned draw = 1;
  int i;
  if (file == NULL) exit(1);
  fputs("customer_id,plan,visits,left\n", file);
  for (i = 0; i < 600; ++i) {
    const int monthly = i % 2, visits = i / 2 % 10;
    draw = draw * 1664525u + 1013904223u;
    fprintf(file, "C%d,%s,%d,%s\n", i, monthly ? "monthly" : "yearly", visits,
            i >= 590                                                          ? ""
            : (draw >> 16) % 100 < (unsigned)(monthly ? 80 - 6 * visits : 20) ? "Yes"
                                                                              : "No");
  }
  fclose(file);
}

static void import_customers(emptor_session* session, const char* path) {
  emptor_document* report = NULL;
  emptor_text paths[1];
  paths[0].data = path;
  paths[0].size = EMPTOR_NUL;
  must(emptor_import(session, paths, 1, NULL, &report, &error));
  must(emptor_document_free(report, &error));
}

/* The summary tells which field was found to be the answer, and how well it is told on customers not seen before. */
static void learn(emptor_session* session) {
  emptor_document* summary = NULL;
  emptor_text json;
  must(emptor_run(session, "outcome", "{\"positive\":\"Yes\"}", EMPTOR_NUL, &summary, &error));
  must(emptor_document_text(summary, &json, &error));
  printf("outcome: %.*s\n", (int)json.size, json.data);
  must(emptor_document_free(summary, &error));
}

static void print_scores(emptor_session* session) {
  emptor_query query = EMPTOR_QUERY_INIT;
  emptor_records* scores = NULL;
  size_t count = 0, i;
  query.field = "name";
  query.value = "outcome.chance";
  query.value_size = EMPTOR_NUL;
  query.order_by = "customer_id";
  query.descending = 1;
  query.limit = 10;
  must(emptor_select(session, "score", &query, &scores, &error));
  must(emptor_records_count(scores, &count, &error));
  if (count != 10) exit(1);
  for (i = 0; i < count; ++i) {
    emptor_record* score = NULL;
    emptor_text level;
    int64_t customer = 0;
    double chance = 0;
    int32_t present = 0;
    must(emptor_records_at(scores, i, &score, &error));
    must(emptor_record_get_id(score, "customer_id", &customer, &present, &error));
    must(emptor_record_get_real(score, "value", &chance, &present, &error));
    must(emptor_record_get_text(score, "label", &level, &error));
    printf("customer %ld: leaves with a chance of %.2f (%.*s)\n", (long)customer, chance, (int)level.size, level.data);
    must(emptor_record_free(score, &error));
  }
  must(emptor_records_free(scores, &error));
}

int main(void) {
  emptor_store_options options = EMPTOR_STORE_OPTIONS_INIT;
  emptor_store* store = NULL;
  emptor_session* session = NULL;
  options.create = 1;
  write_customers("customers.csv");
  must(emptor_store_open(":memory:", EMPTOR_NUL, &options, &store, &error));
  must(emptor_session_open(store, NULL, &session, &error));
  import_customers(session, "customers.csv");
  learn(session);
  print_scores(session);
  must(emptor_session_close(session, &error));
  must(emptor_store_close(store, &error));
  return 0;
}
