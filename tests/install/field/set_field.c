/* set_field STORE FIELD VALUE: sets a field of customer 1 by its name, reads it back in a new session and
 * prints the record as JSON. Knows no field at compile time. */
#include <emptor.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static emptor_error error = EMPTOR_ERROR_INIT;

static void must(emptor_status status) {
  if (status == EMPTOR_OK) return;
  fprintf(stderr, "%s: %s\n", emptor_status_name(status), error.message);
  exit(1);
}

static void set_field(emptor_session* session, const char* field, const char* value) {
  emptor_record* customer = NULL;
  emptor_changes* changes = NULL;
  char json[256];
  sprintf(json, "{\"%.60s\":\"%.60s\"}", field, value);
  must(emptor_get(session, "customer", 1, &customer, &error));
  must(emptor_record_from_json(customer, json, EMPTOR_NUL, &error));
  must(emptor_changes_new(session, &changes, &error));
  must(emptor_changes_put(changes, customer, NULL, &error));
  must(emptor_apply(session, changes, NULL, NULL, &error));
  must(emptor_changes_free(changes, &error));
  must(emptor_record_free(customer, &error));
}

static int is_described(emptor_session* session, const char* name) {
  size_t count = 0, i;
  must(emptor_field_count(session, "customer", &count, &error));
  for (i = 0; i < count; ++i) {
    emptor_field field = EMPTOR_FIELD_INIT;
    must(emptor_field_at(session, "customer", i, &field, &error));
    if (field.name.size == strlen(name) && memcmp(field.name.data, name, field.name.size) == 0) return 1;
  }
  return 0;
}

int main(int argc, char** argv) {
  emptor_store* store = NULL;
  emptor_session* session = NULL;
  emptor_record* customer = NULL;
  emptor_text json;
  if (argc != 4) return 2;
  must(emptor_store_open(argv[1], EMPTOR_NUL, NULL, &store, &error));
  must(emptor_session_open(store, NULL, &session, &error));
  set_field(session, argv[2], argv[3]);
  if (!is_described(session, argv[2])) return 1;
  must(emptor_get(session, "customer", 1, &customer, &error));
  must(emptor_record_to_json(customer, &json, &error));
  printf("%.*s\n", (int)json.size, json.data);
  must(emptor_record_free(customer, &error));
  must(emptor_session_close(session, &error));
  must(emptor_store_close(store, &error));
  return 0;
}
