/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/muster-error.h"

G_BEGIN_DECLS

#define MUSTER_ANNOUNCED_MAX 10000

/* What somebody says a delivery will hold. */
typedef struct
{
  char  *pointer;       /* (owned): where it was said, for errors */
  char  *order_item_id; /* (owned) (nullable): which line; left out where it is clear */
  char  *device_id;     /* (owned) (nullable): a unit that is sent back */
  char  *serial;        /* (owned) (nullable) */
  char  *secret;        /* (owned) (nullable): as printed on the label */
  char  *mac;           /* (owned) (nullable) */
  gint64 quantity;
} MusterAnnouncedUnit;

/* Readers of what is announced: (transfer full) (element-type MusterAnnouncedUnit). What is refused
 * is added to ERRORS. */

/* An object of order_item_id, device_id, serial, secret, mac, quantity. */
void muster_announced_units_read_object (GPtrArray         *units,
                                         JsonObject        *object,
                                         const char        *pointer,
                                         MusterFieldErrors *errors);
/* TEXT, line by line: adoption codes (`MUSTER:1:…`) parted by spaces; a record of commas,
 * semicolons or tabs whose first column is the serial number and whose others are known by their
 * form, label secret or MAC address; else serial numbers in the grammar of
 * inventory/muster-serials.h. A first line of column names is left out. HIGHEST (nullable): where
 * `~` goes on. */
void       muster_announced_units_read_text (GPtrArray         *units,
                                             const char        *text,
                                             const char        *highest,
                                             MusterFieldErrors *errors);
GPtrArray *muster_announced_units_new (void);

G_END_DECLS
