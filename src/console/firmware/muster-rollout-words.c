/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollout-words"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "alerts/muster-hours.h"
#include "client/muster-api-json.h"
#include "devices/muster-group-filter.h"
#include "model/muster-device.h"
#include "model/muster-firmware-update.h"
#include "muster-rollout-words.h"
#include "widgets/muster-duration.h"

/* "Status: Deployed, Sold" */
static void
append_condition (GString *text, const char *name, const char *values)
{
  int                index = muster_entity_info_find (&muster_device_info, name);
  const MusterField *field = index >= 0 ? &muster_device_info.fields[index] : NULL;
  g_auto (GStrv) nicks = g_strsplit (values, ",", -1);
  g_autoptr (GString) words = g_string_new (NULL);

  for (unsigned i = 0; nicks[i] != NULL; i++)
    {
      int value = field != NULL && field->type == MUSTER_FIELD_ENUM
                    ? muster_enum_parse (field->enumeration, nicks[i])
                    : -1;

      g_string_append_printf (words, "%s%s", i > 0 ? ", " : "",
                              value >= 0 ? _ (muster_enum_get_label (field->enumeration, value))
                                         : nicks[i]);
    }
  /* Translators: a condition: "Status: Deployed". */
  g_string_append_printf (text, _ ("%s: %s"),
                          field != NULL && field->label != NULL ? _ (field->label) : name,
                          words->str);
}

char *
muster_rollout_describe_filter (MusterEntity *rollout)
{
  const char      *filter = muster_entity_get_string (rollout, "filter");
  g_autofree char *words = NULL;
  g_auto (GStrv) conditions = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (filter == NULL)
    return NULL;
  if (*filter == '\0')
    return g_strdup (_ ("All devices"));
  if (!muster_group_filter_parse (filter, &words, &conditions))
    return g_strdup (filter);
  if (*words != '\0')
    /* Translators: what is searched for. */
    g_string_append_printf (text, _ ("“%s”"), words);
  for (unsigned i = 0; conditions[i] != NULL; i += 2)
    {
      if (text->len > 0)
        g_string_append (text, " · ");
      append_condition (text, conditions[i], conditions[i + 1]);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

char *
muster_rollout_describe_window (MusterEntity *rollout)
{
  const char      *json = muster_entity_get_string (rollout, "window");
  g_autofree char *list = json != NULL ? g_strdup_printf ("[%s]", json) : NULL;
  g_autoptr (GPtrArray) hours = list != NULL ? muster_hours_list_from_json (list) : NULL;
  MusterHours *window = hours != NULL && hours->len > 0 ? hours->pdata[0] : NULL;

  if (window == NULL)
    return NULL;
  /* Left out: every day. */
  if (window->days == 0)
    window->days = MUSTER_HOURS_EVERY_DAY;
  return muster_hours_format (window);
}

char *
muster_rollout_describe_gate (MusterEntity *rollout)
{
  const char *json = muster_entity_get_string (rollout, "gate");
  g_autoptr (JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;
  JsonObject *gate = root != NULL ? muster_api_json_as_object (root) : NULL;
  const char *metric = gate != NULL ? muster_api_json_get_string (gate, "metric") : NULL;

  if (metric == NULL)
    return NULL;
  if (g_strcmp0 (muster_api_json_get_string (gate, "worse"), "lower") == 0)
    return g_strdup_printf (_ ("%s must not become lower"), metric);
  return g_strdup_printf (_ ("%s must not become higher"), metric);
}

static unsigned
count_groups (MusterEntity *rollout)
{
  const char *json = muster_entity_get_string (rollout, "plan");
  g_autoptr (JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;

  return root != NULL && JSON_NODE_HOLDS_ARRAY (root)
           ? MAX (json_array_get_length (json_node_get_array (root)), 1)
           : 1;
}

char *
muster_rollout_describe_start (MusterEntity *rollout, gint64 ready, gint64 total)
{
  unsigned         groups = count_groups (rollout);
  g_autofree char *window = muster_rollout_describe_window (rollout);
  g_autofree char *within =
    muster_duration_format (muster_entity_get_integer (rollout, "confirm_within"));
  g_autoptr (GString) text = g_string_new (NULL);

  if (ready >= 0)
    g_string_append_printf (text,
                            ngettext ("%u of %u device can be updated now. ",
                                      "%u of %u devices can be updated now. ", total),
                            (unsigned)ready, (unsigned)total);
  if (groups > 1)
    g_string_append_printf (text, _ ("They are updated in %u groups, one after the other. "),
                            groups);
  if (window != NULL)
    g_string_append_printf (text, _ ("They install within the maintenance window: %s. "), window);
  if (muster_entity_get_enum (rollout, "kind") == MUSTER_UPDATE_KIND_DOWNLOAD_ONLY)
    g_string_append (text, _ ("They download it and install nothing yet. "));
  else
    g_string_append_printf (text,
                            _ ("Devices restart, and those that do not come back within %s go back "
                               "to what they ran before. "),
                            within);
  g_string_append (text, _ ("What a device runs is not taken back by Undo: that takes another "
                            "rollout."));
  return g_string_free_and_steal (g_steal_pointer (&text));
}
