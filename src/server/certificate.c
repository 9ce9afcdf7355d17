/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made by GnuTLS, which GIO's TLS stands on as well. */
#include "server/certificate.h"

#include <arpa/inet.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <ifaddrs.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Clients that have accepted it once are not to be asked again soon. */
#define YEARS          10
#define ADDRESSES_MAX  32
#define NOT_BEFORE_S   86400 /* clocks differ */
#define SERIAL_BYTES   16
#define SECOND_OF_YEAR ((time_t)365 * 86400)

G_DEFINE_AUTO_CLEANUP_FREE_FUNC(gnutls_x509_crt_t, gnutls_x509_crt_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(gnutls_x509_privkey_t, gnutls_x509_privkey_deinit, NULL)

static bool fail(int code, GError **error)
{
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "a certificate for TLS cannot be made: %s",
                    gnutls_strerror(code));
        return false;
}

static int add_address(gnutls_x509_crt_t certificate, const struct sockaddr *address)
{
        const void *bytes;
        unsigned size;

        if (address == NULL || (address->sa_family != AF_INET && address->sa_family != AF_INET6))
                return 0;
        if (address->sa_family == AF_INET) {
                bytes = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
                size = sizeof(struct in_addr);
        } else {
                bytes = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
                size = sizeof(struct in6_addr);
        }
        return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, bytes, size,
                                                    GNUTLS_FSAN_APPEND);
}

/* Addresses change; those of today are better than none. */
static int add_addresses(gnutls_x509_crt_t certificate)
{
        struct ifaddrs *all = NULL;
        unsigned added = 0;
        int code = 0;

        if (getifaddrs(&all) < 0)
                return 0;
        for (const struct ifaddrs *one = all; one != NULL && code >= 0 && added < ADDRESSES_MAX;
             one = one->ifa_next, added++)
                code = add_address(certificate, one->ifa_addr);
        freeifaddrs(all);
        return code;
}

static int add_names(gnutls_x509_crt_t certificate)
{
        char name[HOST_NAME_MAX + 1] = "localhost";
        int code;

        if (gethostname(name, sizeof name - 1) < 0 || name[0] == '\0')
                (void)g_strlcpy(name, "localhost", sizeof name);
        /* A common name has 64 bytes at most. */
        code = gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                             (unsigned)MIN(strlen(name), 64));
        if (code >= 0)
                code = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, name,
                                                            (unsigned)strlen(name), GNUTLS_FSAN_SET);
        if (code >= 0 && strcmp(name, "localhost") != 0)
                code = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, "localhost",
                                                            strlen("localhost"), GNUTLS_FSAN_APPEND);
        return code >= 0 ? add_addresses(certificate) : code;
}

static int set_uses(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key)
{
        unsigned char serial[SERIAL_BYTES], key_id[20];
        size_t id_size = sizeof key_id;
        time_t now = time(NULL);
        int code = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial);

        serial[0] &= 0x7f; /* a positive number */
        if (code >= 0)
                code = gnutls_x509_crt_set_serial(certificate, serial, sizeof serial);
        if (code >= 0)
                code = gnutls_x509_crt_set_activation_time(certificate, now - NOT_BEFORE_S);
        if (code >= 0)
                code = gnutls_x509_crt_set_expiration_time(certificate, now + YEARS * SECOND_OF_YEAR);
        if (code >= 0) /* who wants to trust it can put it among his authorities as it is */
                code = gnutls_x509_crt_set_basic_constraints(certificate, 1, 0);
        if (code >= 0)
                code = gnutls_x509_crt_set_key_usage(certificate, GNUTLS_KEY_DIGITAL_SIGNATURE |
                                                                          GNUTLS_KEY_KEY_CERT_SIGN);
        if (code >= 0)
                code = gnutls_x509_crt_set_key_purpose_oid(certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
        if (code >= 0)
                code = gnutls_x509_privkey_get_key_id(key, GNUTLS_KEYID_USE_SHA1, key_id, &id_size);
        if (code >= 0)
                code = gnutls_x509_crt_set_subject_key_id(certificate, key_id, id_size);
        return code;
}

static bool make(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key, GError **error)
{
        int code = gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
                                                GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);

        if (code >= 0)
                code = gnutls_x509_crt_set_version(certificate, 3);
        if (code >= 0)
                code = gnutls_x509_crt_set_key(certificate, key);
        if (code >= 0)
                code = set_uses(certificate, key);
        if (code >= 0)
                code = add_names(certificate);
        if (code >= 0)
                code = gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0);
        return code >= 0 || fail(code, error);
}

static bool write_file(const char *path, const gnutls_datum_t *text, int mode, GError **error)
{
        return g_file_set_contents_full(path, (const char *)text->data, text->size,
                                        G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, mode,
                                        error);
}

/* The key first: a certificate without its key would be taken for finished at the next start. */
static bool make_files(const char *certificate_file, const char *key_file, GError **error)
{
        g_auto(gnutls_x509_crt_t) certificate = NULL;
        g_auto(gnutls_x509_privkey_t) key = NULL;
        gnutls_datum_t text = {0};
        bool made;
        int code = gnutls_x509_crt_init(&certificate);

        if (code >= 0)
                code = gnutls_x509_privkey_init(&key);
        if (code < 0)
                return fail(code, error);
        if (!make(certificate, key, error))
                return false;
        code = gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &text);
        if (code < 0)
                return fail(code, error);
        made = write_file(key_file, &text, 0600, error);
        gnutls_memset(text.data, 0, text.size);
        gnutls_free(text.data);
        code = gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &text);
        if (code < 0)
                return made && fail(code, error);
        made = made && write_file(certificate_file, &text, 0644, error);
        gnutls_free(text.data);
        return made;
}

GTlsCertificate *certificate_get(const char *state_dir, const char *certificate_file, const char *key_file,
                                 GError **error)
{
        g_autofree char *own_certificate = g_build_filename(state_dir, "api.crt", NULL);
        g_autofree char *own_key = g_build_filename(state_dir, "api.key", NULL);
        GTlsCertificate *certificate;

        if (certificate_file == NULL) {
                if (!g_file_test(own_certificate, G_FILE_TEST_EXISTS) &&
                    !make_files(own_certificate, own_key, error))
                        return NULL;
                certificate_file = own_certificate;
                key_file = own_key;
        }
        certificate = g_tls_certificate_new_from_files(
                certificate_file, key_file != NULL ? key_file : certificate_file, error);
        if (certificate == NULL)
                g_prefix_error(error, "the certificate of TLS in %s cannot be used: ", certificate_file);
        return certificate;
}

char *certificate_thumbprint(GTlsCertificate *certificate)
{
        g_autoptr(GByteArray) der = NULL;
        g_autofree char *digest = NULL;
        GString *text = g_string_new(NULL);

        g_object_get(certificate, "certificate", &der, NULL);
        digest = g_compute_checksum_for_data(G_CHECKSUM_SHA1, der->data, der->len);
        for (const char *at = digest; *at != '\0'; at += 2)
                g_string_append_printf(text, "%s%c%c", text->len > 0 ? ":" : "", g_ascii_toupper(at[0]),
                                       g_ascii_toupper(at[1]));
        return g_string_free(text, FALSE);
}
