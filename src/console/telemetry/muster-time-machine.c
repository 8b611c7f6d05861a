/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-time-machine"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-history.h"
#include "client/muster-api-json.h"
#include "model/muster-device.h"
#include "muster-time-machine.h"
#include "widgets/muster-format.h"

#define REACH (30.0 * 86400) /* seconds that the slider goes back */
#define STEP 300
#define PAGE 3600
#define MOST_RECORDS 1000

struct _MusterTimeMachine
{
  GtkBox parent_instance;

  MusterSession *session; /* (owned) */
  DexFuture     *asking;  /* (owned) (nullable) */
  gint64         end;     /* the present when it began, UTC microseconds */
  gint64         at;      /* 0: the present */
  gint64         asked;   /* the moment that is asked for */
  guint          resetting : 1;

  /* Template children */
  GtkRange *scale;
  GtkLabel *moment;
  GtkLabel *states;
};

G_DEFINE_FINAL_TYPE (MusterTimeMachine, muster_time_machine, GTK_TYPE_BOX)

enum
{
  MOVED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void ask (MusterTimeMachine *self);

/* --- how it was --- */

typedef struct
{
  MusterTimeMachine *machine;
  MusterSession     *session;
  gint64             at;
  unsigned           by_status[MUSTER_DEVICE_STATUS_RETIRED + 1];
  unsigned           n_devices;
  unsigned           n_alerts;
  gboolean           more;
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_object_unref (look->machine);
  g_object_unref (look->session);
  g_free (look);
}

static void
count_device (Look *look, JsonObject *device)
{
  int status =
    muster_enum_parse (&muster_device_status_enum, muster_api_json_get_string (device, "status"));

  look->n_devices++;
  if (status >= 0 && status < (int)G_N_ELEMENTS (look->by_status))
    look->by_status[status]++;
}

static void
count_alert (Look *look, JsonObject *alert)
{
  look->n_alerts += g_strcmp0 (muster_api_json_get_string (alert, "status"), "resolved") != 0;
}

static gboolean
await_records (Look *look, const char *entity, void (*count) (Look *look, JsonObject *record))
{
  g_autoptr (JsonObject) page =
      dex_await_boxed (muster_api_history_list_as_of (muster_session_get_client (look->session),
                                                      entity, look->at, NULL, MOST_RECORDS),
                       NULL);
  JsonArray *items = page != NULL ? muster_api_json_get_array (page, "items") : NULL;

  for (unsigned i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *record = muster_api_json_as_object (json_array_get_element (items, i));

      if (record != NULL)
        count (look, record);
    }
  look->more |= page != NULL && muster_api_json_get_string (page, "next") != NULL;
  return page != NULL;
}

static void
append_count (GString *text, unsigned count, const char *what)
{
  if (count > 0)
    g_string_append_printf (text, " · %u %s", count, what);
}

static void
show_states (Look *look)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, ngettext ("%u device", "%u devices", look->n_devices),
                          look->n_devices);
  if (look->more)
    g_string_append_c (text, '+');
  for (unsigned i = 0; i < G_N_ELEMENTS (look->by_status); i++)
    append_count (text, look->by_status[i],
                  _ (muster_enum_get_label (&muster_device_status_enum, i)));
  g_string_append_printf (text, " · ");
  g_string_append_printf (text, ngettext ("%u open alert", "%u open alerts", look->n_alerts),
                          look->n_alerts);
  gtk_label_set_label (look->machine->states, text->str);
}

static DexFuture *
muster_time_machine_look_fiber (gpointer user_data)
{
  Look    *look = user_data;
  gboolean known = await_records (look, "device", count_device);

  if (muster_session_may (look->session, "listAlerts"))
    await_records (look, "alert", count_alert);
  if (look->machine->session == NULL)
    return dex_future_new_true ();
  if (known && look->machine->at != 0)
    show_states (look);
  /* It has been moved on meanwhile. */
  look->machine->asked = 0;
  if (look->machine->at != look->at && look->machine->at != 0)
    ask (look->machine);
  return dex_future_new_true ();
}

/* One question at a time: while the slider is drawn, what lies between is left out. */
static void
ask (MusterTimeMachine *self)
{
  Look *look;

  if (self->asked != 0)
    return;
  self->asked = self->at;
  look = g_new0 (Look, 1);
  look->machine = g_object_ref (self);
  look->session = g_object_ref (self->session);
  look->at = self->at;
  dex_clear (&self->asking);
  self->asking = dex_scheduler_spawn (NULL, 0, muster_time_machine_look_fiber, look, look_free);
}

/* --- moving --- */

static void
show_moment (MusterTimeMachine *self)
{
  g_autofree char *text =
    self->at != 0 ? muster_format_time (self->at, muster_session_get_zone (self->session)) : NULL;

  gtk_label_set_label (self->moment, text != NULL ? text : _ ("The present"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  gtk_label_get_label (self->moment), -1);
  if (self->at == 0)
    gtk_label_set_label (self->states, _ ("Draw the slider to see how it was."));
}

static void
muster_time_machine_moved_cb (MusterTimeMachine *self)
{
  double back = -gtk_range_get_value (self->scale);

  if (self->resetting || self->session == NULL)
    return;
  self->at = back < 1 ? 0 : self->end - (gint64)(back * G_USEC_PER_SEC);
  show_moment (self);
  if (self->at != 0)
    ask (self);
  g_signal_emit (self, signals[MOVED], 0, self->at);
}

void
muster_time_machine_reset (MusterTimeMachine *self)
{
  g_return_if_fail (MUSTER_IS_TIME_MACHINE (self));

  self->end = g_get_real_time ();
  self->at = 0;
  self->resetting = TRUE;
  gtk_range_set_value (self->scale, 0);
  self->resetting = FALSE;
  show_moment (self);
}

static void
muster_time_machine_now_cb (MusterTimeMachine *self)
{
  muster_time_machine_reset (self);
  g_signal_emit (self, signals[MOVED], 0, (gint64)0);
}

gint64
muster_time_machine_get_time (MusterTimeMachine *self)
{
  g_return_val_if_fail (MUSTER_IS_TIME_MACHINE (self), 0);

  return self->at;
}

/* --- life --- */

static void
muster_time_machine_dispose (GObject *object)
{
  MusterTimeMachine *self = MUSTER_TIME_MACHINE (object);

  dex_clear (&self->asking);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_TIME_MACHINE);
  G_OBJECT_CLASS (muster_time_machine_parent_class)->dispose (object);
}

static void
muster_time_machine_class_init (MusterTimeMachineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_time_machine_dispose;
  signals[MOVED] = g_signal_new ("moved", MUSTER_TYPE_TIME_MACHINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/time-machine.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterTimeMachine, scale);
  gtk_widget_class_bind_template_child (widget_class, MusterTimeMachine, moment);
  gtk_widget_class_bind_template_child (widget_class, MusterTimeMachine, states);
  gtk_widget_class_bind_template_callback (widget_class, muster_time_machine_moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_time_machine_now_cb);
}

static void
muster_time_machine_init (MusterTimeMachine *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_range_set_range (self->scale, -REACH, 0);
  gtk_range_set_increments (self->scale, STEP, PAGE);
  for (int day = 0; day <= 30; day += 5)
    gtk_scale_add_mark (GTK_SCALE (self->scale), -day * 86400.0, GTK_POS_BOTTOM, NULL);
}

void
muster_time_machine_open (MusterTimeMachine *self, MusterSession *session)
{
  g_return_if_fail (MUSTER_IS_TIME_MACHINE (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  muster_time_machine_reset (self);
}
