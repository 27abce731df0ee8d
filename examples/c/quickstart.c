/* A shop's file is imported, customers are analysed, and one is looked up: the whole round in C.
 *
 *     cc quickstart.c $(pkg-config --cflags --libs emptor) -o quickstart && ./quickstart
 */
#include <emptor.h>
#include <stdio.h>
#include <stdlib.h>

static emptor_error error = EMPTOR_ERROR_INIT;

/* Every call tells by its status how it went, and by the error what to do about it. */
static void must(emptor_status status) {
  if (status == EMPTOR_OK) return;
  fprintf(stderr, "%s: %s (%s)\n", emptor_status_name(status), error.message, error.hint);
  exit(1);
}

static void write_sales(const char* path) {
  FILE* file = fopen(path, "w");
  int order;
  if (file == NULL) exit(1);
  fputs("Order ID,Customer ID,Customer Name,Order Date,Product,Quantity,Unit Price\n", file);
  for (order = 1; order <= 60; ++order)
    fprintf(file, "%d,C%d,Customer %d,2024-%02d-%02d,Tea,%d,2.50\n", order, order % 7 + 1, order % 7 + 1,
            order % 12 + 1, order % 28 + 1, order % 5 + 1);
  fclose(file);
}

static void import_sales(emptor_session* session, const char* path) {
  emptor_import_options options = EMPTOR_IMPORT_OPTIONS_INIT;
  emptor_document* report = NULL;
  emptor_text paths[1], json;
  paths[0].data = path;
  paths[0].size = EMPTOR_NUL;
  options.source = "shop";
  must(emptor_import(session, paths, 1, &options, &report, &error));
  must(emptor_document_text(report, &json, &error));
  printf("import: %.*s\n", (int)json.size, json.data);
  must(emptor_document_free(report, &error));
}

static void add_customer(emptor_session* session) {
  emptor_record* customer = NULL;
  emptor_changes* changes = NULL;
  must(emptor_record_new(session, "customer", &customer, &error));
  must(emptor_record_set_text(customer, "name", "Ada Lovelace", EMPTOR_NUL, &error));
  must(emptor_record_set_date(customer, "birth_date", 1815, 12, 10, &error));
  must(emptor_changes_new(session, &changes, &error));
  must(emptor_changes_put_by(changes, customer, "shop", "C99", EMPTOR_NUL, NULL, &error));
  must(emptor_apply(session, changes, NULL, NULL, &error));
  must(emptor_changes_free(changes, &error));
  must(emptor_record_free(customer, &error));
}

static void look_up(emptor_session* session, const char* external_id) {
  emptor_record* customer = NULL;
  emptor_text json;
  must(emptor_find(session, "customer", "shop", external_id, EMPTOR_NUL, &customer, &error));
  must(emptor_record_to_json(customer, &json, &error));
  printf("customer %s: %.*s\n", external_id, (int)json.size, json.data);
  must(emptor_record_free(customer, &error));
}

static void analyse(emptor_session* session) {
  emptor_document* result = NULL;
  emptor_text json;
  must(emptor_insight(session, "rfm", NULL, &result, &error));
  must(emptor_document_text(result, &json, &error));
  printf("rfm: %.*s\n", (int)json.size, json.data);
  must(emptor_document_free(result, &error));
}

int main(void) {
  emptor_store_options options = EMPTOR_STORE_OPTIONS_INIT;
  emptor_store* store = NULL;
  emptor_session* session = NULL;
  options.create = 1;
  options.currency = "EUR";
  write_sales("sales.csv");
  remove("shop.emptor");
  must(emptor_store_open("shop.emptor", EMPTOR_NUL, &options, &store, &error));
  must(emptor_session_open(store, NULL, &session, &error));
  import_sales(session, "sales.csv");
  add_customer(session);
  look_up(session, "C99");
  analyse(session);
  must(emptor_session_close(session, &error));
  must(emptor_store_close(store, &error));
  return 0;
}
