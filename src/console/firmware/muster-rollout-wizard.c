/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollout-wizard"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "alerts/muster-hours-editor.h"
#include "alerts/muster-moment-row.h"
#include "client/muster-api-collection.h"
#include "model/muster-firmware-update.h"
#include "model/muster-rollout.h"
#include "model/muster-time.h"
#include "muster-gate-editor.h"
#include "muster-plan-editor.h"
#include "muster-preflight-view.h"
#include "muster-rollout-page.h"
#include "muster-rollout-wizard.h"
#include "muster-target-picker.h"
#include "widgets/muster-entity-form.h"
#include "widgets/muster-format.h"
#include "widgets/muster-reference-row.h"
#include "widgets/muster-references.h"

/* What is typed is asked about once it is typed. */
#define SETTLE_MSEC 350

enum
{
  STEP_WHAT,
  STEP_WHOM,
  STEP_HOW,
  N_STEPS,
};

static const char *const step_names[N_STEPS] = { "what", "whom", "how" };

struct _MusterRolloutWizard
{
  MusterPage parent_instance;

  MusterEntity     *rollout; /* (owned) (nullable) what is changed */
  MusterEntityForm *form;    /* (owned) (nullable) */
  DexFuture        *saving;  /* (owned) (nullable) */
  unsigned          ask_id;  /* timeout */

  /* Borrowed from the pages */
  MusterTargetPicker *targets;
  MusterRowsEditor   *plan;
  MusterGateEditor   *gate;
  MusterHoursEditor  *window;
  MusterMomentRow    *starts_at;
  MusterMomentRow    *force_at;

  /* Template children */
  AdwBanner           *banner;
  AdwToggleGroup      *steps;
  GtkStack            *stack;
  AdwPreferencesPage  *what;
  AdwPreferencesPage  *whom;
  AdwPreferencesPage  *how;
  MusterPreflightView *preflight;
  GtkWidget           *back;
  GtkWidget           *next;
  GtkButton           *save;
};

G_DEFINE_FINAL_TYPE (MusterRolloutWizard, muster_rollout_wizard, MUSTER_TYPE_PAGE)

static MusterSession *
session_of (MusterRolloutWizard *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static MusterUpdateKind
get_kind (MusterRolloutWizard *self)
{
  return adw_combo_row_get_selected (
    ADW_COMBO_ROW (muster_entity_form_get_row (self->form, "kind")));
}

/* What the row of FIELD points at; NULL: nothing. */
static const char *
get_reference (MusterRolloutWizard *self, const char *field)
{
  return muster_reference_row_get_id (
    MUSTER_REFERENCE_ROW (muster_entity_form_get_row (self->form, field)));
}

/* --- what it says --- */

static void
take_json (JsonObject *object, const char *member, const char *text)
{
  json_object_set_member (object, member,
                          text != NULL ? json_from_string (text, NULL)
                                       : json_node_init_null (json_node_alloc ()));
}

static void
take_time (JsonObject *object, const char *member, gint64 time)
{
  char text[MUSTER_TIME_TEXT_LENGTH + 1];

  if (time > 0)
    json_object_set_string_member (object, member, muster_time_format (time, text));
  else
    json_object_set_null_member (object, member);
}

/* A rollout has one window; the first hours that are whole. */
static char *
dup_window (MusterRolloutWizard *self)
{
  g_autoptr (GPtrArray) hours = muster_hours_editor_list (self->window);
  g_autofree char *list = NULL;
  g_autoptr (JsonNode) root = NULL;

  if (hours->len == 0)
    return NULL;
  g_ptr_array_set_size (hours, 1);
  list = muster_hours_list_to_json (hours);
  root = json_from_string (list, NULL);
  return json_to_string (json_array_get_element (json_node_get_array (root), 0), FALSE);
}

/* What is said beside the rows of the form. */
static void
collect_rest (MusterRolloutWizard *self, JsonObject *object)
{
  g_autofree char *plan = muster_rows_editor_dup_json (self->plan);
  g_autofree char *gate = muster_rows_editor_dup_json (MUSTER_ROWS_EDITOR (self->gate));
  g_autofree char *window = dup_window (self);
  gboolean         forced_later = get_kind (self) == MUSTER_UPDATE_KIND_TIME_FORCED;

  muster_target_picker_collect (self->targets, object);
  take_json (object, "plan", plan);
  take_json (object, "gate", gate);
  take_json (object, "window", window);
  take_time (object, "starts_at", muster_moment_row_get_time (self->starts_at));
  take_time (object, "force_at", forced_later ? muster_moment_row_get_time (self->force_at) : 0);
}

/* --- pre-flight --- */

static void
ask_now (gpointer user_data)
{
  static const char *const whom[] = { "filter", "device_group_id", "target_query" };
  MusterRolloutWizard     *self = user_data;
  g_autoptr (MusterEntity) draft = muster_entity_new (&muster_rollout_info);
  g_autoptr (JsonObject) object = json_object_new ();

  self->ask_id = 0;
  muster_target_picker_collect (self->targets, object);
  /* What it is called is of no matter yet. */
  muster_entity_set_string (draft, "name", "?");
  muster_entity_set_string (draft, "artifact_id", get_reference (self, "artifact_id"));
  muster_entity_set_string (draft, "set_id", get_reference (self, "set_id"));
  for (gsize i = 0; i < G_N_ELEMENTS (whom); i++)
    muster_entity_set_string (draft, whom[i],
                              json_object_get_string_member_with_default (object, whom[i], NULL));
  muster_preflight_view_ask (self->preflight, session_of (self), draft);
}

static void
queue_ask (MusterRolloutWizard *self)
{
  g_clear_handle_id (&self->ask_id, g_source_remove);
  self->ask_id = g_timeout_add_once (SETTLE_MSEC, ask_now, self);
}

static void
muster_rollout_wizard_changed_cb (MusterRolloutWizard *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->force_at),
                          get_kind (self) == MUSTER_UPDATE_KIND_TIME_FORCED);
}

/* --- steps --- */

static int
get_step (MusterRolloutWizard *self)
{
  const char *name = gtk_stack_get_visible_child_name (self->stack);

  for (int i = 0; i < N_STEPS; i++)
    if (g_strcmp0 (step_names[i], name) == 0)
      return i;
  return STEP_WHAT;
}

static void
show_step (MusterRolloutWizard *self, int step)
{
  static const char *const titles[N_STEPS] = { N_ ("What"), N_ ("Whom"), N_ ("How") };

  gtk_stack_set_visible_child_name (self->stack, step_names[step]);
  adw_toggle_group_set_active_name (self->steps, step_names[step]);
  gtk_widget_set_visible (self->back, step > STEP_WHAT);
  gtk_widget_set_visible (self->next, step < STEP_HOW);
  gtk_widget_set_visible (GTK_WIDGET (self->save), step == STEP_HOW);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "wizard.back", step > STEP_WHAT);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "wizard.next", step < STEP_HOW);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), _ (titles[step]),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
  if (step == STEP_WHOM)
    queue_ask (self);
}

static void
muster_rollout_wizard_steps_cb (MusterRolloutWizard *self)
{
  const char *name = adw_toggle_group_get_active_name (self->steps);

  for (int i = 0; self->form != NULL && i < N_STEPS; i++)
    if (g_strcmp0 (step_names[i], name) == 0 && i != get_step (self))
      show_step (self, i);
}

static void
muster_rollout_wizard_step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRolloutWizard *self = MUSTER_ROLLOUT_WIZARD (widget);
  int                  step = get_step (self) + (g_str_equal (name, "wizard.next") ? 1 : -1);

  show_step (self, CLAMP (step, STEP_WHAT, STEP_HOW));
  gtk_widget_child_focus (gtk_stack_get_visible_child (self->stack), GTK_DIR_TAB_FORWARD);
}

/* --- saving --- */

/* Where what POINTER names can be mended. */
static int
find_step (const char *pointer)
{
  if (g_str_has_prefix (pointer, "/name") || g_str_has_prefix (pointer, "/description") ||
      g_str_has_prefix (pointer, "/artifact_id") || g_str_has_prefix (pointer, "/set_id"))
    return STEP_WHAT;
  if (g_str_has_prefix (pointer, "/filter") || g_str_has_prefix (pointer, "/device_group_id"))
    return STEP_WHOM;
  return STEP_HOW;
}

static void
show_field_error (MusterRolloutWizard *self, const MusterFieldError *error)
{
  if (find_step (error->pointer) == STEP_WHOM)
    muster_target_picker_set_error (self->targets, error->detail);
  else if (g_str_has_prefix (error->pointer, "/plan/"))
    muster_rows_editor_set_error (self->plan,
                                  g_ascii_strtoull (error->pointer + strlen ("/plan/"), NULL, 10),
                                  error->detail);
  else if (g_str_has_prefix (error->pointer, "/gate/"))
    muster_gate_editor_show_error (self->gate, error->pointer, error->detail);
}

static void
show_error (MusterRolloutWizard *self, const GError *error)
{
  g_autofree char *text = muster_format_sentence (error->message);
  GPtrArray       *refused = muster_error_get_fields (error);
  const char *first = refused->len > 0 ? ((MusterFieldError *)refused->pdata[0])->pointer : NULL;

  if (muster_page_tell_missed (MUSTER_PAGE (self), error))
    return;
  if (first != NULL)
    show_step (self, find_step (first));
  for (unsigned i = 0; i < refused->len; i++)
    show_field_error (self, refused->pdata[i]);
  muster_entity_form_show_error (self->form, error);
  adw_banner_set_title (self->banner, first != NULL && g_str_has_prefix (first, "/gate/")
                                        ? _ ("A watch of the telemetry gate is not whole yet")
                                        : text);
  adw_banner_set_revealed (self->banner, TRUE);
}

/* The page of what was made takes the wizard's place. */
static void
open_made (MusterRolloutWizard *self, MusterEntity *rollout)
{
  GtkWidget     *view = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_NAVIGATION_VIEW);
  MusterSession *session = session_of (self);
  MusterPage    *below;

  if (view == NULL)
    return;
  below = MUSTER_PAGE (
    adw_navigation_view_get_previous_page (ADW_NAVIGATION_VIEW (view), ADW_NAVIGATION_PAGE (self)));
  adw_navigation_view_pop (ADW_NAVIGATION_VIEW (view));
  if (self->rollout == NULL)
    muster_page_push (below, muster_rollout_page_new (session, muster_entity_get_id (rollout)));
}

static DexFuture *
muster_rollout_wizard_saved_cb (DexFuture *future, gpointer user_data)
{
  MusterRolloutWizard *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  g_autofree char *text = NULL;

  dex_clear (&self->saving);
  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "wizard.save", TRUE);
  if (value == NULL)
    {
      show_error (self, error);
      return dex_future_new_true ();
    }
  text = g_strdup_printf (self->rollout == NULL ? _ ("“%s” was made: nothing happens before it is "
                                                     "started")
                                                : _ ("“%s” was changed"),
                          muster_reference_get_title (g_value_get_object (value)));
  muster_session_offer_journal_undo (session_of (self), text, "rollout",
                                     muster_entity_get_id (g_value_get_object (value)));
  open_made (self, g_value_get_object (value));
  return dex_future_new_true ();
}

/* What is missing beside the rows, for a person; NULL: nothing. */
static const char *
find_missing (MusterRolloutWizard *self)
{
  if (!muster_hours_editor_is_complete (self->window))
    return _ ("A maintenance window needs a day, and times of day such as 22:00");
  if (get_kind (self) == MUSTER_UPDATE_KIND_TIME_FORCED &&
      muster_moment_row_get_time (self->force_at) == 0)
    return _ ("Say from when on it is forced");
  return NULL;
}

static void
muster_rollout_wizard_save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRolloutWizard *self = MUSTER_ROLLOUT_WIZARD (widget);
  MusterApiClient     *client = muster_page_get_client (MUSTER_PAGE (self));
  const char          *missing = find_missing (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) changes = NULL;

  adw_banner_set_revealed (self->banner, FALSE);
  muster_rows_editor_set_error (self->plan, 0, NULL);
  muster_rows_editor_set_error (MUSTER_ROWS_EDITOR (self->gate), 0, NULL);
  if (missing != NULL)
    {
      adw_banner_set_title (self->banner, missing);
      adw_banner_set_revealed (self->banner, TRUE);
      return;
    }
  if (muster_gate_editor_check (self->gate, &error))
    changes = muster_entity_form_collect (self->form, &error);
  if (changes == NULL)
    {
      show_error (self, error);
      return;
    }
  collect_rest (self, changes);
  gtk_widget_action_set_enabled (widget, "wizard.save", FALSE);
  self->saving = dex_future_finally (
    self->rollout == NULL
      ? muster_api_collection_create (client, &muster_rollout_info, g_steal_pointer (&changes))
      : muster_api_collection_update (client, &muster_rollout_info,
                                      muster_entity_get_id (self->rollout),
                                      g_steal_pointer (&changes),
                                      muster_entity_get_revision (self->rollout)),
    muster_rollout_wizard_saved_cb, g_object_ref (self), g_object_unref);
}

/* --- the form --- */

static void
build_what (MusterRolloutWizard *self)
{
  static const char *const fields[] = { "artifact_id", "set_id", "name", "description", NULL };
  static const char *const ready[] = { "status", "ready", NULL };

  muster_entity_form_add_group (self->form, self->what, NULL, fields);
  muster_reference_row_set_filters (MUSTER_REFERENCE_ROW (
                                      muster_entity_form_get_row (self->form, "artifact_id")),
                                    ready);
}

static void
build_whom (MusterRolloutWizard *self)
{
  static const char *const fields[] = { "dynamic", "confirmation_required", NULL };

  self->targets = MUSTER_TARGET_PICKER (muster_target_picker_new (session_of (self)));
  adw_preferences_page_add (self->whom, ADW_PREFERENCES_GROUP (self->targets));
  muster_entity_form_add_group (self->form, self->whom, NULL, fields);
  g_signal_connect_object (self->targets, "changed", G_CALLBACK (queue_ask), self,
                           G_CONNECT_SWAPPED);
}

static void
build_when (MusterRolloutWizard *self)
{
  static const char *const kinds[] = { "kind", NULL };
  GTimeZone               *zone = muster_session_get_zone (session_of (self));
  AdwPreferencesGroup     *group =
    muster_entity_form_add_group (self->form, self->how, _ ("When"), kinds);
  g_autofree char *description =
    g_strdup_printf (_ ("When devices may install. Times are those of %s."),
                     g_time_zone_get_identifier (zone));

  self->force_at = MUSTER_MOMENT_ROW (muster_moment_row_new (_ ("Forced from"), zone));
  self->starts_at =
    MUSTER_MOMENT_ROW (muster_moment_row_new (_ ("Begins; empty: when it is started"), zone));
  adw_preferences_group_add (group, GTK_WIDGET (self->force_at));
  adw_preferences_group_add (group, GTK_WIDGET (self->starts_at));
  self->window = MUSTER_HOURS_EDITOR (muster_hours_editor_new (session_of (self), FALSE));
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->window), _ ("Maintenance Window"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->window), description);
}

static void
build_how (MusterRolloutWizard *self)
{
  static const char *const safety[] = { "success_threshold", "error_threshold",
                                        "error_action",      "soak",
                                        "needs_approval",    NULL };
  static const char *const limits[] = { "max_concurrent", "max_rate", "confirm_within",
                                        "give_up_after", NULL };

  self->plan = MUSTER_ROWS_EDITOR (muster_plan_editor_new ());
  self->gate = MUSTER_GATE_EDITOR (muster_gate_editor_new (session_of (self)));
  adw_preferences_page_add (self->how, ADW_PREFERENCES_GROUP (self->plan));
  muster_entity_form_add_group (self->form, self->how, _ ("Safety"), safety);
  adw_preferences_page_add (self->how, ADW_PREFERENCES_GROUP (self->gate));
  build_when (self);
  adw_preferences_page_add (self->how, ADW_PREFERENCES_GROUP (self->window));
  muster_entity_form_add_group (self->form, self->how, _ ("Limits"), limits);
}

/* FROM (nullable): what it begins as. */
static void
fill (MusterRolloutWizard *self, MusterEntity *from)
{
  const char      *json = from != NULL ? muster_entity_get_string (from, "window") : NULL;
  g_autofree char *window = json != NULL ? g_strdup_printf ("[%s]", json) : NULL;

  if (from == NULL)
    return;
  muster_target_picker_set (self->targets, muster_entity_get_string (from, "filter"),
                            muster_entity_get_string (from, "device_group_id"),
                            muster_entity_get_string (from, "target_query"));
  muster_rows_editor_set_json (self->plan, muster_entity_get_string (from, "plan"));
  muster_gate_editor_set_json (self->gate, muster_entity_get_string (from, "gate"));
  muster_hours_editor_set_json (self->window, window);
  muster_moment_row_set_time (self->starts_at, muster_entity_get_integer (from, "starts_at"));
  muster_moment_row_set_time (self->force_at, muster_entity_get_integer (from, "force_at"));
}

static void
build (MusterRolloutWizard *self)
{
  self->form = muster_entity_form_new (session_of (self), &muster_rollout_info, self->rollout);
  build_what (self);
  build_whom (self);
  build_how (self);
  g_signal_connect_object (self->form, "changed", G_CALLBACK (muster_rollout_wizard_changed_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_button_set_label (self->save, self->rollout != NULL ? _ ("_Save") : _ ("_Make the Rollout"));
}

/* --- life --- */

static void
muster_rollout_wizard_dispose (GObject *object)
{
  MusterRolloutWizard *self = MUSTER_ROLLOUT_WIZARD (object);

  g_clear_handle_id (&self->ask_id, g_source_remove);
  dex_clear (&self->saving);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_ROLLOUT_WIZARD);
  g_clear_object (&self->form);
  g_clear_object (&self->rollout);
  G_OBJECT_CLASS (muster_rollout_wizard_parent_class)->dispose (object);
}

static void
muster_rollout_wizard_class_init (MusterRolloutWizardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_rollout_wizard_dispose;
  MUSTER_PAGE_CLASS (klass)->has_no_past = TRUE;
  g_type_ensure (MUSTER_TYPE_PREFLIGHT_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/rollout-wizard.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutWizard, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutWizard, steps);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutWizard, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutWizard, what);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutWizard, whom);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutWizard, how);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutWizard, preflight);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutWizard, back);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutWizard, next);
  gtk_widget_class_bind_template_child (widget_class, MusterRolloutWizard, save);
  gtk_widget_class_bind_template_callback (widget_class, muster_rollout_wizard_steps_cb);
  gtk_widget_class_install_action (widget_class, "wizard.next", NULL,
                                   muster_rollout_wizard_step_action);
  gtk_widget_class_install_action (widget_class, "wizard.back", NULL,
                                   muster_rollout_wizard_step_action);
  gtk_widget_class_install_action (widget_class, "wizard.save", NULL,
                                   muster_rollout_wizard_save_action);
}

static void
muster_rollout_wizard_init (MusterRolloutWizard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static MusterRolloutWizard *
create (MusterSession *session, MusterEntity *rollout, const char *title)
{
  MusterRolloutWizard *self =
    g_object_new (MUSTER_TYPE_ROLLOUT_WIZARD, "session", session, "title", title, NULL);

  g_set_object (&self->rollout, rollout);
  build (self);
  return self;
}

static MusterPage *
finish (MusterRolloutWizard *self)
{
  muster_rollout_wizard_changed_cb (self);
  show_step (self, STEP_WHAT);
  return MUSTER_PAGE (self);
}

MusterPage *
muster_rollout_wizard_new (MusterSession *session, const char *artifact_id, const char *filter)
{
  MusterRolloutWizard *self = create (session, NULL, _ ("Make a Rollout"));

  if (artifact_id != NULL)
    muster_entity_form_preset (self->form, "artifact_id", artifact_id);
  muster_target_picker_set (self->targets, filter, NULL, NULL);
  return finish (self);
}

MusterPage *
muster_rollout_wizard_new_of_set (MusterSession *session, const char *set_id)
{
  MusterRolloutWizard *self = create (session, NULL, _ ("Make a Rollout"));

  muster_entity_form_preset (self->form, "set_id", set_id);
  return finish (self);
}

MusterPage *
muster_rollout_wizard_new_edit (MusterSession *session, MusterEntity *rollout)
{
  MusterRolloutWizard *self = create (session, rollout, _ ("Edit Rollout"));

  fill (self, rollout);
  return finish (self);
}

MusterPage *
muster_rollout_wizard_new_copy (MusterSession *session, MusterEntity *rollout)
{
  static const char *const fields[] = { "artifact_id",
                                        "set_id",
                                        "description",
                                        "dynamic",
                                        "confirmation_required",
                                        "kind",
                                        "success_threshold",
                                        "error_threshold",
                                        "error_action",
                                        "soak",
                                        "needs_approval",
                                        "max_concurrent",
                                        "max_rate",
                                        "confirm_within",
                                        "give_up_after" };
  MusterRolloutWizard     *self = create (session, NULL, _ ("Make a Rollout"));

  for (unsigned i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      int              index = muster_entity_info_find (&muster_rollout_info, fields[i]);
      g_autofree char *text = muster_field_format_text (&muster_rollout_info.fields[index],
                                                        muster_entity_peek (rollout, index));

      if (text != NULL)
        muster_entity_form_preset (self->form, fields[i], text);
    }
  fill (self, rollout);
  return finish (self);
}
