/* Lets one call of the system fail: built and loaded (LD_PRELOAD) by tools/inject_faults.py, see there.

   Calls are counted by kind, those with a file only where it lies below the folder of `fault_arm` (all where it is
   empty). Call number `at` (from 1) of the kind fails with the error given, once. What libc calls within itself, such as
   the open of fopen, is counted by its outer call.
*/
#define _GNU_SOURCE
#undef _FILE_OFFSET_BITS
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NONE, OPEN, READ, WRITE, SYNC, RENAME, REMOVE, FOLDER, MAP, FORK, MEMORY, KINDS };
#define LARGE 65536 /* bytes of a request for memory that may fail; smaller ones end many libraries below */
#define MOST_FILES 4096

static atomic_long counted[KINDS];
static atomic_int kind_of_fault;
static long fails_at;
static int reason;
static char below[PATH_MAX];
static unsigned char followed[MOST_FILES];

void fault_arm(int kind, long at, int error, const char *folder) {
    for (int k = 0; k < KINDS; k++) counted[k] = 0;
    fails_at = at;
    reason = error;
    strncpy(below, folder, sizeof below - 1);
    kind_of_fault = kind;
}

void fault_disarm(void) { kind_of_fault = NONE; }

long fault_count(int kind) { return counted[kind]; }

static int fails(int kind) {
    if (kind_of_fault == NONE) return 0;
    long number = ++counted[kind];
    if (kind_of_fault != kind || number != fails_at) return 0;
    errno = reason;
    return 1;
}

static int is_below(int directory, const char *path) {
    char whole[PATH_MAX], link[64];
    if (kind_of_fault == NONE || !path) return 0;
    if (!below[0]) return 1;
    if (path[0] != '/') {
        ssize_t length;
        if (directory == AT_FDCWD) strcpy(link, "/proc/self/cwd");
        else snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
        length = readlink(link, whole, sizeof whole - 1);
        if (length < 0 || length + strlen(path) + 2 > sizeof whole) return 0;
        whole[length] = '/';
        strcpy(whole + length + 1, path);
        path = whole;
    }
    return strncmp(path, below, strlen(below)) == 0;
}

static int is_followed(int file) { return file >= 0 && file < MOST_FILES && followed[file]; }

static int follow(int file, int is_ours) {
    if (file >= 0 && file < MOST_FILES) followed[file] = is_ours;
    return file;
}

#define REAL(result, name, ...)                                  \
    static result (*real)(__VA_ARGS__);                          \
    if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

#define MODE(last)                          \
    mode_t mode = 0;                        \
    if (flags & (O_CREAT | __O_TMPFILE)) {  \
        va_list more;                       \
        va_start(more, last);               \
        mode = va_arg(more, int);           \
        va_end(more);                       \
    }

#define OPENS(name)                                                \
    int name(const char *path, int flags, ...) {                   \
        REAL(int, name, const char *, int, ...);                   \
        MODE(flags)                                                \
        int ours = is_below(AT_FDCWD, path);                       \
        if (ours && fails(OPEN)) return -1;                        \
        return follow(real(path, flags, mode), ours);              \
    }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name)                                             \
    int name(int directory, const char *path, int flags, ...) {    \
        REAL(int, name, int, const char *, int, ...);              \
        MODE(flags)                                                \
        int ours = is_below(directory, path);                      \
        if (ours && fails(OPEN)) return -1;                        \
        return follow(real(directory, path, flags, mode), ours);   \
    }
OPENS_AT(openat)
OPENS_AT(openat64)

#define OPENS_STREAM(name)                                         \
    FILE *name(const char *path, const char *mode) {               \
        REAL(FILE *, name, const char *, const char *);            \
        if (is_below(AT_FDCWD, path) && fails(OPEN)) return NULL;  \
        return real(path, mode);                                   \
    }
OPENS_STREAM(fopen)
OPENS_STREAM(fopen64)

#define ON_FILE(kind, result, name, parameters, types, arguments) \
    result name parameters {                                       \
        static result(*real) types;                                \
        if (!real) real = (result(*) types)dlsym(RTLD_NEXT, #name); \
        if (is_followed(file) && fails(kind)) return -1;           \
        return real arguments;                                     \
    }
ON_FILE(READ, ssize_t, read, (int file, void *to, size_t size), (int, void *, size_t), (file, to, size))
ON_FILE(READ, ssize_t, pread, (int file, void *to, size_t size, off_t at), (int, void *, size_t, off_t), (file, to, size, at))
ON_FILE(READ, ssize_t, pread64, (int file, void *to, size_t size, off64_t at), (int, void *, size_t, off64_t), (file, to, size, at))
ON_FILE(WRITE, ssize_t, write, (int file, const void *from, size_t size), (int, const void *, size_t), (file, from, size))
ON_FILE(WRITE, ssize_t, pwrite, (int file, const void *from, size_t size, off_t at), (int, const void *, size_t, off_t), (file, from, size, at))
ON_FILE(WRITE, ssize_t, pwrite64, (int file, const void *from, size_t size, off64_t at), (int, const void *, size_t, off64_t), (file, from, size, at))
ON_FILE(WRITE, ssize_t, writev, (int file, const struct iovec *from, int count), (int, const struct iovec *, int), (file, from, count))
ON_FILE(WRITE, int, ftruncate, (int file, off_t size), (int, off_t), (file, size))
ON_FILE(WRITE, int, ftruncate64, (int file, off64_t size), (int, off64_t), (file, size))
ON_FILE(SYNC, int, fsync, (int file), (int), (file))
ON_FILE(SYNC, int, fdatasync, (int file), (int), (file))

#define ON_PATH(kind, name, parameters, types, arguments, directory, path) \
    int name parameters {                                           \
        static int(*real) types;                                    \
        if (!real) real = (int (*) types)dlsym(RTLD_NEXT, #name);   \
        if (is_below(directory, path) && fails(kind)) return -1;    \
        return real arguments;                                      \
    }
ON_PATH(RENAME, rename, (const char *old, const char *new), (const char *, const char *), (old, new), AT_FDCWD, new)
ON_PATH(RENAME, renameat, (int a, const char *old, int b, const char *new), (int, const char *, int, const char *), (a, old, b, new), b, new)
ON_PATH(RENAME, link, (const char *old, const char *new), (const char *, const char *), (old, new), AT_FDCWD, new)
ON_PATH(RENAME, linkat, (int a, const char *old, int b, const char *new, int f), (int, const char *, int, const char *, int), (a, old, b, new, f), b, new)
ON_PATH(REMOVE, unlink, (const char *path), (const char *), (path), AT_FDCWD, path)
ON_PATH(REMOVE, unlinkat, (int a, const char *path, int f), (int, const char *, int), (a, path, f), a, path)
ON_PATH(REMOVE, rmdir, (const char *path), (const char *), (path), AT_FDCWD, path)
ON_PATH(FOLDER, mkdir, (const char *path, mode_t mode), (const char *, mode_t), (path, mode), AT_FDCWD, path)
ON_PATH(FOLDER, mkdirat, (int a, const char *path, mode_t mode), (int, const char *, mode_t), (a, path, mode), a, path)
ON_PATH(FOLDER, chmod, (const char *path, mode_t mode), (const char *, mode_t), (path, mode), AT_FDCWD, path)

#define MAPS(name, offset)                                                              \
    void *name(void *at, size_t size, int protection, int flags, int file, offset from) { \
        REAL(void *, name, void *, size_t, int, int, int, offset);                      \
        if (size >= LARGE && fails(MAP)) return MAP_FAILED;                             \
        return real(at, size, protection, flags, file, from);                           \
    }
MAPS(mmap, off_t)
MAPS(mmap64, off64_t)

pid_t fork(void) {
    REAL(pid_t, fork, void);
    return fails(FORK) ? -1 : real();
}

/* A vfork that returns through this frame would overwrite it; a fork does all that a vfork promises. */
pid_t vfork(void) { return fork(); }

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);

void *malloc(size_t size) { return size >= LARGE && fails(MEMORY) ? NULL : __libc_malloc(size); }

void *calloc(size_t count, size_t size) {
    return count * size >= LARGE && fails(MEMORY) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) { return size >= LARGE && fails(MEMORY) ? NULL : __libc_realloc(old, size); }
