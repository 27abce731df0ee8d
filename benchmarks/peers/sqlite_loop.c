/* The rival of the import: a plain C loop that parses the same CSV files and inserts the same data rows into the same
 * tables, with no journal, no aggregates, no checks and nothing to import a second time.
 *
 *     peer_sqlite_loop live|after FOLDER DATABASE TABLES.sql INDEXES.sql
 *
 * `live` makes the indexes first, `after` once the rows are in. TABLES.sql and INDEXES.sql are the statements that the
 * store itself was made with. Commits every 20,000 lines, as the import does; WAL, synchronous FULL, the same cache.
 * Prints one line: rows inserted, seconds, of which on the processor, peak kilobytes. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { most_cells = 16, lines_a_commit = 20000 };

static sqlite3* database;
static int64_t rows_inserted;
static int64_t lines_since_commit;

static void stop(const char* what) {
  fprintf(stderr, "%s: %s\n", what, database ? sqlite3_errmsg(database) : "");
  exit(1);
}
static void run(const char* sql) {
  if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) stop(sql);
}
static sqlite3_stmt* prepare(const char* sql) {
  sqlite3_stmt* statement;
  if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) stop(sql);
  return statement;
}
static void insert(sqlite3_stmt* statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) stop("insert");
  sqlite3_reset(statement);
  ++rows_inserted;
}
static void line_done(void) {
  if (++lines_since_commit < lines_a_commit) return;
  lines_since_commit = 0;
  run("COMMIT; BEGIN IMMEDIATE");
}

/* ---- Files ---- */

typedef struct {
  const char* data;
  size_t size;
} text;

static text map_file(const char* folder, const char* name) {
  char path[4096];
  struct stat status;
  text file;
  int descriptor;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  descriptor = open(path, O_RDONLY);
  if (descriptor < 0 || fstat(descriptor, &status) != 0) stop(path);
  file.size = (size_t)status.st_size;
  file.data = mmap(NULL, file.size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (file.data == MAP_FAILED) stop(path);
  close(descriptor);
  return file;
}

/* The cells of the line at *at; 0 at the end. Quotes are taken off; the generator writes none within. */
static int next_line(text file, size_t* at, text cells[most_cells]) {
  int count = 0;
  if (*at >= file.size) return 0;
  while (count < most_cells) {
    const char* begin = file.data + *at;
    const char* end = begin;
    const char* limit = file.data + file.size;
    if (end < limit && *end == '"') {
      ++begin;
      for (++end; end < limit && *end != '"'; ++end) continue;
      cells[count].data = begin;
      cells[count++].size = (size_t)(end - begin);
      if (end < limit) ++end;
    } else {
      while (end < limit && *end != ',' && *end != '\n') ++end;
      cells[count].data = begin;
      cells[count++].size = (size_t)(end - begin);
    }
    *at = (size_t)(end - file.data) + 1;
    if (end >= limit || *end == '\n') break;
  }
  return count;
}

/* ---- Ids by the source's own codes ---- */

typedef struct {
  text key;
  int64_t id;
} slot;
typedef struct {
  slot* slots;
  size_t size, used;
} ids;

static uint64_t hash_of(text key) {
  uint64_t hash = 1469598103934665603U;
  size_t i;
  for (i = 0; i < key.size; ++i) hash = (hash ^ (unsigned char)key.data[i]) * 1099511628211U;
  return hash ^ hash >> 32;
}
static slot* place_of(const ids* all, text key) {
  size_t at = hash_of(key) & (all->size - 1);
  while (all->slots[at].id != 0 &&
         (all->slots[at].key.size != key.size || memcmp(all->slots[at].key.data, key.data, key.size) != 0))
    at = (at + 1) & (all->size - 1);
  return &all->slots[at];
}
static void grow(ids* all) {
  ids larger = {NULL, all->size ? all->size * 2 : 1024, all->used};
  size_t i;
  larger.slots = calloc(larger.size, sizeof(slot));
  if (larger.slots == NULL) stop("memory");
  for (i = 0; i < all->size; ++i)
    if (all->slots[i].id != 0) *place_of(&larger, all->slots[i].key) = all->slots[i];
  free(all->slots);
  *all = larger;
}
/* The id of a key; *is_new tells whether it was given just now. */
static int64_t id_of(ids* all, text key, int* is_new) {
  slot* place;
  if (all->used * 2 >= all->size) grow(all);
  place = place_of(all, key);
  *is_new = place->id == 0;
  if (*is_new) {
    place->key = key;
    place->id = (int64_t)++all->used;
  }
  return place->id;
}

/* ---- Values ---- */

static int64_t micros_of(text cell) {
  int64_t value = 0;
  int digits = -1, negative = 0;
  size_t i;
  for (i = 0; i < cell.size; ++i) {
    const char c = cell.data[i];
    if (c == '-')
      negative = 1;
    else if (c == '.')
      digits = 0;
    else {
      value = value * 10 + (c - '0');
      if (digits >= 0) ++digits;
    }
  }
  for (digits = digits < 0 ? 0 : digits; digits < 6; ++digits) value *= 10;
  return negative ? -value : value;
}
static int number(const char* digits, int count) {
  int value = 0;
  while (count-- > 0) value = value * 10 + (*digits++ - '0');
  return value;
}
static int64_t days_of(const char* date) {
  int year = number(date, 4), month = number(date + 5, 2);
  const int day = number(date + 8, 2);
  int64_t era_year;
  year -= month <= 2;
  era_year = year % 400;
  month = month > 2 ? month - 3 : month + 9;
  return (int64_t)(year / 400) * 146097 + era_year * 365 + era_year / 4 - era_year / 100 + (153 * month + 2) / 5 + day -
         1 - 719468;
}
static int64_t instant_of(text cell) {
  int64_t seconds = days_of(cell.data) * 86400;
  if (cell.size >= 16) seconds += number(cell.data + 11, 2) * 3600 + number(cell.data + 14, 2) * 60;
  if (cell.size >= 19) seconds += number(cell.data + 17, 2);
  return seconds * 1000000;
}
static void bind_text(sqlite3_stmt* statement, int at, text cell) {
  if (cell.size == 0)
    sqlite3_bind_null(statement, at);
  else
    sqlite3_bind_text(statement, at, cell.data, (int)cell.size, SQLITE_STATIC);
}
/* A name as it is looked up: small letters. */
static void bind_folded(sqlite3_stmt* statement, int at, text cell) {
  char folded[512];
  size_t i, size = cell.size < sizeof folded ? cell.size : sizeof folded;
  for (i = 0; i < size; ++i) {
    const char c = cell.data[i];
    folded[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
  }
  sqlite3_bind_text(statement, at, folded, (int)size, SQLITE_TRANSIENT);
}

/* ---- Tables ---- */

static ids customers, products, orders;
static int64_t next_identity, next_contact_point, next_line_id;

static void insert_identity(sqlite3_stmt* statement, const char* entity, int64_t id, text code) {
  sqlite3_bind_int64(statement, 1, ++next_identity);
  sqlite3_bind_text(statement, 2, entity, -1, SQLITE_STATIC);
  sqlite3_bind_int64(statement, 3, id);
  bind_text(statement, 4, code);
  insert(statement);
}

static sqlite3_stmt* identity_statement(void) {
  return prepare(
      "INSERT INTO identity(id, version, entity, record_id, system, external_id) "
      "VALUES(?1, 1, ?2, ?3, 'import', ?4)");
}

static void insert_contact_point(sqlite3_stmt* statement, sqlite3_stmt* identity, int64_t customer, text code,
                                 const char* channel, text value) {
  char external_id[128];
  text key;
  if (value.size == 0) return;
  sqlite3_bind_int64(statement, 1, ++next_contact_point);
  sqlite3_bind_int64(statement, 2, customer);
  sqlite3_bind_text(statement, 3, channel, -1, SQLITE_STATIC);
  bind_text(statement, 4, value);
  bind_folded(statement, 5, value);
  insert(statement);
  key.data = external_id;
  key.size = (size_t)snprintf(external_id, sizeof external_id, "%.*s#%s", (int)(code.size < 64 ? code.size : 64),
                              code.data, channel);
  insert_identity(identity, "contact_point", next_contact_point, key);
}

/* customer_id,kind,name,email,phone,birth_date,country,city,language,since */
static void load_customers(const char* folder) {
  sqlite3_stmt* customer = prepare(
      "INSERT INTO customer(id, version, kind, name, name_key, birth_date, country, city, language, since) "
      "VALUES(?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  sqlite3_stmt* contact_point = prepare(
      "INSERT INTO contact_point(id, version, customer_id, origin_id, channel, value, value_key) "
      "VALUES(?1, 1, ?2, ?2, ?3, ?4, ?5)");
  sqlite3_stmt* identity = identity_statement();
  const text file = map_file(folder, "customers.csv");
  text cells[most_cells];
  size_t at = 0;
  int is_new;
  next_line(file, &at, cells);
  while (next_line(file, &at, cells) >= 10) {
    const int64_t id = id_of(&customers, cells[0], &is_new);
    if (is_new) {
      sqlite3_bind_int64(customer, 1, id);
      bind_text(customer, 2, cells[1]);
      bind_text(customer, 3, cells[2]);
      bind_folded(customer, 4, cells[2]);
      if (cells[5].size == 0)
        sqlite3_bind_null(customer, 5);
      else
        sqlite3_bind_int64(customer, 5, days_of(cells[5].data));
      bind_text(customer, 6, cells[6]);
      bind_text(customer, 7, cells[7]);
      bind_text(customer, 8, cells[8]);
      sqlite3_bind_int64(customer, 9, instant_of(cells[9]));
      insert(customer);
      insert_identity(identity, "customer", id, cells[0]);
      insert_contact_point(contact_point, identity, id, cells[0], "email", cells[3]);
      insert_contact_point(contact_point, identity, id, cells[0], "phone", cells[4]);
    }
    line_done();
  }
  sqlite3_finalize(customer);
  sqlite3_finalize(contact_point);
  sqlite3_finalize(identity);
}

/* product_id,name,category,price,currency */
static void load_products(const char* folder) {
  sqlite3_stmt* product = prepare(
      "INSERT INTO product(id, version, sku, name, name_key, category, price, currency) "
      "VALUES(?1, 1, ?2, ?3, ?4, ?5, ?6, ?7)");
  sqlite3_stmt* identity = identity_statement();
  const text file = map_file(folder, "products.csv");
  text cells[most_cells];
  size_t at = 0;
  int is_new;
  next_line(file, &at, cells);
  while (next_line(file, &at, cells) >= 5) {
    const int64_t id = id_of(&products, cells[0], &is_new);
    if (is_new) {
      sqlite3_bind_int64(product, 1, id);
      bind_text(product, 2, cells[0]);
      bind_text(product, 3, cells[1]);
      bind_folded(product, 4, cells[1]);
      bind_text(product, 5, cells[2]);
      sqlite3_bind_int64(product, 6, micros_of(cells[3]));
      bind_text(product, 7, cells[4]);
      insert(product);
      insert_identity(identity, "product", id, cells[0]);
    }
    line_done();
  }
  sqlite3_finalize(product);
  sqlite3_finalize(identity);
}

static int64_t load_order(sqlite3_stmt* order, sqlite3_stmt* identity, const text cells[], int64_t customer) {
  int is_new;
  const int64_t id = id_of(&orders, cells[0], &is_new);
  if (!is_new) return id;
  sqlite3_bind_int64(order, 1, id);
  if (customer == 0)
    sqlite3_bind_null(order, 2);
  else
    sqlite3_bind_int64(order, 2, customer);
  bind_text(order, 3, cells[0]);
  sqlite3_bind_text(order, 4, cells[0].data[0] == 'C' ? "credit_note" : "sale", -1, SQLITE_STATIC);
  sqlite3_bind_int64(order, 5, instant_of(cells[1]));
  bind_text(order, 6, cells[6]);
  insert(order);
  insert_identity(identity, "order", id, cells[0]);
  return id;
}

/* order_number,order_date,customer_id,product_id,quantity,unit_price,currency */
static void load_lines(const char* folder) {
  sqlite3_stmt* line = prepare(
      "INSERT INTO order_line(id, version, customer_id, origin_id, order_id, product_id, quantity, price, amount, "
      "base_amount, source_key, category) VALUES(?1, 1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, "
      "(SELECT category FROM product WHERE id = ?4))");
  sqlite3_stmt* order = prepare(
      "INSERT INTO \"order\"(id, version, customer_id, origin_id, number, kind, ordered_at, currency) "
      "VALUES(?1, 1, ?2, ?2, ?3, ?4, ?5, ?6)");
  sqlite3_stmt* identity = identity_statement();
  const text file = map_file(folder, "order_lines.csv");
  text cells[most_cells];
  size_t at = 0, begin;
  int is_new;
  next_line(file, &at, cells);
  for (begin = at; next_line(file, &at, cells) >= 7; begin = at) {
    const int64_t customer = cells[2].size ? id_of(&customers, cells[2], &is_new) : 0;
    const int64_t quantity = micros_of(cells[4]), price = micros_of(cells[5]);
    const text whole = {file.data + begin, at - begin};
    sqlite3_bind_int64(line, 1, ++next_line_id);
    if (customer == 0)
      sqlite3_bind_null(line, 2);
    else
      sqlite3_bind_int64(line, 2, customer);
    sqlite3_bind_int64(line, 3, load_order(order, identity, cells, customer));
    sqlite3_bind_int64(line, 4, id_of(&products, cells[3], &is_new));
    sqlite3_bind_int64(line, 5, quantity);
    sqlite3_bind_int64(line, 6, price);
    sqlite3_bind_int64(line, 7, quantity / 1000000 * price);
    sqlite3_bind_int64(line, 8, (int64_t)hash_of(whole));
    insert(line);
    line_done();
  }
  sqlite3_finalize(line);
  sqlite3_finalize(order);
  sqlite3_finalize(identity);
}

static void run_file(const char* path) {
  FILE* file = fopen(path, "rb");
  char* sql = calloc(1, 1 << 20);
  if (file == NULL || sql == NULL || fread(sql, 1, (1 << 20) - 1, file) == 0) stop(path);
  fclose(file);
  run(sql);
  free(sql);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char** argv) {
  struct rusage usage;
  double began;
  int live;
  if (argc != 6) return 2;
  live = strcmp(argv[1], "live") == 0;
  if (sqlite3_open(argv[3], &database) != SQLITE_OK) stop(argv[3]);
  run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-98304");
  run_file(argv[4]);
  if (live) run_file(argv[5]);
  began = now();
  run("BEGIN IMMEDIATE");
  load_customers(argv[2]);
  load_products(argv[2]);
  load_lines(argv[2]);
  run("COMMIT");
  if (!live) run_file(argv[5]);
  sqlite3_close(database);
  began = now() - began;
  getrusage(RUSAGE_SELF, &usage);
  printf("%lld %.3f %.3f %ld\n", (long long)rows_inserted, began,
         (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
             (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
         usage.ru_maxrss);
  return 0;
}
