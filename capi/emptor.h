/* Emptor, the customer engine that other software embeds: the C API, version 0.1.
 *
 * EXPERIMENTAL: names and meanings may change until version 1.0, which freezes them.
 *
 * This header is the specification. It is C99 and C++, needs nothing but two standard headers, and
 * what it does not promise is not promised.
 *
 *     emptor_store* store = NULL;
 *     emptor_session* session = NULL;
 *     emptor_record* customer = NULL;
 *     emptor_changes* changes = NULL;
 *     emptor_error error = EMPTOR_ERROR_INIT;
 *     emptor_store_options options = EMPTOR_STORE_OPTIONS_INIT;
 *     options.create = 1;
 *     emptor_store_open("shop.emptor", EMPTOR_NUL, &options, &store, &error);
 *     emptor_session_open(store, NULL, &session, &error);
 *     emptor_record_new(session, "customer", &customer, &error);
 *     emptor_record_set_text(customer, "name", "Ada Lovelace", EMPTOR_NUL, &error);
 *     emptor_changes_new(session, &changes, &error);
 *     emptor_changes_put(changes, customer, NULL, &error);
 *     if (emptor_apply(session, changes, NULL, NULL, &error) != EMPTOR_OK) puts(error.message);
 *
 * RULES OF EVERY FUNCTION
 *
 * Status. A function that can fail returns an emptor_status; EMPTOR_OK is 0. A call that fails has
 * changed nothing, and its outputs are NULL or zero. No C++ exception leaves the library.
 *
 * Errors. The last argument is an emptor_error of the caller's, or NULL. Its `size` must be set
 * (EMPTOR_ERROR_INIT does). Every call fills it: code, one sentence, and where they apply the entity,
 * the field, the row and what to do about it. Errors hold no personal data.
 *
 * Handles. Stores, sessions, records, changes, receipts, lists, documents, cards and models are handles: numbers in
 * the shape of a pointer, to be passed on and compared with NULL but never followed. Each is checked
 * against a table. EMPTOR_MISUSE is returned, and nothing done, for NULL, for a handle that was closed,
 * that is of another kind, of another process or that never was one, for a session used in another
 * thread than its own, for a handle that is in use by another call at that moment, and, in the child of
 * a fork, for every handle of the parent (a child opens its own).
 * A close function given NULL does nothing and returns EMPTOR_OK.
 *
 * Threads. A store or a model may be used by any number of threads. A session belongs to the thread that opened
 * it, until another takes it over (emptor_session_adopt). Records, changes, receipts, lists and
 * documents belong to no thread; one call at a time.
 *
 * Lifetimes. A store is closed after its sessions (EMPTOR_MISUSE before). Everything else stands for
 * itself: a record, list, receipt or document outlives its session.
 *
 * Text in. Names that a program writes itself (of entities, fields, insights) are C strings of at most
 * 255 bytes. Everything else is a pointer and a length in bytes, UTF-8 without NUL; EMPTOR_NUL as the
 * length means "up to the NUL". Malformed UTF-8 is EMPTOR_INVALID, as is a length above 64 MiB. A NULL
 * pointer is an empty text where its length is 0 and EMPTOR_MISUSE otherwise. An empty text is a
 * missing text.
 *
 * Text out. An emptor_text is a pointer and a length, without a NUL at the end. It lives as long as
 * the handle that it was read from, unless the function says something shorter.
 *
 * Structs start with their size, which the caller sets (the _INIT macros do), and grow at the end
 * only. Options of a program that was built with an older header, and so are smaller, are taken as they
 * are; what they lack has its default. A size smaller than the first one ever published is EMPTOR_MISUSE.
 * NULL options mean the defaults.
 *
 * Memory. A failed allocation is EMPTOR_MEMORY. Handles are freed by their close or free function.
 */
#ifndef EMPTOR_H
#define EMPTOR_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define EMPTOR_API
#else
#define EMPTOR_API __attribute__((visibility("default")))
#endif

#define EMPTOR_VERSION_MAJOR 0
#define EMPTOR_VERSION_MINOR 1
#define EMPTOR_VERSION_PATCH 0

/* As a length: the text ends at its NUL. */
#define EMPTOR_NUL ((size_t)-1)

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Status and errors ------------------------------------------------------------------------- */

typedef int32_t emptor_status;
enum {
  EMPTOR_OK = 0,
  EMPTOR_INVALID = 1,      /* a value breaks a rule of its field */
  EMPTOR_NOT_FOUND = 2,    /* no such record, field, entity or file */
  EMPTOR_CONFLICT = 3,     /* the record changed since the version that was expected */
  EMPTOR_DUPLICATE = 4,    /* a unique value is taken */
  EMPTOR_DENIED = 5,       /* the actor may not do this */
  EMPTOR_BUSY = 6,         /* another process held the store longer than was allowed to wait */
  EMPTOR_IO = 7,           /* the system refused a read or a write */
  EMPTOR_FULL = 8,         /* no space left */
  EMPTOR_CORRUPT = 9,      /* the store or the input is damaged */
  EMPTOR_NEWER = 10,       /* the file was written by a newer version of the library */
  EMPTOR_UNSUPPORTED = 11, /* a known thing that this store or build does not do */
  EMPTOR_BUDGET = 12,      /* a limit on time, memory or rows was reached */
  EMPTOR_CANCELLED = 13,   /* the host asked to stop */
  EMPTOR_MEMORY = 14,      /* an allocation failed */
  EMPTOR_MISUSE = 15,      /* a call that breaks the rules of this header */
  EMPTOR_INTERNAL = 16     /* a bug in the library */
};

typedef struct emptor_error {
  size_t size;        /* sizeof(emptor_error), set by the caller */
  emptor_status code; /* of this call; EMPTOR_OK where it succeeded */
  int32_t problems;   /* how many things are wrong; the rest tells of the first */
  int64_t row;        /* index of the change, or line of the file; -1 where none applies */
  char message[512];  /* each text ends with a NUL and may be cut (between characters) */
  char entity[64];
  char field[64];
  char hint[256];
} emptor_error;
#define EMPTOR_ERROR_INIT                                \
  {                                                      \
    sizeof(emptor_error), 0, 0, -1, {0}, {0}, {0}, { 0 } \
  }

/* The library's version, "0.1.0". */
EMPTOR_API const char* emptor_version(void);
/* 1 if this build has the module of that name, 0 if not (or NULL): "memory", "sqlite", "host", "import",
 * "export", "arrow", "insight", "compute", "report", "generate", "mine". */
EMPTOR_API int32_t emptor_has(const char* module);
/* The stable word for a status ("not_found"); "unknown" for a number that is none. */
EMPTOR_API const char* emptor_status_name(emptor_status status);

/* ---- Texts and handles ------------------------------------------------------------------------- */

typedef struct emptor_text {
  const char* data; /* not NULL, not NUL-terminated */
  size_t size;      /* bytes */
} emptor_text;

typedef struct emptor_store emptor_store;
typedef struct emptor_session emptor_session;
typedef struct emptor_record emptor_record;
typedef struct emptor_records emptor_records;
typedef struct emptor_changes emptor_changes;
typedef struct emptor_receipt emptor_receipt;
typedef struct emptor_document emptor_document;
typedef struct emptor_card emptor_card;
typedef struct emptor_model emptor_model;

/* Called at least every 100 ms, in the calling thread, by calls that take long. `total` is 0 when unknown.
 * A result of 0 asks to stop: the call ends within 100 ms with EMPTOR_CANCELLED and nothing half-written.
 * It must not use the session that is at work (EMPTOR_MISUSE), nor write to its store, nor throw or jump. */
typedef int (*emptor_progress)(void* context, const char* stage, uint64_t done, uint64_t total);

typedef int32_t emptor_log_level;
enum { EMPTOR_LOG_DEBUG = 0, EMPTOR_LOG_INFO = 1, EMPTOR_LOG_WARNING = 2, EMPTOR_LOG_ERROR = 3 };
/* One line (UTF-8, without a NUL or a line end) about what the library does: a store brought up to date,
 * imports begun and ended, facts built anew, fields added. Counts and names of entities; never personal
 * data. Called in the thread of the call that tells it; it must not use the session or store that is at
 * work, nor throw or jump. */
typedef void (*emptor_log)(void* context, emptor_log_level level, const char* line, size_t size);

/* ---- Stores ------------------------------------------------------------------------------------ */

typedef struct emptor_store_options {
  size_t size;
  int32_t create;       /* not 0: make the store where there is none */
  int32_t read_only;    /* not 0: writes are refused */
  int64_t wait_ms;      /* for one's turn to write; 0 means 30,000 */
  const char* currency; /* base currency of a store that is made: three letters; NULL means XXX (none) */
  const char* zone;     /* IANA name, for a store that is made; NULL means UTC */
  emptor_log log;       /* of what opening and closing do; NULL: nothing is told. Good until it is closed */
  void* log_context;
  emptor_log_level log_level;     /* the least level that is told */
  const unsigned char* host_keys; /* of a store with sealed fields: keys of EMPTOR_HOST_KEY_SIZE bytes, one after */
  size_t host_key_count;          /* another. The first seals, the others open what they sealed. Copied */
} emptor_store_options;
#define EMPTOR_HOST_KEY_SIZE 32
#define EMPTOR_STORE_OPTIONS_INIT \
  { sizeof(emptor_store_options), 0, 0, 0, NULL, NULL, NULL, NULL, EMPTOR_LOG_INFO, NULL, 0 }

typedef struct emptor_store_state {
  size_t size;
  int64_t position; /* of the newest journal entry; 0 before the first */
  int64_t schema_version;
  char store_id[33]; /* random, given when the store was made */
  char currency[4];
  char zone[64];
} emptor_store_state;
#define EMPTOR_STORE_STATE_INIT                       \
  {                                                   \
    sizeof(emptor_store_state), 0, 0, {0}, {0}, { 0 } \
  }

/* Opens the store at a path, of a PostgreSQL server by a URL ("postgres://user@host/database?schema=shop"), or
 * ":memory:" (which is always made anew).
 * EMPTOR_NOT_FOUND: no such file, and `create` is not set. EMPTOR_CORRUPT: not a store. */
EMPTOR_API emptor_status emptor_store_open(const char* where, size_t where_size, const emptor_store_options* options,
                                           emptor_store** store, emptor_error* error);
/* THE HOST'S OWN STORE. A host that has an ordered key-value store lends Emptor five functions, and Emptor keeps
 * everything there: no file of ours. docs/host-store.md says more; examples/host_store is one that works.
 *
 * Keys and values are bytes, never empty. A key is at most EMPTOR_HOST_KEY_MAX bytes long, begins with a byte from 1 to
 * 31 (the host may keep keys of its own beside them) and is ordered by memcmp, the shorter one first where it begins
 * the longer one. A value is as long as a record is.
 *
 * A function returns 0, or any other number where it failed: the call of Emptor's then ends with EMPTOR_IO and that
 * number in the message, and has changed nothing. They are called one at a time, in whatever thread uses the store;
 * they must not call Emptor (EMPTOR_MISUSE), throw or jump. They and the context must stay good until the store is
 * closed. One process, and one open store, may use the keys at a time. */
#define EMPTOR_HOST_KEY_MAX 511

/* Takes one key and its value, which need be good until it returns. A result of 0 ends the range. */
typedef int (*emptor_host_visit)(void* visit_context, const void* key, size_t key_size, const void* value,
                                 size_t value_size);

typedef int32_t emptor_host_commit;
enum {
  EMPTOR_HOST_DISCARD = 0, /* nothing that was put and erased since the last commit may stay */
  EMPTOR_HOST_DURABLE = 1, /* all of it stays, also through loss of power, or none of it */
  EMPTOR_HOST_GROUPED = 2  /* the same, but loss of power may undo it until the next durable one */
};

typedef struct emptor_host_calls {
  size_t size;
  void* context;
  /* The value of a key: a view that is good until the next call. NULL in *value: there is no such key. */
  int (*get)(void* context, const void* key, size_t key_size, const void** value, size_t* value_size);
  /* Sets the value of a key, new or not. What is put and erased is no part of the store before its commit: whoever
   * opens the keys after an end in between must find none of it. Nothing is read between the first put or erase and
   * the commit. */
  int (*put)(void* context, const void* key, size_t key_size, const void* value, size_t value_size);
  /* Removes a key; a key that is not there is no failure. */
  int (*erase)(void* context, const void* key, size_t key_size);
  /* Calls visit(visit_context, ...) for each key from `low` to before `high`, in ascending order (descending, where
   * `descending` is not 0), until there is no other or the visit returns 0, which is no failure. */
  int (*range)(void* context, const void* low, size_t low_size, const void* high, size_t high_size, int descending,
               emptor_host_visit visit, void* visit_context);
  /* Ends what the puts and erases since the last commit began. It may come without any: EMPTOR_HOST_DURABLE then makes
   * the grouped ones safe, and EMPTOR_HOST_DISCARD does nothing. After a failure Emptor discards; where that fails too,
   * the store answers EMPTOR_IO until it is opened again. */
  int (*commit)(void* context, emptor_host_commit how);
} emptor_host_calls;
#define EMPTOR_HOST_CALLS_INIT \
  { sizeof(emptor_host_calls), NULL, NULL, NULL, NULL, NULL, NULL }

/* Opens the store that is kept through `calls`, which are copied. EMPTOR_NOT_FOUND: there is none, and `create` is not
 * set. EMPTOR_MISUSE: a function is NULL. EMPTOR_CORRUPT: the keys are not Emptor's, or damaged. */
EMPTOR_API emptor_status emptor_store_open_host(const emptor_host_calls* calls, const emptor_store_options* options,
                                                emptor_store** store, emptor_error* error);
/* EMPTOR_MISUSE while a session of the store is open. */
EMPTOR_API emptor_status emptor_store_close(emptor_store* store, emptor_error* error);
/* What is true of the store now. */
EMPTOR_API emptor_status emptor_store_info(emptor_store* store, emptor_store_state* state, emptor_error* error);
/* Makes commits that did not wait for the disk (EMPTOR_GROUPED) safe against loss of power. */
EMPTOR_API emptor_status emptor_store_sync(emptor_store* store, emptor_error* error);
/* A consistent copy into a new file, while others read and write. EMPTOR_INVALID: the file exists. */
EMPTOR_API emptor_status emptor_store_backup(emptor_store* store, const char* path, size_t path_size,
                                             emptor_error* error);

/* ---- Sessions: who acts ------------------------------------------------------------------------ */

/* What a host may put in the place of the system's clock, randomness and threads, and what it may listen
 * to. They must not throw, jump (longjmp) or use the session that is at work (EMPTOR_MISUSE). They are
 * called in the thread of the call that needs them, except for the tasks that an executor runs. The context
 * of each is passed on untouched; callbacks and contexts must stay good until the session and every Arrow
 * stream made with it are gone. */

/* The time now: microseconds since 1970-01-01T00:00:00Z. INT64_MIN tells that it could not: the call then ends
 * with EMPTOR_IO. */
typedef int64_t (*emptor_clock)(void* context);
/* Fills `bytes` with what nobody can guess (keys are made of it). A result of 0 tells that it could not: the
 * call then ends with EMPTOR_IO. */
typedef int (*emptor_random)(void* context, void* bytes, size_t size);
/* One task of the library's; it may run in any thread, asks nothing of the host and does not fail. */
typedef void (*emptor_task)(void* task_context, size_t index);
/* Runs task(task_context, i) once for each i below `count`, in any order and any threads, and returns when
 * all have ended. */
typedef void (*emptor_executor)(void* context, size_t count, emptor_task task, void* task_context);
typedef struct emptor_session_options {
  size_t size;
  const char* actor;          /* name of who acts; NULL means "system" */
  int64_t user;               /* id of the user record of the actor; 0 for none */
  int32_t accept_clock_jump;  /* not 0: write although the clock is behind the newest journal entry */
  emptor_log_level log_level; /* the least level that is told */
  emptor_clock clock;         /* NULL: the system's */
  void* clock_context;
  emptor_random random; /* NULL: the system's */
  void* random_context;
  emptor_executor executor; /* NULL: everything runs in the calling thread */
  void* executor_context;
  size_t executor_threads; /* how many tasks can usefully run at once; 0 means 1 */
  emptor_log log;          /* NULL: nothing is told */
  void* log_context;
  emptor_progress progress; /* of every long call of the session that is given none of its own; NULL: none */
  void* progress_context;
  int64_t customer; /* id of a customer who acts for themselves, on their own page; 0 for none. Not with `user` */
} emptor_session_options;
#define EMPTOR_SESSION_OPTIONS_INIT                                                                                 \
  {                                                                                                                 \
    sizeof(emptor_session_options), NULL, 0, 0, EMPTOR_LOG_INFO, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, \
        NULL, NULL, 0                                                                                               \
  }

/* The same for calls that need no session. */
typedef struct emptor_host {
  size_t size;
  emptor_executor executor; /* NULL: see threads */
  void* executor_context;
  size_t threads; /* with an executor: how many tasks can usefully run at once. Without: threads that the call starts
                     and joins before it returns. 0 means 1: everything runs in the calling thread */
  emptor_progress progress; /* NULL: the call cannot be stopped */
  void* progress_context;
} emptor_host;
#define EMPTOR_HOST_INIT \
  { sizeof(emptor_host), NULL, NULL, 0, NULL, NULL }

EMPTOR_API emptor_status emptor_session_open(emptor_store* store, const emptor_session_options* options,
                                             emptor_session** session, emptor_error* error);
/* Only in the session's own thread. */
EMPTOR_API emptor_status emptor_session_close(emptor_session* session, emptor_error* error);
/* Makes the calling thread the session's own. EMPTOR_MISUSE while a call with it is under way. */
EMPTOR_API emptor_status emptor_session_adopt(emptor_session* session, emptor_error* error);

/* ---- The described model ----------------------------------------------------------------------- */

typedef int32_t emptor_type;
enum {
  EMPTOR_TYPE_ID = 0,      /* a record's number: 64 bits, positive; 0 is none */
  EMPTOR_TYPE_INTEGER = 1, /* 64 bits, signed */
  EMPTOR_TYPE_DECIMAL = 2, /* exact, six digits after the point */
  EMPTOR_TYPE_REAL = 3,    /* IEEE double */
  EMPTOR_TYPE_BOOLEAN = 4,
  EMPTOR_TYPE_TEXT = 5,    /* UTF-8 */
  EMPTOR_TYPE_DATE = 6,    /* civil day */
  EMPTOR_TYPE_INSTANT = 7, /* microseconds since 1970-01-01T00:00:00Z */
  EMPTOR_TYPE_BYTES = 8
};

enum { /* flags of a field */
       EMPTOR_FIELD_REQUIRED = 1,
       EMPTOR_FIELD_INDEXED = 2,
       EMPTOR_FIELD_UNIQUE = 4,
       EMPTOR_FIELD_PERSONAL = 8,
       EMPTOR_FIELD_OWNER = 16,   /* names the customer whose record this is */
       EMPTOR_FIELD_CUSTOM = 32,  /* declared at run time */
       EMPTOR_FIELD_SYSTEM = 64,  /* set by the library */
       EMPTOR_FIELD_MOMENT = 128, /* tells when the record happened */
       EMPTOR_FIELD_SEALED = 1024 /* kept encrypted in this store */
};

typedef struct emptor_field {
  size_t size;
  emptor_type type;
  uint32_t flags;
  emptor_text name; /* these texts live as long as the session */
  emptor_text doc;
  emptor_text reference; /* entity that an id points to; empty where none */
} emptor_field;
#define EMPTOR_FIELD_INIT                                         \
  {                                                               \
    sizeof(emptor_field), 0, 0, {NULL, 0}, {NULL, 0}, { NULL, 0 } \
  }

EMPTOR_API emptor_status emptor_entity_count(emptor_session* session, size_t* count, emptor_error* error);
/* Requires index < count (EMPTOR_NOT_FOUND). The name lives as long as the session. */
EMPTOR_API emptor_status emptor_entity_name(emptor_session* session, size_t index, emptor_text* name,
                                            emptor_error* error);
EMPTOR_API emptor_status emptor_field_count(emptor_session* session, const char* entity, size_t* count,
                                            emptor_error* error);
/* The field at an index below the count: 0 id, 1 version, 2 deleted_at, then the entity's own. */
EMPTOR_API emptor_status emptor_field_at(emptor_session* session, const char* entity, size_t index, emptor_field* field,
                                         emptor_error* error);
/* Declares a custom field, usable at once. Its name is [a-z][a-z0-9_]*, kept with the prefix "x_";
 * `stored_name` (if not NULL) gets it and lives as long as the session. Flags: INDEXED and PERSONAL.
 * EMPTOR_DUPLICATE: there is such a field. */
EMPTOR_API emptor_status emptor_define_field(emptor_session* session, const char* entity, const char* name,
                                             emptor_type type, uint32_t flags, const char* doc, size_t doc_size,
                                             emptor_text* stored_name, emptor_error* error);

/* ---- Records ----------------------------------------------------------------------------------- */

/* A record without an id, all fields missing. Nothing is stored before it is put and applied. */
EMPTOR_API emptor_status emptor_record_new(emptor_session* session, const char* entity, emptor_record** record,
                                           emptor_error* error);
EMPTOR_API emptor_status emptor_record_free(emptor_record* record, emptor_error* error);
/* Name of the record's entity. */
EMPTOR_API emptor_status emptor_record_entity(emptor_record* record, emptor_text* entity, emptor_error* error);

/* Set a field of that type (EMPTOR_INVALID for another, EMPTOR_NOT_FOUND for an unknown field). The
 * fields id, version and deleted_at are the library's (EMPTOR_MISUSE). */
EMPTOR_API emptor_status emptor_record_set_text(emptor_record* record, const char* field, const char* text, size_t size,
                                                emptor_error* error);
EMPTOR_API emptor_status emptor_record_set_integer(emptor_record* record, const char* field, int64_t integer,
                                                   emptor_error* error);
/* units / 10^scale, exactly; 0 <= scale <= 6. */
EMPTOR_API emptor_status emptor_record_set_decimal(emptor_record* record, const char* field, int64_t units,
                                                   int32_t scale, emptor_error* error);
EMPTOR_API emptor_status emptor_record_set_real(emptor_record* record, const char* field, double real,
                                                emptor_error* error);
EMPTOR_API emptor_status emptor_record_set_boolean(emptor_record* record, const char* field, int32_t truth,
                                                   emptor_error* error);
/* A day that exists, of the years 1 to 9999 (else EMPTOR_INVALID). */
EMPTOR_API emptor_status emptor_record_set_date(emptor_record* record, const char* field, int32_t year, int32_t month,
                                                int32_t day, emptor_error* error);
/* Microseconds since 1970-01-01T00:00:00Z. */
EMPTOR_API emptor_status emptor_record_set_instant(emptor_record* record, const char* field, int64_t micros,
                                                   emptor_error* error);
/* A reference to another record. Negative: one put earlier into the same changes; 0: none. */
EMPTOR_API emptor_status emptor_record_set_id(emptor_record* record, const char* field, int64_t id,
                                              emptor_error* error);
/* Makes a field missing. */
EMPTOR_API emptor_status emptor_record_clear(emptor_record* record, const char* field, emptor_error* error);

/* Read a field of that type. `present` (if not NULL) tells whether it has a value; where not, the
 * outputs are zero or empty. */
/* The text lives until the record is changed or freed. */
EMPTOR_API emptor_status emptor_record_get_text(emptor_record* record, const char* field, emptor_text* text,
                                                emptor_error* error);
EMPTOR_API emptor_status emptor_record_get_integer(emptor_record* record, const char* field, int64_t* integer,
                                                   int32_t* present, emptor_error* error);
/* The value is units / 10^scale, with the smallest scale that holds it. */
EMPTOR_API emptor_status emptor_record_get_decimal(emptor_record* record, const char* field, int64_t* units,
                                                   int32_t* scale, int32_t* present, emptor_error* error);
EMPTOR_API emptor_status emptor_record_get_real(emptor_record* record, const char* field, double* real,
                                                int32_t* present, emptor_error* error);
EMPTOR_API emptor_status emptor_record_get_boolean(emptor_record* record, const char* field, int32_t* truth,
                                                   int32_t* present, emptor_error* error);
EMPTOR_API emptor_status emptor_record_get_date(emptor_record* record, const char* field, int32_t* year, int32_t* month,
                                                int32_t* day, int32_t* present, emptor_error* error);
EMPTOR_API emptor_status emptor_record_get_instant(emptor_record* record, const char* field, int64_t* micros,
                                                   int32_t* present, emptor_error* error);
EMPTOR_API emptor_status emptor_record_get_id(emptor_record* record, const char* field, int64_t* id, int32_t* present,
                                              emptor_error* error);

/* The present fields as a JSON object: integers, ids and decimals as strings, dates and instants in
 * ISO 8601. The text lives until the next call with the record. */
EMPTOR_API emptor_status emptor_record_to_json(emptor_record* record, emptor_text* json, emptor_error* error);
/* Sets the fields that a JSON object names; null clears one. All or none. It may not name id, version
 * and deleted_at (EMPTOR_MISUSE). */
EMPTOR_API emptor_status emptor_record_from_json(emptor_record* record, const char* json, size_t size,
                                                 emptor_error* error);

/* ---- Reading ----------------------------------------------------------------------------------- */

/* EMPTOR_NOT_FOUND: no such record, deleted, or not visible to the actor. */
EMPTOR_API emptor_status emptor_get(emptor_session* session, const char* entity, int64_t id, emptor_record** record,
                                    emptor_error* error);
/* The record that another system knows by this id. */
EMPTOR_API emptor_status emptor_find(emptor_session* session, const char* entity, const char* system,
                                     const char* external_id, size_t external_id_size, emptor_record** record,
                                     emptor_error* error);

typedef struct emptor_query {
  size_t size;
  const char* field;    /* records whose field equals the value below; NULL: all records */
  const char* value;    /* in plain notation: 12, -0.5, true, 2024-02-29, 1997-09-30T08:26:00Z */
  size_t value_size;    /* bytes or EMPTOR_NUL; an empty value asks for records without one */
  const char* order_by; /* field; NULL: by id */
  int32_t descending;
  int32_t with_deleted;
  size_t limit;     /* records at most; 0 means 1,000; above 1,000,000 is EMPTOR_INVALID */
  const char* rule; /* a rule that holds of them too (docs/rule.md): "stage = 'active' and owner is me"; NULL: none */
  size_t rule_size; /* bytes or EMPTOR_NUL */
} emptor_query;
#define EMPTOR_QUERY_INIT \
  { sizeof(emptor_query), NULL, NULL, 0, NULL, 0, 0, 0, NULL, 0 }

/* How many records a query has; limit and order do not matter. */
EMPTOR_API emptor_status emptor_count(emptor_session* session, const char* entity, const emptor_query* query,
                                      int64_t* count, emptor_error* error);
/* The records of one snapshot. */
EMPTOR_API emptor_status emptor_select(emptor_session* session, const char* entity, const emptor_query* query,
                                       emptor_records** records, emptor_error* error);
EMPTOR_API emptor_status emptor_records_count(emptor_records* records, size_t* count, emptor_error* error);
/* A copy of the record at an index below the count, to be freed by the caller. */
EMPTOR_API emptor_status emptor_records_at(emptor_records* records, size_t index, emptor_record** record,
                                           emptor_error* error);
EMPTOR_API emptor_status emptor_records_free(emptor_records* records, emptor_error* error);

/* ---- Tables by the Arrow C data interface ------------------------------------------------------ */

/* The structs of the Arrow specification ("The Arrow C data interface", "The Arrow C stream interface"),
 * under the guards that it asks for. docs/types.md gives the Arrow type of every type of field. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#endif /* ARROW_C_STREAM_INTERFACE */

/* Streams out. `out` is overwritten, so it must not hold a stream that is still to be released; after a
 * call that failed its release is NULL. A stream stands for itself: it outlives the session and the store
 * (whose file stays open until then), may be used by any thread, one call at a time, and is released by its
 * consumer at any moment, also before its end. Arrays live until they are released, in any order, also
 * after their stream. Its errors are errno numbers with a text (get_last_error): ECANCELED when the host
 * asks to stop, ENOMEM, EIO, EBUSY, else EINVAL; a stream that has failed stays failed. In the child of a
 * fork the streams of the parent fail with EINVAL and may only be released.
 *
 * Streams in. The call takes the stream over: it is read to its end and released before the call returns,
 * also when it fails: `in->release` is then NULL. (After EMPTOR_MISUSE it may not be; it tells.) What the arrays say
 * is checked as far as the interface permits: counts, lengths, offsets, buffers that are NULL, text offsets,
 * indices of dictionaries, UTF-8 (EMPTOR_INVALID, with column and row). The sizes of buffers are not part
 * of the interface and cannot be checked. Columns of types that no field can take are EMPTOR_UNSUPPORTED,
 * by name. */

/* The records of a query, batch by batch, all from one snapshot. Of the query, `limit` 0 means all and has
 * no upper bound here. `fields` are names separated by commas; NULL means every field. */
EMPTOR_API emptor_status emptor_select_arrow(emptor_session* session, const char* entity, const emptor_query* query,
                                             const char* fields, struct ArrowArrayStream* out, emptor_error* error);
/* The purchases that insights start from, a line item a row: customer_id, line_id, order_id, product_id (0
 * for none), day, at, amount_micros, quantity_micros. All columns but customer_id are the facts' own memory,
 * mapped from the file beside the store, without a copy. */
EMPTOR_API emptor_status emptor_facts_arrow(emptor_session* session, struct ArrowArrayStream* out, emptor_error* error);

/* ---- Writing ----------------------------------------------------------------------------------- */

/* An empty set of changes. They are applied whole or not at all. After EMPTOR_MEMORY from one of the
 * functions that add to it, a set can only be freed (EMPTOR_MISUSE otherwise). */
EMPTOR_API emptor_status emptor_changes_new(emptor_session* session, emptor_changes** changes, emptor_error* error);
EMPTOR_API emptor_status emptor_changes_free(emptor_changes* changes, emptor_error* error);
EMPTOR_API emptor_status emptor_changes_count(emptor_changes* changes, size_t* count, emptor_error* error);
/* Puts the fields that were set or cleared since the record was made or read; the others stay as they
 * are stored. A record that was read fails with EMPTOR_CONFLICT, when applied, if it has changed
 * since. `id` (if not NULL) gets the record's id: negative for a new one, and good as a reference from
 * other records of these changes. */
EMPTOR_API emptor_status emptor_changes_put(emptor_changes* changes, emptor_record* record, int64_t* id,
                                            emptor_error* error);
/* As above, for the record that another system knows by this id; it is made if there is none. */
EMPTOR_API emptor_status emptor_changes_put_by(emptor_changes* changes, emptor_record* record, const char* system,
                                               const char* external_id, size_t external_id_size, int64_t* id,
                                               emptor_error* error);
/* Puts the fields of a JSON object; its "id" (if any) names the record, its "version" the one expected. */
EMPTOR_API emptor_status emptor_changes_put_json(emptor_changes* changes, const char* entity, const char* json,
                                                 size_t size, int64_t* id, emptor_error* error);
/* Deletes a record softly. With a version, only if it is unchanged since; 0: in any case. */
EMPTOR_API emptor_status emptor_changes_erase(emptor_changes* changes, const char* entity, int64_t id,
                                              int64_t expected_version, emptor_error* error);

typedef struct emptor_apply_options {
  size_t size;
  const char* op_id;  /* applied once, however often it is sent; NULL: no such guard */
  const char* reason; /* kept in the journal; must not hold personal data */
  int32_t dry_run;    /* not 0: check and report, write nothing */
} emptor_apply_options;
#define EMPTOR_APPLY_OPTIONS_INIT \
  { sizeof(emptor_apply_options), NULL, NULL, 0 }

typedef struct emptor_receipt_summary {
  size_t size;
  int64_t position; /* in the journal; 0 where nothing was written */
  uint64_t inserted, updated, erased, unchanged;
  size_t count;     /* of changes: ids and versions by index */
  int32_t repeated; /* the op_id was applied before; this is the receipt of then */
} emptor_receipt_summary;
#define EMPTOR_RECEIPT_SUMMARY_INIT \
  { sizeof(emptor_receipt_summary), 0, 0, 0, 0, 0, 0, 0 }

/* Validates, writes, journals and commits all changes as one. `receipt` may be NULL. */
EMPTOR_API emptor_status emptor_apply(emptor_session* session, emptor_changes* changes,
                                      const emptor_apply_options* options, emptor_receipt** receipt,
                                      emptor_error* error);
EMPTOR_API emptor_status emptor_receipt_read(emptor_receipt* receipt, emptor_receipt_summary* summary,
                                             emptor_error* error);
/* What became of the change at an index below the count: the record's id and new version. */
EMPTOR_API emptor_status emptor_receipt_change(emptor_receipt* receipt, size_t index, int64_t* id, int64_t* version,
                                               emptor_error* error);
EMPTOR_API emptor_status emptor_receipt_free(emptor_receipt* receipt, emptor_error* error);

/* ---- The caller card: who is on the line ---------------------------------------------------------- */

enum {                            /* states of a card */
       EMPTOR_CARD_UNKNOWN = 0,   /* nobody is known by this number, address or id */
       EMPTOR_CARD_KNOWN = 1,     /* one customer */
       EMPTOR_CARD_AMBIGUOUS = 2, /* several: see the section of candidates */
       EMPTOR_CARD_WITHHELD = 3,  /* the caller hides the number */
       EMPTOR_CARD_BLOCKED = 4    /* one customer, who is not to be served */
};
enum {                                  /* sections of a card */
       EMPTOR_SECTION_CANDIDATES = 0,   /* customers, with their last touch */
       EMPTOR_SECTION_BLOCKS = 1,       /* in force, newest first */
       EMPTOR_SECTION_TOUCHES = 2,      /* interactions, newest first */
       EMPTOR_SECTION_CASES = 3,        /* open ones, newest first */
       EMPTOR_SECTION_ORDERS = 4,       /* newest first, with the sum of their lines */
       EMPTOR_SECTION_CONSENTS = 5,     /* statements, newest first */
       EMPTOR_SECTION_NEXT_STEPS = 6,   /* open tasks by due time, then what was agreed and open opportunities */
       EMPTOR_SECTION_SCORES = 7,       /* by id */
       EMPTOR_SECTION_ORGANISATIONS = 8 /* whose contact person the customer is */
};

typedef struct emptor_card_options {
  size_t size;
  const char* default_region; /* ISO 3166 code of the place where numbers without a country are at home; may be NULL */
  int64_t deadline_us;        /* the card is given after so many microseconds as far as it is; 0: no deadline */
  int32_t max_lines;          /* of each section, at most 100; 0 means 5 */
} emptor_card_options;
#define EMPTOR_CARD_OPTIONS_INIT \
  { sizeof(emptor_card_options), NULL, 0, 0 }

/* A card read from one snapshot. Nobody found is a state of the card, not an error. EMPTOR_INVALID: options out of
 * range. The number may be in any notation: +49 ..., 0049 ..., national, a SIP or tel address, with an extension. */
EMPTOR_API emptor_status emptor_caller_card(emptor_session* session, const char* number, size_t number_size,
                                            const emptor_card_options* options, emptor_card** card,
                                            emptor_error* error);
EMPTOR_API emptor_status emptor_card_by_email(emptor_session* session, const char* email, size_t email_size,
                                              const emptor_card_options* options, emptor_card** card,
                                              emptor_error* error);
/* Of the customer whom another system knows by this id. */
EMPTOR_API emptor_status emptor_card_by_identity(emptor_session* session, const char* system, const char* external_id,
                                                 size_t external_id_size, const emptor_card_options* options,
                                                 emptor_card** card, emptor_error* error);
EMPTOR_API emptor_status emptor_card_of(emptor_session* session, int64_t customer, const emptor_card_options* options,
                                        emptor_card** card, emptor_error* error);

typedef struct emptor_card_view {
  size_t size;
  int32_t state;    /* EMPTOR_CARD_... */
  int32_t complete; /* 0: the deadline cut it; see `cut` */
  int64_t position; /* journal position of the snapshot */
  int64_t customer; /* 0 unless it is one customer; what follows is then empty */
  emptor_text name, kind, stage, tier, segment, country, language, preferred_channel;
  emptor_text matched; /* label of the contact point that was found, else its channel */
  int64_t owner;       /* user who looks after the customer; 0 for none */
  emptor_text owner_name;
  int64_t since; /* first known contact, in microseconds; see has_since */
  int64_t last_touch_at;
  int64_t last_user; /* who dealt with the customer last; 0 for none */
  emptor_text last_user_name;
  int32_t has_since, has_last_touch;
  uint32_t more;     /* bit n: section n has more lines than are shown */
  uint32_t cut;      /* bit n: section n was not read to its end, because of the deadline */
  size_t counts[16]; /* lines by section */
} emptor_card_view;
#define EMPTOR_CARD_VIEW_INIT                                                                                          \
  {                                                                                                                    \
    sizeof(emptor_card_view), 0, 0, 0, 0, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, \
        {NULL, 0}, {NULL, 0}, 0, {NULL, 0}, 0, 0, 0, {NULL, 0}, 0, 0, 0, 0, {                                          \
      0                                                                                                                \
    }                                                                                                                  \
  }

typedef struct emptor_card_line {
  size_t size;
  emptor_text entity; /* of the record: "order", "interaction", "task" */
  int64_t id;         /* of the record; of the customer where the line is one */
  int64_t at;         /* when, in microseconds; see has_at */
  emptor_text title;  /* document number, subject, name, purpose */
  emptor_text state;  /* status, outcome, class, what was said or is withheld */
  emptor_text channel;
  emptor_text direction; /* of a touch: "in" or "out" */
  emptor_text note;      /* agreed next step, priority, cause, post */
  int64_t user;          /* who dealt or deals with it; 0 for none */
  emptor_text user_name;
  int64_t amount_micros; /* millionths of the base currency; see has_amount */
  double value;          /* of a score; see has_value */
  int32_t has_at, has_amount, has_value;
} emptor_card_line;
#define EMPTOR_CARD_LINE_INIT                                                                                          \
  {                                                                                                                    \
    sizeof(emptor_card_line), {NULL, 0}, 0, 0, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, 0, {NULL, 0}, 0, \
        0, 0, 0, 0                                                                                                     \
  }

/* Texts live as long as the card. */
EMPTOR_API emptor_status emptor_card_read(emptor_card* card, emptor_card_view* view, emptor_error* error);
/* EMPTOR_NOT_FOUND: the section has no line of this index. EMPTOR_INVALID: there is no such section. */
EMPTOR_API emptor_status emptor_card_line_at(emptor_card* card, int32_t section, size_t index, emptor_card_line* line,
                                             emptor_error* error);
/* All of it as JSON; the text lives as long as the card. */
EMPTOR_API emptor_status emptor_card_json(emptor_card* card, emptor_text* json, emptor_error* error);
EMPTOR_API emptor_status emptor_card_free(emptor_card* card, emptor_error* error);

/* ---- Touch: what is said to customers, and whether it may be --------------------------------------- */

enum { EMPTOR_DURABLE = 0, EMPTOR_GROUPED = 1 };

typedef struct emptor_interaction {
  size_t size;
  emptor_text call_id;      /* what the telephone system calls it: logged once, however often; empty: no such guard */
  int64_t customer;         /* 0 while nobody knows who called */
  int64_t contact;          /* the person spoken to, where that is another customer record; 0 for none */
  const char* channel;      /* "phone", "email" ...: choices of the field; NULL for none */
  const char* direction;    /* "in" or "out"; NULL for none */
  int64_t at;               /* when it began, in microseconds; 0 means now */
  int64_t duration_seconds; /* negative: not known */
  int64_t user;             /* who took part; 0 means the session's user */
  emptor_text outcome, subject, body, attachment, thread, next_step;
  int64_t campaign, opportunity, case_id; /* records that it belongs to; 0 for none */
  int32_t durability; /* EMPTOR_GROUPED: the commit does not wait for the disk; it survives the end of the process,
                         and loss of power once a later commit or emptor_store_sync is done */
} emptor_interaction;
#define EMPTOR_INTERACTION_INIT                                                                                    \
  {                                                                                                                \
    sizeof(emptor_interaction), {NULL, 0}, 0, 0, NULL, NULL, 0, -1, 0, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, \
        {NULL, 0}, {NULL, 0}, 0, 0, 0, EMPTOR_DURABLE                                                              \
  }

/* Logs a contact as one commit. `id` gets the interaction's id: that of the first log of the call id. */
EMPTOR_API emptor_status emptor_interaction_log(emptor_session* session, const emptor_interaction* what, int64_t* id,
                                                emptor_error* error);

/* Whether a customer may be contacted by this channel for this purpose at an instant (microseconds; 0 means now), by
 * what they stated and by blocks: `allowed` is 1 or 0. EMPTOR_NOT_FOUND: no such customer. EMPTOR_INVALID: no such
 * channel or purpose. */
EMPTOR_API emptor_status emptor_contact_allowed(emptor_session* session, int64_t customer, const char* channel,
                                                const char* purpose, int64_t at, int32_t* allowed, emptor_error* error);
/* The same with its reason: {"allowed":false,"reason":"blocked","record":"12"}. */
EMPTOR_API emptor_status emptor_contact_explain(emptor_session* session, int64_t customer, const char* channel,
                                                const char* purpose, int64_t at, emptor_document** answer,
                                                emptor_error* error);
/* Whether somebody is known by a number or an address, and who dealt with them last: {"known", "customers",
 * "customer", "owner", "last_touch_at", "last_channel", "last_user"}. `default_region` as on the card; may be NULL. */
EMPTOR_API emptor_status emptor_known_customer(emptor_session* session, const char* number_or_email, size_t size,
                                               const char* default_region, emptor_document** answer,
                                               emptor_error* error);

/* A telephone number as it is understood: {"state": "valid", "e164": "+4930901820", "calling_code": "49", "region":
 * "DE", "national": "30901820", "extension": "12", "kind": "fixed_line"}; what is not known is left out. States: none,
 * withheld, local, unplanned, valid. */
EMPTOR_API emptor_status emptor_phone_format(const char* number, size_t size, const char* default_region,
                                             emptor_document** document, emptor_error* error);

/* ---- The 360-degree view ------------------------------------------------------------------------- */

typedef struct emptor_profile_options {
  size_t size;
  const char* entity; /* only this section; NULL: every one of which the customer has records */
  const char* after;  /* goes on where that section ended (its "next"); NULL: from the newest record */
  int64_t from;       /* only what happened from this instant (microseconds; INT64_MIN: without end) ... */
  int64_t until;      /* ... to before this one (INT64_MAX: without end) */
  int32_t page_size;  /* records of each section, at most 10,000; 0 means 20 */
} emptor_profile_options;
#define EMPTOR_PROFILE_OPTIONS_INIT \
  { sizeof(emptor_profile_options), NULL, NULL, INT64_MIN, INT64_MAX, 0 }

/* Everything that is recorded about a customer: {"position", "customer", "summary", "credit", "next_step",
 * "relations", "identities", "sections": [{"entity", "total", "records", "next"}]}. */
EMPTOR_API emptor_status emptor_profile(emptor_session* session, int64_t customer,
                                        const emptor_profile_options* options, emptor_document** profile,
                                        emptor_error* error);
/* How much there is of everything: {"position", "tables": [{"name", "keys", "rows": [{"keys", "count",
 * "amount"}]}]}. `revenue` (not 0) sums the lines of every month, which reads all of them. */
EMPTOR_API emptor_status emptor_statistics(emptor_session* session, int32_t revenue, emptor_document** statistics,
                                           emptor_error* error);

/* ---- Work on the whole store: the answer is a JSON document ------------------------------------ */

/* The document's JSON; of emptor_model_text, what it wrote. It lives as long as the document. */
EMPTOR_API emptor_status emptor_document_text(emptor_document* document, emptor_text* json, emptor_error* error);
EMPTOR_API emptor_status emptor_document_free(emptor_document* document, emptor_error* error);

typedef struct emptor_import_options {
  size_t size;
  const char* mapping; /* text of a mapping file; NULL: guessed from headers */
  size_t mapping_size;
  const char* source;   /* name of the source system; NULL means "import" */
  const char* currency; /* of amounts without one; NULL: the store's */
  const char* zone;     /* of times without one; NULL: the store's */
  const char* rejects;  /* path of a file for refused lines; NULL: none is written */
  int32_t dry_run;      /* not 0: understand and check only */
  emptor_progress progress;
  void* progress_context;
} emptor_import_options;
#define EMPTOR_IMPORT_OPTIONS_INIT \
  { sizeof(emptor_import_options), NULL, 0, NULL, NULL, NULL, NULL, 0, NULL, NULL }

/* Imports files and folders. The report: entities with counts read, written, unchanged, rejected;
 * amount by currency; rejects; problems. */
EMPTOR_API emptor_status emptor_import(emptor_session* session, const emptor_text* paths, size_t path_count,
                                       const emptor_import_options* options, emptor_document** report,
                                       emptor_error* error);

/* Imports a table that the host hands in; `name` stands for the name of its file ("order_lines"). The report
 * is that of emptor_import. Everything is done in this call; the host's memory is read, not copied. */
EMPTOR_API emptor_status emptor_import_arrow(emptor_session* session, const char* name, struct ArrowArrayStream* in,
                                             const emptor_import_options* options, emptor_document** report,
                                             emptor_error* error);

typedef struct emptor_insight_options {
  size_t size;
  const char* as_of; /* "YYYY-MM-DD", the day it stands for; NULL: the last day with a purchase */
  const char* json;  /* options of the insight itself; NULL: its defaults */
  size_t json_size;
  int32_t no_write; /* not 0: the result is not kept as scores and tags */
} emptor_insight_options;
#define EMPTOR_INSIGHT_OPTIONS_INIT \
  { sizeof(emptor_insight_options), NULL, NULL, 0, 0 }

/* The insights: an array of {"name", "doc", "options"} with the JSON Schema of the options. */
EMPTOR_API emptor_status emptor_insights(emptor_document** list, emptor_error* error);
/* Runs one by name ("rfm"). The result: {"insight", "as_of", "data_version", "scored", ...}; the rest is the
 * insight's own. */
EMPTOR_API emptor_status emptor_insight(emptor_session* session, const char* name,
                                        const emptor_insight_options* options, emptor_document** result,
                                        emptor_error* error);
/* Recomputes the journal's chain; `deep` (not 0) also checks every row against it. The result:
 * {"intact", "entries", "changes", "records", "broken_at", "head", "faults"}, and of a trimmed journal "base",
 * "trimmed_to", "not_compared". Damage is told by "intact", not by the status. */
EMPTOR_API emptor_status emptor_verify(emptor_session* session, int32_t deep, emptor_document** result,
                                       emptor_error* error);
/* What changed after a position, at most about `limit` changes (0 means 1,000, 1,000,000 is the most): {"position",
 * "items":
 * [{"position", "at", "actor", "entity", "id", "kind", "version"}]}. Ask again with its position. EMPTOR_UNSUPPORTED:
 * entries after that position were forgotten (operation "trim_journal"). */
EMPTOR_API emptor_status emptor_feed(emptor_session* session, int64_t after, size_t limit, emptor_document** changes,
                                     emptor_error* error);
/* Takes one change: its payload as JSON (docs/feed.md), `size` bytes that live as long as the call. 0: it was not
 * taken, and nothing more is told. It must not use the session. */
typedef int (*emptor_take)(void* context, const char* payload, size_t size);
/* Tells changes after a position in order, each with the record as it is now, at most about `limit` of them (0: all
 * there are). `position` is what to go on from: after the last entry of which every change was taken, so that an entry
 * that was taken in part is told again; receivers tell its changes apart by "event_id". Errors as of emptor_feed. */
EMPTOR_API emptor_status emptor_feed_deliver(emptor_session* session, int64_t after, size_t limit, emptor_take take,
                                             void* context, int64_t* position, emptor_error* error);

/* ---- Operations: everything else, by name ------------------------------------------------------ */

/* All operations: an array of {"name", "doc", "options", "input", "output"}. "options" is a JSON Schema.
 * "input" is "none" (emptor_run), "table" (emptor_compute; emptor_model_fit_table for an output "model") or "matrix"
 * (emptor_model_fit); "output" is "document", "table" where there is a table besides (emptor_run_arrow,
 * emptor_compute), or "model". Those of matrices also have "target": what y is, "none", "classes" (0, 1, 2 ...),
 * "numbers" or "either". Those of matrices, and of tables that give a table, have "batches": whether their rows may
 * come in batches (emptor_model_fit_batches, emptor_compute_batches). */
EMPTOR_API emptor_status emptor_operations(emptor_document** list, emptor_error* error);
/* Runs one with input "none". The options are a JSON object; an empty text means none. EMPTOR_NOT_FOUND for
 * an unknown name, EMPTOR_INVALID for options that its schema does not allow, with `field` the option. */
EMPTOR_API emptor_status emptor_run(emptor_session* session, const char* operation, const char* options, size_t size,
                                    emptor_document** result, emptor_error* error);
/* The same, for the table of an operation with output "table" (EMPTOR_UNSUPPORTED for others). It is done
 * when the call returns; the stream holds its answer. */
EMPTOR_API emptor_status emptor_run_arrow(emptor_session* session, const char* operation, const char* options,
                                          size_t size, struct ArrowArrayStream* out, emptor_error* error);
/* Runs one with input "table" on plain data, without a store; nothing is kept. `host` may be NULL. `out` receives the
 * table and `result` the summary; either may be NULL. */
EMPTOR_API emptor_status emptor_compute(const char* operation, const char* options, size_t size,
                                        struct ArrowArrayStream* in, const emptor_host* host,
                                        struct ArrowArrayStream* out, emptor_document** result, emptor_error* error);

/* A table in batches, each a stream of rows of its own: what does not fit into memory, or comes from elsewhere. Both
 * functions are called from the calling thread only and return a negative number where something went wrong: the call
 * then ends with EMPTOR_IO. */
typedef struct emptor_tables {
  size_t size;
  /* Begins again at the first batch: called before every pass, the first one too. 0: done. */
  int (*rewind)(void* context);
  /* Fills in a stream of the next batch, which is taken over, and returns 1; 0 after the last one. Every pass must give
   * the same rows, in any order and cut in any way. */
  int (*next)(void* context, struct ArrowArrayStream* batch);
  void* context;
} emptor_tables;
#define EMPTOR_TABLES_INIT \
  { sizeof(emptor_tables), NULL, NULL, NULL }

/* emptor_compute of a table in batches, in memory of a batch and what is found: the same answer, however the rows are
 * cut, if those that belong together (a basket's) lie in one batch. EMPTOR_UNSUPPORTED for what takes no batches
 * (emptor_operations tells) and for options that need all rows at once, EMPTOR_MISUSE where a pass gives other rows. */
EMPTOR_API emptor_status emptor_compute_batches(const char* operation, const char* options, size_t size,
                                                const emptor_tables* batches, const emptor_host* host,
                                                struct ArrowArrayStream* out, emptor_document** result,
                                                emptor_error* error);

/* ---- Models: fitted to numbers, kept, asked -------------------------------------------------------- */

enum { EMPTOR_FLOAT64 = 0, EMPTOR_FLOAT32 = 1 };

/* Rows of numbers in the caller's memory, in whatever layout; read where they lie. Strides are counted in numbers:
 * that of row r and column c is data[r * row_stride + c * column_stride]. Both 0 mean row by row, without gaps. NaN is
 * a missing number, for algorithms that take them. */
typedef struct emptor_matrix {
  size_t size;
  const void* data;
  int32_t type; /* EMPTOR_FLOAT64 or EMPTOR_FLOAT32 */
  size_t rows, columns;
  size_t row_stride, column_stride;
} emptor_matrix;
#define EMPTOR_MATRIX_INIT \
  { sizeof(emptor_matrix), NULL, EMPTOR_FLOAT64, 0, 0, 0, 0 }

/* Fits a model by the name of its algorithm. `y` (the target: classes are 0, 1, 2 ...), `weights` and `ids` have a
 * number a row, or are NULL: no target, all weights 1, ids 0, 1, 2 ... The model is the same to the last bit for any
 * threads, any order of the rows (their ids going with them) and any machine. The options are a JSON object; an empty
 * text means none. EMPTOR_NOT_FOUND for an unknown name, EMPTOR_INVALID for options that its schema does not allow and
 * for numbers that the algorithm does not take, with `field` the option, or "x", "y", "weights", "ids". */
EMPTOR_API emptor_status emptor_model_fit(const char* algorithm, const char* options, size_t size,
                                          const emptor_matrix* x, const double* y, const double* weights,
                                          const uint64_t* ids, const emptor_host* host, emptor_model** model,
                                          emptor_error* error);

/* Some rows, as emptor_model_fit takes them: what an algorithm is told of them, or NULL. */
typedef struct emptor_batch {
  size_t size;
  emptor_matrix x; /* its own size is set */
  const double* y;
  const double* weights;
  const uint64_t* ids; /* NULL: numbered on from batch to batch */
} emptor_batch;
#define EMPTOR_BATCH_INIT \
  { sizeof(emptor_batch), EMPTOR_MATRIX_INIT, NULL, NULL, NULL }

/* Rows that do not fit into memory, or come from elsewhere. Both functions are called from the calling thread, and
 * return a negative number where they fail (EMPTOR_IO). They must not throw or jump. */
typedef struct emptor_batches {
  size_t size;
  size_t columns;
  /* Begins again at the first batch: called before every pass, the first one too. 0: done. */
  int (*rewind)(void* context);
  /* Fills in the next batch, whose numbers stay where they are until the next call, and returns 1; 0 after the last
   * one. Every pass must give the same rows in the same order; batches may be cut differently, and be empty. */
  int (*next)(void* context, emptor_batch* batch);
  void* context;
} emptor_batches;
#define EMPTOR_BATCHES_INIT \
  { sizeof(emptor_batches), 0, NULL, NULL, NULL }

/* The same from rows in batches, in memory of a batch and what the algorithm keeps (of "kmeans" 16 bytes a row, of
 * "logistic" 32,768 rows, of "naive_bayes" its sums; "mini_batch_kmeans" reads them once). The model is that of all
 * rows at once, but for "mini_batch_kmeans". EMPTOR_UNSUPPORTED for an algorithm that takes no batches:
 * emptor_operations tells. */
EMPTOR_API emptor_status emptor_model_fit_batches(const char* algorithm, const char* options, size_t size,
                                                  const emptor_batches* batches, const emptor_host* host,
                                                  emptor_model** model, emptor_error* error);
/* The same for a table, by the names of its columns: "markov_chain" takes a row for each state of a history,
 * "rule_server" the table that emptor_compute gives for "rules" (or part of its rows). emptor_operations lists them
 * with input "table" and output "model". The stream is taken over, whatever happens. EMPTOR_NOT_FOUND for an unknown
 * name or a column that is not there, EMPTOR_INVALID for options and values, with `field` the option or column, and
 * `row`. */
EMPTOR_API emptor_status emptor_model_fit_table(const char* algorithm, const char* options, size_t size,
                                                struct ArrowArrayStream* in, const emptor_host* host,
                                                emptor_model** model, emptor_error* error);

enum {                   /* what a model can be asked about a row */
       EMPTOR_VALUE = 0, /* the likeliest class, the expected number, the cluster, the anomaly score, the next state;
                              of a scaling the scaled row */
       EMPTOR_PROBABILITIES = 1, /* a number a class */
       EMPTOR_SCORES = 2, /* before they become probabilities or rates; of k-means, the distances to the centres */
       EMPTOR_CONTRIBUTIONS = 3, /* what each column adds to each score, and then the expected score */
       EMPTOR_LEAVES = 4,        /* a number a tree: the leaf that the row ends in */
       EMPTOR_ORIGINALS = 5      /* of a scaling: what a scaled row was */
};

/* Answers for each row into `out`, row by row; `count` is how many numbers there is room for: rows x the number that
 * emptor_model_info gives under "answers" (EMPTOR_INVALID for another, EMPTOR_UNSUPPORTED where it has none). For a
 * single row nothing is asked of the host; the first one lays trees out for those that follow (8 bytes a node). */
EMPTOR_API emptor_status emptor_model_predict(emptor_model* model, const emptor_matrix* x, int32_t answer,
                                              const emptor_host* host, double* out, size_t count, emptor_error* error);
/* Why the model says what it says of a matrix of one row: {"value", "reasons": [{"feature", "value",
 * "contribution"}], "sum"}, the weightiest reasons first; "sum" says what the contributions add up to. */
EMPTOR_API emptor_status emptor_model_explain(emptor_model* model, const emptor_matrix* x, emptor_document** reasons,
                                              emptor_error* error);
/* Asks a model of a table; question and answer are JSON objects (docs/algorithms.md). Of a Markov chain one of
 * {"state", "steps"}: what comes so many steps (1) after a state; {"history"}: how likely these states are, and what
 * comes next;
 * {"until"}: expected steps from each state; {"stationary": true}. Of rules {"basket", "count"}: the best items (5)
 * that a basket lacks, each with its rule. EMPTOR_UNSUPPORTED for other models, EMPTOR_INVALID for what cannot be
 * asked, EMPTOR_BUDGET for what would take long (a chain of thousands of states). */
EMPTOR_API emptor_status emptor_model_ask(emptor_model* model, const char* question, size_t size,
                                          emptor_document** answer, emptor_error* error);
/* What the model is: {"algorithm", "options", "data_version", "features", "answers": {"value": 1, ...}}, and what was
 * fitted (docs/algorithms.md). */
EMPTOR_API emptor_status emptor_model_info(emptor_model* model, emptor_document** info, emptor_error* error);
/* The model for others to read, as the text of a document that is not JSON: "words" (a line a leaf: if ... then ...),
 * "sql" (an expression an output: scores, a missing number being NULL), "dot" (a drawing of one tree, for Graphviz) or
 * "onnx" (the bytes of a model; docs/tree_text.md). The options are a JSON object: "features" and "outputs", a name for
 * each or none, and "tree", which one "dot" draws, from 0. EMPTOR_UNSUPPORTED for a model that is not made of trees,
 * EMPTOR_INVALID for another format (field "format"), another number of names, and a tree that is not there. */
EMPTOR_API emptor_status emptor_model_text(emptor_model* model, const char* format, const char* options, size_t size,
                                           emptor_document** text, emptor_error* error);
/* The model's bytes, for emptor_model_load, here or on any other machine; they live as long as the model. */
EMPTOR_API emptor_status emptor_model_save(emptor_model* model, emptor_text* bytes, emptor_error* error);
/* EMPTOR_CORRUPT: no model, or damaged. EMPTOR_NEWER: saved by a newer version. */
EMPTOR_API emptor_status emptor_model_load(const void* bytes, size_t size, emptor_model** model, emptor_error* error);
/* EMPTOR_MISUSE while another call uses it. */
EMPTOR_API emptor_status emptor_model_free(emptor_model* model, emptor_error* error);

#ifdef __cplusplus
}
#endif

#endif /* EMPTOR_H */
