/* fault.c: stands in front of the C library's allocation and file calls. */
#include "support/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RANGES_MAX 16
#define LIVE_SLOTS (1u << 15)
#define GONE       ((void *)1)
#define CODE_FLAGS (PF_R | PF_X)

const char *const fault_kind_names[FAULT_KINDS] = { "allocation", "write", "sync", "open",
                                                    "move" };
const char *const fault_origin_names[FAULT_ORIGINS] = { "ours", "libcurl", "SQLite", "libpq",
                                                        "others" };

/* glibc's own, under the names that it keeps for those who replace malloc. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *ptr, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *ptr);

struct range {
    uintptr_t from, to;
    enum fault_origin origin;
};

struct caller {
    uintptr_t address;
    enum fault_origin origin;
};

struct live {
    void *ptr; /* NULL: never used; GONE */
    struct caller caller;
};

static struct range ranges[RANGES_MAX];
static unsigned ranges_count;
static struct live lives[LIVE_SLOTS];
static bool lives_used; /* a forked child finds them zero, and their pages not yet its own */
static atomic_flag lives_lock = ATOMIC_FLAG_INIT;
static struct fault_plan plan;
static struct fault_report *report;
static _Atomic bool armed;

/* ---- whose call it is ---- */

static enum fault_origin origin_of_object(const char *path)
{
    static const struct {
        const char *word;
        enum fault_origin origin;
    } objects[] = { { "libcurl", FAULT_LIBCURL },
                    { "libsqlite3", FAULT_SQLITE },
                    { "libpq", FAULT_LIBPQ } };
    if (path[0] == '\0')
        return FAULT_OURS;
    for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
        if (strstr(path, objects[i].word))
            return objects[i].origin;
    }
    return FAULT_OTHER;
}

static int add_ranges(struct dl_phdr_info *info, size_t size, void *ctx)
{
    (void)size;
    (void)ctx;
    enum fault_origin origin = origin_of_object(info->dlpi_name);
    /* The kernel's own object has no name either. */
    if (origin == FAULT_OTHER || (origin == FAULT_OURS && ranges_count > 0))
        return 0;
    for (unsigned i = 0; i < info->dlpi_phnum && ranges_count < RANGES_MAX; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || (part->p_flags & CODE_FLAGS) != CODE_FLAGS)
            continue;
        uintptr_t from = info->dlpi_addr + part->p_vaddr;
        ranges[ranges_count++] = (struct range){ from, from + part->p_memsz, origin };
    }
    return 0;
}

static enum fault_origin origin_of(uintptr_t address)
{
    for (unsigned i = 0; i < ranges_count; i++) {
        if (address >= ranges[i].from && address < ranges[i].to)
            return ranges[i].origin;
    }
    return FAULT_OTHER;
}

/* libcurl's allocations come through functions of ours: the caller's caller tells. Our code is
 * built with frame pointers, so that the frame above its calls can be followed. */
static struct caller caller_of(uintptr_t address, const void *frame)
{
    struct caller caller = { address, origin_of(address) };
    if (caller.origin != FAULT_OURS)
        return caller;
    const uintptr_t *const *up = frame;
    caller.address = (*up)[1];
    caller.origin = origin_of(caller.address);
    if (caller.origin == FAULT_LIBCURL)
        return caller;
    return (struct caller){ caller.address ? caller.address : address, FAULT_OURS };
}

#define CALLER() caller_of((uintptr_t)__builtin_return_address(0), __builtin_frame_address(0))

/* ---- the decision ---- */

static bool must_fail(enum fault_kind kind, struct caller caller)
{
    if (!atomic_load(&armed))
        return false;
    uint64_t number = __atomic_add_fetch(&report->calls[kind], 1, __ATOMIC_SEQ_CST);
    if (kind == FAULT_ALLOC)
        (void)__atomic_add_fetch(&report->allocations[caller.origin], 1, __ATOMIC_SEQ_CST);
    if (kind != plan.kind || plan.nth == 0 || number < plan.nth ||
        (number > plan.nth && !plan.persistent))
        return false;
    if (__atomic_add_fetch(&report->failed, 1, __ATOMIC_SEQ_CST) == 1) {
        report->failed_of = caller.origin;
        report->failed_at = caller.address;
    }
    return true;
}

/* ---- the list of what lives ---- */

static void lock(void)
{
    while (atomic_flag_test_and_set(&lives_lock))
        continue;
}

static void unlock(void)
{
    atomic_flag_clear(&lives_lock);
}

static unsigned slot_of(const void *ptr)
{
    return (unsigned)(((uintptr_t)ptr >> 4) * 2654435761u) % LIVE_SLOTS;
}

static void remember(void *ptr, struct caller caller)
{
    if (!ptr || !atomic_load(&armed))
        return;
    lock();
    unsigned slot = slot_of(ptr);
    for (unsigned i = 0; i < LIVE_SLOTS; i++, slot = (slot + 1) % LIVE_SLOTS) {
        if (lives[slot].ptr && lives[slot].ptr != GONE)
            continue;
        lives[slot] = (struct live){ ptr, caller };
        break;
    }
    unlock();
}

/* False: it was not in the list. */
static bool forget(const void *ptr)
{
    if (!ptr || !atomic_load(&armed))
        return false;
    bool found = false;
    lock();
    unsigned slot = slot_of(ptr);
    for (unsigned i = 0; i < LIVE_SLOTS && lives[slot].ptr && !found; i++) {
        found = lives[slot].ptr == ptr;
        if (found)
            lives[slot].ptr = GONE;
        slot = (slot + 1) % LIVE_SLOTS;
    }
    unlock();
    return found;
}

void fault_arm(const struct fault_plan *wanted, struct fault_report *ret_report)
{
    if (ranges_count == 0)
        (void)dl_iterate_phdr(add_ranges, NULL);
    plan = *wanted;
    report = ret_report;
    *report = (struct fault_report){ 0 };
    if (lives_used)
        memset(lives, 0, sizeof(lives));
    lives_used = true;
    atomic_store(&armed, true);
}

void fault_disarm(void)
{
    atomic_store(&armed, false);
    for (unsigned i = 0; i < LIVE_SLOTS; i++) {
        if (!lives[i].ptr || lives[i].ptr == GONE)
            continue;
        report->live[lives[i].caller.origin]++;
        report->leak[lives[i].caller.origin] = lives[i].caller.address;
    }
}

/* ---- memory ---- */

static void *no_memory(void)
{
    errno = ENOMEM;
    return NULL;
}

void *malloc(size_t size)
{
    struct caller caller = CALLER();
    if (must_fail(FAULT_ALLOC, caller))
        return no_memory();
    void *ptr = __libc_malloc(size);
    remember(ptr, caller);
    return ptr;
}

void *calloc(size_t count, size_t size)
{
    struct caller caller = CALLER();
    if (must_fail(FAULT_ALLOC, caller))
        return no_memory();
    void *ptr = __libc_calloc(count, size);
    remember(ptr, caller);
    return ptr;
}

void free(void *ptr)
{
    int saved_errno = errno;
    (void)forget(ptr);
    __libc_free(ptr);
    errno = saved_errno;
}

static void *resize(void *ptr, size_t size, struct caller caller)
{
    if (must_fail(FAULT_ALLOC, caller))
        return no_memory();
    bool listed = forget(ptr) || !ptr;
    void *grown = __libc_realloc(ptr, size);
    if (grown || size == 0)
        ptr = grown;
    if (listed)
        remember(ptr, caller);
    return grown;
}

void *realloc(void *ptr, size_t size)
{
    return resize(ptr, size, CALLER());
}

void *reallocarray(void *ptr, size_t count, size_t size)
{
    struct caller caller = CALLER();
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return no_memory();
    return resize(ptr, bytes, caller);
}

char *strdup(const char *text)
{
    struct caller caller = CALLER();
    if (must_fail(FAULT_ALLOC, caller))
        return no_memory();
    size_t bytes = strlen(text) + 1;
    char *copy = __libc_malloc(bytes);
    if (copy)
        memcpy(copy, text, bytes);
    remember(copy, caller);
    return copy;
}

static void *align(size_t alignment, size_t size, struct caller caller)
{
    if (must_fail(FAULT_ALLOC, caller))
        return no_memory();
    void *ptr = __libc_memalign(alignment, size);
    remember(ptr, caller);
    return ptr;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return align(alignment, size, CALLER());
}

int posix_memalign(void **ret_ptr, size_t alignment, size_t size)
{
    void *ptr = align(alignment, size, CALLER());
    if (!ptr)
        return ENOMEM;
    *ret_ptr = ptr;
    return 0;
}

/* ---- files ---- */

static bool call_fails(enum fault_kind kind, int reason, struct caller caller)
{
    if (!must_fail(kind, caller))
        return false;
    errno = reason;
    return true;
}

static bool write_fails(int fd, struct caller caller)
{
    struct stat status;
    if (!atomic_load(&armed) || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    return call_fails(FAULT_WRITE, plan.persistent ? ENOSPC : EIO, caller);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    return write_fails(fd, CALLER()) ? -1 : syscall(SYS_write, fd, bytes, len);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t offset)
{
    return write_fails(fd, CALLER()) ? -1 : syscall(SYS_pwrite64, fd, bytes, len, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t offset)
{
    return write_fails(fd, CALLER()) ? -1 : syscall(SYS_pwrite64, fd, bytes, len, offset);
}

int fsync(int fd)
{
    return call_fails(FAULT_SYNC, EIO, CALLER()) ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return call_fails(FAULT_SYNC, EIO, CALLER()) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

static int open_file(int folder, const char *path, int flags, va_list args,
                     struct caller caller)
{
    mode_t mode =
        (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(args, mode_t) : 0;
    if (call_fails(FAULT_OPEN, EMFILE, caller))
        return -1;
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define DEFINE_OPEN(name)                                                                      \
    int name(const char *path, int flags, ...)                                                 \
    {                                                                                          \
        va_list args;                                                                          \
        va_start(args, flags);                                                                 \
        int fd = open_file(AT_FDCWD, path, flags, args, CALLER());                             \
        va_end(args);                                                                          \
        return fd;                                                                             \
    }

#define DEFINE_OPENAT(name)                                                                    \
    int name(int folder, const char *path, int flags, ...)                                     \
    {                                                                                          \
        va_list args;                                                                          \
        va_start(args, flags);                                                                 \
        int fd = open_file(folder, path, flags, args, CALLER());                               \
        va_end(args);                                                                          \
        return fd;                                                                             \
    }

DEFINE_OPEN(open)
DEFINE_OPEN(open64)
DEFINE_OPENAT(openat)
DEFINE_OPENAT(openat64)

int ftruncate(int fd, off_t size)
{
    return call_fails(FAULT_MOVE, EIO, CALLER()) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    return call_fails(FAULT_MOVE, EIO, CALLER()) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int rename(const char *from, const char *to)
{
    if (call_fails(FAULT_MOVE, EIO, CALLER()))
        return -1;
    /* arm64 has no SYS_rename. */
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}
