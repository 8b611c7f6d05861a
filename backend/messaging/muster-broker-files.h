/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-broker.h"

G_BEGIN_DECLS

#define MUSTER_BROKER_CORE_USER "core" /* the daemon itself: may do everything */

/* The text of mosquitto's files. Paths in it are relative to the broker's directory, which is also
 * its working directory. */

/* USER: whom to become when started by root. SOCKET: file name of the daemon's own listener.
 * PLAIN_PORT: of the listener without TLS; 0: none. */
char *muster_broker_make_config (const char *user,
                                 const char *socket,
                                 const char *address,
                                 int         port,
                                 int         plain_port);
/* ACCOUNTS: element-type MusterBrokerAccount. CORE_HASH: of the daemon's own password. */
char *muster_broker_make_passwords (GPtrArray *accounts, const char *core_hash);
char *muster_broker_make_acl (GPtrArray *accounts);
/* What holds without TLS: accounts of families alone, and of their rights those that their families
 * give. A password that has been heard on the network opens nothing else. */
char *muster_broker_make_plain_passwords (GPtrArray *accounts);
char *muster_broker_make_plain_acl (GPtrArray *accounts);
/* Whether the files can hold it so that it grants what it says and nothing else. */
gboolean muster_broker_account_check (const MusterBrokerAccount *account, GError **error);

/* What a line of the broker's log says. */
typedef enum
{
  MUSTER_BROKER_LOG_OTHER,
  MUSTER_BROKER_LOG_ERROR, /* `detail`: the text */
  MUSTER_BROKER_LOG_CONNECTED,
  MUSTER_BROKER_LOG_DISCONNECTED, /* `detail`: why */
} MusterBrokerLogKind;

typedef struct
{
  MusterBrokerLogKind kind;
  char               *client_id; /* (owned) (nullable) */
  char               *username;  /* (owned) (nullable): of CONNECTED, unless anonymous */
  char               *address;   /* (owned) (nullable): of CONNECTED */
  char               *detail;    /* (owned) (nullable) */
} MusterBrokerLogLine;

/* Client ids are the clients' own choice and must not be able to say more than they are. */
void muster_broker_log_parse (MusterBrokerLogLine *line, const char *text);
void muster_broker_log_clear (MusterBrokerLogLine *line);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MusterBrokerLogLine, muster_broker_log_clear)

G_END_DECLS
