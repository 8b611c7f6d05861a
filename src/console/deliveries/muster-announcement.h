/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One unit that a supplier says it sends. */
typedef struct
{
  char    *serial; /* (owned) */
  char    *secret; /* (owned) (nullable) as on its label; wiped when freed */
  char    *mac;    /* (owned) (nullable) */
  unsigned line;   /* of the text, from 1 */
} MusterAnnouncedUnit;

typedef enum
{
  MUSTER_ANNOUNCEMENT_EMPTY,
  MUSTER_ANNOUNCEMENT_UNITS,  /* a row a unit: a table, or codes of labels */
  MUSTER_ANNOUNCEMENT_RANGES, /* serial numbers in the short form that the site expands */
} MusterAnnouncementForm;

/* What a person pasted when asked which units come: a table with or without a header (`serial`,
 * `secret`, `mac`; commas, semicolons or tabs between, quotes around), one serial number a line,
 * codes of labels (`MUSTER:1:…`), or the short form `A10-15, 100+3, ~`. */
typedef struct
{
  MusterAnnouncementForm form;
  GPtrArray             *units;  /* (element-type MusterAnnouncedUnit) */
  GPtrArray             *errors; /* (element-type utf8) for a person, each with its line */
} MusterAnnouncement;

/* At most this many units at a time. */
#define MUSTER_ANNOUNCEMENT_MAXIMUM 5000

MusterAnnouncement *muster_announcement_parse (const char *text);
void                muster_announcement_free (MusterAnnouncement *self);
/* How many of the units bring their secret along. */
unsigned muster_announcement_count_secrets (MusterAnnouncement *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterAnnouncement, muster_announcement_free)

G_END_DECLS
