/* html.c: libxml2's push parser without a tree: the only file that knows it. */
#include "base/html.h"

#include <libxml/HTMLparser.h>
#include <pthread.h>

#include "base/html_memory.h"

/* Fed in pieces, so that the parser need not hold a copy of the page. */
#define PIECE_BYTES 4096

struct reader {
    const struct html_events *events;
    void *ctx;
    htmlParserCtxtPtr parser;
    uint32_t depth;
    bool is_given_up;
};

static struct str view(const xmlChar *text)
{
    return str_of((const char *)text);
}

/* Not in the midst of an allocation: libxml2 2.9 crashes, or turns for ever, where memory is
 * refused. Nor between pieces: a value that goes from one into the next makes it hold back all
 * the rest of the page until its end. */
static void give_up_if_too_much(struct reader *reader)
{
    if (reader->depth <= HTML_DEPTH_MAX && html_memory_bytes() <= HTML_MEMORY_MAX_BYTES)
        return;
    reader->is_given_up = true;
    xmlStopParser(reader->parser);
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar **pairs)
{
    struct reader *reader = ctx;
    const struct html_attributes attributes = { pairs };
    reader->depth++;
    reader->events->start(reader->ctx, view(name), &attributes);
    give_up_if_too_much(reader);
}

static void on_end(void *ctx, const xmlChar *name)
{
    struct reader *reader = ctx;
    reader->depth--;
    reader->events->end(reader->ctx, view(name));
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
    const struct reader *reader = ctx;
    if (len > 0)
        reader->events->text(reader->ctx, (struct str){ (const char *)text, (size_t)len });
}

/* Broken HTML is the rule; nobody is told. */
static void say_nothing(void *ctx, const char *format, ...)
{
    (void)ctx;
    (void)format;
}

static void install(void)
{
    html_memory_install();
    xmlInitParser();
}

static htmlParserCtxtPtr parser_new(struct reader *reader)
{
    htmlSAXHandler handler = {
        .startElement = on_start,
        .endElement = on_end,
        .characters = on_text,
        .cdataBlock = on_text,
    };
    xmlSetGenericErrorFunc(NULL, say_nothing);
    htmlParserCtxtPtr parser =
        htmlCreatePushParserCtxt(&handler, reader, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
    if (parser)
        (void)htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                                             HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    return parser;
}

ts_err html_parse(struct str page, const struct html_events *events, void *ctx)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct reader reader = { .events = events, .ctx = ctx };
    (void)pthread_once(&once, install);
    htmlParserCtxtPtr parser = parser_new(&reader);
    if (!parser)
        return TS_ERR_NOMEM;
    reader.parser = parser;
    while (page.len > 0 && !reader.is_given_up) {
        size_t len = page.len < PIECE_BYTES ? page.len : PIECE_BYTES;
        (void)htmlParseChunk(parser, page.ptr, (int)len, 0);
        page.ptr += len;
        page.len -= len;
    }
    if (!reader.is_given_up)
        (void)htmlParseChunk(parser, NULL, 0, 1);
    xmlFreeDoc(parser->myDoc);
    parser->myDoc = NULL;
    htmlFreeParserCtxt(parser);
    xmlResetLastError();
    return reader.is_given_up ? TS_ERR_NOMEM : TS_ERR_OK;
}

struct str html_attribute(const struct html_attributes *attributes, const char *name)
{
    const unsigned char *const *pair = attributes->pairs;
    for (; pair && pair[0]; pair += 2)
        if (strcmp((const char *)pair[0], name) == 0)
            return view(pair[1]);
    return (struct str){ NULL, 0 };
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool html_has_class(const struct html_attributes *attributes, struct str word)
{
    struct str rest = html_attribute(attributes, "class");
    size_t start = 0;
    if (rest.len == 0 || word.len == 0)
        return false;
    for (size_t at = 0; at <= rest.len; at++) {
        if (at < rest.len && !is_blank(rest.ptr[at]))
            continue;
        if (str_equal((struct str){ rest.ptr + start, at - start }, word))
            return true;
        start = at + 1;
    }
    return false;
}
