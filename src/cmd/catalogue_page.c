/* catalogue_page.c: what a catalogue file may hold, as a manual page. */
#include "cmd/catalogue_page.h"

#include "base/buf.h"
#include "base/mdoc.h"
#include "catalogue/catalogue.h"
#include "engine/engine.h"

#define TEXT_BYTES 400

static const char description[] =
    "A catalogue lists the courses whose tee times are wanted, one row each. It is a CSV file "
    "(UTF-8, quotes doubled inside quotes) whose first line names the columns, or JSON Lines, "
    "an object per line with the columns as its members, if its name ends in .jsonl or "
    ".ndjson. "
    "Columns stand in any order and letter case; those that are not named below are "
    "ignored.\n\n"
    "A row with a fault is left out and reported with file, line, column and reason; the "
    "others are used, unless --strict is given. A row whose id came before is left out as "
    "well. A file that cannot be parsed is refused. A course that is in the store and no "
    "longer in the catalogue becomes inactive.\n";

static const char attributes[] =
    "What an engine must know of a course stands in engine_attributes. Integers may be given "
    "as digit strings, lists as JSON lists or as texts with commas. An attribute marked * is "
    "part of the course's identity: it is what an empty id is derived from, and a change of it "
    "makes another course. Others that an engine does not know are ignored. These are of all "
    "engines:\n";

static const struct catalogue_column common[] = {
    { "bookingUrl", "stands in for an empty booking_url" },
    { "booking_opens_local", "stands in for an empty booking_opens_at" },
    { "requires_login", "true: the course is inactive, for this program never logs in" },
    { "disabled_in_source", "true: the course is inactive" },
};

static const char example[] =
    "Two courses:\n\n"
    "  name,country,timezone,engine,engine_attributes,booking_window_days,booking_opens_at\n"
    "  Example Links,CA,America/Regina,foreup,\"{\"\"schedule_id\"\": 1}\",7,06:00\n"
    "  Sample Pines,US,America/Denver,quick18,\"{\"\"subdomain\"\": \"\"pines\"\"}\",10,\n\n"
    "The second one as JSON Lines:\n\n"
    "  {\"name\": \"Sample Pines\", \"country\": \"US\", \"timezone\": \"America/Denver\",\n"
    "   \"engine\": \"quick18\", \"engine_attributes\": {\"subdomain\": \"pines\"},\n"
    "   \"booking_window_days\": 10}\n\n"
    "on one line. What is wrong with a file, before it is used (teesheet help courses):\n\n"
    "  teesheet courses check courses.csv\n";

/* "Cm name" and, if given, the type and a mark for identity. */
static void put_item(FILE *out, const char *name, const char *type, bool identity)
{
    (void)fputs(".It Cm ", out);
    mdoc_put_argument(out, str_of(name));
    if (identity)
        (void)fputs(" Ns *", out);
    if (type)
        (void)fprintf(out, " Pq %s", type);
    (void)fputc('\n', out);
}

static void put_columns(FILE *out, const struct catalogue_column *columns, uint32_t count)
{
    (void)fputs(".Bl -tag -width Ds\n", out);
    for (uint32_t i = 0; i < count; i++) {
        put_item(out, columns[i].name, NULL, false);
        mdoc_put_prose(out, str_of(columns[i].help));
    }
    (void)fputs(".El\n", out);
}

static void put_engine(FILE *out, const struct engine *engine)
{
    char storage[TEXT_BYTES];
    struct buf text = buf_over(storage, sizeof(storage));
    buf_printf(&text, "%s%s", engine->about,
               engine->needs_key ? ". Its key comes from the environment." : "");
    (void)fprintf(out, ".Ss %s\n", engine->name);
    mdoc_put_prose(out, buf_view(&text));
    (void)fputs(".Bl -tag -width Ds\n", out);
    for (uint32_t i = 0; i < engine->attrs_count; i++) {
        const struct engine_attr *attr = &engine->attrs[i];
        put_item(out, attr->name, engine_attr_type_name(attr->type), attr->identity);
        mdoc_put_prose(out, str_of(attr->help));
    }
    (void)fputs(".El\n", out);
}

void catalogue_page_write(FILE *out)
{
    mdoc_put_head(out, STR("teesheet-catalogue"), 5);
    (void)fputs(".Sh NAME\n.Nm teesheet-catalogue\n.Nd the courses that teesheet asks for\n"
                ".Sh DESCRIPTION\n",
                out);
    mdoc_put_text(out, description);
    (void)fputs(".Sh COLUMNS\n", out);
    put_columns(out, catalogue_columns, catalogue_columns_count);
    (void)fputs(".Sh ENGINES AND THEIR ATTRIBUTES\n", out);
    mdoc_put_text(out, attributes);
    put_columns(out, common, TS_COUNT_OF(common));
    for (uint32_t i = 0; i < engines_count; i++)
        put_engine(out, engines[i]);
    (void)fputs(".Sh EXAMPLES\n", out);
    mdoc_put_text(out, example);
}
