/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-record"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "client/muster-api-page.h"
#include "muster-ctl-format.h"
#include "muster-ctl-record.h"

#define MAXIMUM_FIELDS 32

char *
muster_ctl_format_field (MusterEntity *entity, const char *field)
{
  const MusterEntityInfo *info = muster_entity_get_info (entity);
  int                     index = muster_entity_info_find (info, field);
  const MusterValue      *value = muster_entity_peek (entity, index);

  g_assert (index >= 0);
  if (value->is_null)
    return NULL;
  if (info->fields[index].type == MUSTER_FIELD_TIME)
    return muster_ctl_format_age (value->integer, g_get_real_time ());
  return muster_field_format_text (&info->fields[index], value);
}

static char *
format_value (const MusterField *field, const MusterValue *value)
{
  g_autofree char *text = NULL;
  g_autofree char *age = NULL;

  if (field->type != MUSTER_FIELD_TIME)
    {
      text = muster_field_format_text (field, value);
      return muster_ctl_format_line (text);
    }
  text = muster_ctl_format_time (value->integer);
  age = muster_ctl_format_age (value->integer, g_get_real_time ());
  return g_strdup_printf ("%s (%s)", text, age);
}

void
muster_ctl_print_record (MusterCtl *self, MusterEntity *entity)
{
  const MusterEntityInfo *info = muster_entity_get_info (entity);
  gboolean                color = muster_ctl_wants_color (self);
  unsigned                width = 0;

  for (unsigned i = 0; i < info->n_fields; i++)
    width = MAX (width, muster_ctl_text_get_width (_ (info->fields[i].label)));
  for (unsigned i = 0; i < info->n_fields; i++)
    {
      const char        *label = _ (info->fields[i].label);
      const MusterValue *value = muster_entity_peek (entity, i);
      g_autofree char   *text = NULL;

      if (value->is_null || (info->fields[i].flags & MUSTER_FIELD_SECRET))
        continue;
      text = format_value (&info->fields[i], value);
      muster_ctl_print ("%s%s%s%*s  %s\n", color ? "\033[1m" : "", label, color ? "\033[0m" : "",
                        (int)(width - muster_ctl_text_get_width (label)), "", text);
    }
}

void
muster_ctl_print_page (MusterCtl             *self,
                       GPtrArray             *entities,
                       const MusterCtlColumn *columns,
                       const char *const     *fields,
                       const char            *empty)
{
  MusterCtlTable *table = muster_ctl_table_new (columns);

  for (unsigned row = 0; row < entities->len; row++)
    {
      char *cells[MAXIMUM_FIELDS + 1] = { NULL };

      for (unsigned i = 0; fields[i] != NULL && i < MAXIMUM_FIELDS; i++)
        cells[i] = muster_ctl_format_field (entities->pdata[row], fields[i]);
      muster_ctl_table_add (table, (const char *const *)cells);
      for (unsigned i = 0; i < MAXIMUM_FIELDS; i++)
        g_free (cells[i]);
    }
  muster_ctl_print_table (self, table, empty);
}

void
muster_ctl_print_pages_json (GPtrArray *pages)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *items = json_array_new ();

  for (unsigned i = 0; i < pages->len; i++)
    {
      JsonArray *rows =
        muster_api_json_get_array (muster_api_page_get_json (pages->pdata[i]), "items");

      for (unsigned row = 0; row < json_array_get_length (rows); row++)
        json_array_add_element (items, json_array_dup_element (rows, row));
    }
  json_object_set_array_member (object, "items", items);
  if (pages->len > 0)
    {
      MusterApiPage *last = pages->pdata[pages->len - 1];

      json_object_set_int_member (object, "total", muster_api_page_get_total (last));
      if (muster_api_page_get_next (last) != NULL)
        json_object_set_string_member (object, "next", muster_api_page_get_next (last));
      else
        json_object_set_null_member (object, "next");
    }
  muster_ctl_print_object (object);
}

static JsonNode *
decode_field (const MusterField *field, const char *text, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GString) json = g_string_new (NULL);
  MusterValue value = { .is_null = TRUE };
  JsonNode   *node = NULL;

  if (muster_field_decode_text (field, text, field->name, &value, errors))
    {
      muster_field_encode_value (field, &value, json);
      node = json_from_string (json->str, NULL);
    }
  muster_value_clear (field, &value);
  muster_field_errors_check (errors, error);
  return node;
}

gboolean
muster_ctl_add_change (const MusterEntityInfo *info,
                       const char             *pair,
                       JsonObject             *changes,
                       GError                **error)
{
  g_autofree char *name = NULL;
  const char      *text;
  JsonNode        *node;
  int              index;

  if (!muster_ctl_split_pair (pair, &name, &text, error))
    return FALSE;
  index = muster_entity_info_find (info, name);
  if (index < 0 || (info->fields[index].flags & MUSTER_FIELD_READ_ONLY))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   index < 0 ? _ ("a %s has no field “%s”") : _ ("a %s's field “%s” cannot be set"),
                   info->name, name);
      return FALSE;
    }
  node = decode_field (&info->fields[index], text, error);
  if (node == NULL)
    return FALSE;
  json_object_set_member (changes, name, node);
  return TRUE;
}

char **
muster_ctl_read_filters (char **args, GError **error)
{
  g_autoptr (GStrvBuilder) filters = g_strv_builder_new ();

  for (char **arg = args; *arg != NULL; arg++)
    {
      char       *name;
      const char *value;

      if (!muster_ctl_split_pair (*arg, &name, &value, error))
        return NULL;
      g_strv_builder_take (filters, name);
      g_strv_builder_add (filters, value);
    }
  return g_strv_builder_end (filters);
}
