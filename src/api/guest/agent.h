/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is asked of a guest's agent, and what it says. Everything it says is a guest's: it is checked for
 * what it is to be, bounded, and believed in nothing else. Calls block; one thread at a time for an agent.
 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Sends a command (JSON) and returns the answer (JSON), owned; NULL with an error when there is none. */
typedef char *(*AgentSend)(const char *command, unsigned timeout_s, gpointer user_data, GError **error);

typedef struct Agent {
        AgentSend send;
        gpointer user_data;
} Agent;

/* So much of what a program says is taken, and so much goes into or out of a file at a time. */
#define AGENT_OUTPUT_MAX (4u << 20)
#define AGENT_CHUNK_MAX  (512u << 10)

/* Errors of all calls: those of send; NOT_SUPPORTED: the guest does not allow the command; INVALID_DATA:
 * the answer makes no sense; TIMED_OUT; FAILED with the agent's own words. */

/* Starts a program; its number in the guest. input may be NULL. */
bool agent_exec(const Agent *agent, const char *const *argv, const char *input, bool capture,
                int64_t *ret_pid, GError **error);

typedef struct AgentStatus {
        bool exited;
        int code; /* of one that has exited; 128 + the signal's number, as shells have it */
        GBytes *output;
} AgentStatus;

void agent_status_clear(AgentStatus *status);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AgentStatus, agent_status_clear)

/* What has become of it. The agent forgets one that has exited once it has said so. */
bool agent_status(const Agent *agent, int64_t pid, AgentStatus *ret, GError **error);

/* Both, until it has exited. */
bool agent_run(const Agent *agent, const char *const *argv, const char *input, unsigned timeout_s,
               AgentStatus *ret, GError **error);

/* Files, as the agent, which is the guest's root: paths are not for clients to choose. */
bool agent_open(const Agent *agent, const char *path, const char *mode, int64_t *ret_handle, GError **error);
void agent_close(const Agent *agent, int64_t handle);
/* NULL with an error; empty: the end. At most size bytes, at most AGENT_CHUNK_MAX. */
GBytes *agent_read(const Agent *agent, int64_t handle, unsigned size, GError **error);
bool agent_write(const Agent *agent, int64_t handle, GBytes *bytes, GError **error);
bool agent_flush(const Agent *agent, int64_t handle, GError **error);
