/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-mdns-record.h"

G_BEGIN_DECLS

/* Whether services of one host belong to one device. */
typedef enum
{
  MUSTER_HOST_UNLESS_CONFLICT, /* yes, unless two of the same family name different identities */
  MUSTER_HOST_ALWAYS,          /* yes: what identifies the service belongs to the host */
  MUSTER_HOST_NEVER,           /* no: many devices may share a host, and each names its identity */
} MusterHostLink;

/* How the service's port tells that the device lives. */
typedef enum
{
  MUSTER_PROBE_TCP,
  MUSTER_PROBE_HTTP,
  MUSTER_PROBE_NONE,
} MusterProbe;

/* One row of the classification table as the rest of the room sees it. */
typedef struct
{
  const char    *family;
  int            kind;         /* of muster_device_kind_enum */
  const char    *manufacturer; /* (nullable) */
  MusterHostLink host_link;
  MusterProbe    probe;
  guint16        port; /* usual one, for addresses given without; 0: none */
  unsigned       rank; /* position in the table: the lower, the more it knows of the device */
} MusterFamily;

/**
 * MusterClassification:
 *
 * What one service record tells of the device behind it. Texts are owned and NULL where the record
 * is silent.
 */
typedef struct
{
  const MusterFamily *family; /* borrowed from the table */
  int                 kind;
  char               *mac;    /* "a8:03:2a:b1:23:45" */
  char               *serial; /* the maker's serial number */
  char               *id;     /* unique within the family, but no serial number */
  char               *name;   /* never NULL */
  char               *manufacturer;
  char               *model;
  char               *version;
} MusterClassification;

void muster_classification_free (MusterClassification *self);

/**
 * MusterFamilies:
 *
 * The classification table: data/discovery/families.json. A record takes the first row that matches
 * its type, its TXT members and its instance name. Members of a row:
 *
 * - `family`, `kind` (nick of DeviceKind), `manufacturer`
 * - `types`: service types (`_tasmota._mqtt` of what introduces itself at the broker), `*` for all;
 * `name`: glob of the instance name; `txt`: object of TXT key to glob of the value; globs without
 * regard to case
 * - `mac`, `serial`, `id`: arrays of TXT keys, the first that is there counts; `pattern`: regular
 * expression on the instance name with the named groups `mac`, `serial`, `id`, `model`, `name`,
 * each used where TXT is silent
 * - `title`, `maker`, `model`, `version`: arrays of TXT keys
 * - `kinds`: `{"key": TXT key, "map": {glob: kind}}`, which refines `kind`
 * - `host`: `always` or `never`; `port`; `probe`: `http`, `tcp` (the default) or `none`
 */
#define MUSTER_TYPE_FAMILIES (muster_families_get_type ())
G_DECLARE_FINAL_TYPE (MusterFamilies, muster_families, MUSTER, FAMILIES, GObject)

/* MUSTER_ERROR_MALFORMED or MUSTER_ERROR_INVALID, whose message names the row and the member. */
MusterFamilies *muster_families_new_from_json (const char *json, gssize length, GError **error);
/* The table that is built in. */
MusterFamilies *muster_families_new (void);

unsigned            muster_families_get_count (MusterFamilies *self);
const MusterFamily *muster_families_get (MusterFamilies *self, unsigned index);
/* Every type that the table names and DNS-SD knows: borrowed. */
const char *const *muster_families_list_types (MusterFamilies *self);
/* Never NULL: a record that no row takes is of the family "unknown". */
MusterClassification *muster_families_classify (MusterFamilies *self, MusterMdnsRecord *record);

/* "A8032AB12345", "a8-03-2a-b1-23-45", "a8:3:2a:…" and EUI-64 made of a MAC to "a8:03:2a:b1:23:45";
 * NULL for anything else, for multicast addresses and for zeros. */
char *muster_mac_normalize (const char *text);
/* The MAC address in the last 12 hexadecimal digits of NAME ("shellyplus1-a8032ab12345"), unless
 * they belong to a UUID or a longer number. */
char *muster_mac_from_tail (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterClassification, muster_classification_free)

G_END_DECLS
