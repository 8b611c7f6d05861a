/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-txt.h"

G_BEGIN_DECLS

/* Where a record comes from. */
typedef enum
{
  MUSTER_MDNS_ANNOUNCED, /* heard on the network */
  MUSTER_MDNS_ASKED,     /* answered at an address that somebody named */
  MUSTER_MDNS_TOLD,      /* introduced itself at the broker, without DNS */
} MusterMdnsSource;

/**
 * MusterMdnsRecord:
 *
 * One resolved service as it is seen through one interface and address family. The first four
 * members and the interface identify it; the rest is what it says. Immutable, reference counted,
 * safe to hand to another thread.
 */
typedef struct
{
  char            *type;      /* "_http._tcp" */
  char            *name;      /* instance: any UTF-8 text */
  char            *domain;    /* "local" */
  int              interface; /* index, or -1 */
  int              protocol;  /* 4, 6, or 0 */
  char            *host;      /* "lamp-3.local" */
  char            *address;   /* (nullable): "192.0.2.7", "fe80::1%eth0" */
  guint16          port;
  MusterTxt       *txt;
  MusterMdnsSource source;
} MusterMdnsRecord;

#define MUSTER_TYPE_MDNS_RECORD (muster_mdns_record_get_type ())
GType muster_mdns_record_get_type (void);
/* TXT (nullable) is referenced. The texts are made valid UTF-8 and cut to the lengths that DNS
 * allows. */
MusterMdnsRecord *muster_mdns_record_new (const char *type,
                                          const char *name,
                                          const char *domain,
                                          int         interface,
                                          int         protocol,
                                          const char *host,
                                          const char *address,
                                          guint16     port,
                                          MusterTxt  *txt);
/* For what answered at an address: TYPE is that which it would announce. */
MusterMdnsRecord *muster_mdns_record_new_asked (const char *type,
                                                const char *name,
                                                const char *host,
                                                const char *address,
                                                guint16     port,
                                                MusterTxt  *txt);
/* For what introduced itself at the broker: TYPE is like "_tasmota._mqtt", NAME what its family
 * knows it by. */
MusterMdnsRecord *muster_mdns_record_new_told (const char *type,
                                               const char *name,
                                               const char *address,
                                               MusterTxt  *txt);
MusterMdnsRecord *muster_mdns_record_ref (MusterMdnsRecord *self);
void              muster_mdns_record_unref (MusterMdnsRecord *self);

/* By what identifies them: for hash tables. */
guint    muster_mdns_record_hash (gconstpointer record);
gboolean muster_mdns_record_same (gconstpointer a, gconstpointer b);
/* Whether A says what B says. */
gboolean muster_mdns_record_equal (MusterMdnsRecord *a, MusterMdnsRecord *b);

/* "192.0.2.7:80", "[fe80::1%eth0]:80": (transfer full). */
char *muster_format_endpoint (const char *address, guint16 port);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterMdnsRecord, muster_mdns_record_unref)

G_END_DECLS
