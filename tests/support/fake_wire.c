/* fake_wire.c: reading, writing and sleeping on one connection, and a certificate made on the
 * spot. */
#include "support/fake_wire.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

bool fake_wire_accept_tls(struct fake_wire *wire, SSL_CTX *tls)
{
    wire->ssl = SSL_new(tls);
    return wire->ssl && SSL_set_fd(wire->ssl, wire->fd) == 1 && SSL_accept(wire->ssl) == 1;
}

bool fake_wire_read(struct fake_wire *wire, char *bytes, size_t size, size_t *ret_len)
{
    if (wire->ssl)
        return SSL_read_ex(wire->ssl, bytes, size, ret_len) == 1;
    ssize_t len = recv(wire->fd, bytes, size, 0);
    if (len <= 0)
        return false;
    *ret_len = (size_t)len;
    return true;
}

bool fake_wire_write(struct fake_wire *wire, const char *bytes, size_t len)
{
    size_t written = 0;
    if (wire->ssl)
        return len == 0 || SSL_write_ex(wire->ssl, bytes, len, &written) == 1;
    while (written < len) {
        ssize_t part = send(wire->fd, bytes + written, len - written, MSG_NOSIGNAL);
        if (part < 0)
            return false;
        written += (size_t)part;
    }
    return true;
}

bool fake_wire_sleep(struct fake_wire *wire, uint32_t ms)
{
    if (ms == 0)
        return true;
    struct pollfd stop = { .fd = wire->stop_fd, .events = POLLIN };
    return poll(&stop, 1, (int)ms) == 0;
}

bool fake_wire_wait_gone(struct fake_wire *wire)
{
    struct pollfd either[2] = { { .fd = wire->stop_fd, .events = POLLIN },
                                { .fd = wire->fd, .events = POLLIN | POLLRDHUP } };
    (void)poll(either, 2, -1);
    return false;
}

/* ---- TLS ---- */

static void die_unless(bool ok)
{
    if (ok)
        return;
    (void)fputs("fake_engine: cannot make a TLS certificate\n", stderr);
    ERR_print_errors_fp(stderr);
    abort();
}

static void add_extension(X509 *certificate, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    die_unless(extension && X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

static X509 *make_certificate(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    die_unless(certificate != NULL);
    die_unless(X509_set_version(certificate, X509_VERSION_3) == 1);
    die_unless(ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1);
    (void)X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    (void)X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_NAME *name = X509_get_subject_name(certificate);
    die_unless(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                          (const unsigned char *)"fake engine", -1, -1,
                                          0) == 1);
    die_unless(X509_set_issuer_name(certificate, name) == 1);
    die_unless(X509_set_pubkey(certificate, key) == 1);
    add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate, NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
    die_unless(X509_sign(certificate, key, EVP_sha256()) > 0);
    return certificate;
}

SSL_CTX *fake_tls_new(const char *ca_file)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    die_unless(key != NULL);
    X509 *certificate = make_certificate(key);
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    die_unless(tls && SSL_CTX_use_certificate(tls, certificate) == 1);
    die_unless(SSL_CTX_use_PrivateKey(tls, key) == 1);
    FILE *file = fopen(ca_file, "w");
    die_unless(file && PEM_write_X509(file, certificate) == 1);
    die_unless(fclose(file) == 0);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return tls;
}
