/* shape_book.c: the paths that replies are known to have, in one table of fixed size. */
#include "host/shape_book.h"

#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/sort.h"

#define ENTRIES     4096
#define ENTRIES_MAX (ENTRIES / 4 * 3)
#define TEXT_BYTES  ((size_t)256 << 10)
#define NAMES_SHOWN 8
#define LINE_BYTES  (SHAPE_PATH_BYTES + 64)
#define TYPE_NULL   SHAPE_TYPE(JSON_NULL)
#define OPTIONAL    "optional"

struct entry {
    uint64_t hash; /* 0: free */
    uint64_t parent, seed;
    const char *text;      /* in the book's arena */
    uint8_t types, filled; /* as in struct shape_path */
    bool required;
    bool learning; /* of "$" only: the store did not know this kind */
};

struct shape_book {
    struct entry entries[ENTRIES];
    uint32_t count;
    struct arena texts;
    struct shape shape; /* of the body at hand */
};

/* One body being learnt. */
struct lesson {
    struct shape_book *book;
    uint64_t seed;
    bool silent; /* the kind is being learnt, or comes from the store */
    bool stored;
    bool taught, changed;
    struct buf *came, *went;
    uint32_t came_count, went_count;
};

ts_err shape_book_new(struct shape_book **ret_book)
{
    struct shape_book *book = mem_alloc(1, sizeof(*book));
    if (!book)
        return TS_ERR_NOMEM;
    ts_err err = arena_init(&book->texts, TEXT_BYTES);
    if (err)
        mem_free(book);
    else
        *ret_book = book;
    return err;
}

void shape_book_free(struct shape_book *book)
{
    if (!book)
        return;
    arena_done(&book->texts);
    mem_free(book);
}

static size_t place_of(const struct shape_book *book, uint64_t hash)
{
    size_t i = hash % ENTRIES;
    while (book->entries[i].hash != 0 && book->entries[i].hash != hash)
        i = (i + 1) % ENTRIES;
    return i;
}

static struct entry *find(struct shape_book *book, uint64_t hash)
{
    struct entry *entry = &book->entries[place_of(book, hash)];
    return entry->hash ? entry : NULL;
}

/* ---- What came ---- */

static void name_path(struct buf *out, uint32_t *count, const char *text, unsigned types)
{
    if (out && *count < NAMES_SHOWN) {
        buf_puts(out, *count > 0 ? ", " : "");
        buf_puts(out, text);
        buf_puts(out, types ? " " : "");
        shape_put_types(out, types);
    } else if (out && *count == NAMES_SHOWN) {
        buf_puts(out, ", ...");
    }
    (*count)++;
}

static void tell_came(struct lesson *lesson, const struct entry *entry, unsigned types)
{
    if (lesson->silent)
        return;
    lesson->changed = true;
    name_path(lesson->came, &lesson->came_count, entry->text, types);
}

/* The type of the container that a path stands in. */
static unsigned container_of(struct str path)
{
    return SHAPE_TYPE(path.ptr[path.len - 1] == ']' ? JSON_ARRAY : JSON_OBJECT);
}

/* In every object that could hold it. */
static bool is_everywhere(const struct shape *shape, const struct shape_path *path)
{
    const struct shape_path *holder = shape_find(shape, path->parent);
    return holder && holder->objects > 0 && path->times >= holder->objects;
}

/* A path of the shape at hand that the book lacks. Whether a container was filled *before* is
 * still to be read in its entry: note_filled comes last. */
static void enter_path(struct lesson *lesson, const struct shape_path *path, struct str text)
{
    struct shape_book *book = lesson->book;
    struct entry *entry = &book->entries[place_of(book, path->hash)];
    if (entry->hash != 0 || book->count >= ENTRIES_MAX)
        return;
    const char *kept = arena_strdup(&book->texts, text);
    if (!kept)
        return;
    const struct entry *parent = find(book, path->parent); /* none has hash 0 */
    bool filled_before = parent && parent->filled & container_of(text);
    book->count++;
    *entry = (struct entry){ .hash = path->hash,
                             .parent = path->parent,
                             .seed = lesson->seed,
                             .text = kept,
                             .types = path->types };
    entry->learning = !path->parent && !lesson->stored;
    entry->required = !filled_before && is_everywhere(&book->shape, path);
    lesson->taught = true;
    if (filled_before)
        tell_came(lesson, entry, path->types);
}

static void enter_place(void *ctx, const struct shape_place *place)
{
    struct lesson *lesson = ctx;
    const struct shape_path *path = shape_find(&lesson->book->shape, place->hash);
    if (path)
        enter_path(lesson, path, place->text);
}

/* A known path with a type that it never had. One that only ever was null had none. */
static void compare_types(struct lesson *lesson, const struct shape_path *path)
{
    struct entry *entry = find(lesson->book, path->hash);
    unsigned fresh = entry ? path->types & ~(unsigned)entry->types & ~TYPE_NULL : 0;
    if (!fresh)
        return;
    bool had_one = (entry->types & ~TYPE_NULL) != 0;
    entry->types |= path->types;
    lesson->taught = true;
    if (had_one)
        tell_came(lesson, entry, fresh);
}

/* ---- What went ---- */

static void check_required(struct lesson *lesson, struct entry *entry)
{
    const struct shape *shape = &lesson->book->shape;
    const struct shape_path *holder = shape_find(shape, entry->parent);
    if (!holder || holder->objects == 0)
        return;
    const struct shape_path *path = shape_find(shape, entry->hash);
    if (path && is_everywhere(shape, path))
        return;
    entry->required = false;
    lesson->taught = true;
    if (path || lesson->silent)
        return;
    lesson->changed = true;
    name_path(lesson->went, &lesson->went_count, entry->text, 0);
}

static void check_all_required(struct lesson *lesson)
{
    struct shape_book *book = lesson->book;
    for (uint32_t i = 0; i < ENTRIES && !book->shape.cut; i++) {
        struct entry *entry = &book->entries[i];
        if (entry->hash != 0 && entry->seed == lesson->seed && entry->required)
            check_required(lesson, entry);
    }
}

static void for_each_path(struct lesson *lesson,
                          void (*on_path)(struct lesson *lesson, const struct shape_path *path))
{
    const struct shape *shape = &lesson->book->shape;
    for (uint32_t i = 0; i < SHAPE_SLOTS; i++) {
        if (shape->slots[i].hash != 0)
            on_path(lesson, &shape->slots[i]);
    }
}

static void note_filled(struct lesson *lesson, const struct shape_path *path)
{
    struct entry *entry = find(lesson->book, path->hash);
    if (!entry)
        return;
    entry->filled |= path->filled;
    entry->types |= path->types;
}

enum shape_news shape_book_learn(struct shape_book *book, uint64_t seed, struct str body,
                                 struct buf *came, struct buf *went, uint64_t *ret_fingerprint)
{
    struct lesson lesson = { .book = book, .seed = seed, .came = came, .went = went };
    if (!shape_of(body, seed, &book->shape))
        return SHAPE_KNOWN;
    uint64_t parent;
    const struct entry *root = find(book, shape_hash(STR("$"), seed, &parent));
    lesson.silent = !root || root->learning;
    check_all_required(&lesson);
    for_each_path(&lesson, compare_types);
    bool cut;
    (void)shape_walk(body, seed, enter_place, &lesson, &cut);
    for_each_path(&lesson, note_filled);
    *ret_fingerprint = book->shape.fingerprint;
    if (lesson.changed)
        return SHAPE_CHANGED;
    return lesson.taught ? SHAPE_LEARNT : SHAPE_KNOWN;
}

/* ---- To and from the store ---- */

/* "PATH TYPES[ optional]". */
static bool read_line(struct str line, struct str *ret_path, unsigned *ret_types,
                      bool *ret_optional)
{
    struct str types, word = { NULL, 0 };
    if (!str_split(&line, ' ', ret_path) || !str_split(&line, ' ', &types))
        return false;
    *ret_optional = str_split(&line, ' ', &word) && str_equal(word, STR(OPTIONAL));
    *ret_types = shape_read_types(types);
    return true;
}

/* An optional path is one that lacked in some object: times 0 of 1. */
static void add_line(struct lesson *lesson, struct str line)
{
    struct shape *shape = &lesson->book->shape;
    struct str text;
    unsigned types;
    bool optional;
    uint64_t parent;
    if (!read_line(line, &text, &types, &optional))
        return;
    uint64_t hash = shape_hash(text, lesson->seed, &parent);
    struct shape_path *path = shape_add(shape, hash, parent);
    if (!path)
        return;
    path->types = (uint8_t)types;
    path->times = !optional;
    struct shape_path *holder = parent ? shape_add(shape, parent, 0) : NULL;
    if (!holder)
        return;
    holder->filled |= (uint8_t)container_of(text);
    holder->objects |= container_of(text) == SHAPE_TYPE(JSON_OBJECT);
}

static void enter_line(struct lesson *lesson, struct str line)
{
    struct str text;
    unsigned types;
    bool optional;
    uint64_t parent;
    if (!read_line(line, &text, &types, &optional))
        return;
    const struct shape_path *path =
        shape_find(&lesson->book->shape, shape_hash(text, lesson->seed, &parent));
    if (path)
        enter_path(lesson, path, text);
}

static void each_line(struct lesson *lesson, struct str paths,
                      void (*on_line)(struct lesson *lesson, struct str line))
{
    struct json json = json_over(paths);
    if (!json_enter_array(&json))
        return;
    while (json_next(&json)) {
        char text[LINE_BYTES];
        struct str line;
        if (json_string(&json, text, sizeof(text), &line))
            on_line(lesson, line);
    }
}

void shape_book_know(struct shape_book *book, uint64_t seed, struct str paths)
{
    struct lesson lesson = { .book = book, .seed = seed, .silent = true, .stored = true };
    memset(&book->shape, 0, sizeof(book->shape));
    each_line(&lesson, paths, add_line);
    check_all_required(&lesson);
    for_each_path(&lesson, compare_types);
    each_line(&lesson, paths, enter_line);
    for_each_path(&lesson, note_filled);
}

static int by_text(const void *a, const void *b)
{
    return strcmp((*(const struct entry *const *)a)->text,
                  (*(const struct entry *const *)b)->text);
}

void shape_book_put_paths(const struct shape_book *book, struct buf *out)
{
    const struct entry *sorted[SHAPE_PATHS_MAX];
    size_t count = 0;
    for (uint32_t i = 0; i < SHAPE_SLOTS; i++) {
        const struct shape_path *path = &book->shape.slots[i];
        const struct entry *entry = &book->entries[place_of(book, path->hash)];
        if (path->hash != 0 && entry->hash != 0)
            sorted[count++] = entry;
    }
    /* Pointers are what is sorted. NOLINTNEXTLINE(bugprone-sizeof-expression) */
    sort_stable(sorted, count, sizeof(sorted[0]), by_text);
    for (size_t i = 0; i < count; i++) {
        buf_puts(out, i == 0 ? "[\"" : ",\"");
        buf_puts(out, sorted[i]->text);
        buf_putc(out, ' ');
        shape_put_types(out, sorted[i]->types);
        const struct entry *entry = sorted[i];
        bool member =
            entry->parent && container_of(str_of(entry->text)) == SHAPE_TYPE(JSON_OBJECT);
        buf_puts(out, member && !entry->required ? " " OPTIONAL "\"" : "\"");
    }
    buf_puts(out, count > 0 ? "]" : "[]");
}
