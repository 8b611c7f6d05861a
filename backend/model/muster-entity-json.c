/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-entity-json"

#include "config.h"

#include "muster-entity.h"

/* A value read but not yet set. */
typedef struct
{
  unsigned    index;
  MusterValue value;
} Pending;

static void
pending_free (Pending *pending, unsigned n, const MusterEntityInfo *info)
{
  for (unsigned i = 0; i < n; i++)
    muster_value_clear (&info->fields[pending[i].index], &pending[i].value);
  g_free (pending);
}

/* Whether a request may give this field's value. */
static gboolean
check_writable (MusterEntity      *self,
                unsigned           index,
                const MusterValue *value,
                MusterDecodeMode   mode,
                const char        *pointer,
                MusterFieldErrors *errors)
{
  const MusterField *field = &muster_entity_get_info (self)->fields[index];
  const MusterValue *now = muster_entity_peek (self, index);
  g_autofree char   *before = NULL, *after = NULL;

  if (mode == MUSTER_DECODE_TRUSTED)
    return TRUE;
  if (!(field->flags & MUSTER_FIELD_READ_ONLY) &&
      (mode == MUSTER_DECODE_CREATE || !(field->flags & MUSTER_FIELD_IMMUTABLE)))
    return TRUE;
  /* A client that sends back what it read is not refused for it. */
  if (mode == MUSTER_DECODE_REPLACE)
    {
      before = muster_field_format_text (field, now);
      after = muster_field_format_text (field, value);
      if (now->is_null == value->is_null && g_str_equal (before, after))
        return TRUE; /* as text: times travel with milliseconds only */
    }
  muster_field_errors_add (errors, pointer,
                           (field->flags & MUSTER_FIELD_READ_ONLY)
                             ? "is read-only: leave it out"
                             : "cannot be changed after creation");
  return FALSE;
}

static void
check_required (const MusterEntityInfo *info,
                JsonObject             *object,
                const char             *prefix,
                MusterFieldErrors      *errors)
{
  for (unsigned i = 0; i < info->n_fields; i++)
    if ((info->fields[i].flags & MUSTER_FIELD_REQUIRED) &&
        !json_object_has_member (object, info->fields[i].name))
      {
        g_autofree char *pointer = g_strdup_printf ("%s/%s", prefix, info->fields[i].name);

        muster_field_errors_add (errors, pointer, "is required");
      }
}

gboolean
muster_entity_decode (MusterEntity    *self,
                      JsonObject      *object,
                      MusterDecodeMode mode,
                      const char      *prefix,
                      GError         **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  const MusterEntityInfo *info;
  JsonObjectIter          iter;
  const char             *name;
  JsonNode               *node;
  Pending                *pending;
  unsigned                n = 0;
  gboolean                ok;

  g_return_val_if_fail (MUSTER_IS_ENTITY (self) && object != NULL && prefix != NULL, FALSE);

  info = muster_entity_get_info (self);
  pending = g_new (Pending, json_object_get_size (object) + 1);
  if (mode == MUSTER_DECODE_CREATE)
    check_required (info, object, prefix, errors);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      g_autofree char *pointer = muster_json_pointer_append (prefix, name);
      int              index = muster_entity_info_find (info, name);

      if (index < 0 && mode == MUSTER_DECODE_TRUSTED)
        continue;
      if (index < 0)
        {
          muster_field_errors_add (errors, pointer, "is not a field of %s", info->schema);
          continue;
        }
      /* Our own daemon may know enum nicks and longer texts that this version does not: what cannot
       * be read stays unset. */
      if (!muster_field_decode_value (&info->fields[index], node, pointer, &pending[n].value,
                                      errors))
        continue;
      pending[n++].index = index;
      check_writable (self, index, &pending[n - 1].value, mode, pointer, errors);
    }
  ok = mode == MUSTER_DECODE_TRUSTED || muster_field_errors_check (errors, error);
  for (unsigned i = 0; ok && i < n; i++)
    muster_entity_take (self, pending[i].index, &pending[i].value);
  pending_free (pending, ok ? 0 : n, info);
  return ok;
}

MusterEntity *
muster_entity_new_from_json (const MusterEntityInfo *info, JsonObject *object, GError **error)
{
  g_autoptr (MusterEntity) self = NULL;

  g_return_val_if_fail (info != NULL && object != NULL, NULL);

  self = muster_entity_new (info);
  if (!muster_entity_decode (self, object, MUSTER_DECODE_TRUSTED, "", error))
    return NULL;
  return g_steal_pointer (&self);
}

void
muster_entity_encode (MusterEntity *self, GString *json)
{
  const MusterEntityInfo *info;
  char                    separator = '{';

  g_return_if_fail (MUSTER_IS_ENTITY (self) && json != NULL);

  info = muster_entity_get_info (self);
  for (unsigned i = 0; i < info->n_fields; i++)
    {
      if (info->fields[i].flags & MUSTER_FIELD_SECRET)
        continue;
      g_string_append_c (json, separator);
      g_string_append_c (json, '"');
      g_string_append (json, info->fields[i].name);
      g_string_append (json, "\":");
      muster_field_encode_value (&info->fields[i], muster_entity_peek (self, i), json);
      separator = ',';
    }
  g_string_append_c (json, '}');
}
