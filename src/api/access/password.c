/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* crypt(3) and PAM. */
#include "api/access/password.h"

#include <crypt.h>
#include <errno.h>
#include <security/pam_appl.h>
#include <stdlib.h>
#include <string.h>

#define SERVICE "aerostat"

/* yescrypt where libcrypt has it, else SHA-512. */
static const char *const methods[] = {"$y$", "$6$", NULL};

/* For passwords of accounts that there are not: its cost is that of new ones, and nothing matches it. */
static const char nobody[] = "$y$j9T$WPJHtLVCVVhWPKKcSUrpA1$.............................................";

static char *hash_with(const char *password, const char *setting)
{
        struct crypt_data *data = g_new0(struct crypt_data, 1);
        const char *hash = crypt_r(password, setting, data);
        char *result = hash != NULL && hash[0] != '*' ? g_strdup(hash) : NULL;

        explicit_bzero(data, sizeof *data);
        g_free(data);
        return result;
}

char *password_hash(const char *password, GError **error)
{
        char *hash = NULL;

        for (const char *const *method = methods; *method != NULL && hash == NULL; method++) {
                char setting[CRYPT_GENSALT_OUTPUT_SIZE];

                if (crypt_gensalt_rn(*method, 0, NULL, 0, setting, sizeof setting) != NULL)
                        hash = hash_with(password, setting);
        }
        if (hash == NULL)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "the password cannot be hashed: %s",
                            g_strerror(errno));
        return hash;
}

bool password_matches(const char *password, const char *hash)
{
        const char *setting = hash != NULL ? hash : nobody;
        g_autofree char *found = hash_with(password, setting);
        size_t length = strlen(setting);
        unsigned char differs = 0;

        if (found == NULL || strlen(found) != length)
                return false;
        for (size_t i = 0; i < length; i++)
                differs |= (unsigned char)(found[i] ^ setting[i]);
        return differs == 0 && hash != NULL;
}

/* --- PAM --- */

static void free_answers(struct pam_response *answers, int n)
{
        for (int i = 0; i < n; i++)
                if (answers[i].resp != NULL) {
                        explicit_bzero(answers[i].resp, strlen(answers[i].resp));
                        free(answers[i].resp);
                }
        free(answers);
}

/* Everything asked for without echo is the password; who asks for more cannot be answered. */
static int converse(int n, const struct pam_message **messages, struct pam_response **ret, void *data)
{
        struct pam_response *answers = calloc((size_t)MAX(n, 1), sizeof *answers);
        bool right = answers != NULL && n > 0 && n <= PAM_MAX_NUM_MSG;

        for (int i = 0; right && i < n; i++) {
                if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF) {
                        answers[i].resp = strdup(data);
                        right = answers[i].resp != NULL;
                } else {
                        right = messages[i]->msg_style != PAM_PROMPT_ECHO_ON;
                }
        }
        if (right) {
                *ret = answers;
                return PAM_SUCCESS;
        }
        if (answers != NULL)
                free_answers(answers, MAX(n, 0));
        return PAM_CONV_ERR;
}

/* Attempts are slowed by throttle.h, not by a thread that sleeps. */
static void no_delay(int code, unsigned delay_us, void *data)
{
        (void)code;
        (void)delay_us;
        (void)data;
}

bool password_is_host_user(const char *user, const char *password)
{
        g_autofree char *copy = g_strdup(password);
        const struct pam_conv conversation = {.conv = converse, .appdata_ptr = copy};
        void (*delay)(int, unsigned, void *) = no_delay;
        const void *item;
        pam_handle_t *pam = NULL;
        int code = pam_start(SERVICE, user, &conversation, &pam);

        if (code != PAM_SUCCESS)
                return false;
        memcpy(&item, &delay, sizeof item);
        (void)pam_set_item(pam, PAM_FAIL_DELAY, item);
        code = pam_authenticate(pam, PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK);
        if (code == PAM_SUCCESS)
                code = pam_acct_mgmt(pam, PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK);
        (void)pam_end(pam, code);
        explicit_bzero(copy, strlen(copy));
        return code == PAM_SUCCESS;
}
