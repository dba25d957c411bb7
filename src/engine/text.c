/* text.c: texts of replies, made fit to be stored and shown. */
#include "engine/field.h"

#define CLEAN_BYTES 512 /* of a longer text the rest is not looked at */

/* How many bytes of a control character (C0, DEL, C1) stand at text.ptr[at]; 0: another one. */
static size_t control_len(struct str text, size_t at)
{
    unsigned char c = (unsigned char)text.ptr[at];
    unsigned char after = at + 1 < text.len ? (unsigned char)text.ptr[at + 1] : 0;
    if (c == 0xc2 && after >= 0x80 && after < 0xa0)
        return 2;
    return c < 0x20 || c == 0x7f ? 1 : 0;
}

/* Not longer than ENGINE_TEXT_MAX, ending at a character's border. */
static size_t cut_len(struct str text)
{
    size_t len = text.len;
    if (len <= ENGINE_TEXT_MAX)
        return len;
    len = ENGINE_TEXT_MAX;
    while (len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
        len--;
    return len;
}

void engine_clean_text(struct str raw, char *into)
{
    char clean[CLEAN_BYTES];
    size_t len = 0;
    raw.len = raw.len < sizeof(clean) ? raw.len : sizeof(clean);
    for (size_t i = 0; i < raw.len;) {
        size_t control = control_len(raw, i);
        if (control == 0)
            clean[len++] = raw.ptr[i];
        i += control > 0 ? control : 1;
    }
    struct str text = str_trim((struct str){ clean, len });
    text.len = cut_len(text);
    if (text.len > 0)
        memcpy(into, text.ptr, text.len);
    into[text.len] = '\0';
}
