/* Preloaded into a process that writes a state file: records, in their order, the writes and syncs of every file whose
   path begins with $RECORDED into the file $RECORDING. A record is five numbers of eight bytes (kind, length of the
   path, offset, length of the data, 0), the path, and the data. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE = 2, SYNC = 3, UNLINK = 4 };

static int recording = -1;
static const char *recorded;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("RECORDING");
    recorded = getenv("RECORDED");
    if (path && recorded) recording = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static void record(uint64_t kind, const char *path, uint64_t offset, const void *data, uint64_t length) {
    if (recording < 0 || strncmp(path, recorded, strlen(recorded)) != 0) return;
    uint64_t head[5] = {kind, strlen(path), offset, length, 0};
    struct iovec parts[3] = {{head, sizeof head}, {(void *)path, head[1]}, {(void *)data, data ? length : 0}};
    if (syscall(SYS_writev, recording, parts, 3) < 0) abort();
}

static void record_of(int file, uint64_t kind, uint64_t offset, const void *data, uint64_t length) {
    char link[64] = "/proc/self/fd/", path[4096], digits[24];
    int count = 0, at = (int)strlen(link);
    for (int left = file; count == 0 || left; left /= 10) digits[count++] = (char)('0' + left % 10);
    while (count) link[at++] = digits[--count];
    link[at] = 0;
    ssize_t size = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (size < 0) return;
    path[size] = 0;
    record(kind, path, offset, data, length);
}

ssize_t pwrite64(int file, const void *data, size_t length, off64_t offset) {
    ssize_t done = syscall(SYS_pwrite64, file, data, length, offset);
    if (done > 0) record_of(file, WRITE, (uint64_t)offset, data, (uint64_t)done);
    return done;
}

ssize_t pwrite(int file, const void *data, size_t length, off_t offset) { return pwrite64(file, data, length, offset); }

ssize_t write(int file, const void *data, size_t length) {
    off64_t offset = syscall(SYS_lseek, file, 0, SEEK_CUR);
    ssize_t done = syscall(SYS_write, file, data, length);
    if (done > 0 && offset >= 0) record_of(file, WRITE, (uint64_t)offset, data, (uint64_t)done);
    return done;
}

int ftruncate64(int file, off64_t length) {
    int failed = (int)syscall(SYS_ftruncate, file, length);
    if (!failed) record_of(file, TRUNCATE, (uint64_t)length, NULL, 0);
    return failed;
}

int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

int fsync(int file) {
    int failed = (int)syscall(SYS_fsync, file);
    if (!failed) record_of(file, SYNC, 0, NULL, 0);
    return failed;
}

int fdatasync(int file) {
    int failed = (int)syscall(SYS_fdatasync, file);
    if (!failed) record_of(file, SYNC, 0, NULL, 0);
    return failed;
}

int unlink(const char *path) {
    int failed = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (!failed) record(UNLINK, path, 0, NULL, 0);
    return failed;
}
