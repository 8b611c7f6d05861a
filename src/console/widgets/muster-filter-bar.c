/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-filter-bar"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "muster-filter-bar.h"

#define KEY_CHIP "muster-chip"

/* Set by other parts of the program. */
typedef struct
{
  char      *field;
  char      *value;
  GtkWidget *button; /* (nullable): not seen */
} Condition;

struct _MusterFilterBar
{
  GtkWidget parent_instance;

  GtkWidget *scrolled;
  GtkWidget *box;
  GPtrArray *conditions; /* (owned) (element-type Condition) */
  gboolean   frozen;     /* many change at once: told at the end */
};

G_DEFINE_FINAL_TYPE (MusterFilterBar, muster_filter_bar, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
condition_free (gpointer data)
{
  Condition *condition = data;

  g_free (condition->field);
  g_free (condition->value);
  g_free (condition);
}

static void
muster_filter_bar_changed (MusterFilterBar *self)
{
  if (!self->frozen)
    g_signal_emit (self, signals[CHANGED], 0);
}

static const MusterFilterChip *
get_chip (GtkWidget *button)
{
  return g_object_get_data (G_OBJECT (button), KEY_CHIP);
}

/* --- chips --- */

static const char *
get_label (const MusterEntityInfo *info, const MusterFilterChip *chip)
{
  int               index = muster_entity_info_find (info, chip->field);
  const MusterEnum *enumeration = index >= 0 ? info->fields[index].enumeration : NULL;

  if (chip->label != NULL)
    return _ (chip->label);
  g_return_val_if_fail (enumeration != NULL, chip->value);
  return _ (muster_enum_get_label (enumeration, muster_enum_parse (enumeration, chip->value)));
}

void
muster_filter_bar_add_chips (MusterFilterBar        *self,
                             const MusterEntityInfo *info,
                             const MusterFilterChip *chips,
                             unsigned                n_chips)
{
  g_return_if_fail (MUSTER_IS_FILTER_BAR (self));

  for (unsigned i = 0; i < n_chips; i++)
    {
      GtkWidget *button = gtk_toggle_button_new_with_label (get_label (info, &chips[i]));

      if (chips[i].apart)
        gtk_box_append (GTK_BOX (self->box), gtk_separator_new (GTK_ORIENTATION_VERTICAL));
      gtk_widget_add_css_class (button, "filter-chip");
      g_object_set_data (G_OBJECT (button), KEY_CHIP, (gpointer)&chips[i]);
      g_signal_connect_object (button, "toggled", G_CALLBACK (muster_filter_bar_changed), self,
                               G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (self->box), button);
    }
}

/* --- conditions --- */

static Condition *
find_condition (MusterFilterBar *self, const char *field)
{
  for (unsigned i = 0; i < self->conditions->len; i++)
    if (g_strcmp0 (((Condition *)self->conditions->pdata[i])->field, field) == 0)
      return self->conditions->pdata[i];
  return NULL;
}

static void
remove_condition (MusterFilterBar *self, Condition *condition)
{
  if (condition->button != NULL)
    gtk_box_remove (GTK_BOX (self->box), condition->button);
  g_ptr_array_remove (self->conditions, condition);
}

static void
muster_filter_bar_removed_cb (MusterFilterBar *self, GtkWidget *button)
{
  for (unsigned i = 0; i < self->conditions->len; i++)
    if (((Condition *)self->conditions->pdata[i])->button == button)
      {
        remove_condition (self, self->conditions->pdata[i]);
        break;
      }
  muster_filter_bar_changed (self);
}

static GtkWidget *
create_condition_button (MusterFilterBar *self, const char *label)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *content = adw_button_content_new ();

  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), "window-close-symbolic");
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), label);
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_widget_add_css_class (button, "filter-chip");
  gtk_widget_add_css_class (button, "condition");
  gtk_widget_set_tooltip_text (button, _ ("Show all again"));
  g_signal_connect_object (button, "clicked", G_CALLBACK (muster_filter_bar_removed_cb), self,
                           G_CONNECT_SWAPPED);
  return button;
}

void
muster_filter_bar_set_condition (MusterFilterBar *self,
                                 const char      *field,
                                 const char      *value,
                                 const char      *label)
{
  Condition *condition;

  g_return_if_fail (MUSTER_IS_FILTER_BAR (self));
  g_return_if_fail (field != NULL);

  condition = find_condition (self, field);
  if (condition != NULL && g_strcmp0 (condition->value, value) == 0)
    return;
  if (condition != NULL)
    remove_condition (self, condition);
  if (value != NULL)
    {
      condition = g_new0 (Condition, 1);
      condition->field = g_strdup (field);
      condition->value = g_strdup (value);
      if (label != NULL)
        {
          condition->button = create_condition_button (self, label);
          gtk_box_prepend (GTK_BOX (self->box), condition->button);
        }
      g_ptr_array_add (self->conditions, condition);
    }
  muster_filter_bar_changed (self);
}

/* --- what is asked for --- */

static GtkWidget *
next_chip (GtkWidget *button)
{
  while (button != NULL && get_chip (button) == NULL)
    button = gtk_widget_get_next_sibling (button);
  return button;
}

static GtkWidget *
first_chip (MusterFilterBar *self)
{
  return next_chip (gtk_widget_get_first_child (self->box));
}

/* To the minute, so that asking again within it is the same question. (transfer full) */
static char *
dup_now (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  return g_date_time_format (now, "%Y-%m-%dT%H:%M:00.000Z");
}

/* What CHIP asks for besides its own field. */
static void
add_companion (GHashTable *values, const MusterFilterChip *chip)
{
  if (chip->with_field != NULL && !g_hash_table_contains (values, chip->with_field))
    g_hash_table_insert (values, (gpointer)chip->with_field, g_strdup (chip->with_value));
}

/* ALL: for a question; else as the chips say it. */
static char **
list (MusterFilterBar *self, gboolean all)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) values =
              g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_free);
  GHashTableIter iter;
  gpointer       field, value;

  for (GtkWidget *button = first_chip (self); button != NULL;
       button = next_chip (gtk_widget_get_next_sibling (button)))
    {
      const MusterFilterChip *chip = get_chip (button);
      const char             *before = g_hash_table_lookup (values, chip->field);

      if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (button)))
        continue;
      g_hash_table_replace (values, (gpointer)chip->field,
                            before != NULL ? g_strconcat (before, ",", chip->value, NULL)
                            : all && g_str_equal (chip->value, MUSTER_FILTER_NOW)
                              ? dup_now ()
                              : g_strdup (chip->value));
    }
  for (GtkWidget *button = first_chip (self); all && button != NULL;
       button = next_chip (gtk_widget_get_next_sibling (button)))
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (button)))
      add_companion (values, get_chip (button));
  for (unsigned i = 0; i < self->conditions->len; i++)
    {
      Condition *condition = self->conditions->pdata[i];

      if (all || condition->button != NULL)
        g_hash_table_replace (values, condition->field, g_strdup (condition->value));
    }
  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &field, &value))
    g_strv_builder_add_many (builder, (const char *)field, (const char *)value, NULL);
  return g_strv_builder_end (builder);
}

char **
muster_filter_bar_list (MusterFilterBar *self)
{
  g_return_val_if_fail (MUSTER_IS_FILTER_BAR (self), NULL);

  return list (self, TRUE);
}

char **
muster_filter_bar_list_visible (MusterFilterBar *self)
{
  g_return_val_if_fail (MUSTER_IS_FILTER_BAR (self), NULL);

  return list (self, FALSE);
}

gboolean
muster_filter_bar_is_active (MusterFilterBar *self)
{
  g_auto (GStrv) filters = muster_filter_bar_list_visible (self);

  return filters != NULL && filters[0] != NULL;
}

/* Whether the value of FILTERS for the field of CHIP names it. */
static gboolean
is_named (const MusterFilterChip *chip, const char *const *filters)
{
  for (unsigned i = 0; filters != NULL && filters[i] != NULL && filters[i + 1] != NULL; i += 2)
    if (g_str_equal (filters[i], chip->field))
      {
        g_auto (GStrv) values = g_strsplit (filters[i + 1], ",", -1);

        return g_strv_contains ((const char *const *)values, chip->value);
      }
  return FALSE;
}

static gboolean
has_chip (MusterFilterBar *self, const char *field)
{
  for (GtkWidget *button = first_chip (self); button != NULL;
       button = next_chip (gtk_widget_get_next_sibling (button)))
    if (g_str_equal (get_chip (button)->field, field))
      return TRUE;
  return FALSE;
}

static gboolean
has_chip_for (MusterFilterBar *self, const char *field, const char *value)
{
  for (GtkWidget *button = first_chip (self); button != NULL;
       button = next_chip (gtk_widget_get_next_sibling (button)))
    if (g_str_equal (get_chip (button)->field, field) &&
        g_str_equal (get_chip (button)->value, value))
      return TRUE;
  return FALSE;
}

gboolean
muster_filter_bar_has_chips (MusterFilterBar *self, const char *const *filters)
{
  g_return_val_if_fail (MUSTER_IS_FILTER_BAR (self), FALSE);

  for (unsigned i = 0; filters != NULL && filters[i] != NULL && filters[i + 1] != NULL; i += 2)
    {
      g_auto (GStrv) values = g_strsplit (filters[i + 1], ",", -1);

      for (unsigned j = 0; values[j] != NULL; j++)
        if (!has_chip_for (self, filters[i], values[j]))
          return FALSE;
    }
  return TRUE;
}

void
muster_filter_bar_apply (MusterFilterBar *self, const char *const *filters)
{
  g_return_if_fail (MUSTER_IS_FILTER_BAR (self));

  self->frozen = TRUE;
  for (unsigned i = self->conditions->len; i > 0; i--)
    if (((Condition *)self->conditions->pdata[i - 1])->button != NULL)
      remove_condition (self, self->conditions->pdata[i - 1]);
  for (GtkWidget *button = first_chip (self); button != NULL;
       button = next_chip (gtk_widget_get_next_sibling (button)))
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button),
                                  is_named (get_chip (button), filters));
  for (unsigned i = 0; filters != NULL && filters[i] != NULL && filters[i + 1] != NULL; i += 2)
    if (!has_chip (self, filters[i]))
      {
        g_autofree char *label = g_strdup_printf ("%s: %s", filters[i], filters[i + 1]);

        muster_filter_bar_set_condition (self, filters[i], filters[i + 1], label);
      }
  self->frozen = FALSE;
  muster_filter_bar_changed (self);
}

/* --- life --- */

static void
muster_filter_bar_dispose (GObject *object)
{
  MusterFilterBar *self = MUSTER_FILTER_BAR (object);

  self->frozen = TRUE;
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  G_OBJECT_CLASS (muster_filter_bar_parent_class)->dispose (object);
}

static void
muster_filter_bar_finalize (GObject *object)
{
  g_ptr_array_unref (MUSTER_FILTER_BAR (object)->conditions);
  G_OBJECT_CLASS (muster_filter_bar_parent_class)->finalize (object);
}

static void
muster_filter_bar_class_init (MusterFilterBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_filter_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_filter_bar_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_FILTER_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_filter_bar_init (MusterFilterBar *self)
{
  self->conditions = g_ptr_array_new_with_free_func (condition_free);
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Filters"), -1);
  self->scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "vscrollbar-policy", GTK_POLICY_NEVER,
                                 "hscrollbar-policy", GTK_POLICY_EXTERNAL,
                                 "propagate-natural-width", TRUE, "child", self->box, NULL);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
}
