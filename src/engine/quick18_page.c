/* quick18_page.c: Quick18's page as events: the matrix's head becomes rates, its body rows. The
 * word matrixTable and the links' class stand elsewhere on the page too: only the table of this
 * class counts. */
#include "base/html.h"
#include "engine/quick18.h"

enum cell { CELL_NONE, CELL_OTHER, CELL_COURSE, CELL_PLAYERS, CELL_RATE };

struct reader {
    struct quick18_page *page;
    struct quick18_row row;
    uint32_t tables; /* open ones, from the matrix on; 0: outside of it */
    bool is_head, is_body;
    enum cell header_cell, cell; /* the open ones of the head and the body */
    struct quick18_text *text;   /* where text goes; NULL: nowhere */
    struct quick18_text header;
    bool (*on_row)(void *ctx, const struct quick18_page *page, const struct quick18_row *row);
    void *ctx;
    bool is_stopped;
};

/* Cells and their headers have classes of their own. */
static enum cell cell_of(const struct html_attributes *attributes)
{
    static const struct {
        const char *word;
        enum cell cell;
    } classes[] = {
        { "mtrxHdrCourse", CELL_COURSE },     { "mtrxCourse", CELL_COURSE },
        { "matrixHdrPlayers", CELL_PLAYERS }, { "matrixPlayers", CELL_PLAYERS },
        { "matrixHdrSched", CELL_RATE },      { "matrixsched", CELL_RATE },
    };
    for (size_t i = 0; i < TS_COUNT_OF(classes); i++)
        if (html_has_class(attributes, str_of(classes[i].word)))
            return classes[i].cell;
    return CELL_OTHER;
}

static void start_header(struct reader *reader, const struct html_attributes *attributes)
{
    reader->header_cell = cell_of(attributes);
    reader->header = (struct quick18_text){ .len = 0 };
    reader->text = &reader->header;
}

static bool names(struct str text, const char *word)
{
    return str_contains_nocase(text, str_of(word));
}

/* Prices for those who hold a card are on the page for everybody. */
static bool is_reduced(struct str name)
{
    return names(name, "concession") || names(name, "pension") ||
           tee_time_rate_is_reduced(name);
}

static uint8_t basis_of(struct str name)
{
    if (names(name, "walk") || names(name, "no cart") || names(name, "without cart"))
        return PRICE_BASIS_WALKING;
    bool has_cart = names(name, "cart") || names(name, "riding");
    return has_cart ? PRICE_BASIS_CART : PRICE_BASIS_UNKNOWN;
}

static void end_header(struct reader *reader)
{
    struct quick18_page *page = reader->page;
    struct str name = quick18_text_view(&reader->header);
    page->has_course_column = page->has_course_column || reader->header_cell == CELL_COURSE;
    if (reader->header_cell != CELL_RATE)
        return;
    if (page->rates_count == QUICK18_COLUMNS_MAX) {
        page->has_too_many_columns = true;
        return;
    }
    struct quick18_rate *rate = &page->rates[page->rates_count++];
    *rate = (struct quick18_rate){ .holes = quick18_holes(name),
                                   .basis = basis_of(name),
                                   .is_reduced = is_reduced(name) };
    quick18_text_add(&rate->name, name);
}

static void start_row(struct reader *reader)
{
    reader->row = (struct quick18_row){ .offers_count = 0 };
    reader->cell = CELL_NONE;
    reader->text = NULL;
}

static void start_cell(struct reader *reader, const struct html_attributes *attributes)
{
    struct quick18_row *row = &reader->row;
    reader->cell = cell_of(attributes);
    reader->text = NULL;
    if (reader->cell == CELL_COURSE)
        reader->text = &row->course;
    else if (reader->cell == CELL_PLAYERS)
        reader->text = &row->players;
    if (reader->cell != CELL_RATE)
        return;
    if (row->offers_count < QUICK18_COLUMNS_MAX)
        row->offers[row->offers_count] = (struct quick18_offer){
            .is_inactive = html_has_class(attributes, STR("mtrxInactive")),
        };
    row->offers_count++;
}

/* Inside a cell of prices. */
static void start_in_offer(struct reader *reader, struct str tag,
                           const struct html_attributes *attributes)
{
    struct quick18_row *row = &reader->row;
    struct str href = html_attribute(attributes, "href");
    if (row->offers_count > QUICK18_COLUMNS_MAX)
        return;
    struct quick18_offer *offer = &row->offers[row->offers_count - 1];
    if (html_has_class(attributes, STR("mtrxPrice")))
        reader->text = &offer->price;
    if (html_has_class(attributes, STR("mtrxPriceNA")))
        offer->is_inactive = true;
    if (!str_equal(tag, STR("a")) || !names(href, "/teetime/"))
        return;
    offer->is_link_cut = href.len > QUICK18_LINK_MAX;
    if (!offer->is_link_cut)
        memcpy(offer->link, href.ptr, href.len);
}

static void start_matrix(struct reader *reader)
{
    reader->tables = 1;
    reader->is_head = reader->is_body = false;
    reader->cell = CELL_NONE;
    reader->page->has_table = true;
    reader->page->rates_count = 0;
}

static void start_outside(struct reader *reader, struct str tag,
                          const struct html_attributes *attributes)
{
    if (str_equal(tag, STR("table")) && html_has_class(attributes, STR("matrixTable")))
        start_matrix(reader);
    else if (str_equal(html_attribute(attributes, "id"), STR("SearchForm_Date"))) {
        reader->page->shown_date = (struct quick18_text){ .len = 0 };
        quick18_text_add(&reader->page->shown_date, html_attribute(attributes, "value"));
    }
}

static void start_inside(struct reader *reader, struct str tag,
                         const struct html_attributes *attributes)
{
    if (str_equal(tag, STR("thead")))
        reader->is_head = true;
    else if (str_equal(tag, STR("tbody")))
        reader->is_body = reader->page->has_body = true;
    else if (str_equal(tag, STR("tr")))
        start_row(reader);
    else if (reader->is_head && str_equal(tag, STR("th")))
        start_header(reader, attributes);
    else if (reader->is_body && str_equal(tag, STR("td")))
        start_cell(reader, attributes);
    else if (reader->is_body && reader->cell == CELL_RATE)
        start_in_offer(reader, tag, attributes);
}

static void on_start(void *ctx, struct str tag, const struct html_attributes *attributes)
{
    struct reader *reader = ctx;
    if (reader->tables == 0)
        start_outside(reader, tag, attributes);
    else if (str_equal(tag, STR("table")))
        reader->tables++;
    else if (reader->tables == 1)
        start_inside(reader, tag, attributes);
}

static void end_row(struct reader *reader)
{
    if (reader->is_body && !reader->is_stopped)
        reader->is_stopped = !reader->on_row(reader->ctx, reader->page, &reader->row);
}

/* The text of a price ends with its div, that of another cell with the cell. */
static void end_text(struct reader *reader, struct str tag)
{
    bool ends_cell = str_equal(tag, STR("th")) || str_equal(tag, STR("td"));
    if (ends_cell || (reader->cell == CELL_RATE && str_equal(tag, STR("div"))))
        reader->text = NULL;
    if (ends_cell)
        reader->cell = CELL_NONE;
}

static void end_inside(struct reader *reader, struct str tag)
{
    if (str_equal(tag, STR("thead")))
        reader->is_head = false;
    else if (str_equal(tag, STR("tbody")))
        reader->is_body = false;
    else if (str_equal(tag, STR("tr")))
        end_row(reader);
    else if (str_equal(tag, STR("th")) && reader->is_head)
        end_header(reader);
    end_text(reader, tag);
}

static void on_end(void *ctx, struct str tag)
{
    struct reader *reader = ctx;
    if (reader->tables > 0 && str_equal(tag, STR("table")))
        reader->tables--;
    else if (reader->tables == 1)
        end_inside(reader, tag);
}

static void on_text(void *ctx, struct str text)
{
    struct reader *reader = ctx;
    if (reader->tables == 1 && reader->text)
        quick18_text_add(reader->text, text);
}

ts_err quick18_read_page(struct str body, struct quick18_page *ret_page,
                         bool (*on_row)(void *ctx, const struct quick18_page *page,
                                        const struct quick18_row *row),
                         void *ctx)
{
    static const struct html_events events = { on_start, on_end, on_text };
    struct reader reader = { .page = ret_page, .on_row = on_row, .ctx = ctx };
    *ret_page = (struct quick18_page){ .has_table = false };
    ts_err err = html_parse(body, &events, &reader);
    if (err)
        return err;
    return reader.is_stopped ? TS_ERR_FULL : TS_ERR_OK;
}
