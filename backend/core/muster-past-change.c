/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-past-change"

#include "config.h"

#include <string.h>

#include "muster-past-private.h"

MusterPastChange *
muster_past_change_new (const MusterEntityInfo *info)
{
  MusterPastChange *self = g_new0 (MusterPastChange, 1);

  self->texts = g_new0 (char *, info->n_fields);
  return self;
}

static void
forget_texts (MusterPastChange *self, const MusterEntityInfo *info)
{
  for (unsigned i = 0; i < info->n_fields; i++)
    g_clear_pointer (&self->texts[i], g_free);
}

void
muster_past_change_free (MusterPastChange *self, const MusterEntityInfo *info)
{
  forget_texts (self, info);
  g_free (self->texts);
  g_free (self);
}

/* --- objects, without parsing what stands in them --- */

/* Of the string that begins at P: the place after it; NULL where it does not end. */
static const char *
skip_string (const char *p)
{
  for (p++; *p != '\0' && *p != '"'; p++)
    if (*p == '\\' && p[1] != '\0')
      p++;
  return *p == '"' ? p + 1 : NULL;
}

/* Of the value that begins at P: the comma or bracket after it; NULL where it does not end. */
static const char *
skip_value (const char *p)
{
  int depth = 0;

  while (p != NULL && *p != '\0')
    {
      if (depth == 0 && (*p == ',' || *p == '}'))
        return p;
      if (*p == '"')
        {
          p = skip_string (p);
          continue;
        }
      depth += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
      p++;
    }
  return NULL;
}

/* Takes the members of the object TEXT, as the journal writes it: names without escapes. */
static void
take_members (MusterPastChange       *self,
              const MusterEntityInfo *info,
              const char             *text,
              gboolean                overwrite)
{
  const char *p = text != NULL && *text == '{' ? text + 1 : NULL;

  while (p != NULL && *p == '"')
    {
      const char      *colon = skip_string (p);
      const char      *end = colon != NULL && *colon == ':' ? skip_value (colon + 1) : NULL;
      g_autofree char *name = end != NULL ? g_strndup (p + 1, colon - p - 2) : NULL;
      int              index = name != NULL ? muster_entity_info_find (info, name) : -1;

      if (index >= 0 && (overwrite || self->texts[index] == NULL))
        {
          g_free (self->texts[index]);
          self->texts[index] = g_strndup (colon + 1, end - colon - 1);
        }
      p = end != NULL && *end == ',' ? end + 1 : NULL;
    }
}

/* --- entries --- */

/* The earliest word of each field is how it was. */
void
muster_past_change_take_back (MusterPastChange       *self,
                              const MusterEntityInfo *info,
                              const char             *action,
                              const char             *before)
{
  if (self->done)
    return;
  if (g_str_equal (action, "insert"))
    {
      self->known = TRUE;
      self->done = TRUE;
      return;
    }
  self->known = TRUE;
  self->there = TRUE;
  take_members (self, info, before, FALSE);
  if (g_str_equal (action, "delete"))
    self->whole = self->done = TRUE;
  else
    self->n_updates++;
}

/* The last word of each field is how it is. */
void
muster_past_change_repeat (MusterPastChange       *self,
                           const MusterEntityInfo *info,
                           const char             *action,
                           const char             *after)
{
  self->known = TRUE;
  self->there = !g_str_equal (action, "delete");
  if (!g_str_equal (action, "update"))
    {
      forget_texts (self, info);
      self->whole = self->there;
    }
  if (self->there)
    take_members (self, info, after, TRUE);
}

/* Members that this version refuses (an enumeration has lost a nick) stay as they are. */
static void
decode (MusterPastChange *self, MusterEntity *entity, gboolean each)
{
  const MusterEntityInfo *info = muster_entity_get_info (entity);
  g_autoptr (GString) json = g_string_new ("{");
  g_autoptr (JsonNode) node = NULL;

  for (unsigned i = 0; i < info->n_fields; i++)
    {
      if (self->texts[i] == NULL)
        continue;
      g_string_append_printf (json, "%s\"%s\":%s", json->len > 1 ? "," : "", info->fields[i].name,
                              self->texts[i]);
      if (!each)
        continue;
      g_string_append_c (json, '}');
      node = json_from_string (json->str, NULL);
      if (node != NULL)
        muster_entity_decode (entity, json_node_get_object (node), MUSTER_DECODE_TRUSTED, "", NULL);
      g_clear_pointer (&node, json_node_unref);
      g_string_truncate (json, 1);
    }
  if (each)
    return;
  g_string_append_c (json, '}');
  node = json_from_string (json->str, NULL);
  if (node == NULL ||
      !muster_entity_decode (entity, json_node_get_object (node), MUSTER_DECODE_TRUSTED, "", NULL))
    decode (self, entity, TRUE);
}

MusterEntity *
muster_past_change_apply (MusterPastChange       *self,
                          const MusterEntityInfo *info,
                          const char             *id,
                          MusterEntity           *base)
{
  MusterEntity *entity;
  gint64        revision;

  if (!self->there)
    return NULL;
  entity = base != NULL && !self->whole ? muster_entity_copy (base) : muster_entity_new (info);
  decode (self, entity, FALSE);
  muster_entity_set_string (entity, "id", id);
  /* What is taken back says nothing of revisions. */
  revision = muster_entity_get_revision (entity) - self->n_updates;
  muster_entity_set_integer (entity, "revision", MAX (revision, 1));
  return entity;
}
