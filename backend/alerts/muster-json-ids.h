/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Ids of records within JSON fields, which the database knows nothing of. */
typedef struct
{
  char *id;
  char *pointer; /* "/steps/0/channels/1" */
} MusterJsonId;

/* The texts that members called NAME hold, by themselves or in an array, in the object or array of
 * objects TEXT (nullable): (transfer full) (element-type MusterJsonId). FIELD is the pointer of the
 * whole. */
GPtrArray *muster_json_ids_find (const char *text, const char *field, const char *name);

/* TEXT, an array of objects, without ID: out of arrays it is taken, and a member `calendar_id` of
 * it is left out; an object whose `person_id` it is, or whose `channels` are none any more, goes as
 * a whole. NULL where TEXT (nullable) does not hold it: (transfer full). */
char *muster_json_ids_remove (const char *text, const char *id);

G_END_DECLS
