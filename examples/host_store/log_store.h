/* An ordered key-value store in one append-only file, for one process: what a host might have of its own, here to show
 * how Emptor is kept in it (emptor_store_open_host).
 *
 * The file is a header and then batches. A batch is what was put and erased before a commit, and ends with a mark that
 * holds its checksum. What lacks its mark at the end of the file was never committed and is cut off when the file is
 * opened. Keys live in memory, in order; values stay in the file. When most of the file is dead it is written anew. */
#ifndef LOG_STORE_H
#define LOG_STORE_H

#include <emptor.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct log_store log_store;

enum {
  LOG_STORE_OK = 0,
  LOG_STORE_SYSTEM = 1,  /* the system refused; errno says more */
  LOG_STORE_MEMORY = 2,  /* an allocation failed */
  LOG_STORE_FOREIGN = 3, /* the file is not one of ours */
  LOG_STORE_IN_USE = 4,  /* another process has it open */
  LOG_STORE_DAMAGED = 5  /* a mark is wrong although batches follow it */
};

/* Opens the file, or makes it. Returns LOG_STORE_OK and the store, or what is wrong and NULL. */
int log_store_open(const char* path, log_store** store);
/* What was not committed is forgotten. */
void log_store_close(log_store* store);
/* The five functions of this store, as emptor_store_open_host takes them. */
emptor_host_calls log_store_calls(log_store* store);

/* How long the file is, and how much of it still says something. */
typedef struct log_store_size {
  uint64_t file;
  uint64_t live;
  uint64_t keys;
  uint64_t rewrites; /* since it was opened */
} log_store_size;
log_store_size log_store_measure(const log_store* store);

#ifdef __cplusplus
}
#endif

#endif
