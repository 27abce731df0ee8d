/* What a call centre's telephone software does with Emptor: when a call comes in, show who it is; when it is
 * over, write it down. Fed by a recorded call log instead of a telephone system.
 *
 *     ./screen_pop FOLDER          the folder of customers.csv, orders.csv and calls.csv
 *
 * The log is played twice, as a switchboard does that was cut off: nothing is written a second time. */
#include <emptor.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST_CALLS 1000

static emptor_error error = EMPTOR_ERROR_INIT;

static void must(emptor_status status) {
  if (status == EMPTOR_OK) return;
  fprintf(stderr, "%s: %s (%s)\n", emptor_status_name(status), error.message, error.hint);
  exit(1);
}

static void show(const char* label, emptor_text text) {
  if (text.size > 0) printf("  %-12s %.*s\n", label, (int)text.size, text.data);
}

static emptor_text text_of(const char* text) {
  emptor_text view;
  view.data = text;
  view.size = strlen(text);
  return view;
}

/* ---- The base ---------------------------------------------------------------------------------- */

static void import_folder(emptor_session* session, const char* folder) {
  char customers[512], orders[512];
  emptor_text paths[2];
  emptor_import_options options = EMPTOR_IMPORT_OPTIONS_INIT;
  emptor_document* report = NULL;
  snprintf(customers, sizeof customers, "%s/customers.csv", folder);
  snprintf(orders, sizeof orders, "%s/orders.csv", folder);
  paths[0] = text_of(customers);
  paths[1] = text_of(orders);
  options.source = "crm";
  must(emptor_import(session, paths, 2, &options, &report, &error));
  must(emptor_document_free(report, &error));
}

static int64_t customer_of(emptor_session* session, const char* external_id) {
  emptor_record* record = NULL;
  int64_t id = 0;
  must(emptor_find(session, "customer", "crm", external_id, EMPTOR_NUL, &record, &error));
  must(emptor_record_get_id(record, "id", &id, NULL, &error));
  must(emptor_record_free(record, &error));
  return id;
}

/* Ben Carter was caught shopping around for a competitor; Maria Souza does not want to be called to be sold to. */
static void set_rules(emptor_session* session) {
  emptor_changes* changes = NULL;
  char json[256];
  must(emptor_changes_new(session, &changes, &error));
  snprintf(json, sizeof json, "{\"customer_id\":\"%lld\",\"kind\":\"no_service\",\"cause\":\"competitor\"}",
           (long long)customer_of(session, "K7"));
  must(emptor_changes_put_json(changes, "block", json, strlen(json), NULL, &error));
  snprintf(json, sizeof json,
           "{\"customer_id\":\"%lld\",\"channel\":\"phone\",\"purpose\":\"marketing\",\"state\":\"refused\","
           "\"stated_at\":\"2025-06-01T00:00:00Z\"}",
           (long long)customer_of(session, "K4"));
  must(emptor_changes_put_json(changes, "consent", json, strlen(json), NULL, &error));
  must(emptor_apply(session, changes, NULL, NULL, &error));
  must(emptor_changes_free(changes, &error));
}

/* ---- The screen -------------------------------------------------------------------------------- */

static void show_section(emptor_card* card, const emptor_card_view* view, int32_t section, const char* label) {
  size_t i;
  for (i = 0; i < view->counts[section]; ++i) {
    emptor_card_line line = EMPTOR_CARD_LINE_INIT;
    must(emptor_card_line_at(card, section, i, &line, &error));
    printf("  %-12s %.*s", label, (int)line.title.size, line.title.data);
    if (line.state.size > 0) printf(" (%.*s)", (int)line.state.size, line.state.data);
    if (line.has_amount)
      printf(" %lld.%02lld", (long long)(line.amount_micros / 1000000),
             (long long)(llabs(line.amount_micros) / 10000 % 100));
    printf("\n");
  }
}

static void pop(emptor_card* card, const emptor_card_view* view) {
  static const char* states[] = {"unknown caller", "known customer", "one of several", "number withheld", "BLOCKED"};
  printf("  %s\n", states[view->state]);
  show("name", view->name);
  show("tier", view->tier);
  show("stage", view->stage);
  show_section(card, view, EMPTOR_SECTION_CANDIDATES, "may be");
  show_section(card, view, EMPTOR_SECTION_BLOCKS, "withhold");
  show_section(card, view, EMPTOR_SECTION_CASES, "open case");
  show_section(card, view, EMPTOR_SECTION_ORDERS, "order");
  show_section(card, view, EMPTOR_SECTION_TOUCHES, "spoke of");
  show_section(card, view, EMPTOR_SECTION_NEXT_STEPS, "next");
}

/* ---- The calls --------------------------------------------------------------------------------- */

typedef struct call {
  char at[32], id[32], direction[8], number[64], outcome[128];
  int64_t began, seconds;
} call;

static int64_t micros_of(const char* at) { /* days since 1970 by the civil calendar */
  int year, month, day, hour, minute, second;
  long era, days;
  if (sscanf(at, "%d-%d-%dT%d:%d:%dZ", &year, &month, &day, &hour, &minute, &second) != 6) exit(1);
  year -= month <= 2;
  era = year / 400;
  days = era * 146097L + (year % 400) * 365L + year % 400 / 4 - year % 400 / 100 +
         (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1 - 719468L;
  return ((((int64_t)days * 24 + hour) * 60 + minute) * 60 + second) * 1000000;
}

static int read_calls(const char* folder, call* calls) {
  char path[512], line[512];
  FILE* file;
  int count = 0;
  snprintf(path, sizeof path, "%s/calls.csv", folder);
  if ((file = fopen(path, "r")) == NULL) exit(1);
  while (count < MOST_CALLS && fgets(line, sizeof line, file) != NULL) {
    call* one = &calls[count];
    long seconds;
    if (sscanf(line, "%31[^,],%31[^,],%7[^,],%63[^,],%ld,%127[^\n]", one->at, one->id, one->direction, one->number,
               &seconds, one->outcome) != 6)
      continue;
    one->seconds = seconds;
    one->began = micros_of(one->at);
    ++count;
  }
  fclose(file);
  return count;
}

/* May we sell on this call, which we began? */
static void check_consent(emptor_session* session, const call* one, int64_t customer) {
  int32_t allowed = 0;
  if (customer == 0 || strcmp(one->direction, "out") != 0) return;
  must(emptor_contact_allowed(session, customer, "phone", "marketing", one->began, &allowed, &error));
  printf("  %-12s %s\n", "selling", allowed ? "allowed" : "not allowed: speak of service only");
}

static void write_down(emptor_session* session, const call* one, int64_t customer) {
  emptor_interaction what = EMPTOR_INTERACTION_INIT;
  int64_t id; /* of the interaction: to open its form, say */
  what.call_id = text_of(one->id);
  what.customer = customer;
  what.channel = "phone";
  what.direction = one->direction;
  what.at = one->began;
  what.duration_seconds = one->seconds;
  what.outcome = text_of(one->outcome);
  what.durability = EMPTOR_GROUPED; /* the agent does not wait for the disk; see emptor_store_sync below */
  must(emptor_interaction_log(session, &what, &id, &error));
}

static double answer(emptor_session* session, const call* one, int quiet) {
  emptor_card_options options = EMPTOR_CARD_OPTIONS_INIT;
  emptor_card_view view = EMPTOR_CARD_VIEW_INIT;
  emptor_card* card = NULL;
  struct timespec begun, ended;
  options.default_region = "GB";
  options.deadline_us = 5000;
  clock_gettime(CLOCK_MONOTONIC, &begun);
  must(emptor_caller_card(session, one->number, EMPTOR_NUL, &options, &card, &error));
  clock_gettime(CLOCK_MONOTONIC, &ended);
  must(emptor_card_read(card, &view, &error));
  if (!quiet) {
    printf("%s %s call %s\n", one->at, strcmp(one->direction, "in") == 0 ? "incoming" : "outgoing", one->number);
    pop(card, &view);
    check_consent(session, one, view.customer);
  }
  write_down(session, one, view.customer);
  must(emptor_card_free(card, &error));
  return (double)(ended.tv_sec - begun.tv_sec) * 1e6 + (double)(ended.tv_nsec - begun.tv_nsec) / 1e3;
}

int main(int count, char** arguments) {
  static call calls[MOST_CALLS];
  const char* folder = count > 1 ? arguments[1] : ".";
  emptor_store_options options = EMPTOR_STORE_OPTIONS_INIT;
  emptor_store* store = NULL;
  emptor_session* session = NULL;
  int64_t logged = 0;
  double slowest = 0;
  int total, i;
  options.create = 1;
  options.currency = "EUR";
  must(emptor_store_open("callcentre.emptor", EMPTOR_NUL, &options, &store, &error));
  must(emptor_session_open(store, NULL, &session, &error));
  import_folder(session, folder);
  set_rules(session);
  total = read_calls(folder, calls);
  for (i = 0; i < total; ++i) answer(session, &calls[i], 0);
  for (i = 0; i < total; ++i) {
    const double micros = answer(session, &calls[i], 1);
    if (micros > slowest) slowest = micros;
  }
  must(emptor_store_sync(store, &error));
  must(emptor_count(session, "interaction", NULL, &logged, &error));
  printf("%d calls in the log, played twice: %lld interactions; slowest card of the second time %.0f microseconds\n",
         total, (long long)logged, slowest);
  must(emptor_session_close(session, &error));
  must(emptor_store_close(store, &error));
  return logged == total ? 0 : 1;
}
