/* store_state.c: the same questions to SQLite and to PostgreSQL, over sessions of our own. */
#include "fault/store_state.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/hash.h"
#include "support/unit.h"

#define TEE_TIME                                                                               \
    "start_minute || '.' || holes || '.' || start_hole || '.' || party_sizes || '.' || "       \
    "coalesce(price_cents, -1) || '.' || coalesce(rate_name, '') || '.' || "                   \
    "coalesce(engine_ref, '')"
#define OF_SHEET                                                                               \
    "from tee_times t where t.course_id = s.course_id and t.play_date = s.play_date and "      \
    "closed_at is null"
#define SHEETS(tee_times)                                                                      \
    "select s.course_id || '|' || s.play_date || '|' || s.observed_outcome || '|' || "         \
    "s.tee_time_count || '|' || coalesce((" tee_times "), '') from tee_sheets s where "        \
    "observed_at is not null order by s.course_id, s.play_date"

static const char sqlite_sheets[] = SHEETS("select group_concat(x, ';') from (select " TEE_TIME
                                           " as x " OF_SHEET " order by 1)");
static const char postgres_sheets[] =
    SHEETS("select string_agg(x, ';' order by x) from (select " TEE_TIME " as x " OF_SHEET
           ") as all_of_it");

/* Open tee times that no observed tee sheet counts, or too few. */
static const char torn[] =
    "select (select count(*) from tee_times where closed_at is null) - (select "
    "coalesce(sum(tee_time_count), 0) from tee_sheets where observed_at is not null)";
static const char courses[] = "select count(*) from courses where active";
static const char sqlite_tables[] = "select count(*) from sqlite_schema where name = 'courses'";
static const char postgres_tables[] = "select count(*) from pg_tables where schemaname = "
                                      "'teesheet' and tablename = 'courses'";

static const char postgres_schemas[] = "select 1 from pg_namespace where nspname = 'teesheet'";

#define PRINT_BYTES_MAX 131072
#define NO_STORE        1

void store_eye_open(struct store_eye *eye, const char *store_url)
{
    *eye = (struct store_eye){ .is_sqlite = strncmp(store_url, "sqlite:", 7) == 0 };
    if (eye->is_sqlite) {
        (void)snprintf(eye->path, sizeof(eye->path), "%s", store_url + 7);
        return;
    }
    PGconn *session = PQconnectdb(store_url);
    if (PQstatus(session) != CONNECTION_OK)
        fail_msg("%s", PQerrorMessage(session));
    eye->session = session;
    PQclear(PQexec(session, "set search_path to teesheet; set client_min_messages to error"));
}

void store_eye_close(struct store_eye *eye)
{
    PQfinish(eye->session);
}

void store_eye_empty(const struct store_eye *eye)
{
    static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };
    char path[320];
    for (size_t i = 0; eye->is_sqlite && i < TS_COUNT_OF(suffixes); i++) {
        (void)snprintf(path, sizeof(path), "%s%s", eye->path, suffixes[i]);
        (void)unlink(path);
    }
    if (eye->is_sqlite)
        return;
    /* A session that was ended by a fault may still be at its last transaction. */
    PGresult *result = PQexec(eye->session, "drop schema if exists teesheet cascade");
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        fail_msg("%s", PQerrorMessage(eye->session));
    PQclear(result);
}

/* ---- the same store as before ---- */

static uint64_t print_of_file(const char *path)
{
    static unsigned char bytes[PRINT_BYTES_MAX + 1];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    ssize_t len = read(fd, bytes, sizeof(bytes));
    (void)close(fd);
    assert_true(len >= 0);
    return len <= PRINT_BYTES_MAX ? hash_bytes(HASH_START, bytes, (size_t)len) : 0;
}

uint64_t store_eye_print(const struct store_eye *eye)
{
    char path[320];
    if (!eye->is_sqlite) {
        PGresult *result = PQexec(eye->session, postgres_schemas);
        uint64_t print = PQntuples(result) == 0 ? NO_STORE : 0;
        PQclear(result);
        return print;
    }
    /* What the first to open it finds in -shm it throws away. */
    static const char *const journals[] = { "-wal", "-journal" };
    for (size_t i = 0; i < TS_COUNT_OF(journals); i++) {
        struct stat status;
        (void)snprintf(path, sizeof(path), "%s%s", eye->path, journals[i]);
        if (stat(path, &status) == 0 && status.st_size > 0)
            return 0;
    }
    return access(eye->path, F_OK) == 0 ? print_of_file(eye->path) : NO_STORE;
}

/* ---- questions: rows as lines ---- */

static void add_line(char *text, size_t cap, const char *line)
{
    size_t len = strlen(text);
    assert_true(len + strlen(line) + 2 < cap);
    (void)snprintf(text + len, cap - len, "%s\n", line);
}

static const char *ask_sqlite(sqlite3 *db, const char *sql, char *text, size_t cap)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    text[0] = '\0';
    while (result == SQLITE_OK || result == SQLITE_ROW) {
        result = sqlite3_step(statement);
        if (result == SQLITE_ROW)
            add_line(text, cap, (const char *)sqlite3_column_text(statement, 0));
    }
    (void)sqlite3_finalize(statement);
    return result == SQLITE_DONE ? NULL : "SQLite cannot read its store";
}

static const char *ask_postgres(PGconn *session, const char *sql, char *text, size_t cap)
{
    PGresult *result = PQexec(session, sql);
    text[0] = '\0';
    const char *wrong = PQresultStatus(result) == PGRES_TUPLES_OK ? NULL : "PostgreSQL refuses";
    for (int i = 0; !wrong && i < PQntuples(result); i++)
        add_line(text, cap, PQgetvalue(result, i, 0));
    PQclear(result);
    return wrong;
}

struct question {
    const struct store_eye *eye;
    sqlite3 *db;
};

static const char *ask(const struct question *question, const char *sqlite_sql,
                       const char *postgres_sql, char *text, size_t cap)
{
    return question->eye->is_sqlite
               ? ask_sqlite(question->db, sqlite_sql, text, cap)
               : ask_postgres(question->eye->session, postgres_sql, text, cap);
}

static const char *look(const struct question *question, struct store_state *state)
{
    char text[100];
    const char *wrong = ask(question, sqlite_tables, postgres_tables, text, sizeof(text));
    state->exists = !wrong && text[0] == '1';
    if (!state->exists)
        return wrong;
    if (question->eye->is_sqlite) {
        wrong = ask_sqlite(question->db, "pragma integrity_check", text, sizeof(text));
        if (wrong || strcmp(text, "ok\n") != 0)
            return "the integrity check fails";
    }
    wrong = ask(question, torn, torn, text, sizeof(text));
    if (wrong || strcmp(text, "0\n") != 0)
        return "a tee sheet is half written";
    wrong = ask(question, courses, courses, text, sizeof(text));
    state->courses = (unsigned)strtoul(text, NULL, 10);
    if (wrong)
        return wrong;
    wrong = ask(question, sqlite_sheets, postgres_sheets, state->text, sizeof(state->text));
    for (const char *c = state->text; *c; c++)
        state->sheets += *c == '\n';
    return wrong;
}

const char *store_eye_look(const struct store_eye *eye, struct store_state *ret_state)
{
    ret_state->text[0] = '\0'; /* not all of it */
    ret_state->sheets = ret_state->courses = 0;
    ret_state->exists = false;
    struct question question = { .eye = eye };
    if (!eye->is_sqlite)
        return look(&question, ret_state);
    if (access(eye->path, F_OK) != 0)
        return NULL;
    if (sqlite3_open_v2(eye->path, &question.db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        return "SQLite cannot open its store";
    /* The next run finds the log as the fault left it. */
    (void)sqlite3_db_config(question.db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    const char *wrong = look(&question, ret_state);
    (void)sqlite3_close(question.db);
    return wrong;
}

bool store_state_is_part(const struct store_state *part, const struct store_state *whole)
{
    const char *at = whole->text;
    for (const char *line = part->text; *line;) {
        size_t len = strcspn(line, "\n") + 1;
        while (*at && strncmp(at, line, len) != 0)
            at += strcspn(at, "\n") + 1;
        if (!*at)
            return false;
        line += len;
    }
    return true;
}
