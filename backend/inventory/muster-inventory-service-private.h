/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-inventory-service.h"

G_BEGIN_DECLS

/* For the files of the room: jobs on the writer's and readers' threads, and what they are made of.
 */

DexFuture *muster_inventory_service_write (MusterInventoryService *self,
                                           MusterActor            *actor,
                                           const char             *operation,
                                           MusterDatabaseFunc      func,
                                           gpointer                data,
                                           GDestroyNotify          destroy);
DexFuture *muster_inventory_service_read (MusterInventoryService *self,
                                          gint64                  as_of,
                                          MusterDatabaseFunc      func,
                                          gpointer                data,
                                          GDestroyNotify          destroy);
/* Resolves to anything. */
DexFuture *muster_inventory_service_release (MusterInventoryService *self,
                                             MusterActor            *actor,
                                             const char             *device_id);

/* The result of a job: JSON's text as a GBytes, ENTITY; both are taken. */
void muster_inventory_take_json (GValue *result, GString *json);
void muster_inventory_take_entity (GValue *result, MusterEntity *entity);

/* FALSE with a MUSTER_ERROR_INVALID at POINTER. */
gboolean muster_inventory_refuse (const char *pointer, GError **error, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

/* The first record whose FIELD is VALUE, or NULL without an error: (transfer full). */
MusterEntity *muster_inventory_find (MusterTransaction      *transaction,
                                     const MusterEntityInfo *info,
                                     const char             *field,
                                     const char             *value,
                                     GError                **error);

/* Appends NAME and TEXT (nullable) as a member of the object that JSON ends in. */
void muster_inventory_append_member (GString *json, const char *name, const char *text);

G_END_DECLS
