/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-clock.h"
#include "core/muster-service.h"
#include "muster-certificate-authority.h"
#include "muster-mqtt-client.h"

G_BEGIN_DECLS

/* Who may log in, and to which topics. The Sparkplug topics of the node are granted by GROUP_ID and
 * NODE_ID. */
typedef struct
{
  char  *username;
  char  *password_hash; /* of muster_broker_hash_password() */
  char  *group_id;      /* (nullable): no Sparkplug topics */
  char  *node_id;       /* (nullable) */
  char  *family;        /* (nullable): of devices, which its rules come from */
  char **rules;         /* (nullable): more, as "read a/b", "write c/+", "readwrite d/#" */
} MusterBrokerAccount;

MusterBrokerAccount *muster_broker_account_new (const char *username,
                                                const char *password_hash,
                                                const char *group_id,
                                                const char *node_id);
void                 muster_broker_account_free (MusterBrokerAccount *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterBrokerAccount, muster_broker_account_free)

typedef struct
{
  const char *directory;  /* `broker` of the data directory */
  const char *address;    /* of the TLS listener; NULL: every address of the machine */
  int         port;       /* 0: the one of the last start, else 8883, else any free one */
  int         plain_port; /* of a listener without TLS, for accounts of families alone; 0: none */
  const char *program;    /* NULL: mosquitto, by PATH and in the sbin directories */
  unsigned
    patience; /* milliseconds between two looks whether it answers, and for an answer; 0: 5000 */
} MusterBrokerOptions;

/**
 * MusterBroker:
 *
 * The site's private mosquitto: configures, starts and watches it, restarts it when it dies or
 * hangs, and projects the accounts of the database into its files. Signals: `client-connected
 * (username, client_id, address)` and `client-disconnected (username, client_id, why)` as the
 * broker's log tells; `up (gboolean)` when it came or went.
 */
#define MUSTER_TYPE_BROKER (muster_broker_get_type ())
G_DECLARE_FINAL_TYPE (MusterBroker, muster_broker, MUSTER, BROKER, MusterService)

/* AUTHORITY must have been started before. */
MusterBroker *muster_broker_new (const MusterBrokerOptions  *options,
                                 MusterCertificateAuthority *authority,
                                 MusterClock                *clock);

/* ACCOUNTS (element-type MusterBrokerAccount, referenced) replaces all. Changes within 200 ms go
 * together. Resolves to TRUE once the broker works by them, and whoever lost the account was cut
 * off; when the broker is down: once the files are written. Rejects with MUSTER_ERROR_INVALID for
 * names that the broker's files cannot hold safely; then nothing changes. */
DexFuture *muster_broker_set_accounts (MusterBroker *self, GPtrArray *accounts);

gboolean muster_broker_is_up (MusterBroker *self);
/* Of the TLS listener; 0 before the start. */
int muster_broker_get_port (MusterBroker *self);
/* Of the listener without TLS; 0: there is none, or its port is taken by somebody else. */
int muster_broker_get_plain_port (MusterBroker *self);
/* Process id, 0 when down. */
int muster_broker_get_pid (MusterBroker *self);
/* How the daemon itself connects: borrowed, valid once started. */
const MusterMqttTarget *muster_broker_get_target (MusterBroker *self);
/* For pairing: what a device needs to find and trust the broker. Borrowed. */
GBytes     *muster_broker_get_ca_der (MusterBroker *self);
const char *muster_broker_get_ca_pem (MusterBroker *self);
const char *muster_broker_get_tls_name (MusterBroker *self);
/* (transfer full) (array zero-terminated=1) */
char **muster_broker_list_hosts (MusterBroker *self);
/* Whether an account has a session open now, as far as the log told. */
gboolean muster_broker_is_client_connected (MusterBroker *self, const char *username);
unsigned muster_broker_count_clients (MusterBroker *self);

/* PASSWORD as the broker's password file keeps it: "$7$101$SALT$HASH", PBKDF2 with HMAC-SHA512. A
 * random password of 128 bits needs no more rounds. (transfer full); any thread. */
char *muster_broker_hash_password (const char *password);
/* A new random password of 160 bits, as letters and digits. (transfer full) */
char *muster_broker_make_password (void);

G_END_DECLS
