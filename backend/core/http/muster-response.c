/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-response"

#include "config.h"

#include "muster-response-private.h"

G_DEFINE_FINAL_TYPE (MusterResponse, muster_response, G_TYPE_OBJECT)

static void
header_clear (gpointer data)
{
  MusterHeader *header = data;

  g_free (header->name);
  g_free (header->value);
}

static void
muster_response_finalize (GObject *object)
{
  MusterResponse *self = MUSTER_RESPONSE (object);

  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->pace, muster_pace_unref);
  g_clear_pointer (&self->headers, g_array_unref);
  g_clear_pointer (&self->tag, g_free);
  G_OBJECT_CLASS (muster_response_parent_class)->finalize (object);
}

static void
muster_response_class_init (MusterResponseClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_response_finalize;
}

static void
muster_response_init (MusterResponse *self)
{
}

MusterResponse *
muster_response_new (unsigned status)
{
  MusterResponse *self = g_object_new (MUSTER_TYPE_RESPONSE, NULL);

  self->status = status;
  return self;
}

MusterResponse *
muster_response_new_bytes (unsigned status, const char *media_type, GBytes *bytes)
{
  MusterResponse *self = muster_response_new (status);

  g_return_val_if_fail (media_type != NULL && bytes != NULL, self);

  self->media_type = g_intern_string (media_type);
  self->body = g_bytes_ref (bytes);
  return self;
}

MusterResponse *
muster_response_new_stream (unsigned      status,
                            const char   *media_type,
                            GInputStream *stream,
                            gint64        length)
{
  MusterResponse *self = muster_response_new (status);

  g_return_val_if_fail (media_type != NULL && G_IS_INPUT_STREAM (stream), self);

  self->media_type = g_intern_string (media_type);
  self->stream = g_object_ref (stream);
  self->length = MAX (length, -1);
  return self;
}

void
muster_response_set_pace (MusterResponse *self, MusterPace *pace)
{
  g_return_if_fail (MUSTER_IS_RESPONSE (self));

  g_clear_pointer (&self->pace, muster_pace_unref);
  self->pace = pace != NULL ? muster_pace_ref (pace) : NULL;
}

MusterResponse *
muster_response_new_json (unsigned status, GString *json)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (json != NULL, muster_response_new (status));

  bytes = g_string_free_to_bytes (json);
  return muster_response_new_bytes (status, "application/json", bytes);
}

MusterResponse *
muster_response_new_entity (unsigned status, MusterEntity *entity)
{
  GString        *json = g_string_sized_new (1024);
  MusterResponse *self;

  g_return_val_if_fail (MUSTER_IS_ENTITY (entity), muster_response_new (status));

  muster_entity_encode (entity, json);
  self = muster_response_new_json (status, json);
  muster_response_set_revision (self, muster_entity_get_revision (entity));
  if (status == 201)
    {
      g_autofree char *location = g_strdup_printf ("/%s/%s", muster_entity_get_info (entity)->path,
                                                   muster_entity_get_id (entity));

      muster_response_set_header (self, "Location", location);
    }
  return self;
}

unsigned
muster_response_get_status (MusterResponse *self)
{
  g_return_val_if_fail (MUSTER_IS_RESPONSE (self), 0);

  return self->status;
}

void
muster_response_set_header (MusterResponse *self, const char *name, const char *value)
{
  MusterHeader header = { NULL };

  g_return_if_fail (MUSTER_IS_RESPONSE (self) && name != NULL && value != NULL);

  if (self->headers == NULL)
    {
      self->headers = g_array_new (FALSE, FALSE, sizeof (MusterHeader));
      g_array_set_clear_func (self->headers, header_clear);
    }
  for (guint i = 0; i < self->headers->len; i++)
    if (g_ascii_strcasecmp (g_array_index (self->headers, MusterHeader, i).name, name) == 0)
      {
        g_set_str (&g_array_index (self->headers, MusterHeader, i).value, value);
        return;
      }
  header = (MusterHeader){ g_strdup (name), g_strdup (value) };
  g_array_append_val (self->headers, header);
}

const char *
muster_response_get_header (MusterResponse *self, const char *name)
{
  for (guint i = 0; self->headers != NULL && i < self->headers->len; i++)
    if (g_ascii_strcasecmp (g_array_index (self->headers, MusterHeader, i).name, name) == 0)
      return g_array_index (self->headers, MusterHeader, i).value;
  return NULL;
}

void
muster_response_set_revision (MusterResponse *self, gint64 revision)
{
  g_return_if_fail (MUSTER_IS_RESPONSE (self));

  self->revision = revision;
}

void
muster_response_set_tag (MusterResponse *self, const char *tag)
{
  g_return_if_fail (MUSTER_IS_RESPONSE (self) && tag != NULL);

  g_set_str (&self->tag, tag);
}

char *
muster_response_dup_tag (MusterResponse *self)
{
  if (self->tag != NULL)
    return g_strdup (self->tag);
  return self->revision > 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, self->revision) : NULL;
}

DexFuture *
muster_response_resolve (MusterResponse *response)
{
  g_return_val_if_fail (MUSTER_IS_RESPONSE (response), NULL);

  return dex_future_new_take_object (response);
}
