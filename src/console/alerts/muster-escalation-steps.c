/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-escalation-steps"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "model/muster-notification-channel.h"
#include "model/muster-person.h"
#include "muster-escalation-steps.h"
#include "muster-pick-row.h"
#include "widgets/muster-duration-row.h"
#include "widgets/muster-duration.h"
#include "widgets/muster-reference-row.h"

/* Each is minutes or hours after the one before. */
#define MAX_STEPS 20
#define MINUTES_BETWEEN 10

/* The rows of a step, borrowed from the group. */
typedef struct
{
  GtkWidget *row;
  GtkWidget *after;
  GtkWidget *channels;
  GtkWidget *people;
  GtkWidget *calendar;
  GtkWidget *repeat;
} Step;

struct _MusterEscalationSteps
{
  AdwPreferencesGroup parent_instance;

  MusterSession *session; /* (owned) */
  GPtrArray     *steps;   /* (owned) (element-type Step) */
  GtkWidget     *add;
};

G_DEFINE_FINAL_TYPE (MusterEscalationSteps, muster_escalation_steps, ADW_TYPE_PREFERENCES_GROUP)

/* -1: what stands there is no length of time; 0 for nothing. */
static gint64
get_seconds (GtkWidget *row)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));
  gint64      seconds = 0;

  return *text == '\0' || muster_duration_parse (text, &seconds) ? seconds : -1;
}

/* --- what it is called --- */

/* By what, and to whom. */
static char *
describe_step (const Step *step)
{
  g_autoptr (JsonArray) people = muster_pick_row_get_ids (MUSTER_PICK_ROW (step->people));
  g_autoptr (GString) text =
              g_string_new (adw_action_row_get_subtitle (ADW_ACTION_ROW (step->channels)));

  if (json_array_get_length (people) > 0)
    g_string_append_printf (text, " · %s",
                            adw_action_row_get_subtitle (ADW_ACTION_ROW (step->people)));
  if (muster_reference_row_get_id (MUSTER_REFERENCE_ROW (step->calendar)) != NULL)
    g_string_append_printf (text, " · %s", _ ("who is on duty"));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
muster_escalation_steps_changed (MusterEscalationSteps *self)
{
  for (unsigned i = 0; i < self->steps->len; i++)
    {
      const Step      *step = self->steps->pdata[i];
      gint64           seconds = MAX (get_seconds (step->after), 0);
      g_autofree char *after = muster_duration_format (seconds);
      g_autofree char *title =
        seconds == 0 ? g_strdup (_ ("At once")) : g_strdup_printf (_ ("After %s"), after);
      g_autofree char *subtitle = describe_step (step);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (step->row), title);
      adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (step->row), subtitle);
    }
  gtk_widget_set_sensitive (self->add, self->steps->len < MAX_STEPS);
}

/* --- rows --- */

static void
remove_step (MusterEscalationSteps *self, Step *step)
{
  adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), step->row);
  g_ptr_array_remove (self->steps, step);
}

static void
muster_escalation_steps_remove_cb (MusterEscalationSteps *self, GtkWidget *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_EXPANDER_ROW);

  for (unsigned i = 0; i < self->steps->len; i++)
    if (((Step *)self->steps->pdata[i])->row == row)
      {
        remove_step (self, self->steps->pdata[i]);
        break;
      }
  muster_escalation_steps_changed (self);
}

static GtkWidget *
create_remove (MusterEscalationSteps *self)
{
  GtkWidget *remove = gtk_button_new_from_icon_name ("user-trash-symbolic");

  gtk_widget_set_valign (remove, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (remove, "flat");
  gtk_widget_set_tooltip_text (remove, _ ("Remove"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (remove), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Remove this step"), -1);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (muster_escalation_steps_remove_cb), self,
                           G_CONNECT_SWAPPED);
  return remove;
}

static Step *
add_step (MusterEscalationSteps *self, gint64 after)
{
  Step            *step = g_new0 (Step, 1);
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, after);
  GtkWidget      **rows[] = { &step->after, &step->channels, &step->people, &step->calendar,
                              &step->repeat };

  step->row = g_object_new (ADW_TYPE_EXPANDER_ROW, "use-markup", FALSE, "subtitle-lines", 2, NULL);
  step->after = muster_duration_row_new (_ ("After"));
  step->channels =
    muster_pick_row_new (self->session, &muster_notification_channel_info, _ ("Channels"));
  step->people = muster_pick_row_new (self->session, &muster_person_info, _ ("People"));
  step->calendar =
    muster_reference_row_new (self->session, "duty_calendar", _ ("And who is on duty in"), TRUE);
  step->repeat = muster_duration_row_new (_ ("Again every; empty: once"));
  muster_duration_row_set_text (MUSTER_DURATION_ROW (step->after), text);
  adw_expander_row_add_suffix (ADW_EXPANDER_ROW (step->row), create_remove (self));
  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      adw_expander_row_add_row (ADW_EXPANDER_ROW (step->row), *rows[i]);
      g_signal_connect_object (*rows[i],
                               MUSTER_IS_REFERENCE_ROW (*rows[i]) ? "notify::record-id" : "changed",
                               G_CALLBACK (muster_escalation_steps_changed), self,
                               G_CONNECT_SWAPPED);
    }
  /* Names that are known at last. */
  g_signal_connect_object (step->channels, "notify::subtitle",
                           G_CALLBACK (muster_escalation_steps_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (step->people, "notify::subtitle",
                           G_CALLBACK (muster_escalation_steps_changed), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), step->row);
  g_ptr_array_add (self->steps, step);
  return step;
}

static void
muster_escalation_steps_add_cb (MusterEscalationSteps *self)
{
  gint64 last = 0;
  Step  *step;

  for (unsigned i = 0; i < self->steps->len; i++)
    last = MAX (last, get_seconds (((Step *)self->steps->pdata[i])->after));
  step = add_step (self, self->steps->len > 0 ? last + MINUTES_BETWEEN * 60 : 0);
  muster_escalation_steps_changed (self);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (step->row), TRUE);
  gtk_widget_grab_focus (step->after);
}

/* --- life --- */

static void
muster_escalation_steps_finalize (GObject *object)
{
  MusterEscalationSteps *self = MUSTER_ESCALATION_STEPS (object);

  g_clear_object (&self->session);
  g_ptr_array_unref (self->steps);
  G_OBJECT_CLASS (muster_escalation_steps_parent_class)->finalize (object);
}

static void
muster_escalation_steps_class_init (MusterEscalationStepsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_escalation_steps_finalize;
}

static void
muster_escalation_steps_init (MusterEscalationSteps *self)
{
  self->steps = g_ptr_array_new_with_free_func (g_free);
  self->add = gtk_button_new_from_icon_name ("list-add-symbolic");
  gtk_widget_add_css_class (self->add, "flat");
  gtk_widget_set_valign (self->add, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (self->add, _ ("Add a step"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->add), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Add a step"), -1);
  g_signal_connect_object (self->add, "clicked", G_CALLBACK (muster_escalation_steps_add_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Steps"));
  adw_preferences_group_set_description (
    ADW_PREFERENCES_GROUP (self),
    _ ("Counted from when the alert was raised. As soon as somebody acknowledges it, it ends."));
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self), self->add);
}

GtkWidget *
muster_escalation_steps_new (MusterSession *session)
{
  MusterEscalationSteps *self = g_object_new (MUSTER_TYPE_ESCALATION_STEPS, NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}

/* --- JSON --- */

static void
read_step (MusterEscalationSteps *self, JsonObject *object)
{
  Step  *step = add_step (self, muster_api_json_get_integer (object, "after_seconds", 0));
  gint64 repeat = muster_api_json_get_integer (object, "repeat_seconds", 0);

  muster_pick_row_set_ids (MUSTER_PICK_ROW (step->channels),
                           muster_api_json_get_array (object, "channels"));
  muster_pick_row_set_ids (MUSTER_PICK_ROW (step->people),
                           muster_api_json_get_array (object, "people"));
  muster_reference_row_set_id (MUSTER_REFERENCE_ROW (step->calendar),
                               muster_api_json_get_string (object, "calendar_id"));
  if (repeat > 0)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, repeat);

      muster_duration_row_set_text (MUSTER_DURATION_ROW (step->repeat), text);
    }
}

void
muster_escalation_steps_set_json (MusterEscalationSteps *self, const char *text)
{
  g_autoptr (JsonNode) root = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonArray *steps;

  g_return_if_fail (MUSTER_IS_ESCALATION_STEPS (self));

  steps = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;
  while (self->steps->len > 0)
    remove_step (self, self->steps->pdata[0]);
  for (unsigned i = 0; steps != NULL && i < json_array_get_length (steps); i++)
    {
      JsonObject *step = muster_api_json_as_object (json_array_get_element (steps, i));

      if (step != NULL)
        read_step (self, step);
    }
  muster_escalation_steps_changed (self);
}

static JsonObject *
write_step (const Step *step)
{
  JsonObject *object = json_object_new ();
  const char *calendar = muster_reference_row_get_id (MUSTER_REFERENCE_ROW (step->calendar));
  gint64      repeat = get_seconds (step->repeat);

  json_object_set_int_member (object, "after_seconds", get_seconds (step->after));
  json_object_set_array_member (object, "channels",
                                muster_pick_row_get_ids (MUSTER_PICK_ROW (step->channels)));
  json_object_set_array_member (object, "people",
                                muster_pick_row_get_ids (MUSTER_PICK_ROW (step->people)));
  if (calendar != NULL)
    json_object_set_string_member (object, "calendar_id", calendar);
  if (repeat > 0)
    json_object_set_int_member (object, "repeat_seconds", repeat);
  return object;
}

static int
compare_steps (gconstpointer a, gconstpointer b)
{
  gint64 first = get_seconds ((*(Step *const *)a)->after);
  gint64 second = get_seconds ((*(Step *const *)b)->after);

  return (first > second) - (first < second);
}

char *
muster_escalation_steps_dup_json (MusterEscalationSteps *self)
{
  g_autoptr (GPtrArray) sorted = NULL;
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (MUSTER_IS_ESCALATION_STEPS (self), NULL);

  root = json_node_init_array (json_node_alloc (), array);
  sorted = g_ptr_array_copy (self->steps, NULL, NULL);
  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare_steps);
  for (unsigned i = 0; i < sorted->len; i++)
    json_array_add_object_element (array, write_step (sorted->pdata[i]));
  json_array_unref (array);
  return json_to_string (root, FALSE);
}

char *
muster_escalation_steps_check (MusterEscalationSteps *self)
{
  g_return_val_if_fail (MUSTER_IS_ESCALATION_STEPS (self), NULL);

  if (self->steps->len == 0)
    return g_strdup (_ ("Add a step: without one nobody is told"));
  for (unsigned i = 0; i < self->steps->len; i++)
    {
      const Step *step = self->steps->pdata[i];
      g_autoptr (JsonArray) channels = muster_pick_row_get_ids (MUSTER_PICK_ROW (step->channels));

      if (get_seconds (step->after) < 0 || get_seconds (step->repeat) < 0)
        return g_strdup (_ ("A length of time is written like 5 min or 1 h 30 min"));
      if (json_array_get_length (channels) == 0)
        return g_strdup (_ ("Each step needs a channel"));
    }
  return NULL;
}
