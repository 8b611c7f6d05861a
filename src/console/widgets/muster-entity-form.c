/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-entity-form"

#include "config.h"

#include "muster-entity-form.h"
#include "muster-field-row.h"
#include "muster-reference-row.h"

struct _MusterEntityForm
{
  GObject parent_instance;

  MusterSession          *session; /* (owned) */
  const MusterEntityInfo *info;
  MusterEntity           *entity; /* (owned) as it was, or a new one */
  GPtrArray              *rows;   /* (owned) (element-type GtkWidget) borrowed from their groups */
  gboolean                is_new;
};

G_DEFINE_FINAL_TYPE (MusterEntityForm, muster_entity_form, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
muster_entity_form_finalize (GObject *object)
{
  MusterEntityForm *self = MUSTER_ENTITY_FORM (object);

  g_clear_object (&self->session);
  g_clear_object (&self->entity);
  g_ptr_array_unref (self->rows);
  G_OBJECT_CLASS (muster_entity_form_parent_class)->finalize (object);
}

static void
muster_entity_form_class_init (MusterEntityFormClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_entity_form_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_ENTITY_FORM, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_entity_form_init (MusterEntityForm *self)
{
  self->rows = g_ptr_array_new ();
}

MusterEntityForm *
muster_entity_form_new (MusterSession *session, const MusterEntityInfo *info, MusterEntity *entity)
{
  MusterEntityForm *self;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);
  g_return_val_if_fail (info != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_ENTITY_FORM, NULL);
  self->session = g_object_ref (session);
  self->info = info;
  self->is_new = entity == NULL;
  self->entity = entity != NULL ? muster_entity_copy (entity) : muster_entity_new (info);
  return self;
}

/* A change of state is a step of the record's life, which has its own place. */
static gboolean
is_editable (MusterEntityForm *self, const MusterField *field)
{
  if (field->flags & MUSTER_FIELD_READ_ONLY)
    return FALSE;
  return self->is_new || ((field->flags & MUSTER_FIELD_IMMUTABLE) == 0 &&
                          g_strcmp0 (field->name, self->info->machine_field) != 0);
}

static void
muster_entity_form_changed (MusterEntityForm *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* How ROW tells that it says something else. */
static const char *
get_change_signal (GtkWidget *row)
{
  if (ADW_IS_COMBO_ROW (row))
    return "notify::selected";
  if (ADW_IS_SWITCH_ROW (row))
    return "notify::active";
  if (MUSTER_IS_REFERENCE_ROW (row))
    return "notify::record-id";
  return g_signal_lookup ("changed", G_OBJECT_TYPE (row)) != 0 ? "changed" : NULL;
}

static void
add_row (MusterEntityForm *self, GtkWidget *group, unsigned index)
{
  const MusterField *field = &self->info->fields[index];
  g_autofree char   *text = NULL;
  GtkWidget         *row;

  if (!is_editable (self, field))
    return;
  text = muster_field_format_text (field, muster_entity_peek (self->entity, index));
  row = muster_field_row_new (self->session, field, text != NULL ? text : "");
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  g_ptr_array_add (self->rows, row);
  if (get_change_signal (row) != NULL)
    g_signal_connect_object (row, get_change_signal (row), G_CALLBACK (muster_entity_form_changed),
                             self, G_CONNECT_SWAPPED);
}

AdwPreferencesGroup *
muster_entity_form_add_group (MusterEntityForm   *self,
                              AdwPreferencesPage *page,
                              const char         *title,
                              const char *const  *fields)
{
  g_autoptr (GtkWidget) group = g_object_ref_sink (adw_preferences_group_new ());
  unsigned n_rows;

  g_return_val_if_fail (MUSTER_IS_ENTITY_FORM (self), NULL);
  g_return_val_if_fail (ADW_IS_PREFERENCES_PAGE (page), NULL);

  n_rows = self->rows->len;
  if (title != NULL)
    adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  for (unsigned i = 0; fields == NULL && i < self->info->n_fields; i++)
    if (self->info->fields[i].type != MUSTER_FIELD_JSON)
      add_row (self, group, i);
  for (unsigned i = 0; fields != NULL && fields[i] != NULL; i++)
    {
      int index = muster_entity_info_find (self->info, fields[i]);

      g_return_val_if_fail (index >= 0, NULL);
      add_row (self, group, index);
    }
  if (self->rows->len == n_rows)
    return NULL;
  adw_preferences_page_add (page, ADW_PREFERENCES_GROUP (group));
  return ADW_PREFERENCES_GROUP (group);
}

GtkWidget *
muster_entity_form_get_row (MusterEntityForm *self, const char *field)
{
  g_return_val_if_fail (MUSTER_IS_ENTITY_FORM (self), NULL);

  for (unsigned i = 0; i < self->rows->len; i++)
    if (g_strcmp0 (muster_field_row_get_field (self->rows->pdata[i])->name, field) == 0)
      return self->rows->pdata[i];
  return NULL;
}

GtkWidget *
muster_entity_form_get_first_row (MusterEntityForm *self)
{
  g_return_val_if_fail (MUSTER_IS_ENTITY_FORM (self), NULL);

  return self->rows->len > 0 ? self->rows->pdata[0] : NULL;
}

void
muster_entity_form_preset (MusterEntityForm *self, const char *field, const char *text)
{
  GtkWidget *row = muster_entity_form_get_row (self, field);

  if (row != NULL)
    muster_field_row_set_text (row, text);
}

/* What a new record would become is on the screen, and so it is what is wanted; its first state is
 * for the site to say. */
static gboolean
is_default_shown (MusterEntityForm *self, const MusterField *field)
{
  return field->type == MUSTER_FIELD_ENUM &&
         g_strcmp0 (field->name, self->info->machine_field) != 0;
}

/* Adds what ROW says to CHANGES, where that is something new. */
static void
collect_row (MusterEntityForm *self, GtkWidget *row, JsonObject *changes, MusterFieldErrors *errors)
{
  const MusterField *field = muster_field_row_get_field (row);
  unsigned           index = muster_entity_info_find (self->info, field->name);
  g_autofree char   *text = muster_field_row_dup_text (row);
  g_autofree char *old = muster_field_format_text (field, muster_entity_peek (self->entity, index));
  g_autofree char *pointer = g_strconcat ("/", field->name, NULL);
  g_autoptr (GString) json = g_string_new (NULL);
  MusterValue value = { 0 };
  gboolean    wanted =
    self->is_new && ((field->flags & MUSTER_FIELD_REQUIRED) != 0 || is_default_shown (self, field));

  muster_field_row_set_error (row, NULL);
  if (g_strcmp0 (text, old != NULL ? old : "") == 0 && !wanted)
    return;
  if (!muster_field_decode_text (field, text, pointer, &value, errors))
    return;
  muster_field_encode_value (field, &value, json);
  json_object_set_member (changes, field->name, json_from_string (json->str, NULL));
  muster_value_clear (field, &value);
}

JsonObject *
muster_entity_form_collect (MusterEntityForm *self, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (JsonObject) changes = json_object_new ();
  g_autoptr (GError) refused = NULL;

  g_return_val_if_fail (MUSTER_IS_ENTITY_FORM (self), NULL);

  for (unsigned i = 0; i < self->rows->len; i++)
    collect_row (self, self->rows->pdata[i], changes, errors);
  if (muster_field_errors_check (errors, &refused))
    return g_steal_pointer (&changes);
  muster_entity_form_show_error (self, refused);
  g_propagate_error (error, g_steal_pointer (&refused));
  return NULL;
}

JsonObject *
muster_entity_form_sketch (MusterEntityForm *self)
{
  JsonObject *sketch = json_object_new ();

  g_return_val_if_fail (MUSTER_IS_ENTITY_FORM (self), sketch);

  for (unsigned i = 0; i < self->rows->len; i++)
    {
      const MusterField *field = muster_field_row_get_field (self->rows->pdata[i]);
      g_autofree char   *text = muster_field_row_dup_text (self->rows->pdata[i]);
      g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
      g_autoptr (GString) json = g_string_new (NULL);
      MusterValue value = { 0 };

      if (!gtk_widget_get_visible (self->rows->pdata[i]) ||
          !muster_field_decode_text (field, text, "", &value, errors))
        continue;
      muster_field_encode_value (field, &value, json);
      json_object_set_member (sketch, field->name, json_from_string (json->str, NULL));
      muster_value_clear (field, &value);
    }
  return sketch;
}

gboolean
muster_entity_form_show_error (MusterEntityForm *self, const GError *error)
{
  GPtrArray *refused;
  unsigned   n_shown = 0;

  g_return_val_if_fail (MUSTER_IS_ENTITY_FORM (self), FALSE);
  g_return_val_if_fail (error != NULL, FALSE);

  refused = muster_error_get_fields (error);
  for (unsigned i = 0; i < refused->len; i++)
    {
      const MusterFieldError *field_error = refused->pdata[i];
      GtkWidget              *row =
        muster_entity_form_get_row (self, field_error->pointer + (*field_error->pointer == '/'));

      if (row == NULL)
        continue;
      muster_field_row_set_error (row, field_error->detail);
      if (n_shown++ == 0)
        gtk_widget_grab_focus (row);
    }
  return n_shown > 0 && n_shown == refused->len;
}
