/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* What a start of the broker needs on disk, done on a thread. */
typedef struct
{
  char    *directory;
  char    *socket;     /* file name of the daemon's own listener */
  char    *address;    /* (nullable) */
  int      port;       /* 0: choose one */
  int      plain_port; /* of the listener without TLS; 0, or the same as the other: none */
  gboolean any_port;   /* of those that are free; else the one of the last start is preferred, then
                          the usual one */
  gboolean whole;      /* else password and acl alone */
  char    *passwords;
  char    *acl;
  char    *plain_passwords;
  char    *plain_acl;
  char    *authority_pem;
  char    *server_pem;
  char    *server_key_pem;
} MusterBrokerSetup;

MusterBrokerSetup *muster_broker_setup_new (const char *directory);
/* Writes the files, readable by the broker's user alone. Takes SETUP. Resolves to the port (int), 0
 * unless `whole`. */
DexFuture *muster_broker_setup_run (MusterBrokerSetup *setup);
/* Whether somebody could listen on PORT of ADDRESS (nullable: any) now. */
gboolean muster_broker_setup_port_is_free (const char *address, int port);

G_END_DECLS
