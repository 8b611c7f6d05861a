/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-factory-papers"

#include "config.h"

#include "model/muster-factory-unit.h"
#include "model/muster-time.h"
#include "muster-factory-papers.h"

static const char *const texts[] = { "serial", "status", "step", "error", "port" };

static void
append_text (GString *csv, const char *text)
{
  muster_csv_append_cell (csv, text != NULL ? text : "", TRUE);
  g_string_append_c (csv, ',');
}

/* The steps of a unit's report: (transfer full) (nullable). */
static JsonArray *
read_steps (MusterEntity *unit)
{
  const char *text = muster_entity_get_string (unit, "report");
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonObject *root =
    node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  return root != NULL && json_object_has_member (root, "steps")
           ? json_array_ref (json_object_get_array_member (root, "steps"))
           : NULL;
}

/* The names of the steps of all units, in the order in which they come first: (transfer full). */
static GPtrArray *
collect_names (GPtrArray *units)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < units->len; i++)
    {
      g_autoptr (JsonArray) steps = read_steps (units->pdata[i]);

      for (guint step = 0; steps != NULL && step < json_array_get_length (steps); step++)
        {
          const char *name =
            json_object_get_string_member (json_array_get_object_element (steps, step), "name");

          if (g_hash_table_add (seen, g_strdup (name)))
            g_ptr_array_add (names, g_strdup (name));
        }
    }
  return names;
}

/* What a step measured, or its verdict. */
static void
append_step (GString *csv, JsonArray *steps, const char *name)
{
  for (guint i = 0; steps != NULL && i < json_array_get_length (steps); i++)
    {
      JsonObject *row = json_array_get_object_element (steps, i);

      if (!g_str_equal (json_object_get_string_member (row, "name"), name))
        continue;
      if (json_object_get_null_member (row, "measured"))
        g_string_append (csv, json_object_get_string_member (row, "verdict"));
      else
        muster_json_append_double (csv, json_object_get_double_member (row, "measured"));
      return;
    }
}

static void
append_time (GString *csv, MusterEntity *unit, const char *field)
{
  char text[MUSTER_TIME_TEXT_LENGTH + 1];

  if (!muster_entity_is_null (unit, field))
    g_string_append (csv, muster_time_format (muster_entity_get_integer (unit, field), text));
  g_string_append_c (csv, ',');
}

static void
append_unit (GString *csv, MusterEntity *unit, GPtrArray *names)
{
  g_autoptr (JsonArray) steps = read_steps (unit);
  const char *device_id = muster_entity_get_string (unit, "device_id");

  g_string_append_printf (csv, "%" G_GINT64_FORMAT ",", muster_entity_get_integer (unit, "number"));
  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    append_text (csv, muster_entity_get_string (unit, texts[i]));
  g_string_append_printf (csv, "%" G_GINT64_FORMAT ",",
                          muster_entity_get_integer (unit, "attempt"));
  append_time (csv, unit, "started_at");
  append_time (csv, unit, "finished_at");
  g_string_append (csv, device_id != NULL ? device_id : "");
  for (guint i = 0; i < names->len; i++)
    {
      g_string_append_c (csv, ',');
      append_step (csv, steps, names->pdata[i]);
    }
  g_string_append (csv, "\r\n");
}

char *
muster_factory_papers_format_csv (GPtrArray *units)
{
  g_autoptr (GPtrArray) names = NULL;
  GString *csv = g_string_new ("number,");

  g_return_val_if_fail (units != NULL, NULL);

  names = collect_names (units);
  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    g_string_append_printf (csv, "%s,", texts[i]);
  g_string_append (csv, "attempt,started_at,finished_at,device_id");
  for (guint i = 0; i < names->len; i++)
    {
      g_string_append_c (csv, ',');
      muster_csv_append_cell (csv, names->pdata[i], TRUE);
    }
  g_string_append (csv, "\r\n");
  for (guint i = 0; i < units->len; i++)
    append_unit (csv, units->pdata[i], names);
  return g_string_free_and_steal (csv);
}

char *
muster_factory_papers_format_json (MusterEntity *batch, GPtrArray *units)
{
  GString *json = g_string_new ("{\"batch\":");

  g_return_val_if_fail (MUSTER_IS_ENTITY (batch) && units != NULL, NULL);

  muster_entity_encode (batch, json);
  g_string_append (json, ",\"units\":[");
  for (guint i = 0; i < units->len; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      muster_entity_encode (units->pdata[i], json);
    }
  g_string_append (json, "]}");
  return g_string_free_and_steal (json);
}

char *
muster_factory_papers_format_keys (GPtrArray *units)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (units != NULL, NULL);

  for (guint i = 0; i < units->len; i++)
    {
      const char *key = muster_entity_get_string (units->pdata[i], "link_key");

      if (key != NULL)
        g_string_append_printf (text, "%s %s\n",
                                muster_entity_get_string (units->pdata[i], "serial"), key);
    }
  return g_string_free_and_steal (text);
}
