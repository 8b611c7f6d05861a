/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-record-items"

#include "config.h"

#include "client/muster-api-json.h"
#include "muster-record-items.h"

MusterRecordItems *
muster_record_items_new_from_json (JsonObject             *object,
                                   const MusterEntityInfo *info,
                                   const MusterEntityInfo *items_info,
                                   GError                **error)
{
  MusterEntity      *record = muster_entity_new_from_json (info, object, error);
  JsonArray         *items = muster_api_json_get_array (object, "items");
  MusterRecordItems *self;

  if (record == NULL)
    return NULL;
  self = g_new0 (MusterRecordItems, 1);
  self->record = record;
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  for (unsigned i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject   *row = muster_api_json_as_object (json_array_get_element (items, i));
      MusterEntity *item = row != NULL ? muster_entity_new_from_json (items_info, row, NULL) : NULL;

      if (item != NULL)
        g_ptr_array_add (self->items, item);
    }
  return self;
}

void
muster_record_items_free (MusterRecordItems *self)
{
  g_object_unref (self->record);
  g_ptr_array_unref (self->items);
  g_free (self);
}

MusterEntity *
muster_record_items_find (MusterRecordItems *self, const char *id)
{
  for (unsigned i = 0; i < self->items->len; i++)
    if (g_strcmp0 (muster_entity_get_id (self->items->pdata[i]), id) == 0)
      return self->items->pdata[i];
  return NULL;
}
