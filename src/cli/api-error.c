/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/api-error.h"

#include <gio/gio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "cli/host-choice.h"
#include "cli/output.h"
#include "wire/json.h"

bool api_error_garbled(const ApiPeer *peer, const char *what, GError **error)
{
        g_set_error(error, CLI_ERROR, CLI_FAILED, "what listens at %s does not answer as aerostatd does: %s",
                    peer->label, what);
        return false;
}

/* "AB:CD:..." */
static char *show_thumbprint(const char *plain)
{
        GString *shown = g_string_new(NULL);

        for (size_t i = 0; plain[i] != '\0'; i++)
                g_string_append_printf(shown, i > 0 && i % 2 == 0 ? ":%c" : "%c", g_ascii_toupper(plain[i]));
        return g_string_free(shown, FALSE);
}

static void set_certificate(const ApiPeer *peer, const char *refused, GError **error)
{
        g_autofree char *seen = show_thumbprint(refused), *own = host_own_file();
        g_autofree char *pinned = peer->pinned != NULL ? show_thumbprint(peer->pinned) : NULL;

        if (pinned != NULL)
                g_set_error(error, CLI_ERROR, CLI_FAILED,
                            "%s has another certificate than it should: the fingerprint is %s and not %s. "
                            "Unless "
                            "it was given a new one, somebody else answers there",
                            peer->label, seen, pinned);
        else
                g_set_error(error, CLI_ERROR, CLI_FAILED,
                            "nobody whom this system trusts vouches for the certificate of %s; its "
                            "fingerprint is "
                            "%s. When 'openssl x509 -noout -fingerprint -sha256 -in "
                            "/var/lib/aerostat/api.crt' says "
                            "the same there, accept it by --fingerprint, or by Fingerprint= in %s",
                            peer->label, seen, own);
}

static void set_unreachable(const ApiPeer *peer, GError **error)
{
        if (peer->local)
                g_set_error(error, CLI_ERROR, CLI_FAILED, "no daemon runs at %s: start it with aerostatd",
                            peer->label);
        else
                g_set_error(error, CLI_ERROR, CLI_FAILED,
                            "nothing listens at %s: see whether aerostatd runs there, and ApiPort and "
                            "ApiAddresses in its settings",
                            peer->label);
}

static bool is_unreachable(const GError *failure)
{
        return g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
               g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static bool is_no_http(const GError *failure)
{
        return g_error_matches(failure, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_PARSING) ||
               g_error_matches(failure, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_ENCODING);
}

void api_error_transport(const ApiPeer *peer, const GError *failure, const char *refused, GError **error)
{
        g_autofree char *told = cli_escape(failure->message);

        if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
                g_set_error(error, CLI_ERROR, CLI_TIMED_OUT,
                            "the daemon at %s did not answer within %g s; see its log, or wait longer with "
                            "--timeout",
                            peer->label, (double)peer->timeout_ms / 1000);
        else if (refused != NULL)
                set_certificate(peer, refused, error);
        else if (is_unreachable(failure))
                set_unreachable(peer, error);
        else if (peer->local && g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
                g_set_error(error, CLI_ERROR, CLI_FAILED,
                            "this user may not ask the daemon at %s: try as root, or as the daemon's user",
                            peer->label);
        else if (failure->domain == G_RESOLVER_ERROR)
                g_set_error(error, CLI_ERROR, CLI_FAILED, "%s: there is no host of that name (%s)",
                            peer->label, told);
        else if (failure->domain == G_TLS_ERROR)
                g_set_error(error, CLI_ERROR, CLI_FAILED, "%s does not speak TLS as it should (%s)",
                            peer->label, told);
        else if (is_no_http(failure))
                (void)api_error_garbled(peer, "that is not HTTP", error);
        else if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE))
                (void)api_error_garbled(peer, failure->message, error);
        else
                g_set_error(error, CLI_ERROR, CLI_FAILED,
                            "the connection to the daemon at %s broke off (%s); see whether it still runs",
                            peer->label, told);
}

static void set_fault(const char *type, const char *message, GError **error)
{
        static const char *const not_found[] = {"FileNotFound", "ManagedObjectNotFound", "NotFound", NULL};
        g_autofree char *shown = cli_escape(message != NULL && message[0] != '\0' ? message : type);

        g_set_error(error, CLI_ERROR, g_strv_contains(not_found, type) ? CLI_NOT_FOUND : CLI_FAILED, "%s",
                    shown);
}

static void set_no_permission(const ApiPeer *peer, JsonNode *fault, GError **error)
{
        const char *privilege = json_text(fault, "privilegeId");
        g_autofree char *needed = cli_escape(privilege != NULL ? privilege : "that it takes"),
                        *user = cli_escape(peer->user != NULL ? peer->user : "this user");

        g_set_error(error, CLI_ERROR, CLI_FAILED,
                    "%s has not the privilege %s at %s; an administrator can give another role ('aerostat "
                    "account role')",
                    user, needed, peer->label);
}

void api_error_refused(const ApiPeer *peer, unsigned status, JsonNode *fault, GError **error)
{
        const char *type = json_fault_type(fault), *message = json_fault_sentence(fault);

        if (type == NULL)
                g_set_error(error, CLI_ERROR, CLI_FAILED,
                            "what listens at %s does not answer as aerostatd does: HTTP status %u, without "
                            "a fault",
                            peer->label, status);
        else if (strcmp(type, "InvalidLogin") == 0 && !peer->local)
                g_set_error(error, CLI_ERROR, CLI_FAILED,
                            "%s does not let %s in: the user's name or the password is wrong", peer->label,
                            peer->user != NULL ? peer->user : "nobody");
        else if (strcmp(type, "NoPermission") == 0)
                set_no_permission(peer, fault, error);
        else
                set_fault(type, message, error);
}
