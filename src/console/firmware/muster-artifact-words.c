/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-artifact-words"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "muster-artifact-words.h"

char *
muster_artifact_describe_models (MusterEntity *artifact)
{
  const char *json = muster_entity_get_string (artifact, "models");
  g_autoptr (JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  JsonArray *models =
    root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;

  for (unsigned i = 0; models != NULL && i < json_array_get_length (models); i++)
    {
      JsonNode *model = json_array_get_element (models, i);

      if (json_node_get_value_type (model) == G_TYPE_STRING)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "",
                                json_node_get_string (model));
    }
  if (text->len == 0)
    g_string_append (text, _ ("Any"));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

char *
muster_artifact_describe_hardware (MusterEntity *artifact)
{
  const char *from = muster_entity_get_string (artifact, "hardware_from");
  const char *to = muster_entity_get_string (artifact, "hardware_to");

  if (from != NULL && to != NULL)
    /* Translators: a range of hardware revisions: "1 to 3". */
    return g_strdup_printf (_ ("%s to %s"), from, to);
  if (from != NULL)
    return g_strdup_printf (_ ("From %s on"), from);
  if (to != NULL)
    return g_strdup_printf (_ ("Up to %s"), to);
  return g_strdup (_ ("Any"));
}

char *
muster_artifact_describe_versions (MusterEntity *artifact)
{
  const char *required = muster_entity_get_string (artifact, "requires_version");
  gboolean    downgrade = muster_entity_get_boolean (artifact, "allow_downgrade");

  if (required != NULL && downgrade)
    return g_strdup_printf (_ ("%s and everything newer"), required);
  if (required != NULL)
    return g_strdup_printf (_ ("%s and newer, but not over anything newer than itself"), required);
  return g_strdup (downgrade ? _ ("Anything") : _ ("Anything that is not newer"));
}

/* Whether the update names files of chunks. */
static gboolean
has_chunks (MusterEntity *artifact)
{
  const char *manifest = muster_entity_get_string (artifact, "manifest");
  g_autoptr (JsonNode) root = manifest != NULL ? json_from_string (manifest, NULL) : NULL;

  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) &&
         json_object_has_member (json_node_get_object (root), "chunks");
}

char *
muster_artifact_describe_difference (MusterEntity *artifact)
{
  if (muster_entity_get_enum (artifact, "format") == MUSTER_FORMAT_IMAGE)
    return g_strdup (_ ("Nodes fetch only what is new to them"));
  if (!has_chunks (artifact))
    return NULL;
  return g_strdup (muster_entity_get_enum (artifact, "status") == MUSTER_ARTIFACT_DRAFT
                     ? _ ("Waits for the file of chunks that its sw-description names: upload it")
                     : _ ("Clients fetch only the chunks that are new to them"));
}

char *
muster_artifact_models_to_json (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  g_autoptr (JsonArray) models = json_array_new ();
  g_autoptr (JsonNode) root = NULL;

  for (unsigned i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      json_array_add_string_element (models, parts[i]);
  if (json_array_get_length (models) == 0)
    return NULL;
  root = json_node_init_array (json_node_alloc (), models);
  return json_to_string (root, FALSE);
}
