#define _POSIX_C_SOURCE 200809L
#include "log_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/* The file: these eight bytes, then batches. A batch: the size of its body and the checksum of what follows (four bytes
 * each, the lowest first), how it was committed (one byte), its body. A body: records, each 'P', the sizes of key and
 * value, key, value; or 'E', the size of the key, a zero, key. */
static const unsigned char magic[8] = {'E', 'M', 'L', 'O', 'G', 0, 0, 1};
enum { HEADER = sizeof magic, BATCH = 9, RECORD = 9, MOST_LEVELS = 20, SMALL = 16 };

/* Files below this are not worth writing anew, nor are bodies above it worth gathering. */
static const uint64_t worth_rewriting = 1 << 20;

/* A key in order: a node of a skip list whose lowest level is linked both ways. Without a value (size 0) it was put in
 * the batch that is open, and is not seen. */
typedef struct node {
  uint64_t offset; /* of the value in the file */
  uint64_t moved;  /* the same in the file that is being written to take its place */
  uint32_t key_size, value_size;
  unsigned char small[SMALL]; /* a short value itself */
  unsigned char* key;
  struct node* before;
  struct node* next[]; /* as many as it has levels */
} node;

typedef struct bytes {
  unsigned char* data;
  size_t size, room;
} bytes;

struct log_store {
  char* path;
  int file;
  uint64_t end;  /* of what is committed */
  uint64_t live; /* bytes of records that still hold */
  uint64_t keys, rewrites;
  int torn; /* a commit failed and may have left something behind the end */
  uint32_t checksums[256];
  uint64_t random;
  int levels;
  node* head;
  bytes batch; /* room for what precedes its body, and the body */
  bytes value; /* the one that was read last */
};

/* ---- Bytes ------------------------------------------------------------------------------------- */

static int make_room(bytes* to, size_t more) {
  size_t room = to->room == 0 ? 4096 : to->room;
  unsigned char* data;
  if (more > SIZE_MAX / 2 - to->size) return LOG_STORE_MEMORY;
  while (room < to->size + more) room *= 2;
  if (room == to->room) return LOG_STORE_OK;
  data = realloc(to->data, room);
  if (data == NULL) return LOG_STORE_MEMORY;
  to->data = data;
  to->room = room;
  return LOG_STORE_OK;
}

static void append(bytes* to, const void* data, size_t size) {
  if (size != 0) memcpy(to->data + to->size, data, size);
  to->size += size;
}

static void write32(unsigned char* to, uint32_t value) {
  int i;
  for (i = 0; i < 4; ++i) to[i] = (unsigned char)(value >> (8 * i));
}

static uint32_t read32(const unsigned char* from) {
  return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static void make_checksums(uint32_t* table) {
  uint32_t i, bit;
  for (i = 0; i < 256; ++i) {
    uint32_t value = i;
    for (bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? value >> 1 ^ 0xEDB88320u : value >> 1;
    table[i] = value;
  }
}

/* CRC-32, as zlib has it. */
static uint32_t checksum(const log_store* store, const unsigned char* data, size_t size) {
  uint32_t value = 0xFFFFFFFFu;
  while (size-- > 0) value = store->checksums[(value ^ *data++) & 0xFF] ^ value >> 8;
  return ~value;
}

/* ---- The file ---------------------------------------------------------------------------------- */

static int write_all(int file, const unsigned char* data, size_t size, uint64_t at) {
  while (size > 0) {
    const ssize_t written = pwrite(file, data, size, (off_t)at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return LOG_STORE_SYSTEM;
    data += written;
    size -= (size_t)written;
    at += (uint64_t)written;
  }
  return LOG_STORE_OK;
}

static int read_all(int file, unsigned char* data, size_t size, uint64_t at) {
  while (size > 0) {
    const ssize_t got = pread(file, data, size, (off_t)at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return LOG_STORE_SYSTEM;
    data += got;
    size -= (size_t)got;
    at += (uint64_t)got;
  }
  return LOG_STORE_OK;
}

static int cut(int file, uint64_t size) { return ftruncate(file, (off_t)size) == 0 ? LOG_STORE_OK : LOG_STORE_SYSTEM; }

static int sync_file(int file) { return fsync(file) == 0 ? LOG_STORE_OK : LOG_STORE_SYSTEM; }

static int lock_file(int file) {
  struct flock whole;
  memset(&whole, 0, sizeof whole);
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return fcntl(file, F_SETLK, &whole) == 0 ? LOG_STORE_OK : LOG_STORE_IN_USE;
}

/* A new name is there after a loss of power only when its folder has been written. */
static int sync_folder(const char* path) {
  const char* slash = strrchr(path, '/');
  const size_t size = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
  char* folder = malloc(size + 1);
  int file, answer;
  if (folder == NULL) return LOG_STORE_MEMORY;
  memcpy(folder, slash == NULL ? "." : path, size);
  folder[size] = '\0';
  file = open(folder, O_RDONLY);
  free(folder);
  if (file < 0) return LOG_STORE_SYSTEM;
  answer = sync_file(file);
  close(file);
  return answer;
}

/* ---- Keys in order ----------------------------------------------------------------------------- */

static int compare(const node* a, const void* key, size_t size) {
  const size_t common = a->key_size < size ? a->key_size : size;
  const int order = common == 0 ? 0 : memcmp(a->key, key, common);
  if (order != 0) return order;
  return a->key_size < size ? -1 : a->key_size > size ? 1 : 0;
}

/* The last node below the key, on every level. */
static void find_before(const log_store* store, const void* key, size_t size, node** before) {
  node* at = store->head;
  int level;
  for (level = MOST_LEVELS - 1; level >= 0; --level) {
    if (level < store->levels)
      while (at->next[level] != NULL && compare(at->next[level], key, size) < 0) at = at->next[level];
    before[level] = at;
  }
}

/* The first node that is not below the key; NULL where there is none. */
static node* find_from(const log_store* store, const void* key, size_t size) {
  node* before[MOST_LEVELS];
  find_before(store, key, size, before);
  return before[0]->next[0];
}

static node* find(const log_store* store, const void* key, size_t size) {
  node* found = find_from(store, key, size);
  return found != NULL && compare(found, key, size) == 0 ? found : NULL;
}

static node* new_node(int levels, const void* key, size_t size) {
  const size_t links = sizeof(node) + (size_t)levels * sizeof(node*);
  node* made = calloc(1, links + size);
  if (made == NULL) return NULL;
  made->key = (unsigned char*)made + links;
  if (size != 0) memcpy(made->key, key, size);
  made->key_size = (uint32_t)size;
  return made;
}

/* One node in four reaches the next level. */
static int draw_levels(log_store* store) {
  int levels = 1;
  store->random ^= store->random << 13;
  store->random ^= store->random >> 7;
  store->random ^= store->random << 17;
  while (levels < MOST_LEVELS && (store->random >> (2 * levels) & 3) == 0) ++levels;
  return levels;
}

/* The node of a key, made where there is none; NULL without memory. */
static node* find_or_make(log_store* store, const void* key, size_t size) {
  node* before[MOST_LEVELS];
  node* made;
  int level, levels;
  find_before(store, key, size, before);
  if (before[0]->next[0] != NULL && compare(before[0]->next[0], key, size) == 0) return before[0]->next[0];
  levels = draw_levels(store);
  made = new_node(levels, key, size);
  if (made == NULL) return NULL;
  if (levels > store->levels) store->levels = levels;
  for (level = 0; level < levels; ++level) {
    made->next[level] = before[level]->next[level];
    before[level]->next[level] = made;
  }
  made->before = before[0];
  if (made->next[0] != NULL) made->next[0]->before = made;
  return made;
}

static void remove_node(log_store* store, node* gone) {
  node* before[MOST_LEVELS];
  int level;
  find_before(store, gone->key, gone->key_size, before);
  for (level = 0; level < store->levels && before[level]->next[level] == gone; ++level)
    before[level]->next[level] = gone->next[level];
  if (gone->next[0] != NULL) gone->next[0]->before = gone->before;
  free(gone);
}

/* ---- Records ----------------------------------------------------------------------------------- */

typedef struct record {
  unsigned char kind;
  const unsigned char* key;
  const unsigned char* value;
  uint32_t key_size, value_size;
} record;

static uint64_t record_size(uint32_t key_size, uint32_t value_size) { return (uint64_t)RECORD + key_size + value_size; }

/* Takes the record at *at and moves on; 0 where there is none. */
static int next_record(const unsigned char* body, size_t size, size_t* at, record* out) {
  if (size - *at < RECORD) return 0;
  out->kind = body[*at];
  out->key_size = read32(body + *at + 1);
  out->value_size = read32(body + *at + 5);
  if (size - *at - RECORD < (uint64_t)out->key_size + out->value_size) return 0;
  out->key = body + *at + RECORD;
  out->value = out->key + out->key_size;
  *at += RECORD + (size_t)out->key_size + out->value_size;
  return 1;
}

static void take_value(log_store* store, node* to, const record* from, uint64_t offset) {
  if (to->value_size != 0) store->live -= record_size(to->key_size, to->value_size);
  if (to->value_size == 0) ++store->keys;
  to->offset = offset;
  to->value_size = from->value_size;
  if (from->value_size <= SMALL) memcpy(to->small, from->value, from->value_size);
  store->live += record_size(to->key_size, to->value_size);
}

static void drop_key(log_store* store, node* gone) {
  if (gone->value_size != 0) {
    store->live -= record_size(gone->key_size, gone->value_size);
    --store->keys;
  }
  remove_node(store, gone);
}

/* What a body that stands at an offset of the file changes. The nodes that a commit needs are there already, so only
 * an opening can be short of memory. */
static int apply_body(log_store* store, const unsigned char* body, size_t size, uint64_t offset) {
  size_t at = 0;
  record one;
  while (next_record(body, size, &at, &one)) {
    if (one.kind == 'P') {
      node* to = find_or_make(store, one.key, one.key_size);
      if (to == NULL) return LOG_STORE_MEMORY;
      take_value(store, to, &one, offset + (uint64_t)(one.value - body));
    } else {
      node* gone = find(store, one.key, one.key_size);
      if (gone != NULL) drop_key(store, gone);
    }
  }
  return at == size ? LOG_STORE_OK : LOG_STORE_DAMAGED;
}

static void forget_batch(log_store* store) {
  size_t at = BATCH;
  record one;
  while (next_record(store->batch.data, store->batch.size, &at, &one)) {
    node* made = find(store, one.key, one.key_size);
    if (made != NULL && made->value_size == 0) remove_node(store, made);
  }
  store->batch.size = BATCH;
}

/* ---- Batches ----------------------------------------------------------------------------------- */

static int add_record(log_store* store, unsigned char kind, const void* key, size_t key_size, const void* value,
                      size_t value_size) {
  unsigned char start[RECORD];
  if (key_size > UINT32_MAX || value_size > UINT32_MAX ||
      (uint64_t)store->batch.size + RECORD + key_size + value_size > UINT32_MAX)
    return LOG_STORE_MEMORY;
  if (make_room(&store->batch, RECORD + key_size + value_size) != LOG_STORE_OK) return LOG_STORE_MEMORY;
  start[0] = kind;
  write32(start + 1, (uint32_t)key_size);
  write32(start + 5, (uint32_t)value_size);
  append(&store->batch, start, sizeof start);
  append(&store->batch, key, key_size);
  append(&store->batch, value, value_size);
  return LOG_STORE_OK;
}

/* Writes the batch at an offset of a file. */
static int write_batch(log_store* store, int file, uint64_t at, emptor_host_commit how) {
  unsigned char* data = store->batch.data;
  data[8] = (unsigned char)how;
  write32(data, (uint32_t)(store->batch.size - BATCH));
  write32(data + 4, checksum(store, data + 8, store->batch.size - 8));
  return write_all(file, data, store->batch.size, at);
}

/* Reads so many bytes at an offset into the batch. */
static int read_into_batch(log_store* store, size_t size, uint64_t at) {
  if (make_room(&store->batch, size) != LOG_STORE_OK) return LOG_STORE_MEMORY;
  if (read_all(store->file, store->batch.data + store->batch.size, size, at) != LOG_STORE_OK) return LOG_STORE_SYSTEM;
  store->batch.size += size;
  return LOG_STORE_OK;
}

/* Reads the batch at an offset, and how it was committed: EMPTOR_HOST_DISCARD where no whole one stands there. *next is
 * where another may begin. */
static int read_batch(log_store* store, uint64_t at, uint64_t file_size, emptor_host_commit* how, uint64_t* next) {
  bytes* batch = &store->batch;
  uint64_t size;
  int answer;
  *how = EMPTOR_HOST_DISCARD;
  *next = file_size;
  batch->size = 0;
  if (file_size - at < BATCH) return LOG_STORE_OK;
  answer = read_into_batch(store, BATCH, at);
  if (answer != LOG_STORE_OK) return answer;
  size = read32(batch->data);
  if (file_size - at - BATCH < size) return LOG_STORE_OK;
  answer = read_into_batch(store, (size_t)size, at + BATCH);
  if (answer != LOG_STORE_OK) return answer;
  *next = at + BATCH + size;
  if (read32(batch->data + 4) == checksum(store, batch->data + 8, batch->size - 8)) *how = batch->data[8];
  return LOG_STORE_OK;
}

/* Behind a batch that is not whole nothing was ever made durable: else the file is damaged, not torn. */
static int check_torn(log_store* store, uint64_t at, uint64_t file_size) {
  while (at < file_size) {
    emptor_host_commit how;
    const int answer = read_batch(store, at, file_size, &how, &at);
    if (answer != LOG_STORE_OK) return answer;
    if (how == EMPTOR_HOST_DURABLE) return LOG_STORE_DAMAGED;
  }
  return LOG_STORE_OK;
}

/* Reads all batches, and cuts off what was never committed. */
static int replay(log_store* store, uint64_t file_size) {
  uint64_t at = HEADER, next = HEADER;
  while (at < file_size) {
    emptor_host_commit how;
    int answer = read_batch(store, at, file_size, &how, &next);
    if (answer != LOG_STORE_OK) return answer;
    if (how == EMPTOR_HOST_DISCARD) break;
    answer = apply_body(store, store->batch.data + BATCH, store->batch.size - BATCH, at + BATCH);
    if (answer != LOG_STORE_OK) return answer;
    at = next;
  }
  store->end = at;
  if (at < file_size) {
    const int answer = check_torn(store, next, file_size);
    if (answer != LOG_STORE_OK) return answer;
    if (cut(store->file, at) != LOG_STORE_OK) return LOG_STORE_SYSTEM;
  }
  store->batch.size = BATCH;
  return make_room(&store->batch, BATCH);
}

/* ---- Writing the file anew --------------------------------------------------------------------- */

static int read_value(log_store* store, const node* of, const void** value) {
  if (of->value_size <= SMALL) {
    *value = of->small;
    return LOG_STORE_OK;
  }
  store->value.size = 0;
  if (make_room(&store->value, of->value_size) != LOG_STORE_OK) return LOG_STORE_MEMORY;
  *value = store->value.data;
  return read_all(store->file, store->value.data, of->value_size, of->offset);
}

/* Everything that still holds, in batches, into a file. Returns where it ends in *end. */
static int copy_live(log_store* store, int file, uint64_t* end) {
  node* at;
  int answer = write_all(file, magic, HEADER, 0);
  *end = HEADER;
  for (at = store->head->next[0]; answer == LOG_STORE_OK && at != NULL; at = at->next[0]) {
    const void* value = NULL;
    answer = read_value(store, at, &value);
    if (answer == LOG_STORE_OK) answer = add_record(store, 'P', at->key, at->key_size, value, at->value_size);
    at->moved = *end + store->batch.size - at->value_size;
    if (answer == LOG_STORE_OK && (store->batch.size > worth_rewriting || at->next[0] == NULL)) {
      answer = write_batch(store, file, *end, EMPTOR_HOST_DURABLE);
      *end += store->batch.size;
      store->batch.size = BATCH;
    }
  }
  store->batch.size = BATCH;
  return answer;
}

static int take_place(log_store* store, const char* from, int file, uint64_t end) {
  node* at;
  if (sync_file(file) != LOG_STORE_OK || rename(from, store->path) != 0) return LOG_STORE_SYSTEM;
  close(store->file);
  store->file = file;
  store->end = end;
  ++store->rewrites;
  for (at = store->head->next[0]; at != NULL; at = at->next[0]) at->offset = at->moved;
  return sync_folder(store->path);
}

/* A failure leaves the file as it is: it goes on, and the next commit tries again. */
static void rewrite(log_store* store) {
  const size_t size = strlen(store->path);
  char* path = malloc(size + 5);
  uint64_t end = 0;
  int file;
  if (path == NULL) return;
  memcpy(path, store->path, size);
  memcpy(path + size, ".new", 5);
  file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
  if (file >= 0) {
    if (lock_file(file) != LOG_STORE_OK || copy_live(store, file, &end) != LOG_STORE_OK ||
        take_place(store, path, file, end) != LOG_STORE_OK) {
      if (file != store->file) {
        close(file);
        unlink(path);
      }
    }
  }
  free(path);
}

/* ---- The five functions ------------------------------------------------------------------------ */

static int log_get(void* context, const void* key, size_t key_size, const void** value, size_t* value_size) {
  log_store* store = context;
  const node* found = find(store, key, key_size);
  if (found == NULL || found->value_size == 0) {
    *value = NULL;
    return LOG_STORE_OK;
  }
  *value_size = found->value_size;
  return read_value(store, found, value);
}

static int log_put(void* context, const void* key, size_t key_size, const void* value, size_t value_size) {
  log_store* store = context;
  const int answer = add_record(store, 'P', key, key_size, value, value_size);
  if (answer != LOG_STORE_OK) return answer;
  return find_or_make(store, key, key_size) != NULL ? LOG_STORE_OK : LOG_STORE_MEMORY;
}

static int log_erase(void* context, const void* key, size_t key_size) {
  return add_record(context, 'E', key, key_size, NULL, 0);
}

static int log_range(void* context, const void* low, size_t low_size, const void* high, size_t high_size,
                     int descending, emptor_host_visit visit, void* visit_context) {
  log_store* store = context;
  node* before[MOST_LEVELS];
  node* at;
  find_before(store, descending ? high : low, descending ? high_size : low_size, before);
  at = descending ? before[0] : before[0]->next[0];
  for (; at != NULL && at != store->head; at = descending ? at->before : at->next[0]) {
    const void* value = NULL;
    if (descending ? compare(at, low, low_size) < 0 : compare(at, high, high_size) >= 0) break;
    if (at->value_size == 0) continue;
    if (read_value(store, at, &value) != LOG_STORE_OK) return LOG_STORE_SYSTEM;
    if (!visit(visit_context, at->key, at->key_size, value, at->value_size)) break;
  }
  return LOG_STORE_OK;
}

/* Cuts off what a commit that failed may have left. */
static int mend(log_store* store) {
  if (!store->torn) return LOG_STORE_OK;
  if (cut(store->file, store->end) != LOG_STORE_OK) return LOG_STORE_SYSTEM;
  store->torn = 0;
  return LOG_STORE_OK;
}

static int log_commit(void* context, emptor_host_commit how) {
  log_store* store = context;
  if (how == EMPTOR_HOST_DISCARD) forget_batch(store);
  if (mend(store) != LOG_STORE_OK) return LOG_STORE_SYSTEM;
  if (how == EMPTOR_HOST_DISCARD) return LOG_STORE_OK;
  if (store->batch.size > BATCH) {
    store->torn = 1;
    if (write_batch(store, store->file, store->end, how) != LOG_STORE_OK) return LOG_STORE_SYSTEM;
  }
  if (how == EMPTOR_HOST_DURABLE && sync_file(store->file) != LOG_STORE_OK) return LOG_STORE_SYSTEM;
  store->torn = 0;
  apply_body(store, store->batch.data + BATCH, store->batch.size - BATCH, store->end + BATCH);
  if (store->batch.size > BATCH) store->end += store->batch.size;
  store->batch.size = BATCH;
  if (store->end > worth_rewriting && store->live < store->end / 2) rewrite(store);
  return LOG_STORE_OK;
}

emptor_host_calls log_store_calls(log_store* store) {
  emptor_host_calls calls = EMPTOR_HOST_CALLS_INIT;
  calls.context = store;
  calls.get = log_get;
  calls.put = log_put;
  calls.erase = log_erase;
  calls.range = log_range;
  calls.commit = log_commit;
  return calls;
}

/* ---- Opening and closing ----------------------------------------------------------------------- */

/* A file that ends inside its header was being made. */
static int check_header(log_store* store, uint64_t* file_size) {
  unsigned char header[HEADER];
  const size_t size = *file_size < HEADER ? (size_t)*file_size : HEADER;
  if (read_all(store->file, header, size, 0) != LOG_STORE_OK) return LOG_STORE_SYSTEM;
  if (memcmp(header, magic, size) != 0) return LOG_STORE_FOREIGN;
  if (size == HEADER) return LOG_STORE_OK;
  *file_size = HEADER;
  if (write_all(store->file, magic, HEADER, 0) != LOG_STORE_OK || sync_file(store->file) != LOG_STORE_OK)
    return LOG_STORE_SYSTEM;
  return sync_folder(store->path);
}

static int begin(log_store* store, const char* path) {
  struct stat state;
  uint64_t file_size;
  int answer;
  make_checksums(store->checksums);
  store->random = 88172645463325252u;
  store->levels = 1;
  store->head = new_node(MOST_LEVELS, NULL, 0);
  store->path = malloc(strlen(path) + 1);
  if (store->head == NULL || store->path == NULL) return LOG_STORE_MEMORY;
  strcpy(store->path, path);
  store->file = open(path, O_RDWR | O_CREAT, 0600);
  if (store->file < 0) return LOG_STORE_SYSTEM;
  answer = lock_file(store->file);
  if (answer != LOG_STORE_OK) return answer;
  if (fstat(store->file, &state) != 0) return LOG_STORE_SYSTEM;
  file_size = (uint64_t)state.st_size;
  answer = check_header(store, &file_size);
  return answer == LOG_STORE_OK ? replay(store, file_size) : answer;
}

int log_store_open(const char* path, log_store** store) {
  int answer;
  log_store* made = calloc(1, sizeof *made);
  *store = NULL;
  if (made == NULL) return LOG_STORE_MEMORY;
  made->file = -1;
  answer = begin(made, path);
  if (answer != LOG_STORE_OK) {
    log_store_close(made);
    return answer;
  }
  *store = made;
  return LOG_STORE_OK;
}

void log_store_close(log_store* store) {
  node* at;
  if (store == NULL) return;
  at = store->head;
  while (at != NULL) {
    node* next = at->next[0];
    free(at);
    at = next;
  }
  if (store->file >= 0) close(store->file);
  free(store->path);
  free(store->batch.data);
  free(store->value.data);
  free(store);
}

log_store_size log_store_measure(const log_store* store) {
  log_store_size size;
  size.file = store->end;
  size.live = store->live;
  size.keys = store->keys;
  size.rewrites = store->rewrites;
  return size;
}
