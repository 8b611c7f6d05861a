/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-firmware-update.h"

G_BEGIN_DECLS

/* The open updates of the site, by everything that they are known by. Main thread only. */
typedef struct _MusterUpdateBook MusterUpdateBook;

MusterUpdateBook *muster_update_book_new (void);
void              muster_update_book_free (MusterUpdateBook *self);

/* UPDATE as it is now: one that has ended goes. References it. */
void muster_update_book_put (MusterUpdateBook *self, MusterEntity *update);
void muster_update_book_remove (MusterUpdateBook *self, const char *id);

/* All (transfer none) (nullable). */
MusterEntity *muster_update_book_find (MusterUpdateBook *self, const char *id);
MusterEntity *muster_update_book_find_number (MusterUpdateBook *self, gint64 number);
MusterEntity *muster_update_book_find_secret (MusterUpdateBook *self, const char *secret);
/* Of a device, in the order in which they are to be done: one being cancelled first, then those of
 * more weight, then the older: (transfer none) (nullable) (element-type MusterEntity). */
GPtrArray *muster_update_book_list (MusterUpdateBook *self, const char *device_id);
/* Every device that has open updates: (transfer container) (element-type utf8). */
GPtrArray *muster_update_book_list_devices (MusterUpdateBook *self);
unsigned   muster_update_book_count (MusterUpdateBook *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterUpdateBook, muster_update_book_free)

G_END_DECLS
