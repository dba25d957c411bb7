/*
 * test_fetch_tls.c exercises whom fetch talks to:
 *  - a self-signed certificate is refused, one that SSL_CERT_FILE names is trusted, no other;
 *  - an SSL_CERT_FILE that cannot be read; plain HTTP to a TLS port;
 *  - the proxy variables.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "integration/fetch_harness.h"
#include "support/unit.h"

#define JSON "[{\"id\":1}]"

static void a_self_signed_certificate_is_refused(void **state)
{
    (void)state;
    const struct fake_step step = { .body = JSON };
    struct harness harness;
    (void)unsetenv("SSL_CERT_FILE");
    harness_init(&harness, &step, 1, FAKE_HTTPS, (struct fetch_config){ 0 });
    struct look look = { 0 };
    look_run(&harness, &look, "/x");
    assert_int_equal(look.reply.end, HTTP_END_TLS);
    assert_int_equal(look.reply.status, 0);
    assert_int_equal(fake_engine_requests(harness.engine), 0);
    look_done(&look);
    harness_done(&harness);
}

/* Two engines with a certificate each: the one in SSL_CERT_FILE is trusted, the other not. */
static void ssl_cert_file_says_whom_to_trust(void **state)
{
    (void)state;
    const struct fake_step step = { .body = JSON };
    struct fake_engine *other = fake_engine_new(&step, 1, FAKE_HTTPS);
    struct fake_engine *trusted = fake_engine_new(&step, 1, FAKE_HTTPS);
    assert_int_equal(setenv("SSL_CERT_FILE", fake_engine_ca_file(trusted), 1), 0);
    struct harness harness;
    harness_init(&harness, &step, 1, FAKE_HTTP, (struct fetch_config){ 0 });
    struct look look = { 0 };
    char url[64];
    (void)snprintf(url, sizeof(url), "https://127.0.0.1:%u/", fake_engine_port(trusted));
    look_run(&harness, &look, url);
    assert_int_equal(look.reply.end, HTTP_END_REPLY);
    assert_true(str_equal(look.reply.body, STR(JSON)));
    (void)snprintf(url, sizeof(url), "https://127.0.0.1:%u/", fake_engine_port(other));
    look_run(&harness, &look, url);
    assert_int_equal(look.reply.end, HTTP_END_TLS);
    look_done(&look);
    harness_done(&harness);
    fake_engine_free(trusted);
    fake_engine_free(other);
    (void)unsetenv("SSL_CERT_FILE");
}

static void an_unreadable_ssl_cert_file_is_a_configuration_error(void **state)
{
    (void)state;
    assert_int_equal(setenv("SSL_CERT_FILE", "/nonexistent/ca.pem", 1), 0);
    struct loop *loop = NULL;
    assert_int_equal(loop_new(&loop, 8, NULL), TS_ERR_OK);
    struct fetch *fetch = NULL;
    struct error error = { 0 };
    const struct fetch_config config = { .loop = loop, .transfers_max = 1, .user_agent = "t" };
    assert_int_equal(fetch_new(&config, &fetch, &error), TS_ERR_CONFIG);
    assert_null(fetch);
    assert_non_null(strstr(error.text, "/nonexistent/ca.pem"));
    loop_free(loop);
    (void)unsetenv("SSL_CERT_FILE");
}

static void a_proxy_variable_is_followed(void **state)
{
    (void)state;
    const struct fake_step step = { .body = JSON };
    struct harness harness;
    harness_init(&harness, &step, 1, FAKE_HTTP, (struct fetch_config){ 0 });
    char proxy[64];
    (void)snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%u",
                   fake_engine_port(harness.engine));
    assert_int_equal(setenv("http_proxy", proxy, 1), 0);
    struct look look = { 0 };
    look_run(&harness, &look, "http://engine.invalid/tee-times");
    (void)unsetenv("http_proxy");
    assert_int_equal(look.reply.end, HTTP_END_REPLY);
    struct fake_request sent;
    fake_engine_request(harness.engine, 0, &sent);
    assert_string_equal(sent.target, "http://engine.invalid/tee-times");
    look_done(&look);
    harness_done(&harness);
}

static void plain_http_to_a_tls_port_gets_no_reply(void **state)
{
    (void)state;
    const struct fake_step step = { .body = "x" };
    struct harness harness;
    harness_init(&harness, &step, 1, FAKE_HTTPS, (struct fetch_config){ 0 });
    harness.scheme = "http";
    struct look look = { 0 };
    look_run(&harness, &look, "/x");
    assert_int_equal(look.reply.end, HTTP_END_CONNECT);
    assert_int_equal(look.reply.status, 0);
    look_done(&look);
    harness_done(&harness);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_self_signed_certificate_is_refused),
        cmocka_unit_test(ssl_cert_file_says_whom_to_trust),
        cmocka_unit_test(an_unreadable_ssl_cert_file_is_a_configuration_error),
        cmocka_unit_test(a_proxy_variable_is_followed),
        cmocka_unit_test(plain_http_to_a_tls_port_gets_no_reply),
    };
    return cmocka_run_group_tests(tests, harness_start_library, harness_stop_library);
}
