/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rule-editor"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "client/muster-api-json.h"
#include "muster-doing.h"
#include "muster-hours-editor.h"
#include "muster-rule-draft.h"
#include "muster-rule-editor.h"
#include "muster-rule-preview.h"
#include "muster-rule-why.h"
#include "muster-scope-picker.h"
#include "muster-severity-steps.h"
#include "widgets/muster-entity-form.h"
#include "widgets/muster-field-row.h"
#include "widgets/muster-format.h"
#include "widgets/muster-metric-suggest.h"
#include "widgets/muster-reference-row.h"
#include "widgets/muster-references.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-trouble-view.h"

struct _MusterRuleEditor
{
  MusterPage parent_instance;

  char              *id;        /* (owned) (nullable) a new one: NULL */
  char              *device_id; /* (owned) (nullable) what a new one is for */
  char              *metric;    /* (owned) (nullable) likewise */
  double             threshold; /* likewise; NAN: none */
  MusterEntity      *rule;      /* (owned) (nullable) as it was read */
  MusterEntityForm  *form;      /* (owned) (nullable) */
  MusterScopePicker *scope;     /* (owned) (nullable) */
  DexFuture         *saving;    /* (owned) (nullable) */
  gboolean           updating;  /* the form is filled, and nothing else */
  gboolean           steadied;  /* a hysteresis was suggested */

  /* Borrowed from the page of the form */
  GtkWidget           *untold; /* whom the escalation does not tell */
  MusterSeveritySteps *steps;
  MusterHoursEditor   *hours;

  /* Template children */
  GtkWidget          *more;
  AdwBanner          *banner;
  GtkStack           *stack;
  MusterTroubleView  *trouble;
  MusterRulePreview  *preview;
  AdwPreferencesPage *page;
};

G_DEFINE_FINAL_TYPE (MusterRuleEditor, muster_rule_editor, MUSTER_TYPE_PAGE)

/* clang-format off */
static const char *const what[] = { "name", "kind", "metric", "expression", "operator", "value", "value_high", "text", "rate_seconds", "missing_seconds", "for_seconds", "hysteresis", "severity", NULL };
static const char *const told[] = { "escalation_id", "calendar_id", "message", "description", "enabled", NULL };
/* clang-format on */

static MusterSession *
session_of (MusterRuleEditor *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static MusterAlertRuleKind
get_kind (MusterRuleEditor *self)
{
  GtkWidget *row = muster_entity_form_get_row (self->form, "kind");

  return adw_combo_row_get_selected (ADW_COMBO_ROW (row));
}

/* --- the draft --- */

/* What is said beside the rows of the form. */
static void
collect_rest (MusterRuleEditor *self, JsonObject *object)
{
  g_autoptr (GPtrArray) hours = muster_hours_editor_list (self->hours);
  g_autofree char *text = muster_hours_list_to_json (hours);
  JsonArray       *steps = muster_rule_kind_has (get_kind (self), "steps")
                             ? muster_severity_steps_get_json (self->steps)
                             : NULL;

  muster_scope_picker_collect (self->scope, object);
  if (steps != NULL)
    json_object_set_array_member (object, "steps", steps);
  else
    json_object_set_null_member (object, "steps");
  json_object_set_member (object, "quiet_hours",
                          text != NULL ? json_from_string (text, NULL)
                                       : json_node_init_null (json_node_alloc ()));
}

static void
muster_rule_editor_changed_cb (MusterRuleEditor *self)
{
  JsonObject *draft;

  if (self->updating || self->form == NULL)
    return;
  for (unsigned i = 0; what[i] != NULL; i++)
    gtk_widget_set_visible (muster_entity_form_get_row (self->form, what[i]),
                            muster_rule_kind_has (get_kind (self), what[i]));
  gtk_widget_set_visible (GTK_WIDGET (self->steps),
                          muster_rule_kind_has (get_kind (self), "steps"));
  draft = muster_entity_form_sketch (self->form);
  collect_rest (self, draft);
  muster_rule_preview_set_rule (self->preview, draft);
}

/* A threshold was dragged: the form says so, and that is the draft. */
static void
muster_rule_editor_moved_cb (MusterRuleEditor *self, unsigned index, double value)
{
  gboolean range = get_kind (self) == MUSTER_ALERT_RULE_RANGE;
  char     text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof text, "%.10g", value);
  if (index == 0)
    muster_entity_form_preset (self->form, "value", text);
  else if (range)
    muster_entity_form_preset (self->form, "value_high", text);
  else
    muster_severity_steps_set_value (self->steps, index - 1, value);
}

/* A threshold without hysteresis is crossed by every tremble. */
static void
suggest_hysteresis (MusterRuleEditor *self)
{
  GtkWidget       *row = muster_entity_form_get_row (self->form, "hysteresis");
  g_autofree char *before = muster_field_row_dup_text (row);
  char             text[G_ASCII_DTOSTR_BUF_SIZE];
  double           value = 0;

  if (self->steadied || g_ascii_strtod (before, NULL) != 0 ||
      !muster_rule_kind_has (get_kind (self), "hysteresis") ||
      !muster_rule_preview_suggest_hysteresis (self->preview, &value))
    return;
  self->steadied = TRUE;
  g_ascii_formatd (text, sizeof text, "%.6g", value);
  muster_entity_form_preset (self->form, "hysteresis", text);
}

/* A new threshold begins where next to nothing on the chart is over it, to be dragged from there.
 */
static void
muster_rule_editor_shown_cb (MusterRuleEditor *self)
{
  GtkWidget *row = self->form != NULL ? muster_entity_form_get_row (self->form, "value") : NULL;
  g_autofree char *text = row != NULL ? muster_field_row_dup_text (row) : NULL;
  double           value;

  if (self->rule != NULL || row == NULL)
    return;
  suggest_hysteresis (self);
  if (text == NULL || *text != '\0' || get_kind (self) != MUSTER_ALERT_RULE_THRESHOLD ||
      !muster_rule_preview_suggest (self->preview, &value))
    return;
  muster_rule_editor_moved_cb (self, 0, value);
}

/* --- the form --- */

static void
fill_new (MusterRuleEditor *self)
{
  if (self->device_id != NULL)
    {
      muster_scope_picker_set (self->scope, MUSTER_ALERT_SCOPE_DEVICE, self->device_id);
      muster_rule_preview_set_device (self->preview, self->device_id);
    }
  if (self->metric != NULL)
    muster_entity_form_preset (self->form, "metric", self->metric);
  if (!isnan (self->threshold))
    muster_rule_editor_moved_cb (self, 0, self->threshold);
}

static void
add_hours (MusterRuleEditor *self)
{
  g_autofree char *description =
    g_strdup_printf (_ ("When it raises nothing. Times are those of %s."),
                     g_time_zone_get_identifier (muster_session_get_zone (session_of (self))));

  self->hours = MUSTER_HOURS_EDITOR (muster_hours_editor_new (session_of (self), FALSE));
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->hours), _ ("Quiet Hours"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->hours), description);
  adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (self->hours));
}

/* An escalation that does not reach everybody is said where it is chosen. */
static void
muster_rule_editor_escalation_cb (MusterRuleEditor *self)
{
  GtkWidget    *row;
  MusterEntity *escalation;
  const char   *problems;

  if (self->form == NULL)
    return;
  row = muster_entity_form_get_row (self->form, "escalation_id");
  escalation = muster_references_lookup (muster_references_get (session_of (self)), "escalation",
                                         muster_reference_row_get_id (MUSTER_REFERENCE_ROW (row)));
  problems = escalation != NULL ? muster_entity_get_string (escalation, "problems") : NULL;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->untold), problems != NULL ? problems : "");
  gtk_widget_set_visible (self->untold, problems != NULL);
}

static void
add_escalation_warning (MusterRuleEditor *self, AdwPreferencesGroup *group)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

  self->untold = adw_action_row_new ();
  gtk_widget_add_css_class (icon, "warning");
  adw_action_row_add_prefix (ADW_ACTION_ROW (self->untold), icon);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->untold), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->untold),
                                 _ ("This escalation does not tell everybody"));
  adw_preferences_group_add (group, self->untold);
  g_signal_connect_object (muster_entity_form_get_row (self->form, "escalation_id"),
                           "notify::record-id", G_CALLBACK (muster_rule_editor_escalation_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (muster_references_get (session_of (self)), "changed",
                           G_CALLBACK (muster_rule_editor_escalation_cb), self, G_CONNECT_SWAPPED);
  muster_rule_editor_escalation_cb (self);
}

static GPtrArray *
list_metrics (gpointer preview)
{
  return muster_rule_preview_list_metrics (preview);
}

static void
build_form (MusterRuleEditor *self)
{
  AdwPreferencesGroup *where = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  AdwPreferencesGroup *group;

  self->updating = TRUE;
  self->form = muster_entity_form_new (session_of (self), &muster_alert_rule_info, self->rule);
  muster_entity_form_add_group (self->form, self->page, NULL, what);
  muster_metric_suggest_attach (muster_entity_form_get_row (self->form, "metric"),
                                session_of (self), list_metrics, self->preview);
  self->steps = MUSTER_SEVERITY_STEPS (muster_severity_steps_new ());
  adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (self->steps));
  adw_preferences_group_set_title (where, _ ("Where"));
  adw_preferences_page_add (self->page, where);
  self->scope = muster_scope_picker_new (session_of (self), where);
  add_hours (self);
  group = muster_entity_form_add_group (self->form, self->page, _ ("Who Is Told, and What"), told);
  add_escalation_warning (self, group);
  adw_preferences_group_set_description (
    group,
    _ ("What comes back soon after it ended is the same alert again: nobody is told anew, and that "
       "it is over only once that is certain. Settings say how soon."));
  if (self->rule != NULL)
    {
      muster_severity_steps_set_json (self->steps, muster_entity_get_string (self->rule, "steps"));
      muster_scope_picker_set (self->scope, muster_entity_get_enum (self->rule, "scope_kind"),
                               muster_entity_get_string (self->rule, "scope_id"));
      muster_hours_editor_set_json (self->hours,
                                    muster_entity_get_string (self->rule, "quiet_hours"));
    }
  else
    fill_new (self);
  self->updating = FALSE;
  g_signal_connect_object (self->form, "changed", G_CALLBACK (muster_rule_editor_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->steps, "changed", G_CALLBACK (muster_rule_editor_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->scope, "changed", G_CALLBACK (muster_rule_editor_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->hours, "changed", G_CALLBACK (muster_rule_editor_changed_cb), self,
                           G_CONNECT_SWAPPED);
  muster_rule_editor_changed_cb (self);
  gtk_stack_set_visible_child_name (self->stack, "content");
}

/* --- saving --- */

static void
show_error (MusterRuleEditor *self, const GError *error)
{
  g_autofree char *text = muster_format_sentence (error->message);
  GPtrArray       *refused = muster_error_get_fields (error);

  if (muster_page_tell_missed (MUSTER_PAGE (self), error))
    return;
  muster_entity_form_show_error (self->form, error);
  for (unsigned i = 0; i < refused->len; i++)
    {
      const MusterFieldError *field = refused->pdata[i];

      if (g_strcmp0 (field->pointer, "/scope_id") == 0)
        muster_scope_picker_set_error (self->scope, field->detail);
    }
  if (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_PRECONDITION))
    adw_banner_set_title (
      self->banner,
      _ ("Somebody else changed it meanwhile. Go back, look at it again, then change it."));
  else
    adw_banner_set_title (self->banner, text);
  adw_banner_set_revealed (self->banner, TRUE);
}

static DexFuture *
muster_rule_editor_saved_cb (DexFuture *future, gpointer user_data)
{
  MusterRuleEditor *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  MusterEntity    *rule;
  g_autofree char *text = NULL;

  dex_clear (&self->saving);
  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rule.save", TRUE);
  if (value == NULL)
    {
      show_error (self, error);
      return dex_future_new_true ();
    }
  rule = g_value_get_object (value);
  text =
    g_strdup_printf (self->rule == NULL ? _ ("Rule “%s” was added") : _ ("Rule “%s” was changed"),
                     muster_entity_get_string (rule, "name"));
  muster_session_offer_journal_undo (session_of (self), text, "alert_rule",
                                     muster_entity_get_id (rule));
  muster_page_leave (MUSTER_PAGE (self));
  return dex_future_new_true ();
}

/* What a kind has no use for does not stay behind from another one. */
static void
drop_hidden (MusterRuleEditor *self, JsonObject *changes)
{
  for (unsigned i = 0; what[i] != NULL; i++)
    {
      unsigned           index = muster_entity_info_find (&muster_alert_rule_info, what[i]);
      const MusterField *field = &muster_alert_rule_info.fields[index];

      if (muster_rule_kind_has (get_kind (self), what[i]))
        continue;
      if (json_object_has_member (changes, what[i]))
        json_object_remove_member (changes, what[i]);
      if (self->rule != NULL && (field->flags & MUSTER_FIELD_NULLABLE) &&
          !muster_entity_is_null (self->rule, what[i]))
        json_object_set_null_member (changes, what[i]);
    }
}

static gboolean
check_hours (MusterRuleEditor *self)
{
  if (muster_hours_editor_is_complete (self->hours))
    return TRUE;
  adw_banner_set_title (self->banner, _ ("Quiet hours need a day, and times of day such as 22:00"));
  adw_banner_set_revealed (self->banner, TRUE);
  return FALSE;
}

static void
muster_rule_editor_save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRuleEditor *self = MUSTER_RULE_EDITOR (widget);
  MusterApiClient  *client = muster_page_get_client (MUSTER_PAGE (self));
  g_autoptr (GError) error = NULL;
  JsonObject *changes;
  DexFuture  *work;

  if (self->form == NULL || !check_hours (self))
    return;
  adw_banner_set_revealed (self->banner, FALSE);
  changes = muster_entity_form_collect (self->form, &error);
  if (changes == NULL)
    {
      show_error (self, error);
      return;
    }
  drop_hidden (self, changes);
  collect_rest (self, changes);
  gtk_widget_action_set_enabled (widget, "rule.save", FALSE);
  work = self->rule == NULL
           ? muster_api_collection_create (client, &muster_alert_rule_info, changes)
           : muster_api_collection_update (client, &muster_alert_rule_info, self->id, changes,
                                           muster_entity_get_revision (self->rule));
  self->saving =
    dex_future_finally (work, muster_rule_editor_saved_cb, g_object_ref (self), g_object_unref);
}

/* --- other actions --- */

static void
muster_rule_editor_why_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRuleEditor *self = MUSTER_RULE_EDITOR (widget);

  muster_page_push (MUSTER_PAGE (self), muster_rule_why_new (session_of (self), self->rule));
}

static void
muster_rule_editor_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRuleEditor *self = MUSTER_RULE_EDITOR (widget);

  muster_do_and_offer (session_of (self),
                       muster_api_collection_delete (muster_page_get_client (MUSTER_PAGE (self)),
                                                     &muster_alert_rule_info, self->id, 0),
                       "alert_rule", self->id,
                       g_strdup_printf (_ ("Rule “%s” was deleted"),
                                        muster_entity_get_string (self->rule, "name")),
                       _ ("Could not delete the rule"));
  muster_page_leave (MUSTER_PAGE (self));
}

/* What the form says now is a new rule from here on. */
static void
muster_rule_editor_copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRuleEditor *self = MUSTER_RULE_EDITOR (widget);
  MusterRuleEditor *copy = MUSTER_RULE_EDITOR (muster_rule_editor_new (session_of (self), NULL));
  g_autofree char  *title =
    g_strdup_printf (_ ("%s (copy)"), muster_entity_get_string (self->rule, "name"));

  for (unsigned i = 0; i < 2; i++)
    {
      const char *const *fields = i == 0 ? what : told;

      for (; *fields != NULL; fields++)
        {
          g_autofree char *text =
            muster_field_row_dup_text (muster_entity_form_get_row (self->form, *fields));

          muster_entity_form_preset (copy->form, *fields, text);
        }
    }
  muster_entity_form_preset (copy->form, "name", title);
  muster_severity_steps_set_json (copy->steps, muster_entity_get_string (self->rule, "steps"));
  muster_hours_editor_set_json (copy->hours, muster_entity_get_string (self->rule, "quiet_hours"));
  muster_scope_picker_set (copy->scope, muster_scope_picker_get_kind (self->scope),
                           muster_scope_picker_get_id (self->scope));
  muster_page_push (MUSTER_PAGE (self), MUSTER_PAGE (copy));
}

/* --- reading --- */

static void
muster_rule_editor_rights_changed (MusterPage *page)
{
  MusterRuleEditor *self = MUSTER_RULE_EDITOR (page);
  gboolean          known = self->rule != NULL;

  gtk_widget_set_visible (self->more, self->id != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rule.save",
                                 muster_page_may (page, self->id == NULL ? "createAlertRule"
                                                                         : "updateAlertRule"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rule.why",
                                 known && muster_page_may (page, "explainAlertRule"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rule.copy",
                                 known && muster_page_may (page, "createAlertRule"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rule.delete",
                                 known && muster_page_may (page, "deleteAlertRule"));
}

static DexFuture *
muster_rule_editor_load_fiber (gpointer user_data)
{
  MusterRuleEditor *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) rule =
      dex_await_object (muster_api_collection_get (muster_page_get_client (MUSTER_PAGE (self)),
                                                   &muster_alert_rule_info, self->id),
                        &error);
  gboolean gone;

  if (!muster_page_is_alive (MUSTER_PAGE (self)) || self->form != NULL)
    return dex_future_new_true ();
  if (rule != NULL)
    {
      g_set_object (&self->rule, rule);
      adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self),
                                     muster_entity_get_string (rule, "name"));
      build_form (self);
      muster_rule_editor_rights_changed (MUSTER_PAGE (self));
      return dex_future_new_true ();
    }
  gone = g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND);
  if (!gone)
    muster_trouble_view_set_error (self->trouble, _ ("The Rule Could Not Be Read"), error);
  gtk_stack_set_visible_child_name (self->stack, gone ? "gone" : "error");
  return dex_future_new_true ();
}

/* --- life --- */

static void
muster_rule_editor_dispose (GObject *object)
{
  MusterRuleEditor *self = MUSTER_RULE_EDITOR (object);

  dex_clear (&self->saving);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_RULE_EDITOR);
  g_clear_object (&self->form);
  g_clear_object (&self->scope);
  G_OBJECT_CLASS (muster_rule_editor_parent_class)->dispose (object);
}

static void
muster_rule_editor_finalize (GObject *object)
{
  MusterRuleEditor *self = MUSTER_RULE_EDITOR (object);

  g_free (self->id);
  g_free (self->device_id);
  g_free (self->metric);
  g_clear_object (&self->rule);
  G_OBJECT_CLASS (muster_rule_editor_parent_class)->finalize (object);
}

static void
muster_rule_editor_class_init (MusterRuleEditorClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_rule_editor_dispose;
  object_class->finalize = muster_rule_editor_finalize;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_rule_editor_rights_changed;
  g_type_ensure (MUSTER_TYPE_RULE_PREVIEW);
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/rule-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterRuleEditor, more);
  gtk_widget_class_bind_template_child (widget_class, MusterRuleEditor, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterRuleEditor, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterRuleEditor, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterRuleEditor, preview);
  gtk_widget_class_bind_template_child (widget_class, MusterRuleEditor, page);
  gtk_widget_class_install_action (widget_class, "rule.save", NULL, muster_rule_editor_save_action);
  gtk_widget_class_install_action (widget_class, "rule.why", NULL, muster_rule_editor_why_action);
  gtk_widget_class_install_action (widget_class, "rule.copy", NULL, muster_rule_editor_copy_action);
  gtk_widget_class_install_action (widget_class, "rule.delete", NULL,
                                   muster_rule_editor_delete_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "rule.save",
                                       NULL);
}

static void
muster_rule_editor_init (MusterRuleEditor *self)
{
  self->threshold = NAN;
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->preview, "moved", G_CALLBACK (muster_rule_editor_moved_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->preview, "shown", G_CALLBACK (muster_rule_editor_shown_cb), self,
                           G_CONNECT_SWAPPED);
}

static MusterRuleEditor *
create (MusterSession *session, const char *title)
{
  MusterRuleEditor *self =
    g_object_new (MUSTER_TYPE_RULE_EDITOR, "session", session, "title", title, NULL);

  muster_rule_preview_open (self->preview, session);
  return self;
}

MusterPage *
muster_rule_editor_new (MusterSession *session, const char *rule_id)
{
  MusterRuleEditor *self = create (session, rule_id != NULL ? _ ("Rule") : _ ("New Rule"));

  self->id = g_strdup (rule_id);
  if (rule_id != NULL)
    muster_page_run (MUSTER_PAGE (self), muster_rule_editor_load_fiber);
  else
    build_form (self);
  muster_rule_editor_rights_changed (MUSTER_PAGE (self));
  return MUSTER_PAGE (self);
}

MusterPage *
muster_rule_editor_new_for_threshold (MusterSession *session,
                                      const char    *device_id,
                                      const char    *metric,
                                      double         threshold)
{
  MusterRuleEditor *self = create (session, _ ("New Rule"));

  self->device_id = g_strdup (device_id);
  self->metric = g_strdup (metric);
  self->threshold = threshold;
  build_form (self);
  muster_rule_editor_rights_changed (MUSTER_PAGE (self));
  return MUSTER_PAGE (self);
}

MusterPage *
muster_rule_editor_new_for_metric (MusterSession *session,
                                   const char    *device_id,
                                   const char    *metric)
{
  return muster_rule_editor_new_for_threshold (session, device_id, metric, NAN);
}
