/* fuzz_replay.c: a main() that feeds each file of the folders given to a fuzz target, so that
 * the corpus is a plain test with every compiler. */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "support/fuzz.h"

#define INPUT_BYTES_MAX (16 * 1024 * 1024)

/* The memory is of the file's exact size, so that ASan sees a byte read behind it. */
static int replay_file(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return 0;
    size_t size = (size_t)status.st_size;
    FILE *file = size <= INPUT_BYTES_MAX ? fopen(path, "rbe") : NULL;
    uint8_t *data = mem_alloc(1, size);
    bool is_read = file && data && fread(data, 1, size, file) == size;
    if (file)
        (void)fclose(file);
    if (is_read)
        (void)LLVMFuzzerTestOneInput(data, size);
    else
        (void)fprintf(stderr, "%s cannot be read\n", path);
    mem_free(data);
    return is_read ? 1 : -1;
}

/* The number of inputs; -1: one of them, or the folder, cannot be read. */
static int replay_folder(const char *folder)
{
    int count = 0;
    DIR *dir = opendir(folder);
    if (!dir) {
        perror(folder);
        return -1;
    }
    for (const struct dirent *entry; count >= 0 && (entry = readdir(dir)) != NULL;) {
        char path[4096];
        int len = snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        int result = len > 0 && (size_t)len < sizeof(path) ? replay_file(path) : -1;
        count = result < 0 ? -1 : count + result;
    }
    (void)closedir(dir);
    return count;
}

int main(int argc, char **argv)
{
    int total = 0;
    for (int i = 1; i < argc; i++) {
        int count = replay_folder(argv[i]);
        if (count <= 0) {
            (void)fprintf(stderr, "%s: no inputs\n", argv[i]);
            return 1;
        }
        total += count;
    }
    (void)printf("replayed %d inputs of %d folders\n", total, argc - 1);
    return total > 0 ? 0 : 1;
}
