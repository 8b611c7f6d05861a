/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-change-table"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-change-table.h"
#include "muster-kind.h"
#include "muster-room.h"
#include "widgets/muster-format.h"

#define NONE "–"

/* Every change changes these, and says nothing by it. */
static gboolean
is_bookkeeping (const char *name)
{
  return g_str_equal (name, "updated_at") || g_str_equal (name, "revision") ||
         g_str_equal (name, "created_at") || g_str_equal (name, "id");
}

/* NODE (nullable), a value of FIELD (nullable), for a person: (transfer full). */
static char *
format_value (MusterSession *session, const MusterField *field, JsonNode *node)
{
  MusterValue value = { 0 };
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  char *text;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return g_strdup (NONE);
  if (field == NULL || field->type == MUSTER_FIELD_JSON ||
      !muster_field_decode_value (field, node, "", &value, errors))
    return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_dup_string (node)
             : json_to_string (node, FALSE);
  if (field->type == MUSTER_FIELD_BOOLEAN)
    text = g_strdup (value.integer ? _ ("Yes") : _ ("No"));
  else if (field->type == MUSTER_FIELD_ENUM)
    text = g_strdup (_ (muster_enum_get_label (field->enumeration, value.integer)));
  else if (field->type == MUSTER_FIELD_TIME)
    text = muster_format_time (value.integer, muster_session_get_zone (session));
  else
    text = muster_field_format_text (field, &value);
  muster_value_clear (field, &value);
  return text;
}

static GtkWidget *
create_text (const char *text, const char *css_class)
{
  GtkWidget *label =
    g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "yalign", 0.0, "wrap", TRUE,
                  "wrap-mode", PANGO_WRAP_WORD_CHAR, "selectable", TRUE, "focusable", FALSE, NULL);

  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* "Name" above, "Pump → Pump 2" below it: reads the same on the narrowest screen. */
static void
add_member (GtkBox           *box,
            MusterSession    *session,
            const MusterKind *kind,
            const char       *name,
            JsonNode         *before,
            JsonNode         *after,
            gboolean          both)
{
  int                index = kind != NULL ? muster_entity_info_find (kind->info, name) : -1;
  const MusterField *field = index >= 0 ? &kind->info->fields[index] : NULL;
  g_autofree char   *old = format_value (session, field, before);
  g_autofree char *new = format_value (session, field, after);
  /* Translators: what a value was, and what it is now. */
  g_autofree char *text =
    both ? g_strdup_printf (_ ("%s → %s"), old, new) : g_strdup (before != NULL ? old : new);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);

  gtk_box_append (GTK_BOX (line),
                  create_text (muster_kind_get_field_label (kind, name), "caption"));
  gtk_widget_add_css_class (gtk_widget_get_first_child (line), "dim-label");
  gtk_box_append (GTK_BOX (line), create_text (text, NULL));
  gtk_box_append (box, line);
}

static void
add_members (GtkBox *box, MusterSession *session, MusterApiChange *change)
{
  const MusterKind *kind = muster_kind_find (muster_api_change_get_entity (change));
  JsonObject       *before = muster_api_change_get_before (change);
  JsonObject       *after = muster_api_change_get_after (change);
  gboolean          both = before != NULL && after != NULL;
  JsonObject       *shown = after != NULL ? after : before;
  JsonObjectIter    iter;
  const char       *name;
  JsonNode         *node;

  if (shown == NULL)
    return;
  json_object_iter_init_ordered (&iter, shown);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      JsonNode *old = before != NULL ? json_object_get_member (before, name) : NULL;

      /* Of what was added or deleted, what was left empty says nothing. */
      if (is_bookkeeping (name) || (!both && JSON_NODE_HOLDS_NULL (node)))
        continue;
      add_member (box, session, kind, name, old, after != NULL ? node : NULL, both);
    }
}

static const char *
describe_action (MusterApiChange *change)
{
  const char *action = muster_api_change_get_action (change);

  return g_strcmp0 (action, "insert") == 0   ? _ ("Added")
         : g_strcmp0 (action, "delete") == 0 ? _ ("Deleted")
                                             : _ ("Changed");
}

static GtkWidget *
create_head (MusterApiChange *change)
{
  const char       *entity = muster_api_change_get_entity (change);
  const MusterKind *kind = muster_kind_find (entity);
  const char       *title = muster_api_change_get_title (change);
  g_autofree char  *text = g_strdup_printf ("%s: %s%s%s", describe_action (change),
                                           kind != NULL ? _ (kind->title) : entity,
                                           title != NULL ? " " : "", title != NULL ? title : "");
  GtkWidget        *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget        *label = create_text (text, "heading");

  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  if (muster_rooms_find_kind (entity) != NULL &&
      g_strcmp0 (muster_api_change_get_action (change), "delete") != 0)
    {
      GtkWidget       *open = gtk_button_new_from_icon_name ("go-next-symbolic");
      g_autofree char *name = g_strdup_printf (_ ("Open %s"), title != NULL ? title : entity);

      gtk_widget_add_css_class (open, "flat");
      gtk_widget_set_valign (open, GTK_ALIGN_CENTER);
      gtk_widget_set_tooltip_text (open, name);
      gtk_accessible_update_property (GTK_ACCESSIBLE (open), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                      -1);
      gtk_actionable_set_action_target (GTK_ACTIONABLE (open), "(ss)", entity,
                                        muster_api_change_get_entity_id (change));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (open), "win.open");
      gtk_box_append (GTK_BOX (box), open);
    }
  return box;
}

GtkWidget *
muster_change_table_new (MusterSession *session, MusterApiChange *change)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  gtk_widget_add_css_class (box, "change");
  gtk_box_append (GTK_BOX (box), create_head (change));
  add_members (GTK_BOX (box), session, change);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}
